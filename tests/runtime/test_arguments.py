"""From the names of `--arg` to the values a script is called with."""

from __future__ import annotations

from typing import Any

import pytest

from dbconn_tui.errors import UsageError
from dbconn_tui.runtime.arguments import call_arguments

CALLS: list[tuple[str, dict[str, Any], bool, tuple[Any, ...]]] = [
    ("login", {"email": "a@b", "password": "p"}, False, ("a@b", "p")),
    ("login", {"username": "robin", "password": "p"}, False, ("robin", "p")),
    (
        "login",
        {"identifier": "a", "password": "p", "context.organization.id": "o"},
        True,
        ("a", "p", {"organization": {"id": "o"}}),
    ),
    ("get_user", {"email": "a@b"}, True, ("a@b", {})),
    ("change_password", {"email": "a@b", "new_password": "n"}, False, ("a@b", "n")),
    ("delete", {"id": "7", "context.organization.id": "o"}, True, ("7", {})),
    ("change_email", {"email": "a", "new_email": "b"}, False, ("a", "b", False)),
    ("change_email", {"email": "a", "new_email": "b", "verified": True}, False, ("a", "b", True)),
]


@pytest.mark.parametrize(("kind", "given", "context", "values"), CALLS)
def test_values(kind: str, given: dict[str, Any], context: bool, values: tuple[Any, ...]) -> None:
    assert call_arguments(kind, given, context=context).values == values


def test_create_gets_a_user() -> None:
    given = {"email": "a@b", "password": "p", "username": "r", "user.user_metadata.plan": "gold"}
    (user,) = call_arguments("create", given, context=False, connection="users").values
    assert user == {
        "client_id": "local-client",
        "tenant": "local",
        "connection": "users",
        "email": "a@b",
        "password": "p",
        "username": "r",
        "user_metadata": {"plan": "gold"},
    }


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        ("login", {"email": "a"}, "password"),
        ("login", {"email": "a", "password": "p", "id": "x"}, "'id'"),
        ("nope", {}, "no kind"),
        ("change_username", {}, "not document"),
        ("change_email", {"email": "a", "new_email": "b", "verified": "yes"}, "verified"),
        ("delete", {"id": 7}, "not text"),
        ("create", {"email": "a", "password": "p", "user.a": "x", "user.a.b": "y"}, "both"),
    ],
)
def test_mistakes_name_what_is_wrong(kind: str, given: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        call_arguments(kind, given, context=False)


def test_passwords_are_known_as_such() -> None:
    call = call_arguments("change_password", {"email": "a@b", "new_password": "hush"}, context=False)
    assert [one.reveal() for one in call.passwords] == ["hush"]
    assert call.identifier == "a@b"
    assert "hush" not in repr(call)
