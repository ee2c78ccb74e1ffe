"""Every script of every shipped template passes dbconn's own lint, in its strictest preset, without an ignore."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dbconn_tui.lint.check import lint_connection, lint_script
from dbconn_tui.lint.severities import STRICT
from dbconn_tui.project.values import Connection, Script, SecretReference, TextValue
from dbconn_tui.scaffold.catalogue import list_templates, template_folders
from dbconn_tui.scaffold.render import Rendering, render
from dbconn_tui.scaffold.template import Template, Value

TEMPLATES = list_templates(template_folders())
CHOICES: dict[str, dict[str, Value]] = {
    "defaults": {},
    "import mode": {"import_mode": True},
    "all switched on": {"organization_context": True, "username": True, "user_id_prefix": "shop|"},
    "imported with context": {"import_mode": True, "organization_context": True},
}


@pytest.fixture(params=CHOICES)
def choice(request: pytest.FixtureRequest) -> dict[str, Value]:
    return CHOICES[request.param]


def answers(template: Template, choice: dict[str, Value]) -> dict[str, Value]:
    """The choice, as far as the template has such variables."""
    return {name: value for name, value in choice.items() if template.variable(name) is not None}


def connection(rendering: Rendering) -> Connection:
    return Connection(
        key="users",
        name="users",
        scripts={kind: Script(kind, Path(f"/{kind}.js"), f"{kind}.js", text) for kind, text in rendering.files.items()},
        import_mode=rendering.import_mode,
        configuration={
            key: TextValue(value) if isinstance(value, str) else SecretReference(value["secret"])
            for key, value in rendering.configuration.items()
        },
        options=rendering.options,
    )


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_each_script(template: Template, choice: dict[str, Value]) -> None:
    values = answers(template, choice)
    for kind, text in render(template, values).files.items():
        context = values.get("organization_context") is True
        problems = lint_script(kind, text, file=f"{kind}.js", context=context, preset=STRICT)
        assert not problems, [str(problem) for problem in problems]
        assert "dbconn-ignore" not in text


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_the_whole_connection(template: Template, choice: dict[str, Value]) -> None:
    problems = lint_connection(connection(render(template, answers(template, choice))), preset=STRICT)
    assert not problems, [str(problem) for problem in problems]


def test_the_lint_would_say_something() -> None:
    """The tests above can fail: a wrong signature and a configuration key without a value are found."""
    template = next(template for template in TEMPLATES if template.name == "rest-api")
    rendering = render(template, {})
    broken = rendering.files["login"].replace("(identifier, password, callback)", "(callback)")
    assert "script-params" in {problem.rule for problem in lint_script("login", broken, file="login.js")}
    without_key = replace(connection(rendering), configuration={})
    assert "configuration-undefined" in {problem.rule for problem in lint_connection(without_key)}
