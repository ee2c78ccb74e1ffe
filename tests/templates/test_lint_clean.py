"""Every shipped template is what `dbconn template check` asks of one: lint-clean in the preset strict, small, used."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dbconn_tui.lint.check import lint_connection, lint_script
from dbconn_tui.scaffold.catalogue import find_template, list_templates, template_folders
from dbconn_tui.scaffold.render import render
from dbconn_tui.scaffold.template import Template
from dbconn_tui.scaffold.template_check import check_template, connection_of

TEMPLATES = list_templates(template_folders())


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_nothing_is_missing(template: Template) -> None:
    check = check_template(template)
    assert not check.problems, [f"{problem} ({problem.hint})" for problem in check.problems]
    assert len(check.combinations) > 1


def test_the_lint_would_say_something() -> None:
    """The test above can fail: a wrong signature and a configuration key without a value are found."""
    rendering = render(find_template("rest-api", template_folders()), {})
    broken = rendering.files["login"].replace("(identifier, password, callback)", "(callback)")
    assert "script-params" in {problem.rule for problem in lint_script("login", broken, file="login.js")}
    without_key = replace(connection_of(rendering), configuration={})
    assert "configuration-undefined" in {problem.rule for problem in lint_connection(without_key)}
