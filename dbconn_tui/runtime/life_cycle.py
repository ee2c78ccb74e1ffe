"""LifeCycle: a connection's scripts played in Auth0's own order, with what the docs promise of them checked.

Sign-up is get_user → create → login, a reset get_user → change_password, a change of address get_user →
change_email (rules.md §0). In import mode only login and get_user are used. How a script is run is a port.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Protocol

from dbconn_tui.problems import Problem, Severity
from dbconn_tui.runtime.profiles import user_id_of
from dbconn_tui.runtime.verdict import Answer, Run

Json = Any

PREFIX: Final = "dbconn-test-"
"""Begins the address of every user that is made."""

PATIENCE: Final = 10.0
"""Seconds after which a script must have given a hanging store up (rules.md `runtime-budget`)."""


class Store(StrEnum):
    """The state the user store is in, or is made to seem to be in."""

    UP = "up"
    DOWN = "down"
    """Every connection is refused."""
    HANGS = "hangs"
    """Every connection is taken and nothing ever answers."""


class Call(Protocol):
    """Runs one script with arguments by name."""

    def __call__(self, kind: str, given: Mapping[str, Json], store: Store = Store.UP) -> Awaitable[Run]:
        """The run. With a store that hangs the limit is PATIENCE."""


class State(StrEnum):
    """What came of a check."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `message` says why it failed or was skipped; `problems` are findings of its runs."""

    name: str
    state: State
    message: str = ""
    problems: tuple[Problem, ...] = ()
    runs: tuple[Run, ...] = ()

    @property
    def milliseconds(self) -> float:
        """What its runs took together."""
        return sum(run.duration for run in self.runs)


@dataclass(frozen=True, slots=True)
class KnownUser:
    """A user that is in the store already, for connections whose scripts cannot make one."""

    email: str
    password: str = field(repr=False)


class _BrokenPromise(Exception):
    """A check does not come out as it must."""


def _ignore(check: Check) -> None:
    """An on_check for callers that do not watch."""


def _never() -> bool:
    return False


@dataclass(slots=True)
class LifeCycle:
    """Plays the checks of one connection. `word` makes the test user's address and passwords unlike any other.

    `kinds` are the scripts it has, `known` a user to log in with where none can be made.
    """

    call: Call
    kinds: frozenset[str]
    import_mode: bool
    word: str
    known: KnownUser | None = None
    quick: bool = False
    """Leaves the store that hangs out, which takes as long as the scripts' own timeouts."""
    on_check: Callable[[Check], None] = _ignore
    """Told every check as soon as it is over."""
    stop_requested: Callable[[], bool] = _never
    """Asked before each check; from a True on the rest is skipped, and what was made is still deleted."""
    left_behind: str = ""
    """The address of a user that could not be deleted again."""
    _runs: list[Run] = field(default_factory=list)
    _email: str = ""
    _password: str = ""
    _profile: Mapping[str, Json] | None = None
    _made: bool = False

    async def play(self) -> tuple[Check, ...]:
        """Every check in order; what was made is deleted again, whatever happens."""
        checks: list[Check] = []
        try:
            for name, needs, check in self._checks():
                if self.stop_requested():
                    checks.append(Check(name, State.SKIPPED, "stopped before it"))
                else:
                    checks.append(await self._one(name, needs, check))
                self.on_check(checks[-1])
        finally:
            if self._made:
                await self._clean_up()
        return tuple(checks)

    @property
    def names(self) -> tuple[str, ...]:
        """The checks that will be played, in order."""
        return tuple(name for name, _, _ in self._checks())

    def _checks(self) -> Iterator[tuple[str, tuple[str, ...], Callable[[], Awaitable[None]]]]:
        """Name, what it needs (scripts, or `user`), and the check."""
        if self.import_mode or "create" not in self.kinds:
            if self.known is not None:
                self._email, self._password = self.known.email, self.known.password
        else:
            self._email = f"{PREFIX}{self.word}@example.com"
            self._password = f"Pw-{self.word}-1!"
            yield "sign-up", ("create", "get_user", "login"), self._sign_up
        yield "login", ("login", "user"), self._login
        yield "same profile from get_user", ("get_user", "login", "user"), self._same_profile
        yield "wrong password", ("login", "user"), self._wrong_password
        yield "unknown user", ("login",), self._unknown_user
        yield "odd identifiers", ("login",), self._odd_identifiers
        yield "letter case", ("login", "get_user", "user"), self._letter_case
        if not self.import_mode:
            yield "duplicate sign-up", ("create", "user", "made"), self._duplicate
            yield "verify", ("verify", "user", "made"), self._verify
            yield "reset of the password", ("change_password", "get_user", "login", "user", "made"), self._reset
            yield "change of the address", ("change_email", "get_user", "login", "user", "made"), self._change_email
        yield "store down", ("login",), self._store_down
        if not self.quick:
            yield "store hangs", ("login",), self._store_hangs
        if not self.import_mode:
            yield "delete", ("delete", "get_user", "login", "user", "made"), self._delete

    async def _one(self, name: str, needs: tuple[str, ...], check: Callable[[], Awaitable[None]]) -> Check:
        missing = self._missing(needs)
        if missing:
            return Check(name, State.SKIPPED, missing)
        self._runs = []
        failure = ""
        try:
            await check()
        except _BrokenPromise as broken:
            failure = str(broken)
        problems = tuple(dict.fromkeys(problem for run in self._runs for problem in run.problems))
        state = State.FAILED if failure else State.PASSED
        return Check(name, state, failure, problems, tuple(self._runs))

    def _missing(self, needs: tuple[str, ...]) -> str:
        """Why a check cannot be played; empty when it can."""
        scripts = [one for one in needs if one not in ("user", "made") and one not in self.kinds]
        if scripts:
            return f"there is no script {' and '.join(scripts)}"
        if "made" in needs and not self._made:
            return "no user was made that may be changed"
        if "user" in needs and not self._email:
            return "no user can be made here: give one with --args"
        if "user" in needs and self.known is None and not self._made:
            return "the sign-up made no user"
        return ""

    async def _run(self, kind: str, given: Mapping[str, Json], store: Store = Store.UP) -> Run:
        """One run, which must keep the contract."""
        run = await self.call(kind, given, store)
        self._runs.append(run)
        if not run.kept:
            worst = next(one for one in run.problems if one.severity is Severity.ERROR)
            raise _BrokenPromise(f"{kind}: {worst.message} ({worst.place})")
        return run

    async def _expect(self, kind: str, given: Mapping[str, Json], *answers: Answer, when: str) -> Run:
        """One run whose answer must be one of these."""
        run = await self._run(kind, given)
        if run.answer not in answers:
            wanted = " or ".join(_ANSWERS[answer] for answer in answers)
            raise _BrokenPromise(f"{kind} {_said(run)} {when}; it must {wanted}")
        return run

    async def _login_as(self, email: str, password: str, *, when: str) -> Mapping[str, Json]:
        run = await self._expect("login", {"email": email, "password": password}, Answer.PROFILE, when=when)
        profile: Mapping[str, Json] = run.raw_result
        return profile

    async def _refuse(self, email: str, password: str, *, when: str) -> None:
        await self._expect("login", {"email": email, "password": password}, Answer.REFUSED, when=when)

    async def _sign_up(self) -> None:
        user = {"email": self._email, "password": self._password}
        await self._expect("get_user", {"email": self._email}, Answer.NOT_FOUND, when="for a user that is not there")
        self._made = True
        await self._expect("create", user, Answer.DONE, when="at a sign-up")
        self._profile = await self._login_as(**user, when="after the sign-up")

    async def _login(self) -> None:
        first = self._profile or await self._login_as(self._email, self._password, when="with the right password")
        second = await self._login_as(self._email, self._password, when="with the right password")
        self._profile = second
        if user_id_of(first) != user_id_of(second):
            raise _BrokenPromise(
                f"login gave another user_id the second time: {user_id_of(first)!r}, then {user_id_of(second)!r}; "
                "to Auth0 that is another user"
            )
        email = second.get("email")
        if "@" in self._email and str(email).casefold() != self._email.casefold():
            raise _BrokenPromise(f"login gave the email {email!r} for the user {self._email}")

    async def _same_profile(self) -> None:
        profile = self._profile or await self._login_as(self._email, self._password, when="with the right password")
        run = await self._expect("get_user", {"email": self._email}, Answer.PROFILE, when="for a user that is there")
        differing = sorted(
            name for name in profile.keys() | run.raw_result.keys() if profile.get(name) != run.raw_result.get(name)
        )
        if differing:
            name = differing[0]
            pair = f"{json.dumps(profile.get(name))} and {json.dumps(run.raw_result.get(name))}"
            raise _BrokenPromise(f"login and get_user give different profiles: {', '.join(differing)} ({name}: {pair})")

    async def _wrong_password(self) -> None:
        await self._refuse(self._email, f"{self._password}x", when="with a wrong password")
        run = await self._run("login", {"email": self._email, "password": ""})
        if run.answer is Answer.PROFILE:
            raise _BrokenPromise("login gave a profile with an empty password")

    async def _unknown_user(self) -> None:
        nobody = f"{PREFIX}nobody-{self.word}@example.com"
        await self._refuse(nobody, "any-password-1", when="for a user that is not there")
        if "get_user" in self.kinds:
            await self._expect("get_user", {"email": nobody}, Answer.NOT_FOUND, when="for a user that is not there")

    async def _odd_identifiers(self) -> None:
        for what, email in self._odd():
            when = f"for an identifier with {what}"
            await self._refuse(email, "any-password-1", when=when)
            if "get_user" in self.kinds:
                await self._expect("get_user", {"email": email}, Answer.NOT_FOUND, when=when)

    def _odd(self) -> Iterator[tuple[str, str]]:
        yield "a quote", f"o'{self.word}@example.com"
        yield "double quotes", f'"{self.word}"@example.com'
        yield "SQL in it", f"{self.word}' OR '1'='1"
        yield "a percent sign", "%"
        yield "an asterisk", "*"
        yield "brackets", f"*)(|(uid={self.word}*"
        yield "300 characters", f"{self.word.ljust(288, 'x')}@example.com"
        yield "other scripts", f"zoë.{self.word}@例え.example"

    async def _letter_case(self) -> None:
        upper = self._email.upper()
        login = await self._run("login", {"email": upper, "password": self._password})
        found = await self._run("get_user", {"email": upper})
        agrees = (login.answer is Answer.PROFILE) == (found.answer is Answer.PROFILE)
        if not agrees:
            raise _BrokenPromise(f"in upper case login {_said(login)}, but get_user {_said(found)}")
        if login.answer is Answer.PROFILE and user_id_of(login.raw_result) != user_id_of(found.raw_result):
            raise _BrokenPromise("in upper case login and get_user find different users")

    async def _duplicate(self) -> None:
        user = {"email": self._email, "password": self._password}
        run = await self._expect("create", user, Answer.REFUSED, when="for a user that is there already")
        if (run.error or {}).get("code") != "user_exists":
            raise _BrokenPromise("create refused with another code than 'user_exists': Auth0 cannot tell why")

    async def _verify(self) -> None:
        await self._expect("verify", {"email": self._email}, Answer.DONE, when="for a user that is there")
        if "get_user" in self.kinds:
            run = await self._expect("get_user", {"email": self._email}, Answer.PROFILE, when="after verify")
            if run.raw_result.get("email_verified", True) is not True:
                raise _BrokenPromise("get_user still says email_verified false after verify")

    async def _reset(self) -> None:
        old, new = self._password, f"New-{self.word}-2!"
        await self._expect("get_user", {"email": self._email}, Answer.PROFILE, when="before a reset")
        given = {"email": self._email, "new_password": new}
        await self._expect("change_password", given, Answer.DONE, when="for a user that is there")
        self._password = new
        await self._refuse(self._email, old, when="with the old password after a reset")
        await self._login_as(self._email, new, when="with the new password after a reset")
        nobody = {"email": f"{PREFIX}nobody-{self.word}@example.com", "new_password": new}
        when = "for a user that is not there"
        await self._expect("change_password", nobody, Answer.NOT_DONE, Answer.FAILED, when=when)

    async def _change_email(self) -> None:
        old, new = self._email, f"{PREFIX}{self.word}-new@example.com"
        before = await self._expect("get_user", {"email": old}, Answer.PROFILE, when="before the change")
        given = {"email": old, "new_email": new, "verified": True}
        await self._expect("change_email", given, Answer.DONE, when="for a user that is there")
        self._email = new
        after = await self._expect("get_user", {"email": new}, Answer.PROFILE, when="for the new address")
        if user_id_of(before.raw_result) != user_id_of(after.raw_result):
            raise _BrokenPromise("the user_id is another one after the change of the address")
        await self._expect("get_user", {"email": old}, Answer.NOT_FOUND, when="for the old address")
        await self._login_as(new, self._password, when="with the new address")

    async def _store_down(self) -> None:
        await self._outage(Store.DOWN, "while the store is down")

    async def _store_hangs(self) -> None:
        await self._outage(Store.HANGS, "while the store does not answer")

    async def _outage(self, store: Store, when: str) -> None:
        email = self._email or f"{PREFIX}nobody-{self.word}@example.com"
        calls = {"login": {"email": email, "password": "any-password-1"}, "get_user": {"email": email}}
        for kind, given in calls.items():
            if kind not in self.kinds:
                continue
            run = await self._run(kind, given, store)
            if not run.contacts:
                raise _BrokenPromise(f"{kind} {_said(run)} without asking any store")
            if run.answer is not Answer.FAILED:
                said = f"{kind} {_said(run)} {when}; it must pass a plain Error on"
                raise _BrokenPromise(f"{said}: users would be told something wrong")

    async def _delete(self) -> None:
        found = await self._expect("get_user", {"email": self._email}, Answer.PROFILE, when="before the deletion")
        given = {"id": user_id_of(found.raw_result)}
        await self._expect("delete", given, Answer.DONE, when="for a user that is there")
        await self._expect("get_user", {"email": self._email}, Answer.NOT_FOUND, when="after the deletion")
        await self._refuse(self._email, self._password, when="after the deletion")
        self._made = False

    async def _clean_up(self) -> None:
        """Delete the test user; remember its address when that cannot be done."""
        run = await self.call("get_user", {"email": self._email})
        if run.answer is Answer.NOT_FOUND:
            return
        user_id = user_id_of(run.raw_result) if run.answer is Answer.PROFILE else None
        user_id = user_id or user_id_of(self._profile or {})
        if "delete" in self.kinds and user_id:
            deleted = await self.call("delete", {"id": str(user_id)})
            gone = await self.call("get_user", {"email": self._email})
            if deleted.answer is Answer.DONE and gone.answer is Answer.NOT_FOUND:
                return
        self.left_behind = self._email


_ANSWERS: Final = {
    Answer.PROFILE: "give the profile",
    Answer.NOT_FOUND: "find nothing: `callback(null)`",
    Answer.DONE: "say that it is done",
    Answer.NOT_DONE: "say that it is not done: `callback(null, false)`",
    Answer.REFUSED: "refuse with the error class that Auth0 knows",
    Answer.FAILED: "fail with an Error",
    Answer.NONE: "answer",
}
_SAID: Final = {
    Answer.PROFILE: "gave a profile",
    Answer.NOT_FOUND: "found nothing",
    Answer.DONE: "said that it is done",
    Answer.NOT_DONE: "said that it is not done",
    Answer.NONE: "gave no answer",
}


def _said(run: Run) -> str:
    if run.answer in _SAID:
        return _SAID[run.answer]
    error = run.error or {}
    name = f"{run.error_class}: " if run.error_class else ""
    return f"{'refused' if run.answer is Answer.REFUSED else 'failed'} with “{name}{error.get('message', '')}”"
