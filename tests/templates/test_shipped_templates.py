"""Every shipped template over answers of which every two meet: complete, small, of the right shape."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from dbconn_tui.action_scripts.kinds import BY_NAME, KINDS, PLACEHOLDER_TEXT, is_placeholder
from dbconn_tui.action_scripts.source import parse
from dbconn_tui.scaffold.catalogue import list_templates, shipped_folder, template_folders
from dbconn_tui.scaffold.combinations import answer_combinations
from dbconn_tui.scaffold.render import Rendering, render
from dbconn_tui.scaffold.template import SHARED, Template, Value, holds

SEVEN = [kind.name for kind in KINDS if kind.documented]
TEMPLATES = list_templates(template_folders())


@cache
def renderings() -> list[tuple[Mapping[str, Value], Rendering]]:
    """Each rendering, with the answers it was made of, defaults included."""
    made = [render(template, answers) for template in TEMPLATES for answers in answer_combinations(template)]
    return [(rendering.memory["values"], rendering) for rendering in made]


def test_the_templates_are_there() -> None:
    assert {template.name for template in TEMPLATES} >= {"generic", "rest-api", "migration-finished"}


def switched_on(values: Mapping[str, Value], name: str) -> bool:
    """Whether a boolean variable is there and on."""
    return values.get(name, False) is True


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_defaults_alone_give_a_complete_connection(template: Template) -> None:
    rendering = render(template, {})
    imports = template.import_mode or template.defaults().get("import_mode", False)
    verifies = template.defaults().get("verified_column", "email_verified") != ""
    all_ = [kind for kind in SEVEN if kind != "verify" or verifies]
    assert list(rendering.files) == (["login", "get_user"] if imports else all_)
    assert rendering.import_mode is imports
    assert rendering.options == {}
    assert {secret.configuration_key for secret in rendering.secrets} <= set(rendering.configuration)
    answers = template.asked(template.defaults())
    asked = {one.name: answers[one.name] for one in template.variables if holds(one.when, answers)}
    assert rendering.memory == {"name": template.name, "version": template.version, "values": asked}
    json.dumps(rendering.memory)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_configuration_is_what_the_scripts_read(template: Template) -> None:
    rendering = render(template, {})
    uses = [parse(text).configuration for text in rendering.files.values()]
    assert not any(use.dynamic for use in uses)
    assert {key for use in uses for key in use.keys} == set(rendering.configuration)


def test_every_combination_gives_small_clean_text() -> None:
    for values, rendering in renderings():
        wanted = {"login", "get_user"} if rendering.import_mode else set(SEVEN)
        assert set(rendering.files) <= wanted
        # A store that does not know whether an address was verified has no script for it.
        assert wanted - set(rendering.files) <= ({"verify"} if values.get("verified_column") == "" else set())
        assert rendering.import_mode is values.get("import_mode", True)
        expected_options = {
            **({"requires_username": True} if switched_on(values, "username") else {}),
            **({"enable_script_context": True} if switched_on(values, "organization_context") else {}),
        }
        assert rendering.options == expected_options
        for kind, text in rendering.files.items():
            signature = ", ".join(BY_NAME[kind].signature(context=switched_on(values, "organization_context")))
            where = f"{rendering.template} {kind} {values}"
            assert f"function {BY_NAME[kind].function}({signature}) {{\n" in text, where
            assert text.endswith("}\n"), where
            assert not text.endswith("\n\n"), where
            assert "\r" not in text, where
            assert "\n\n\n" not in text, where
            assert all(line == line.rstrip() and len(line) <= 120 for line in text.splitlines()), where
            assert "<%" not in text, where
            assert "%>" not in text, where
            assert not re.search(r"\bvar\b|\bconsole\b|TODO", text), where
            assert PLACEHOLDER_TEXT not in text, where
            assert not is_placeholder(text), where
            assert text.count("return callback(") == text.count(" callback("), where


def test_login_and_get_user_share_their_profile_function() -> None:
    for _values, rendering in renderings():
        if rendering.template == "migration-finished":  # it never returns a profile
            continue
        functions = [
            re.search(r"  function toProfile\(.*?\n  }\n", rendering.files[kind], re.DOTALL)
            for kind in ("login", "get_user")
        ]
        assert functions[0] is not None
        assert functions[1] is not None
        assert functions[0].group() == functions[1].group()


def test_every_combination_is_one_function(node: str) -> None:
    described: list[tuple[str, str, bool]] = []
    for values, rendering in renderings():
        context = switched_on(values, "organization_context")
        described += [(kind, text, context) for kind, text in rendering.files.items()]
    unique = sorted(set(described))
    script = Path(__file__).with_name("describe.js")
    process = subprocess.run(
        [node, str(script)],
        input=json.dumps([text for _kind, text, _context in unique]),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    for (kind, _text, context), found in zip(unique, json.loads(process.stdout), strict=True):
        function = BY_NAME[kind].function
        assert found == {
            "type": "function",
            "name": function,
            "parameters": len(BY_NAME[kind].signature(context=context)),
            "left": [function],
        }


def test_the_shipped_folder_holds_templates_and_their_shared_parts() -> None:
    for folder in shipped_folder().iterdir():
        known = folder.name == SHARED or (folder / "template.yaml").is_file()
        assert known, f"{folder.name} is packed into the wheel but is no template"
