"""Names of tables, columns, fields and attributes: quoted for the dialect, or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbconn_tui.scaffold.identifiers import (
    DIALECTS,
    PLAIN,
    Dialect,
    check_identifier,
    object_key,
    property_access,
    quote,
)

ATTACKS = [
    *("' OR 1=1 --", '"', "`", "[", "]", "]]", '""', "users; DROP TABLE users", "a\\", "a\nb", "a\x00b", "${x}"),
    *("*)(uid=*", '{"$gt": ""}', "", " ", " users", "users ", "a  b", ".users", "users.", "a..b", "__proto__"),
    *("x" * 300, "\u202eusers", "a\u2028b", "a/*b*/", "a'b", "a(b)", "a%b", "a:b", "a=b"),
]


@pytest.mark.parametrize("dialect", [PLAIN, *DIALECTS.values()], ids=lambda dialect: dialect.name or "plain")
@pytest.mark.parametrize("name", ATTACKS, ids=lambda name: ascii(name)[:20])
def test_refused_everywhere(dialect: Dialect, name: str) -> None:
    for use in (quote, property_access):
        with pytest.raises(ValueError, match="must"):
            use(name, dialect)


@pytest.mark.parametrize(
    ("dialect", "name", "quoted", "read"),
    [
        ("postgresql", "users", '"users"', ".users"),
        ("postgresql", "User Accounts", '"User Accounts"', "['User Accounts']"),
        ("postgresql", "straße", '"straße"', "['straße']"),
        ("mysql", "e-mail", "`e-mail`", "['e-mail']"),
        ("sqlserver", "2fa", "[2fa]", "['2fa']"),
        ("mongodb", "profile.email", "'profile.email'", ".profile?.email"),
        ("mongodb", "profile.e-mail", "'profile.e-mail'", ".profile?.['e-mail']"),
        ("ldap", "employee-id", "employee-id", "['employee-id']"),
    ],
)
def test_written(dialect: str, name: str, quoted: str, read: str) -> None:
    assert quote(name, DIALECTS[dialect]) == quoted
    assert property_access(name, DIALECTS[dialect]) == read


@pytest.mark.parametrize(
    ("dialect", "name", "quoted"),
    [
        ("postgresql", "app.users", '"app"."users"'),
        ("mysql", "app.users", "`app`.`users`"),
        ("sqlserver", "main.dbo.User Accounts", "[main].[dbo].[User Accounts]"),
    ],
)
def test_qualified(dialect: str, name: str, quoted: str) -> None:
    assert quote(name, DIALECTS[dialect]) == quoted
    with pytest.raises(ValueError, match="must"):
        check_identifier(name, DIALECTS[dialect])
    with pytest.raises(ValueError, match="at most"):
        check_identifier(f"a.b.{name}", DIALECTS[dialect], qualified=True)


def test_lengths_are_the_stores_own() -> None:
    for dialect, longest in (("postgresql", 63), ("mysql", 64), ("sqlserver", 128)):
        assert check_identifier("x" * longest, DIALECTS[dialect])
        with pytest.raises(ValueError, match=f"{longest} bytes"):
            check_identifier("x" * (longest + 1), DIALECTS[dialect])
    with pytest.raises(ValueError, match="63 bytes"):
        check_identifier("é" * 32, DIALECTS["postgresql"])


def test_plain_names_need_no_quotes() -> None:
    assert quote("users_2", PLAIN) == "users_2"
    for name in ("e-mail", "a b", "app.users", "2fa"):
        with pytest.raises(ValueError, match="plain name"):
            quote(name, PLAIN)


def test_keys() -> None:
    assert object_key("nickname") == "nickname"
    assert object_key("e-mail") == "'e-mail'"
    with pytest.raises(ValueError, match="must"):
        object_key("__proto__")


@given(name=st.text(max_size=40), dialect=st.sampled_from(sorted(DIALECTS)))
def test_whatever_is_taken_cannot_leave_its_quotes(name: str, dialect: str) -> None:
    how = DIALECTS[dialect]
    try:
        text = quote(name, how)
    except ValueError:
        return
    inside = text[1:-1] if how.literal or how.opening else text
    assert inside.isprintable()
    assert not (set(inside) - {how.opening, how.closing}) & set("'\"`\\{}")
    if how.opening:
        assert [part[1:-1] for part in text.split(".")] == name.split(".")
    else:
        assert inside == name
