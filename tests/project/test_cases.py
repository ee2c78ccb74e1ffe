"""Cases beside a project: read with their places, every mistake at its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from dbconn_tui.problems import Place
from dbconn_tui.project.cases import cases_schema, read_cases
from dbconn_tui.project.overlay import connections_for
from dbconn_tui.project.read import read_project
from dbconn_tui.project.values import EnvironmentReference, Project, SecretReference, TestUser

WriteProject = Callable[..., Path]
SCRIPTS = {"scripts/users/login.js": "function login() {}"}


@pytest.fixture
def with_cases(write_project: WriteProject) -> Callable[..., Project]:
    def make(**files: str) -> Project:
        cases = {f"tests/users/{name}.yaml": text for name, text in files.items()}
        project, problems = read_project(write_project("connections: {users: {}}\n", {**SCRIPTS, **cases}))
        assert project is not None, problems
        return project

    return make


def mistakes(project: Project) -> list[str]:
    cases, problems = read_cases(project, "users")
    assert cases == ()
    return [f"{problem.place}: {problem.message}" for problem in problems]


def test_cases_come_in_the_order_of_files_and_lines(with_cases: Callable[..., Project]) -> None:
    project = with_cases(
        b="last: {kind: get_user, args: {email: c@example.com}}\n",
        a="second:\n  kind: login\n  args:\n    email: a@example.com\n    password: {secret: pw}\n  answer: profile\n"
        "  profile: {app_metadata: {shop: old}}\n"
        "first: {kind: login, args: {username: b, password: {env: PW}}, error: ValidationError}\n",
    )
    cases, problems = read_cases(project, "users")
    assert problems == ()
    assert [case.name for case in cases] == ["second", "first", "last"]
    second, first, last = cases
    assert (second.kind, second.answer, second.error) == ("login", "profile", None)
    assert second.arguments == {"email": "a@example.com", "password": SecretReference("pw")}
    assert second.profile == {"app_metadata": {"shop": "old"}}
    assert first.arguments["password"] == EnvironmentReference("PW")
    assert (first.error, last.answer, last.profile) == ("ValidationError", None, None)
    assert second.place == Place("tests/users/a.yaml", 1, 1, 1, 7)
    assert second.places["email"] == Place("tests/users/a.yaml", 4, 12, 4, 25)


def test_no_folder_means_no_cases(with_cases: Callable[..., Project]) -> None:
    assert read_cases(with_cases(), "users") == ((), ())
    assert mistakes(with_cases(a="")) == ["tests/users/a.yaml: the file is empty"]


def test_every_mistake_is_at_its_place(with_cases: Callable[..., Project]) -> None:
    project = with_cases(
        a="one:\n  kind: logn\n  answr: done\ntwo: {}\nthree: {kind: null}\nfour: {kind: login, answer: yes}\n",
        b="- a list\n",
        c="one: {kind: login\n",
    )
    assert mistakes(project) == [
        "tests/users/a.yaml:2:9: one.kind must be one of login, get_user, create, verify, change_password, delete, "
        "change_email, change_username, change_phone_number, not 'logn'",
        "tests/users/a.yaml:3:3: unknown key 'answr' in one; did you mean 'answer'?",
        "tests/users/a.yaml:4:6: two lacks the key 'kind'",
        "tests/users/a.yaml:6:29: four.answer must be one of profile, not-found, done, not-done, refused, failed, "
        "not 'yes'",
        "tests/users/b.yaml:1:1: the file holds a list; it must hold keys and values",
        "tests/users/c.yaml:1:6: a map is opened here and not closed properly",
    ]


def test_null_is_no_kind(with_cases: Callable[..., Project]) -> None:
    assert mistakes(with_cases(a="three: {kind: null}\n")) == ["tests/users/a.yaml:1:8: three lacks the key 'kind'"]


def test_a_name_is_taken_once(with_cases: Callable[..., Project]) -> None:
    project = with_cases(a="one: {kind: login}\n", b="one: {kind: get_user}\n")
    assert mistakes(project) == ["tests/users/b.yaml:1:6: the case 'one' is also at tests/users/a.yaml:1:6"]


def test_user_of_the_tests_is_taken_whole_from_the_nearest_layer(write_project: WriteProject) -> None:
    text = """\
connections:
  users:
    test_user: {email: a@example.com, password: {secret: pw}}
    tenants:
      dev: {test_user: {email: b@example.com, password: {env: PW}}}
      prod: {test_user: null}
"""
    project, problems = read_project(write_project(text, SCRIPTS))
    assert project is not None, problems
    found = {tenant: connections_for(project, tenant)[0][0].test_user for tenant in ("local", "dev", "prod")}
    assert found == {
        "local": TestUser("a@example.com", SecretReference("pw")),
        "dev": TestUser("b@example.com", EnvironmentReference("PW")),
        "prod": None,
    }


@pytest.mark.parametrize(
    ("user", "words"),
    [
        (
            "{email: a, password: hunter2}",
            "password must be {secret: NAME} or {env: NAME}: it never stands in the file",
        ),
        ("{email: a, password: {keep: live}}", "unknown key 'keep' in connections.users.test_user.password"),
        ("{email: a, password: {secret: a, env: B}}", "password must be exactly one of {secret: …}, {env: …}"),
        ("{email: a}", "connections.users.test_user lacks the key 'password'"),
    ],
)
def test_password_of_the_test_user_is_named_never_written(write_project: WriteProject, user: str, words: str) -> None:
    text = f"connections:\n  users:\n    test_user: {user}\n"
    project, problems = read_project(write_project(text, SCRIPTS))
    assert project is None
    assert words in problems[0].message
    assert "hunter2" not in problems[0].message


def test_the_schema_takes_what_is_read_and_marks_what_is_not() -> None:
    validator = jsonschema.Draft202012Validator(cases_schema())
    good = {"one": {"kind": "login", "args": {"email": "a", "password": {"secret": "pw"}}, "answer": "profile"}}
    assert list(validator.iter_errors(good)) == []
    for wrong in ({"kind": "logn"}, {"answer": "done"}, {"kind": "login", "answr": "done"}):
        assert list(validator.iter_errors({"one": wrong})) != []
