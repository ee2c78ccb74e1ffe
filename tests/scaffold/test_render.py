"""Rendering: the values in their places, conditions, the shape for dbconn.yaml, and broken script sources."""

from __future__ import annotations

import pytest

from dbconn_tui.errors import ProjectError
from dbconn_tui.scaffold.catalogue import read_template
from dbconn_tui.scaffold.render import render, tidy

from .conftest import LOGIN, MakeTemplate


def test_a_rendering_with_defaults(make_template: MakeTemplate) -> None:
    rendering = render(read_template(make_template()), {})
    assert rendering.files == {
        "login": (
            "function login(identifier, password, callback) {\n"
            "  const size = 2;\n"
            "  return callback(new Error('Shop'));\n"
            "}\n"
        ),
        "create": "function create(user, callback) {\n  return callback(null);\n}\n",
    }
    assert rendering.configuration == {
        "DB_ADDRESS": "https://users.example.com",
        "DB_SIZE": "2",
        "DB_PASSWORD": {"secret": "db_password"},
        "DB_MODE": "fixed",
    }
    assert rendering.options == {"mfa": {"active": True}}
    assert rendering.import_mode is False
    assert [secret.name for secret in rendering.secrets] == ["db_password"]
    assert rendering.modules == {"pg": "8.16.3"}


def test_values_and_conditions(make_template: MakeTemplate) -> None:
    template = read_template(make_template())
    values = {"import_mode": "true", "scheme": "argon2", "label": "it's", "size": 5}
    rendering = render(template, values)
    assert list(rendering.files) == ["login"]
    assert "  const size = 5;\n  const pepper = configuration.DB_PEPPER;\n" in rendering.files["login"]
    assert "new Error('it\\'s')" in rendering.files["login"]
    assert rendering.configuration["DB_PEPPER"] == "it's"
    assert rendering.configuration["DB_SIZE"] == "5"
    assert rendering.options == {"mfa": {"active": True}, "requires_username": True}
    assert rendering.import_mode is True
    assert rendering.memory == {
        "name": "table",
        "version": 3,
        "values": {
            "table": "users",
            "label": "it's",
            "size": 5,
            "scheme": "argon2",
            "address": "https://users.example.com",
            "import_mode": True,
        },
    }
    assert render(template, rendering.memory["values"]) == rendering


@pytest.mark.parametrize(
    ("source", "place", "message"),
    [
        ("function login() {\n  return <%= label %>;\n}", "login.js:2", "must end in a filter: js"),
        ("<%= label | upper %>", "login.js:1", "must end in a filter"),
        ("<%= (label | js) ~ label %>", "login.js:1", "must end in a filter"),
        ("<%= 'text' %>", "login.js:1", "must end in a filter"),
        ("\n\n<%= lable | js %>", "login.js:3", "'lable' is undefined"),
        ("\n<% if label %>", "login.js:2", "endif"),
        ("\n<% include '_nothing.js' %>", "login.js", "_nothing.js is not in the template's folder"),
        ("<% include '../other/login.js' %>", "login.js", "not in the template's folder"),
        ("<% include '/etc/hostname' %>", "login.js", "not in the template's folder"),
        ("\n<%= label.__class__ | js %>", "login.js:2", "unsafe"),
        ("\n<% for i in range(10) %>x<% endfor %>", "login.js:2", "'range' is undefined"),
        ("\n<%= (size / 0) | js %>", "login.js:2", "division"),
        ("\n<%= (label + size) | js %>", "login.js:2", "str"),
        ("\ufffe<%= label", "login.js:1", "unexpected end"),
        ("\udcff", "login.js:1", "UTF-8"),
        ("<% include 'login.js' %>", "login.js", "go round in a circle"),
        ("<% include '../table/login.js' %>", "login.js", "go round in a circle"),
    ],
)
def test_a_broken_source(make_template: MakeTemplate, source: str, place: str, message: str) -> None:
    template = read_template(make_template(login=source))
    with pytest.raises(ProjectError, match="template table cannot be rendered") as refused:
        render(template, {})
    (problem,) = refused.value.problems
    assert str(problem.place).startswith(f"table/{place}")
    assert message in problem.message


def test_a_mistake_in_an_included_file_is_found_there(make_template: MakeTemplate) -> None:
    template = read_template(make_template(_shared="// one\n// two\n<%= nothing | js %>\n"))
    with pytest.raises(ProjectError) as refused:
        render(template, {})
    assert str(refused.value.problems[0].place) == "table/_shared.js:3:1"


def test_a_value_is_never_read_as_a_template(make_template: MakeTemplate) -> None:
    text = render(read_template(make_template()), {"label": "<%= size | js %>"}).files["login"]
    assert "new Error('<%= size | js %\\x3e')" in text


def test_windows_sources_render_the_same(make_template: MakeTemplate) -> None:
    unix = render(read_template(make_template("unix")), {}).files
    windows = render(read_template(make_template("windows", login=LOGIN.replace("\n", "\r\n"))), {}).files
    assert windows == unix


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("a", "a\n"),
        ("a\n\n\n", "a\n"),
        ("a  \r\nb\t\r\n", "a\nb\n"),
        ("a\rb", "a\nb\n"),
        ("", "\n"),
        ("a\u00a0\n", "a\u00a0\n"),
    ],
)
def test_tidy(text: str, tidied: str) -> None:
    assert tidy(text) == tidied
    assert tidy(tidied) == tidied
