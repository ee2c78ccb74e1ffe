"""Settings: what a key says on a tenant and which layer says so; a change keeps the rest and is checked first."""

from __future__ import annotations

from pathlib import Path

import pytest

from dbconn_tui.project.layers import ABSENT
from dbconn_tui.project.option_schema import OPTIONS
from dbconn_tui.project.read import read_project
from dbconn_tui.project.settings import Setting, layer_paths, plan_setting, settings_of, text_problems
from dbconn_tui.project.shapes import Group, walk
from dbconn_tui.project.values import Json, Project

TEXT = """\
version: 1
tenants: {dev: {domain: d.example.com}, prod: {domain: p.example.com}}
defaults:
  options: {passwordPolicy: low, brute_force_protection: true}
  tenants: {dev: {options: {passwordPolicy: none}}}
connections:
  users:
    configuration: {X: "1", Y: {secret: y}}
    options:
      mfa: {active: true}   # since the audit
      upstream_params: {a: 1}
      strange: {b: 2}
    tenants:
      dev: {configuration: {X: null, Y: {env: Q}}}
      prod: {options: {mfa: {active: false}}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "scripts" / "users").mkdir(parents=True)
    (tmp_path / "scripts" / "users" / "login.js").write_text("function login(i, p, c) { c(null); }\n", encoding="utf-8")
    (tmp_path / "dbconn.yaml").write_text(TEXT, encoding="utf-8")
    project, _ = read_project(tmp_path / "dbconn.yaml")
    assert project is not None
    return project


def said(project: Project, tenant: str) -> dict[str, tuple[Json, str]]:
    return {one.title: (one.value, one.source) for one in settings_of(project, "users", tenant) if one.layers}


def setting(project: Project, tenant: str, title: str) -> Setting:
    return next(one for one in settings_of(project, "users", tenant) if one.title == title)


def test_each_value_names_the_layer_it_comes_from(project: Project) -> None:
    assert said(project, "dev") == {
        "configuration.X": (None, ""),
        "configuration.Y": ({"env": "Q"}, "connection on dev"),
        "options.brute_force_protection": (True, "defaults"),
        "options.mfa.active": (True, "connection"),
        "options.passwordPolicy": ("none", "defaults on dev"),
        "options.upstream_params": ({"a": 1}, "connection"),
        "options.strange.b": (2, "connection"),
    }
    on_prod = said(project, "prod")
    assert on_prod["configuration.Y"] == ({"secret": "y"}, "connection")
    assert on_prod["options.mfa.active"] == (False, "connection on prod")
    assert on_prod["options.passwordPolicy"] == ("low", "defaults")


def test_the_layers_below_and_other_tenants_are_told_with_their_places(project: Project) -> None:
    policy = setting(project, "dev", "options.passwordPolicy")
    assert [(one.layer, one.value, str(one.place)) for one in policy.layers] == [
        ("defaults", "low", "dbconn.yaml:4:29"),
        ("defaults on dev", "none", "dbconn.yaml:5:45"),
    ]
    assert setting(project, "dev", "options.mfa.active").elsewhere == (("prod", False),)


def test_every_other_key_of_the_table_can_be_set(project: Project) -> None:
    titles = {one.title for one in settings_of(project, "users", "dev")}
    assert {"name", "display_name", "import_mode", "enabled_clients", "test_user"} <= titles


def test_what_needs_two_keys_begins_as_a_whole(project: Project) -> None:
    path = ("connections", "users", "test_user")
    user = {"email": "a@x", "password": {"secret": "p"}}
    assert not plan_setting(TEXT, "dbconn.yaml", (*path, "email"), "a@x").possible
    plan = plan_setting(TEXT, "dbconn.yaml", path, user)
    assert plan.possible, plan.problems
    assert plan.edit.text is not None
    project.file.write_text(plan.edit.text, encoding="utf-8")
    after, _ = read_project(project.file)
    assert after is not None
    assert said(after, "dev")["test_user.email"] == ("a@x", "connection")
    assert said(after, "dev")["test_user.password"] == ({"secret": "p"}, "connection")


def test_every_option_of_the_table_can_be_set(project: Project) -> None:
    titles = {one.title for one in settings_of(project, "users", "dev")}
    leaves = {
        f"options.{'.'.join(path)}"
        for path, key in walk(OPTIONS)
        if not isinstance(key.shape, Group) and "*" not in path
    }
    assert leaves <= titles


def change(layer: str, title: str, value: Json) -> tuple[bool, str]:
    path = (*layer_paths("users", "dev")[layer], *title.split("."))
    plan = plan_setting(TEXT, "dbconn.yaml", path, value)
    return plan.possible, plan.edit.text or ""


def test_a_change_goes_to_its_layer_and_keeps_every_comment() -> None:
    possible, text = change("connection on dev", "options.passwordPolicy", "good")
    assert possible
    assert "dev: {configuration: {X: null, Y: {env: Q}}, options: {passwordPolicy: good}}" in text
    assert "# since the audit" in text
    possible, text = change("defaults", "display_name", "Users")
    assert possible
    assert "  display_name: Users\n" in text


def test_what_the_project_would_refuse_is_refused_before_it_is_written() -> None:
    path = ("connections", "users", "options", "mfa", "active")
    plan = plan_setting(TEXT, "dbconn.yaml", path, "maybe")
    assert not plan.possible
    assert "must be true or false" in plan.problems[0].message
    # Only new problems count: the file's own warning about `strange` is not one.
    assert [one.rule for one in text_problems(TEXT, "dbconn.yaml")] == ["option-unknown"]
    assert plan_setting(TEXT, "dbconn.yaml", path, False).problems == ()


def test_a_map_that_loses_its_last_key_goes_with_it() -> None:
    possible, text = change("connection", "options.strange.b", ABSENT)
    assert possible
    assert "strange" not in text
    lonely = "version: 1\nconnections:\n  users:\n    options: {mfa: {active: true}}\n"
    plan = plan_setting(lonely, "dbconn.yaml", ("connections", "users", "options", "mfa", "active"), ABSENT)
    assert plan.edit.text is not None
    assert "options" not in plan.edit.text
    assert "users:" in plan.edit.text
