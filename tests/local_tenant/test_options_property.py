"""Wild options: a PATCH replaces them, reads show what the write answered, nothing unknown is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import anyio
from hypothesis import given, settings
from hypothesis import strategies as st

from dbconn_tui.local_tenant.defaults import defaults_of
from dbconn_tui.local_tenant.settings import GENERATIONS

Open = Callable[..., AbstractAsyncContextManager[Any]]

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
SCRIPT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\r\n\u2028\ufeff\\\"'`"), min_size=1)
KINDS = st.sampled_from(["login", "get_user", "create", "change_email", "made_up", "日本"])
"""The kinds; unknown ones are kept too."""


@st.composite
def options(draw: st.DrawFn) -> dict[str, Any]:
    """Options that the schema takes: known ones of fitting type, unknown ones of any."""
    known = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "customScripts": st.dictionaries(KINDS, SCRIPT, max_size=4),
                "configuration": st.dictionaries(TEXT, TEXT, max_size=3),
                "mfa": st.fixed_dictionaries({}, optional={"active": st.booleans(), "more": JSON}),
                "import_mode": st.booleans(),
                "brute_force_protection": st.booleans(),
                "passkey_options": st.fixed_dictionaries({}, optional={"local_enrollment_enabled": st.booleans()}),
                "upstream_params": st.none(),
            },
        )
    )
    unknown = draw(st.dictionaries(TEXT.map(lambda key: f"x_{key}"), JSON, max_size=4))
    return {**unknown, **known}


REFILLED = set(defaults_of(GENERATIONS[-1]).refilled)


def same(one: Any, other: Any) -> bool:
    """Equal as JSON: true is not 1, and 1 is not 1.0 in the text either."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@given(first=options(), second=options())
@settings(max_examples=60, deadline=None)
def test_a_patch_replaces_and_loses_nothing(tenant: Open, first: dict[str, Any], second: dict[str, Any]) -> None:
    async def go() -> None:
        async with tenant() as t:
            made = await t.create("users", options=first)
            check(first, made["options"], extra_allowed=True)
            assert same(await t.get(f"/{made['id']}"), made)
            answer = await t.patch(made["id"], options=second)
            assert answer.status_code == 200, answer.text
            check(second, answer.json()["options"], extra_allowed=False)
            assert same(await t.get(f"/{made['id']}"), answer.json())
            assert same((await t.get())[0], answer.json())
            held = (await t.client.get("/__control/connections")).json()["connections"][0]
            assert held["values"] == second.get("configuration", {})

    anyio.run(go)


def check(sent: dict[str, Any], stored: dict[str, Any], *, extra_allowed: bool) -> None:
    for key, value in sent.items():
        if key == "configuration":
            assert set(stored[key]) == set(value)
            assert not set(stored[key].values()) & set(value.values())
        elif key == "passkey_options":
            assert {name: stored[key][name] for name in value} == value
        else:
            assert same(stored[key], value)
    if not extra_allowed:
        assert set(stored) == set(sent) | REFILLED
