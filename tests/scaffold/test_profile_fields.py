"""Profile fields: which names are taken, and how they are grouped for a template."""

from __future__ import annotations

import pytest

from dbconn_tui.scaffold.profile_fields import FIELDS, ProfileFields, check_field, group_fields, read_fields


def test_read_from_one_line() -> None:
    assert read_fields("nickname: nick_name, app_metadata.plan: plan_code,") == {
        "nickname": "nick_name",
        "app_metadata.plan": "plan_code",
    }
    assert read_fields(" ") == {}


@pytest.mark.parametrize(
    ("text", "reason"),
    [("nickname", "pairs such as"), ("nickname:", "pairs such as"), (": x", "pairs"), ("a: b, a: c", "twice")],
)
def test_not_pairs(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_fields(text)


@pytest.mark.parametrize("field", ["nickname", "picture", "user_metadata.plan", "app_metadata.roleList"])
def test_taken(field: str) -> None:
    check_field(field)


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("user_id", "variable of its own"),
        ("email", "variable of its own"),
        ("first_name", "did you mean given_name"),
        ("nickname2", "did you mean nickname"),
        ("plan", "user_metadata.NAME"),
        ("app_metadata", "none"),
        ("app_metadata.a.b", "none"),
        ("app_metadata.__proto__", "none"),
        ("created_at", "none"),
        ("access_token", "none"),
        ("x'y", "none"),
    ],
)
def test_refused(field: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        check_field(field)


def test_grouped() -> None:
    grouped = group_fields({"nickname": "nick", "app_metadata.plan": "plan", "user_metadata.nick": "nick"})
    assert grouped.root == (("nickname", "nick"),)
    assert grouped.app_metadata == (("plan", "plan"),)
    assert grouped.user_metadata == (("nick", "nick"),)
    assert grouped.columns == ("nick", "plan")
    assert grouped
    assert not ProfileFields()


def test_the_fields_that_templates_fill_themselves_are_not_offered() -> None:
    assert not FIELDS & {"user_id", "email", "email_verified", "username", "app_metadata", "created_at"}
