from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbconn_tui.project.near_names import nearest

OPTIONS = ("requires_username", "passwordPolicy", "mfa", "disable_signup", "upstream_params")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("require_usernameXYZ", "requires_username"),
        ("password_policy", "passwordPolicy"),
        ("MFA", "mfa"),
        ("disable-signup", "disable_signup"),
        ("disable_singup", "disable_signup"),
        ("mfaa", "mfa"),
        ("mf", "mfa"),
        ("maf", "mfa"),
        ("mxa", "mfa"),
        ("xyz", None),
        ("mfa", None),
        ("region", None),
        ("", None),
        ("x" * 5000, None),
    ],
)
def test_slips_are_recognised_and_other_names_are_not(name: str, meant: str | None) -> None:
    assert nearest(name, OPTIONS) == meant


@given(st.text(), st.lists(st.text()))
def test_only_a_known_other_name_is_ever_offered(name: str, known: list[str]) -> None:
    found = nearest(name, known)
    assert found is None or (found in known and found != name)
