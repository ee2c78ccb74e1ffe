from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dbconn_tui.action_scripts.kinds import KINDS
from dbconn_tui.problems import Problem, Severity
from dbconn_tui.project.read import read_project
from dbconn_tui.project.schema import SCRIPT_KINDS
from dbconn_tui.project.values import Script

WriteProject = Callable[..., Path]

FOLDER = "connections:\n  users:\n    scripts: scripts/users\n"


def scripts_of(file: Path) -> dict[str, Script]:
    project, problems = read_project(file)
    assert project is not None, problems
    return dict(project.scripts["users"])


def problems_of(file: Path) -> list[tuple[str, str, Severity]]:
    project, problems = read_project(file)
    assert (project is None) == any(problem.blocks for problem in problems)
    assert all(problem.connection == "users" for problem in problems)
    return [(problem.rule, str(problem.place), problem.severity) for problem in problems]


def only_error(rule: str, place: str) -> list[tuple[str, str, Severity]]:
    return [(rule, place, Severity.ERROR)]


def test_the_kinds_are_those_of_the_platform() -> None:
    assert tuple(kind.name for kind in KINDS) == SCRIPT_KINDS


def test_a_folder_gives_every_kind_in_the_platforms_order(write_project: WriteProject) -> None:
    files = {f"scripts/users/{kind}.js": f"function {kind}() {{}}" for kind in sorted(SCRIPT_KINDS)}
    scripts = scripts_of(write_project(FOLDER, {**files, "scripts/users/README.md": "x", "scripts/users/.x.js": "x"}))
    assert tuple(scripts) == SCRIPT_KINDS
    assert scripts["verify"].text == "function verify() {}"


def test_text_is_kept_byte_for_byte(write_project: WriteProject) -> None:
    data = "\r\nfunction login() {\r\n\treturn 'é😀\u2028';\r}\n\n  ".encode()
    scripts = scripts_of(write_project(FOLDER, {"scripts/users/login.js": data}))
    assert scripts["login"].text.encode() == data


def test_the_default_folder_is_named_after_the_connection(write_project: WriteProject) -> None:
    assert list(scripts_of(write_project("connections: {users: }\n", {"scripts/users/login.js": "x"}))) == ["login"]


def test_a_map_names_a_file_for_each_kind_and_files_may_be_shared(write_project: WriteProject) -> None:
    text = """\
defaults: {scripts: {get_user: shared/get.js, verify: shared/verify.js}}
connections:
  users: {scripts: {login: users/in.js, verify: null}}
  partners: {scripts: {login: users/in.js}}
"""
    files = {"shared/get.js": "get", "shared/verify.js": "verify", "users/in.js": "login"}
    project, problems = read_project(write_project(text, files))
    assert project is not None, problems
    texts = {key: {kind: script.text for kind, script in kinds.items()} for key, kinds in project.scripts.items()}
    assert texts == {
        "users": {"get_user": "get", "login": "login"},
        "partners": {"get_user": "get", "verify": "verify", "login": "login"},
    }
    assert project.scripts["users"]["login"].file == "users/in.js"


def test_a_missing_folder_is_an_error_and_never_a_deletion(write_project: WriteProject) -> None:
    file = write_project(FOLDER, {"scripts/user/login.js": "x"})
    assert problems_of(file) == only_error("script-missing", "dbconn.yaml:3:14")
    _, (problem,) = read_project(file)
    assert "Did you mean scripts/user?" in problem.hint


def test_a_missing_file_is_an_error_at_its_entry(write_project: WriteProject) -> None:
    text = "connections:\n  users:\n    scripts:\n      login: a.js\n      verify: verfiy.js\n"
    file = write_project(text, {"a.js": "x", "verify.js": "x"})
    assert problems_of(file) == only_error("script-missing", "dbconn.yaml:5:15")
    _, (problem,) = read_project(file)
    assert "Did you mean verify.js?" in problem.hint


def test_an_empty_folder_and_an_empty_map_are_errors(write_project: WriteProject) -> None:
    assert problems_of(write_project(FOLDER, {"scripts/users/README.md": "x"})) == only_error(
        "scripts-empty", "dbconn.yaml:3:14"
    )
    assert problems_of(write_project("connections: {users: {scripts: {}}}\n")) == only_error(
        "scripts-empty", "dbconn.yaml:1:32"
    )


def test_a_file_where_a_folder_is_meant(write_project: WriteProject) -> None:
    file = write_project("connections: {users: {scripts: login.js}}\n", {"login.js": "x"})
    assert problems_of(file) == only_error("script-not-a-folder", "dbconn.yaml:1:32")


@pytest.mark.parametrize("name", ["getUser.js", "get-user.js", "Login.js", "login.JS", "chang_email.js", "logn.js"])
def test_a_slip_in_a_file_name_is_an_error(write_project: WriteProject, name: str) -> None:
    file = write_project(FOLDER, {f"scripts/users/{name}": "x", "scripts/users/verify.js": "x"})
    assert problems_of(file) == only_error("script-unknown-key", f"scripts/users/{name}")


def test_another_js_file_is_a_warning_and_not_sent(write_project: WriteProject) -> None:
    file = write_project(FOLDER, {"scripts/users/hashing.js": "x", "scripts/users/login.js": "x"})
    assert problems_of(file) == [("script-unknown-key", "scripts/users/hashing.js", Severity.WARNING)]
    assert list(scripts_of(file)) == ["login"]


def test_another_kind_that_is_named_is_sent_with_a_warning(write_project: WriteProject) -> None:
    text = "connections: {users: {scripts: {login: a.js, merge_users: a.js}}}\n"
    file = write_project(text, {"a.js": "x"})
    assert problems_of(file) == [("script-unknown-key", "dbconn.yaml:1:59", Severity.WARNING)]
    assert list(scripts_of(file)) == ["login", "merge_users"]
    slip = write_project("connections: {users: {scripts: {login: a.js, getUser: a.js}}}\n")
    assert problems_of(slip) == only_error("script-unknown-key", "dbconn.yaml:1:55")


@pytest.mark.parametrize(
    ("data", "rule", "place", "says"),
    [
        (b"", "scripts-empty", "", "empty"),
        (b" \r\n\t\n", "scripts-empty", "", "empty"),
        (b"\xef\xbb\xbffunction login() {}", "script-bom", ":1:1", "byte order mark"),
        (b"// \xc3\xa9\n//\xe9\n", "script-not-utf8", ":2:3", "0xe9 at offset 8"),
        (b"\xff\xfea\x00", "script-not-utf8", ":1:1", "0xff"),
        (b"a\n\nb\xf0\x9f", "script-not-utf8", ":3:2", "0xf0"),
        (b"a\r\nb\x00c", "script-not-utf8", ":2:2", "NUL"),
        (b"\x7fELF\x02\x01\x00\x00", "script-not-utf8", ":1:7", "NUL"),
        (b"x" * 1_048_577, "script-size", "", "1 MB"),
    ],
)
def test_what_is_no_text_is_named_with_its_byte(
    write_project: WriteProject, data: bytes, rule: str, place: str, says: str
) -> None:
    file = write_project(FOLDER, {"scripts/users/login.js": data})
    assert problems_of(file) == only_error(rule, f"scripts/users/login.js{place}")
    _, (problem,) = read_project(file)
    assert says in problem.message


def test_a_large_script_is_linted_and_not_refused_here(write_project: WriteProject) -> None:
    assert len(scripts_of(write_project(FOLDER, {"scripts/users/login.js": "x" * 200_000}))["login"].text) == 200_000


@pytest.mark.parametrize(
    "text",
    [
        "scripts: ../outside",
        "scripts: scripts/../../outside",
        "scripts: /etc",
        "scripts: link",
        "scripts: {login: ../outside/login.js}",
        "scripts: {login: /etc/passwd}",
        "scripts: {login: link/login.js}",
        'scripts: "a\\tb"',
    ],
)
def test_a_path_outside_is_refused(write_project: WriteProject, text: str) -> None:
    file = write_project(f"connections:\n  users:\n    {text}\n")
    outside = file.parent.parent / "outside"
    outside.mkdir()
    (outside / "login.js").write_text("stolen")
    (file.parent / "link").symlink_to(outside)
    ((rule, place, _),) = problems_of(file)
    assert rule == "script-outside"
    assert place.startswith("dbconn.yaml:3:")


def test_a_link_in_the_folder_that_leads_outside_is_refused(write_project: WriteProject) -> None:
    file = write_project(FOLDER, {"scripts/users/verify.js": "x"})
    (file.parent.parent / "secret.js").write_text("stolen")
    (file.parent / "scripts/users/login.js").symlink_to(file.parent.parent / "secret.js")
    assert problems_of(file) == only_error("script-outside", "scripts/users/login.js")


def test_with_git_the_whole_work_tree_may_be_used(write_project: WriteProject) -> None:
    file = write_project("connections: {users: {scripts: ../shared}}\n")
    shared = file.parent.parent / "shared"
    shared.mkdir()
    (shared / "login.js").write_text("x")
    assert [rule for rule, _, _ in problems_of(file)] == ["script-outside"]
    (file.parent.parent / ".git").mkdir()
    assert scripts_of(file)["login"].file == "../shared/login.js"


def test_a_link_inside_is_followed(write_project: WriteProject) -> None:
    file = write_project(FOLDER, {"shared/login.js": "shared"})
    (file.parent / "scripts/users").mkdir(parents=True)
    (file.parent / "scripts/users/login.js").symlink_to("../../shared/login.js")
    script = scripts_of(file)["login"]
    assert (script.text, script.file) == ("shared", "scripts/users/login.js")


def test_links_to_nothing_and_in_circles_are_problems(write_project: WriteProject) -> None:
    file = write_project(FOLDER, {"scripts/users/verify.js": "x"})
    (file.parent / "scripts/users/login.js").symlink_to("gone.js")
    assert problems_of(file) == only_error("script-missing", "scripts/users/login.js")
    (file.parent / "scripts/users/login.js").unlink()
    (file.parent / "scripts/users/login.js").symlink_to("login.js")
    assert problems_of(file) == only_error("script-unreadable", "scripts/users/login.js")


def test_a_pipe_is_not_waited_for(write_project: WriteProject) -> None:
    file = write_project(FOLDER, {"scripts/users/verify.js": "x"})
    os.mkfifo(file.parent / "scripts/users/login.js")
    assert problems_of(file) == only_error("script-unreadable", "scripts/users/login.js")


def test_a_folder_named_like_a_script_is_a_problem(write_project: WriteProject) -> None:
    file = write_project(FOLDER, {"scripts/users/verify.js": "x", "scripts/users/login.js/x": "x"})
    assert problems_of(file) == only_error("script-unreadable", "scripts/users/login.js")


def test_a_path_longer_than_the_system_takes_is_a_problem(write_project: WriteProject) -> None:
    ((rule, _, _),) = problems_of(write_project(f"connections: {{users: {{scripts: {'x' * 5000}}}}}\n"))
    assert rule == "script-unreadable"


def test_problems_name_each_connection_that_uses_a_file(write_project: WriteProject) -> None:
    text = "defaults: {scripts: shared}\nconnections: {one: , two: }\n"
    _, problems = read_project(write_project(text, {"shared/login.js": b"\xff"}))
    assert [(problem.rule, problem.connection) for problem in problems] == [
        ("script-not-utf8", "one"),
        ("script-not-utf8", "two"),
    ]


def test_messages_hold_no_script_text(write_project: WriteProject) -> None:
    _, problems = read_project(write_project(FOLDER, {"scripts/users/login.js": b"const password = 'hunter2'\xff"}))
    assert isinstance(problems[0], Problem)
    assert "hunter2" not in repr(problems)
