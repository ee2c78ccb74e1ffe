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
    assert (result.code, result.out) == (0, "generic: no problems in 5 combinations of answers\n")


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
