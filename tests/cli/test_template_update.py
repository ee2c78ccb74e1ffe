"""`template update`: newer text and other answers come in, edits stay, conflicts are marked, nothing is lost."""

from __future__ import annotations

import shutil

import pytest

from .conftest import World

MANIFEST = """\
version: 1
title: Refusing
description: Refuses everybody.
variables:
  words: {type: text, default: not here, help: What is said.}
  told: {type: boolean, default: false, help: Whether to say more.}
  import_mode: {type: boolean, default: false, help: Only the pair.}
configuration:
  WORDS: {variable: words}
options:
  disable_signup: {value: true, when: {told: true}}
scripts:
  login:
  get_user:
  create: {when: {import_mode: false}}
"""
LOGIN = """\
function login(identifier, password, callback) {
  const words = configuration.WORDS;
<% if told %>
  const more = ' at all';
<% endif %>
  // One text for everybody.
  // The end.
  return callback(new WrongUsernameOrPasswordError(identifier, words));
}
"""
GET_USER = "function getUser(identifier, callback) {\n  return callback(null);\n}\n"
CREATE = "function create(user, callback) {\n  return callback(new Error('closed'));\n}\n"


@pytest.fixture
def users(world: World) -> World:
    """A project with a template of its own, and one connection made from it."""
    world("init", "--no-input")
    write_template(world)
    assert world("add", "users", "--template", "refusing").code == 0
    return world


def write_template(world: World, version: int = 1, login: str = LOGIN, more: str = "") -> None:
    world.write("templates/refusing/template.yaml", MANIFEST.replace("version: 1", f"version: {version}") + more)
    world.write("templates/refusing/login.js", login)
    world.write("templates/refusing/get_user.js", GET_USER)
    world.write("templates/refusing/create.js", CREATE)
    world.write("templates/refusing/README.md", "# Refusing\n")


def states(world: World, *words: str) -> dict[str, str]:
    (one,) = world("template", "update", "users", *words, "--json").json["connections"]
    return {file["file"].rpartition("/")[2]: file["state"] for file in one["files"]}


def test_add_keeps_what_it_rendered(users: World) -> None:
    assert users.read(".dbconn/rendered/users/login.js") == users.read("scripts/users/login.js")
    result = users("template", "update", "users")
    assert (result.code, "Nothing to do" in result.out) == (0, True)


def test_newer_text_and_edits_come_together(users: World) -> None:
    edited = users.read("scripts/users/login.js").replace("configuration.WORDS;", "configuration.WORDS || 'no';")
    users.write("scripts/users/login.js", edited)
    write_template(users, 2, LOGIN.replace("// The end.", "// The last line."))
    result = users("template", "update", "users")
    assert result.code == 0
    assert "users: refusing 1 -> 2" in result.out
    assert "merged    scripts/users/login.js" in result.out
    text = users.read("scripts/users/login.js")
    assert "configuration.WORDS || 'no';" in text
    assert "// The last line." in text
    assert "version: 2" in users.read("dbconn.yaml")
    assert "|| 'no'" not in users.read(".dbconn/rendered/users/login.js")
    assert "Nothing to do" in users("template", "update", "users").out


def test_a_conflict_is_marked_and_nothing_deploys_or_merges_until_it_is_resolved(users: World) -> None:
    edited = users.read("scripts/users/login.js").replace("// The end.", "// Mine.")
    users.write("scripts/users/login.js", edited)
    write_template(users, 2, LOGIN.replace("// The end.", "// The last line."))
    result = users("template", "update", "users")
    assert result.code == 1
    assert "conflict  scripts/users/login.js" in result.out
    assert "Resolve" in result.err
    marked = "<<<<<<< yours\n  // Mine.\n=======\n  // The last line.\n>>>>>>> refusing 2\n"
    assert marked in users.read("scripts/users/login.js")
    lint = users("lint", "users")
    assert lint.code == 1
    assert "the mark of a merge that nobody resolved" in lint.out
    again = users("template", "update", "users")
    assert again.code == 3
    assert "scripts/users/login.js holds the marks of a merge" in again.err
    users.write("scripts/users/login.js", users.read("scripts/users/login.js").replace(marked, "  // Both.\n"))
    assert users("template", "update", "users").code == 0
    assert "// Both." in users.read("scripts/users/login.js")


def test_other_answers_reach_scripts_configuration_and_options(users: World) -> None:
    result = users("template", "update", "users", "--set", "told=true", "--set", "words=elsewhere")
    assert result.code == 0
    assert "const more = ' at all';" in users.read("scripts/users/login.js")
    text = users.read("dbconn.yaml")
    assert "WORDS: elsewhere" in text
    assert "disable_signup: true" in text
    assert "words: elsewhere" in text


def test_a_value_that_somebody_wrote_otherwise_stays(users: World) -> None:
    users.write("dbconn.yaml", users.read("dbconn.yaml").replace("WORDS: not here", "WORDS: mine # really"))
    result = users("template", "update", "users", "--set", "words=elsewhere")
    assert "WORDS: mine # really" in users.read("dbconn.yaml")
    assert "configuration.WORDS stays as you wrote it" in result.err


def test_a_newer_template_brings_its_secrets_and_keys(users: World) -> None:
    more = "secrets:\n  db_password: The password.\n"
    write_template(users, 2, more=more)
    manifest = users.read("templates/refusing/template.yaml")
    keys = "  WORDS: {variable: words}\n"
    users.write("templates/refusing/template.yaml", manifest.replace(keys, keys + "  DB: {secret: db_password}\n"))
    assert users("template", "update", "users").code == 0
    assert "DB: {secret: db_password}" in users.read("dbconn.yaml")


def test_scripts_that_are_made_no_more_go_unless_they_were_edited(users: World) -> None:
    assert states(users, "--set", "import_mode=true", "--dry-run")["create.js"] == "removed"
    users.write("scripts/users/create.js", CREATE.replace("closed", "shut"))
    assert states(users, "--set", "import_mode=true")["create.js"] == "kept"
    assert "shut" in users.read("scripts/users/create.js")
    assert not (users.folder / ".dbconn/rendered/users/create.js").exists()
    users.write("scripts/users/create.js", CREATE)
    assert states(users, "--set", "import_mode=false")["create.js"] == "unchanged"
    assert states(users, "--set", "import_mode=true")["create.js"] == "removed"
    assert not (users.folder / "scripts/users/create.js").exists()
    assert "import_mode: true" in users.read("dbconn.yaml")


def test_a_script_that_was_removed_stays_away(users: World) -> None:
    (users.folder / "scripts/users/create.js").unlink()
    assert states(users)["create.js"] == "unchanged"
    assert not (users.folder / "scripts/users/create.js").exists()


def test_without_a_base_only_the_difference_is_shown(users: World) -> None:
    shutil.rmtree(users.folder / ".dbconn")
    edited = users.read("scripts/users/login.js").replace("// The end.", "// Mine.")
    users.write("scripts/users/login.js", edited)
    assert users("template", "update", "users").code == 0, "the same version with the same answers makes the base anew"
    shutil.rmtree(users.folder / ".dbconn")
    write_template(users, 2, LOGIN.replace("// The end.", "// The last line."))
    before = users.read("dbconn.yaml")
    result = users("template", "update", "users")
    assert result.code == 1
    assert "-  // Mine.\n+  // The last line." in result.out
    assert ".dbconn/rendered/users is missing" in result.err
    assert users.read("scripts/users/login.js") == edited
    assert users.read("dbconn.yaml") == before
    assert users("template", "update", "users", "--keep-mine").code == 0
    assert users.read("scripts/users/login.js") == edited
    assert "version: 2" in users.read("dbconn.yaml")
    assert "Nothing to do" in users("template", "update", "users").out


def test_a_dry_run_writes_nothing(users: World) -> None:
    before = {path: path.read_bytes() for path in users.folder.rglob("*") if path.is_file()}
    result = users("template", "update", "users", "--set", "told=true", "--dry-run")
    assert "+  const more = ' at all';" in result.out
    assert "Nothing was written" in result.err
    assert {path: path.read_bytes() for path in users.folder.rglob("*") if path.is_file()} == before


def test_mistakes_are_told(users: World) -> None:
    for words, said in (
        (("nobody",), "there is no connection nobody"),
        (("users", "--set", "wrods=x"), "did you mean words?"),
        (("users", "--set", "told=perhaps"), "told must be true or false"),
        (("users", "--set", "told"), "is not KEY=VALUE"),
    ):
        result = users("template", "update", *words)
        assert result.code == 3
        assert said in result.err
    shutil.rmtree(users.folder / "templates")
    result = users("template", "update", "users")
    assert result.code == 3
    assert "there is no template called 'refusing'" in result.err


def test_a_connection_without_a_template_says_so(project: World) -> None:
    result = project("template", "update", "users")
    assert result.code == 3
    assert "does not say which template users was made from" in result.err


def test_windows_line_ends_stay(users: World) -> None:
    windows = users.read("scripts/users/login.js").replace("\n", "\r\n")
    (users.folder / "scripts/users/login.js").write_bytes(windows.encode())
    write_template(users, 2, LOGIN.replace("// The end.", "// The last line."))
    assert states(users)["login.js"] == "updated"
    data = (users.folder / "scripts/users/login.js").read_bytes()
    assert data == windows.replace("// The end.", "// The last line.").encode()


def test_a_file_that_serves_another_connection_is_told(users: World) -> None:
    users.write("dbconn.yaml", users.read("dbconn.yaml") + "  others:\n    scripts: scripts/users\n")
    result = users("template", "update", "users", "--set", "told=true", "--dry-run")
    assert "scripts/users/login.js also serves the connection others." in result.err
