"""The life cycle as it is watched: checks are told as they end, and a stop still deletes what was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from dbconn_tui.runtime.checks import Check, State, Store
from dbconn_tui.runtime.life_cycle import LifeCycle
from dbconn_tui.runtime.verdict import Answer, Contact, Run, Verdict

pytestmark = pytest.mark.anyio

KINDS = frozenset({"login", "get_user", "create", "delete"})


class Users:
    """Scripts that do everything right on users in memory."""

    def __init__(self) -> None:
        self.passwords: dict[str, str] = {}
        self.kinds: list[str] = []

    async def __call__(self, kind: str, given: Mapping[str, Any], store: Store = Store.UP) -> Run:
        self.kinds.append(kind)
        email = str(given.get("email", given.get("id")))
        profile = {"user_id": email, "email": email}
        if store is not Store.UP:
            return run(kind, Answer.FAILED, error={"message": "down"})
        if kind == "create":
            if email in self.passwords:
                return run(kind, Answer.REFUSED, error={"code": "user_exists"})
            self.passwords[email] = str(given["password"])
            return run(kind, Answer.DONE)
        if kind == "delete":
            del self.passwords[email]
            return run(kind, Answer.DONE)
        if kind == "get_user":
            return run(kind, Answer.PROFILE, profile) if email in self.passwords else run(kind, Answer.NOT_FOUND)
        right = email in self.passwords and self.passwords[email] == given["password"]
        return run(kind, Answer.PROFILE, profile) if right else run(kind, Answer.REFUSED, error={"message": "no"})


def run(kind: str, answer: Answer, result: Any = None, error: Mapping[str, Any] | None = None) -> Run:
    contacts = (Contact("localhost", 1, True),)
    return Run(
        kind, Verdict.OK, answer, (), 5.0, 9.0, 20.0, "22.1.0", result, error, contacts=contacts, raw_result=result
    )


async def test_each_check_is_told_when_it_is_over_under_the_names_given_before() -> None:
    users, told = Users(), list[Check]()
    cycle = LifeCycle(users, KINDS, False, "abc", on_check=told.append)
    names = cycle.names
    assert users.kinds == []
    checks = await cycle.play()
    assert tuple(told) == checks
    assert tuple(check.name for check in checks) == names
    assert {check.name for check in checks if check.state is State.FAILED} == set()


async def test_a_stop_skips_the_rest_and_deletes_what_was_made() -> None:
    users, told = Users(), list[Check]()
    cycle = LifeCycle(users, KINDS, False, "abc", on_check=told.append, stop_requested=lambda: bool(users.passwords))
    checks = await cycle.play()
    assert [check.state for check in checks] == [State.PASSED] + [State.SKIPPED] * (len(cycle.names) - 1)
    assert checks[1].message == "stopped before it"
    assert users.passwords == {}
    assert cycle.left_behind == ""


@pytest.mark.parametrize("import_mode", [True, False])
async def test_a_finished_migration_finds_nobody_and_asks_no_store(import_mode: bool) -> None:
    async def nobody(kind: str, given: Mapping[str, Any], store: Store = Store.UP) -> Run:
        return replace(run(kind, Answer.NOT_FOUND), contacts=())

    checks = await LifeCycle(nobody, frozenset({"login", "get_user"}), import_mode, "abc").play()
    failed = {check.name for check in checks if check.state is State.FAILED}
    assert failed == (set() if import_mode else {"unknown user", "odd identifiers", "store down", "store hangs"})
