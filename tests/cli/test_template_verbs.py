"""`template check` and the preview of `add`, as words and as JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from dbconn_tui.scaffold.catalogue import shipped_folder

from .conftest import World

OWN = """\
version: 1
title: Nobody
description: Knows nobody.
import_mode: true
variables:
  unused: {type: boolean, default: false, help: Nothing.}
scripts: {login: }
"""


@pytest.fixture
def own(world: World) -> Path:
    world.write(
        "templates/own/login.js", "function login(identifier, password, callback) {\n  return callback(null);\n}\n"
    )
    world.write("templates/own/README.md", "# Nobody\n")
    return world.write("templates/own/template.yaml", OWN).parent


def test_a_shipped_template_has_no_problems(world: World) -> None:
    result = world("template", "check", str(shipped_folder() / "generic"))
    assert result.code == 0
    assert result.out.startswith("generic: no problems in ")


def test_what_is_missing_is_told_and_fails(world: World, own: Path) -> None:
    result = world("template", "check", "templates/own")
    assert result.code == 1
    assert "x own/template.yaml: nothing uses the variable unused" in result.out
    answer = world("template", "check", "templates/own", "--json")
    assert answer.code == 1
    (entry,) = answer.json["templates"]
    assert (entry["name"], entry["combinations"]) == ("own", 2)
    assert "nothing uses the variable unused" in {problem["message"] for problem in entry["problems"]}


def test_a_template_that_cannot_be_read_is_told_with_its_place(world: World, own: Path) -> None:
    world.write("templates/own/template.yaml", OWN.replace("default: false", "default: maybe"))
    result = world("template", "check", "templates/own")
    assert result.code == 1
    assert "own/template.yaml:6:36: default must be true or false" in result.out


def test_a_folder_without_one_is_a_mistake(world: World) -> None:
    result = world("template", "check", "templates")
    assert result.code == 3
    assert "templates has no template.yaml" in result.err


def test_a_preview_shows_everything_and_writes_nothing(world: World) -> None:
    world("init", "--no-input")
    before = sorted(world.folder.rglob("*"))
    words = ("add", "users", "--template", "generic", "--set", "username=true", "--dry-run")
    result = world(*words)
    assert result.code == 0
    assert "new      scripts/users/login.js" in result.out
    assert "+ async function login(identifier, password, callback) {" in result.out
    assert "+       requires_username: true" in result.out
    answer = world(*words, "--json").json["connections"][0]
    assert answer["written"] is False
    assert answer["files"][0]["text"].startswith("/**\n * Checks a password")
    assert sorted(world.folder.rglob("*")) == before


def test_a_users_own_folder_is_looked_through_and_the_projects_comes_first(world: World, own: Path) -> None:
    mine = Path(world.outside.environment["DBCONN_TEMPLATES_DIR"])
    for name, title in (("mine", "Mine"), ("own", "Hidden")):
        (mine / name).mkdir(parents=True)
        (mine / name / "template.yaml").write_text(OWN.replace("title: Nobody", f"title: {title}"))
        (mine / name / "login.js").write_text((own / "login.js").read_text())
    world("init", "--no-input")
    titles = {one["name"]: one["title"] for one in world("templates", "--json").json["templates"]}
    assert titles["mine"] == "Mine"
    assert titles["own"] == "Nobody"
    assert "postgresql" in titles
    assert world("add", "users", "--template", "mine").code == 0
    assert world.read("scripts/users/login.js").startswith("function login(")


def test_a_template_tells_what_its_variables_take_and_when_they_are_asked(world: World) -> None:
    result = world("templates", "postgresql")
    assert "  password_scheme=bcrypt  (bcrypt, argon2, scrypt, pbkdf2, sha256, sha512)" in result.out
    assert "  user_id_prefix='{connection}|'  (text; {connection} is the connection's name)" in result.out
    assert "Asked when password_scheme is sha256 or sha512." in " ".join(result.out.split())
    assert "  argon2 0.41.1, when password_scheme is argon2" in result.out
    (template,) = world("templates", "postgresql", "--json").json["templates"]
    salt = next(one for one in template["variables"] if one["name"] == "salt_column")
    assert (salt["type"], salt["when"]) == ("identifier", "password_scheme is sha256 or sha512")
    assert {"name": "argon2", "version": "0.41.1", "when": "password_scheme is argon2"} in template["modules"]


def test_add_asks_for_the_modules_that_its_answers_need(world: World) -> None:
    world("init", "--no-input")
    result = world("add", "users", "--template", "postgresql", "--set", "password_scheme=argon2")
    assert result.code == 0
    assert "dbconn modules install pg@8.11.3 argon2@0.41.1" in result.out
    refused = world("add", "more", "--template", "postgresql", "--set", "table=users; DROP TABLE users")
    assert refused.code == 3
    assert "table must be a name" in refused.err
    unasked = world("add", "more", "--template", "postgresql", "--set", "salt_column=salt")
    assert "salt_column is asked only when password_scheme is sha256 or sha512" in unasked.err
