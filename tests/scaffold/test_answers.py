"""Values for variables: what each type takes, and how all mistakes are told at once."""

from __future__ import annotations

import pytest

from dbconn_tui.errors import ExitCode, UsageError
from dbconn_tui.scaffold.answers import check_answers
from dbconn_tui.scaffold.catalogue import read_template
from dbconn_tui.scaffold.conversion import convert
from dbconn_tui.scaffold.template import Value, Variable, VariableType

from .conftest import MakeTemplate


def variable(type_: VariableType, default: Value = "", **bounds: object) -> Variable:
    return Variable("it", type_, default, "Help.", **bounds)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("type_", "answer", "value"),
    [
        (VariableType.BOOLEAN, "true", True),
        (VariableType.BOOLEAN, "No", False),
        (VariableType.BOOLEAN, True, True),
        (VariableType.INTEGER, "4", 4),
        (VariableType.INTEGER, " -12 ", -12),
        (VariableType.INTEGER, 7, 7),
        (VariableType.TEXT, "plain", "plain"),
        (VariableType.TEXT, 7, "7"),
        (VariableType.TEXT, True, "true"),
        (VariableType.TEXT, "two\nlines", "two\nlines"),
        (VariableType.IDENTIFIER, "Users_2", "Users_2"),
        (VariableType.URL, "https://users.example.com/v1/", "https://users.example.com/v1"),
        (VariableType.URL, "https://users.example.com:8443", "https://users.example.com:8443"),
        (VariableType.URL, "http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        (VariableType.URL, "http://[::1]:8080", "http://[::1]:8080"),
        (VariableType.URL, "http://localhost", "http://localhost"),
    ],
)
def test_taken(type_: VariableType, answer: Value, value: Value) -> None:
    converted = convert(variable(type_), answer)
    assert converted == value
    assert type(converted) is type(value)


@pytest.mark.parametrize(
    ("type_", "answer", "reason"),
    [
        (VariableType.BOOLEAN, "maybe", "true or false"),
        (VariableType.BOOLEAN, 1, "true or false"),
        (VariableType.INTEGER, "4.5", "whole number"),
        (VariableType.INTEGER, "٤", "whole number"),
        (VariableType.INTEGER, "9" * 5_000, "whole number"),
        (VariableType.INTEGER, True, "whole number"),
        (VariableType.INTEGER, str(2**53), "from"),
        (VariableType.TEXT, "a\x00b", "control characters"),
        (VariableType.TEXT, "\ud800", "Unicode"),
        (VariableType.TEXT, "x" * 1_001, "1000 characters"),
        (VariableType.IDENTIFIER, "users; DROP TABLE users", "plain name"),
        (VariableType.IDENTIFIER, "1users", "plain name"),
        (VariableType.IDENTIFIER, "users\n", "plain name"),
        (VariableType.IDENTIFIER, "", "plain name"),
        (VariableType.IDENTIFIER, "x" * 64, "plain name"),
        (VariableType.URL, "users.example.com", "address such as"),
        (VariableType.URL, "http://users.example.com", "https://"),
        (VariableType.URL, "http://localhost.example.com", "https://"),
        (VariableType.URL, "javascript:alert(1)", "address such as"),
        (VariableType.URL, "https://", "address such as"),
        (VariableType.URL, "https://users.example.com:99999", "address such as"),
        (VariableType.URL, "https://[::1", "address such as"),
        (VariableType.URL, "https://users.example.com/?a=b", "query"),
        (VariableType.URL, "https://users.example.com/#a", "fragment"),
        (VariableType.URL, "https://exam ple.com", "without spaces"),
        (VariableType.URL, "https://users.example.com/'", "without spaces"),
        (VariableType.URL, "https://users.example.com\nX: y", "without spaces"),
        (VariableType.URL, "https://üsers.example.com", "without spaces"),
    ],
)
def test_refused(type_: VariableType, answer: Value, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as refused:
        convert(variable(type_), answer)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 250


def test_credentials_in_an_address_are_refused_and_not_repeated() -> None:
    with pytest.raises(ValueError, match="user name or password") as refused:
        convert(variable(VariableType.URL), "https://me:hunter2 @users.example.com")
    assert "hunter2" not in str(refused.value)


def test_bounds_patterns_and_choices() -> None:
    assert convert(variable(VariableType.INTEGER, minimum=1, maximum=5), "5") == 5
    with pytest.raises(ValueError, match="from 1 to 5, not 6"):
        convert(variable(VariableType.INTEGER, minimum=1, maximum=5), "6")
    assert convert(variable(VariableType.TEXT, pattern="[a-z]+"), "abc") == "abc"
    with pytest.raises(ValueError, match="must match"):
        convert(variable(VariableType.TEXT, pattern="[a-z]+"), "abc\n")
    with pytest.raises(ValueError, match="1 to 3 characters"):
        convert(variable(VariableType.TEXT, minimum=1, maximum=3), "")
    assert convert(variable(VariableType.CHOICE, choices=("bcrypt", "argon2")), "argon2") == "argon2"
    with pytest.raises(ValueError, match=r"bcrypt, argon2, not 'argon'; did you mean argon2\?"):
        convert(variable(VariableType.CHOICE, choices=("bcrypt", "argon2")), "argon")


def test_defaults_fill_what_is_not_given(make_template: MakeTemplate) -> None:
    template = read_template(make_template())
    assert check_answers(template, {"size": "3"}) == {
        "table": "users",
        "label": "Shop",
        "size": 3,
        "scheme": "bcrypt",
        "address": "https://users.example.com",
        "import_mode": False,
    }


def test_every_mistake_is_told_at_once_with_the_way_out(make_template: MakeTemplate) -> None:
    template = read_template(make_template())
    with pytest.raises(UsageError) as refused:
        check_answers(template, {"size": "9", "tabel": "people", "scheme": "md5", "label": "Fine", "colour": "red"})
    message = refused.value.message
    assert "size must be from 1 to 5, not 9" in message
    assert "there is no variable 'tabel'; did you mean table?" in message
    assert "scheme must be one of bcrypt, argon2" in message
    assert "there is no variable 'colour'; its variables are table, label" in message
    assert "label" not in message.replace("table, label", "")
    assert refused.value.hint == "for example --set size=2 --set scheme=bcrypt"
    assert refused.value.exit_code is ExitCode.USAGE
