"""Variables that depend on others, types with many values, dialects, shared parts and conditional modules."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dbconn_tui.errors import ProjectError, UsageError
from dbconn_tui.scaffold.catalogue import read_template
from dbconn_tui.scaffold.render import render
from dbconn_tui.scaffold.template import Template, Value

from .conftest import MakeTemplate

MANIFEST = """\
version: 1
title: A store
description: A store.
dialect: postgresql
modules:
  pg: 8.16.3
  argon2: {version: 0.44.0, when: {scheme: [argon2, both]}}
variables:
  table: {type: identifier, qualified: true, default: app.users, help: The table.}
  scheme: {type: choice, choices: [bcrypt, argon2, both], default: bcrypt, help: The scheme.}
  memory: {type: integer, default: 64, minimum: 1, maximum: 99, when: {scheme: [argon2, both]}, help: Memory.}
  verified: {type: identifier, optional: true, default: '', help: The column.}
  hosts: {type: list, default: [a.example.com], pattern: '[a-z.]+', maximum: 2, help: The hosts.}
  profile_fields: {type: fields, default: {}, help: Further columns.}
  prefix: {type: text, default: '{connection}|', maximum: 140, help: The prefix.}
configuration:
  MEMORY: {variable: memory}
  HOSTS: {variable: hosts}
  VERIFIED: {variable: verified}
scripts:
  login:
  verify: {when: {verified: true}}
"""

LOGIN = """\
function login(identifier, password, callback) {
  const sql = 'SELECT * FROM <%= table | identifier %>';
<% if memory %>
  const memory = <%= memory | js %>;
<% endif %>
  const hosts = <%= hosts | js %>;
  return callback(null, {
    user_id: <%= prefix | js %>,
<% include '_shared/profile_fields.js' %>
  });
}
"""


MakeStore = Callable[..., Template]


@pytest.fixture
def make(make_template: MakeTemplate) -> MakeStore:
    """Makes the template above, with another template.yaml or login where given."""

    def make_store(manifest: str = MANIFEST, login: str = LOGIN) -> Template:
        return read_template(make_template("store", manifest, login=login, verify="function verify() {}"))

    return make_store


def test_a_variable_that_is_not_asked_is_nothing(make: MakeStore) -> None:
    rendering = render(make(), {}, "shop-users")
    assert "memory" not in rendering.files["login"]
    assert "memory" not in rendering.memory["values"]
    assert rendering.configuration == {"HOSTS": "a.example.com"}
    assert rendering.modules == {"pg": "8.16.3"}
    assert "user_id: 'shop-users|'" in rendering.files["login"]
    assert rendering.memory["values"]["prefix"] == "shop-users|"
    assert 'FROM "app"."users"' in rendering.files["login"]
    assert list(rendering.files) == ["login"]


def test_it_is_asked_when_the_other_has_the_value(make: MakeStore) -> None:
    rendering = render(make(), {"scheme": "both", "memory": "7", "verified": "ok"})
    assert "const memory = 7;" in rendering.files["login"]
    assert rendering.configuration == {"MEMORY": "7", "HOSTS": "a.example.com", "VERIFIED": "ok"}
    assert rendering.modules == {"pg": "8.16.3", "argon2": "0.44.0"}
    assert list(rendering.files) == ["login", "verify"]


def test_an_answer_nobody_asked_for_is_refused_or_dropped(make: MakeStore) -> None:
    template = make()
    with pytest.raises(UsageError, match="memory is asked only when scheme is argon2 or both"):
        render(template, {"memory": 7})
    assert "memory" not in render(template, {"memory": 7}, drop_unasked=True).memory["values"]
    assert render(template, {"memory": 64}) == render(template, {})


def test_lists_and_fields(make: MakeStore) -> None:
    answers = {"hosts": "b.example.com, c.example.com", "profile_fields": "nickname: Nick Name, app_metadata.plan: p"}
    template = make()
    rendering = render(template, answers)
    assert "const hosts = ['b.example.com', 'c.example.com'];" in rendering.files["login"]
    assert "      nickname: row['Nick Name'] ?? undefined,\n" in rendering.files["login"]
    assert "      app_metadata: {\n        plan: row.p ?? undefined,\n      },\n" in rendering.files["login"]
    assert rendering.configuration["HOSTS"] == "b.example.com, c.example.com"
    assert render(template, rendering.memory["values"]) == rendering


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"hosts": "a,b,c"}, "must hold 0 to 2 texts"),
        ({"hosts": "A"}, "must match"),
        ({"hosts": True}, "commas in between"),
        ({"profile_fields": "nickname"}, "must be pairs"),
        ({"profile_fields": 7}, "must be pairs"),
        ({"profile_fields": "plan: p"}, "user_metadata.NAME"),
        ({"profile_fields": 'nickname: a"b'}, "bad column for nickname"),
        ({"table": "a.b.c"}, "at most 2 parts"),
        ({"verified": "a.b"}, "must be a name"),
        ({"prefix": "x" * 141}, "0 to 140 characters"),
    ],
)
def test_refused(make: MakeStore, answers: dict[str, Value], reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        render(make(), answers)


@pytest.mark.parametrize(
    ("good", "bad", "reason"),
    [
        ("dialect: postgresql", "dialect: oracle", "dialect must be one of postgresql, mysql"),
        ("dialect: postgresql", "import_mode: maybe", "import_mode must be true or false"),
        ("scheme: [argon2, both]}, help", "prefix: x}, help", "memory can depend on variables above it only"),
        ("scheme: [argon2, both]}, help", "memory: 1}, help", "memory can depend on variables above it only"),
        ("{verified: true}", "{hosts: a}", "hosts can only be true (given)"),
        ("{version: 0.44.0, ", "{", "argon2 needs an exact version"),
        ("optional: true, default: ''", "optional: maybe, default: ''", "optional must be true or false"),
        ("default: bcrypt,", "default: bcrypt, qualified: true,", "qualified is for identifiers only"),
        ("maximum: 140", "maximum: 40", "default must have 0 to 40 characters"),
        ("default: [a.example.com]", "default: 7", "default must fit type list"),
    ],
)
def test_broken(make: MakeStore, good: str, bad: str, reason: str) -> None:
    assert good in MANIFEST
    with pytest.raises(ProjectError) as refused:
        make(MANIFEST.replace(good, bad))
    messages = [problem.message for problem in refused.value.problems]
    assert any(reason in message for message in messages), messages


@pytest.mark.parametrize(
    ("source", "place", "message"),
    [
        ("\n<%= scheme | identifier %>\n<%= prefix | identifier %>", "store/login.js:3:1", "a name must be a name"),
        ("\n<%= verified | identifier %>", "store/login.js:2:1", "there is no value"),
        ("<%= memory | js %>", "store/login.js:1:1", "there is no value"),
        ("<%= profile_fields | js %>", "store/login.js:1:1", "loop over"),
        ("<% include '_shared/nothing.js' %>", "store/login.js", "not in the parts that come with dbconn"),
        ("<% include '_shared/../rest-api/_profile.js' %>", "store/login.js", "not in the parts that come with dbconn"),
    ],
)
def test_a_broken_source(make: MakeStore, source: str, place: str, message: str) -> None:
    with pytest.raises(ProjectError) as refused:
        render(make(login=source), {})
    (problem,) = refused.value.problems
    assert str(problem.place) == place
    assert message in problem.message
