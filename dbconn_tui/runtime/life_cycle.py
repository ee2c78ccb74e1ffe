"""LifeCycle: a connection's scripts played in Auth0's own order, with what the docs promise of them checked.

Sign-up is get_user → create → login, a reset get_user → change_password, a change of address get_user →
change_email (rules.md §0). In import mode only login and get_user are used. How a script is run is a port.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from dbconn_tui.action_scripts.kinds import BY_NAME
from dbconn_tui.runtime.checks import (
    BrokenPromiseError,
    Call,
    Calls,
    Check,
    KnownUser,
    State,
    Store,
    ignore_check,
    never,
)
from dbconn_tui.runtime.profiles import user_id_of
from dbconn_tui.runtime.verdict import Answer, Run, said

PREFIX: Final = "dbconn-test-"
"""Begins the address of every user that is made."""

LEFT_OUT: Final = "left out by --quick"
"""The message of a check that was not asked for."""
NOT_IMPORTED: Final = "not used in import mode"
"""The message of what import mode has no use for."""

_RIGHT: Final = "with the right password"
_THERE: Final = "for a user that is there"
_NOBODY: Final = "for a user that is not there"
_MOST_DELETIONS: Final = 3
"""Users of one address that are deleted; a store without a unique key may have got several."""

Play = Callable[[], Awaitable[None]]
Plan = tuple[str, tuple[str, ...], Play]
"""A check's name, what it needs (scripts, `user`, `made`), and how it is played."""


@dataclass(slots=True)
class LifeCycle:
    """Plays the checks of one connection. `word` makes the test user's address and passwords unlike any other.

    `kinds` are the scripts it has, `known` a user to log in with where none can be made. `makes_users`: the store
    may get users, also for import mode, which makes none itself. After `play`, `left_behind` is the address of a
    user that could not be deleted again.
    """

    call: Call
    kinds: frozenset[str]
    import_mode: bool
    word: str
    known: KnownUser | None = None
    makes_users: bool = True
    quick: bool = False
    """Leaves out the stores that hang and answer late, which take as long as the scripts' own timeouts."""
    again: bool = False
    """Plays only what a user does, to see how long it takes."""
    why_unknown: str = ""
    """Why there is no known user, where one was named."""
    on_check: Callable[[Check], None] = ignore_check
    """Told every check as soon as it is over."""
    stop_requested: Callable[[], bool] = never
    """Asked before each check; from a True on the rest is skipped, and what was made is still deleted."""
    left_behind: str = ""
    _calls: Calls = field(init=False)
    _email: str = ""
    _password: str = ""
    _profile: Run | None = None
    _made: bool = False
    _all_moved: bool = False
    """Whether the migration is finished: login finds nobody, and asks no store."""
    _addresses: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._calls = Calls(self.call)

    @property
    def user_id(self) -> str:
        """The user_id that login gave, empty when it gave none."""
        return str(user_id_of(self._profile.raw_result) or "") if self._profile else ""

    async def play(self) -> tuple[Check, ...]:
        """Every check in order; what was made is deleted again, whatever happens."""
        checks: list[Check] = []
        try:
            for name, needs, check in self._checks():
                checks.append(await self._one(name, needs, check))
                self.on_check(checks[-1])
        finally:
            if self._made:
                await self._clean_up()
        for unplayed in self._not_played():
            checks.append(unplayed)
            self.on_check(unplayed)
        return tuple(checks)

    @property
    def names(self) -> tuple[str, ...]:
        """The checks that will be played or skipped, in order."""
        return (*(name for name, _, _ in self._checks()), *(check.name for check in self._not_played()))

    def _checks(self) -> Iterator[Plan]:
        if "create" in self.kinds and self.makes_users:
            self._email = f"{PREFIX}{self.word}@example.com"
            self._password = f"Pw-{self.word}-1!"
            name = "sign-up of the user to import" if self.import_mode else "sign-up"
            yield name, ("create", "get_user", "login"), self._sign_up
        if self.known is not None and not self._made:
            self._email, self._password = self.known.email, self.known.password
        yield "login", ("login", "user"), self._login
        yield "same profile from get_user", ("get_user", "login", "user"), self._same_profile
        yield "wrong password", ("login", "user"), self._wrong_password
        if not self.again:
            yield "unknown user", ("login",), self._unknown_user
            yield "odd identifiers", ("login",), self._odd_identifiers
            yield "letter case", ("login", "get_user", "user"), self._letter_case
        if not self.import_mode:
            yield "duplicate sign-up", ("create", "user", "made"), self._duplicate
            yield "verify", ("verify", "user", "made"), self._verify
            yield "reset of the password", ("change_password", "get_user", "login", "user", "made"), self._reset
            yield "change of the address", ("change_email", "get_user", "login", "user", "made"), self._change_email
        if not self.again:
            yield from self._outages()
        if not self.import_mode:
            yield "delete", ("delete", "get_user", "login", "user", "made"), self._delete

    def _outages(self) -> Iterator[Plan]:
        yield "store down", ("login",), self._store_down
        if not self.quick:
            yield "store hangs", ("login",), self._store_hangs
            yield "store answers late", ("login", "user"), self._store_is_late

    def _not_played(self) -> Iterator[Check]:
        """What is not tested, and why."""
        if self.again:
            return
        if self.quick:
            for name in ("store hangs", "store answers late"):
                yield Check(name, State.SKIPPED, LEFT_OUT)
        unused = self.kinds & {name for name, kind in BY_NAME.items() if not kind.in_import_mode}
        if self.import_mode and unused:
            yield Check(", ".join(sorted(unused)), State.SKIPPED, NOT_IMPORTED)
        for kind in sorted(self.kinds - unused if self.import_mode else self.kinds):
            if kind not in BY_NAME or not BY_NAME[kind].parameters:
                yield Check(kind, State.SKIPPED, "Auth0 does not document what it is called with")

    async def _one(self, name: str, needs: tuple[str, ...], check: Play) -> Check:
        missing = "stopped before it" if self.stop_requested() else self._missing(needs)
        if missing:
            return Check(name, State.SKIPPED, missing)
        self._calls.runs = []
        try:
            await check()
        except BrokenPromiseError as broken:
            return self._calls.check(name, str(broken))
        return self._calls.check(name, "")

    def _missing(self, needs: tuple[str, ...]) -> str:
        """Why a check cannot be played; empty when it can."""
        scripts = [one for one in needs if one not in ("user", "made") and one not in self.kinds]
        if scripts:
            return f"there is no script {' and '.join(scripts)}"
        if "made" in needs and not self._made:
            return "no user was made that may be changed"
        if "user" in needs and not self._email:
            if self.why_unknown:
                return self.why_unknown
            return "no user can be made here: name a `test_user` in dbconn.yaml, or give one with --args"
        if "user" in needs and self._email.startswith(PREFIX) and not self._made:
            return "the sign-up made no user"
        return ""

    async def _sign_up(self) -> None:
        user = {"email": self._email, "password": self._password}
        await self._calls.expect("get_user", {"email": self._email}, Answer.NOT_FOUND, when=_NOBODY)
        self._made = True
        self._addresses.append(self._email)
        await self._calls.expect("create", user, Answer.DONE, when="at a sign-up")
        self._profile = await self._calls.login(**user, when="after the sign-up")

    async def _login(self) -> None:
        first = self._profile or await self._calls.login(self._email, self._password, when=_RIGHT)
        second = await self._calls.login(self._email, self._password, when=_RIGHT)
        self._profile = second
        if user_id_of(first.raw_result) != user_id_of(second.raw_result):
            raise BrokenPromiseError(
                f"login gave another user_id the second time: {user_id_of(first.result)!r}, then "
                f"{user_id_of(second.result)!r}; to Auth0 that is another user"
            )
        email = second.raw_result.get("email")
        if "@" in self._email and str(email).casefold() != self._email.casefold():
            given = "no email" if email is None else f"the email {second.result['email']!r}"
            raise BrokenPromiseError(f"login gave {given} for the user {self._email}")

    async def _same_profile(self) -> None:
        login = self._profile or await self._calls.login(self._email, self._password, when=_RIGHT)
        found = await self._calls.expect("get_user", {"email": self._email}, Answer.PROFILE, when=_THERE)
        one, other = login.raw_result, found.raw_result
        differing = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
        if differing:
            name = differing[0]
            pair = f"{json.dumps(login.result.get(name))} and {json.dumps(found.result.get(name))}"
            message = f"login and get_user give different profiles: {', '.join(differing)} ({name}: {pair})"
            raise BrokenPromiseError(message)

    async def _wrong_password(self) -> None:
        await self._calls.refuse(self._email, f"{self._password}x", when="with a wrong password")
        run = await self._calls.run("login", {"email": self._email, "password": ""})
        if run.answer is Answer.PROFILE:
            raise BrokenPromiseError("login gave a profile with an empty password")

    async def _unknown_user(self) -> None:
        nobody = f"{PREFIX}nobody-{self.word}@example.com"
        run = await self._calls.refuse(nobody, "any-password-1", when=_NOBODY, or_nobody=self.import_mode)
        self._all_moved = run.answer is Answer.NOT_FOUND and not run.contacts
        if "get_user" in self.kinds:
            await self._calls.expect("get_user", {"email": nobody}, Answer.NOT_FOUND, when=_NOBODY)

    async def _odd_identifiers(self) -> None:
        for what, email in _odd_identifiers(self.word):
            when = f"for an identifier with {what}"
            await self._calls.refuse(email, "any-password-1", when=when, or_nobody=self._all_moved)
            if "get_user" in self.kinds:
                await self._calls.expect("get_user", {"email": email}, Answer.NOT_FOUND, when=when)

    async def _letter_case(self) -> None:
        upper = self._email.upper()
        login = await self._calls.run("login", {"email": upper, "password": self._password})
        found = await self._calls.run("get_user", {"email": upper})
        agrees = (login.answer is Answer.PROFILE) == (found.answer is Answer.PROFILE)
        if not agrees:
            raise BrokenPromiseError(f"in upper case login {said(login)}, but get_user {said(found)}")
        if login.answer is Answer.PROFILE and user_id_of(login.raw_result) != user_id_of(found.raw_result):
            raise BrokenPromiseError("in upper case login and get_user find different users")

    async def _duplicate(self) -> None:
        user = {"email": self._email, "password": self._password}
        when = "for a user that is there already"
        run = await self._calls.expect("create", user, Answer.REFUSED, when=when)
        if (run.error or {}).get("code") != "user_exists":
            raise BrokenPromiseError("create refused with another code than 'user_exists': Auth0 cannot tell why")

    async def _verify(self) -> None:
        await self._calls.expect("verify", {"email": self._email}, Answer.DONE, when=_THERE)
        if "get_user" in self.kinds:
            run = await self._calls.expect("get_user", {"email": self._email}, Answer.PROFILE, when="after verify")
            if run.raw_result.get("email_verified", True) is not True:
                raise BrokenPromiseError("get_user still says email_verified false after verify")

    async def _reset(self) -> None:
        old, new = self._password, f"New-{self.word}-2!"
        await self._calls.expect("get_user", {"email": self._email}, Answer.PROFILE, when="before a reset")
        given = {"email": self._email, "new_password": new}
        await self._calls.expect("change_password", given, Answer.DONE, when=_THERE)
        self._password = new
        await self._calls.refuse(self._email, old, when="with the old password after a reset")
        await self._calls.login(self._email, new, when="with the new password after a reset")
        nobody = {"email": f"{PREFIX}nobody-{self.word}@example.com", "new_password": new}
        await self._calls.expect("change_password", nobody, Answer.NOT_DONE, Answer.FAILED, when=_NOBODY)

    async def _change_email(self) -> None:
        old, new = self._email, f"{PREFIX}{self.word}-new@example.com"
        before = await self._calls.expect("get_user", {"email": old}, Answer.PROFILE, when="before the change")
        given = {"email": old, "new_email": new, "verified": True}
        self._addresses.append(new)
        await self._calls.expect("change_email", given, Answer.DONE, when=_THERE)
        self._email = new
        after = await self._calls.expect("get_user", {"email": new}, Answer.PROFILE, when="for the new address")
        if user_id_of(before.raw_result) != user_id_of(after.raw_result):
            raise BrokenPromiseError("the user_id is another one after the change of the address")
        await self._calls.expect("get_user", {"email": old}, Answer.NOT_FOUND, when="for the old address")
        await self._calls.login(new, self._password, when="with the new address")

    async def _store_down(self) -> None:
        for run in await self._meanwhile(Store.DOWN, "any-password-1"):
            self._must_fail(run, "while the store is down")

    async def _store_hangs(self) -> None:
        for run in await self._meanwhile(Store.HANGS, "any-password-1"):
            self._must_fail(run, "while the store does not answer")

    async def _store_is_late(self) -> None:
        for run in await self._meanwhile(Store.LATE, self._password):
            self._calls.judged(run)
            if run.answer not in (Answer.PROFILE, Answer.FAILED):
                message = f"{run.kind} {said(run)} when the store answered late; it must give the profile, or give up"
                raise BrokenPromiseError(f"{message} with a plain Error")

    async def _meanwhile(self, store: Store, password: str) -> list[Run]:
        """login and get_user at the same time, since each may take as long as its own timeouts."""
        email = self._email or f"{PREFIX}nobody-{self.word}@example.com"
        given = {"login": {"email": email, "password": password}, "get_user": {"email": email}}
        return await asyncio.gather(*(self.call(kind, given[kind], store) for kind in given if kind in self.kinds))

    def _must_fail(self, run: Run, when: str) -> None:
        self._calls.judged(run)
        if self._all_moved and run.answer is Answer.NOT_FOUND:
            return  # there is no store that could be down
        if not run.contacts:
            raise BrokenPromiseError(f"{run.kind} {said(run)} without asking any store")
        if run.answer is not Answer.FAILED:
            message = f"{run.kind} {said(run)} {when}; it must pass a plain Error on"
            raise BrokenPromiseError(f"{message}: users would be told something wrong")

    async def _delete(self) -> None:
        found = await self._calls.expect("get_user", {"email": self._email}, Answer.PROFILE, when="before the deletion")
        given = {"id": user_id_of(found.raw_result)}
        await self._calls.expect("delete", given, Answer.DONE, when=_THERE)
        await self._calls.expect("get_user", {"email": self._email}, Answer.NOT_FOUND, when="after the deletion")
        await self._calls.refuse(self._email, self._password, when="after the deletion")

    async def _clean_up(self) -> None:
        """Delete the test users; remember an address that cannot be made free."""
        for address in self._addresses:
            if not await self._is_deleted(address):
                self.left_behind = address

    async def _is_deleted(self, address: str) -> bool:
        for _ in range(_MOST_DELETIONS):
            found = await self.call("get_user", {"email": address})
            if found.answer is Answer.NOT_FOUND:
                return True
            user_id = user_id_of(found.raw_result) if found.answer is Answer.PROFILE else self.user_id
            if "delete" not in self.kinds or not user_id:
                return False
            await self.call("delete", {"id": str(user_id)})
        return (await self.call("get_user", {"email": address})).answer is Answer.NOT_FOUND


def _odd_identifiers(word: str) -> Iterator[tuple[str, str]]:
    """What is odd, and an identifier of no user."""
    yield "a quote", f"o'{word}@example.com"
    yield "double quotes", f'"{word}"@example.com'
    yield "SQL in it", f"{word}' OR '1'='1"
    yield "a percent sign", "%"
    yield "an asterisk", "*"
    yield "brackets", f"*)(|(uid={word}*"
    yield "upper case", f"ÄÖ-{word.upper()}@EXAMPLE.COM"
    yield "300 characters", f"{word.ljust(288, 'x')}@example.com"
    yield "other scripts", f"zoë.{word}@例え.example"
