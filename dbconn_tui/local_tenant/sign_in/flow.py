"""Flow: login, sign-up, reset, verification and the changes of a user, in the order that Auth0 has (rules.md §0).

In import mode a user is looked for in Auth0's own store first, and moves there with the first login.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from dbconn_tui.local_tenant.sign_in.deployed import (
    BlockedUserError,
    Custody,
    DeployedScripts,
    ScriptFailedError,
    ScriptMissingError,
    UserExistsError,
    UserMissingError,
    WeakPasswordError,
    WrongCredentialsError,
    custody_of,
    scripts_of,
)
from dbconn_tui.local_tenant.sign_in.password_policy import policy_of, weakness
from dbconn_tui.local_tenant.sign_in.script_host import Said, ScriptAnswer
from dbconn_tui.local_tenant.sign_in.stored_user import PREFIX, StoredUser, profile_of
from dbconn_tui.local_tenant.sign_in.user_log import Origin, UserEvent
from dbconn_tui.local_tenant.state import StoredConnection, TenantState
from dbconn_tui.passwords import SALT_BYTES, hash_password, is_acceptable, matches

Json = Any

WRONG_CREDENTIALS: Final = "Wrong email or password."
EMAIL_TAKEN: Final = "The specified new email already exists"
_USER_EXISTS: Final = "The user already exists."
_USER_MISSING: Final = "The user does not exist."
_NEW_ID_BYTES: Final = 12
_NO_ID: Final = "the profile that login called back with has no user_id"


@dataclass(slots=True)
class Flow:
    """What one request does to the users of one connection. Every method writes the tenant's log.

    All raise FlowError, and NodeError where scripts cannot be run. `clock` gives epoch seconds. `runs` are the
    runs of scripts so far that showed something: findings, or lines on the console.
    """

    state: TenantState
    scripts: DeployedScripts
    clock: Callable[[], float]
    connection: StoredConnection
    origin: Origin
    runs: list[dict[str, Json]] = field(default_factory=list)

    @property
    def custody(self) -> Custody:
        """Where the connection's users live."""
        return custody_of(self.connection)

    def find(self, identifier: str) -> StoredUser | None:
        """The user that the tenant itself holds for an address, a user name or a phone number."""
        return next((one for one in self.state.users_of(self.connection.id) if one.answers_to(identifier)), None)

    async def log_in(self, identifier: str, password: str) -> StoredUser:
        """Log in: login; in import mode Auth0's own copy first, then login, whose user is kept with a hash."""
        known = None if self.custody is Custody.THEIRS else self.find(identifier)
        if known is not None and known.password is not None:
            if not await _fits(password, known.password):
                self.note("fp", WRONG_CREDENTIALS, user=known)
                raise WrongCredentialsError
            return self._enter(known)
        if self.custody is Custody.OURS:
            self.note("fu", WRONG_CREDENTIALS, name=identifier)
            raise WrongCredentialsError
        user, answer = await self._ask_login(identifier, password)
        if user is None:
            self._note_refusal("f", answer, name=identifier)
            # Nobody at all is how a connection answers when its users have all moved.
            if answer.error_class == "WrongUsernameOrPasswordError" or answer.said is Said.NOT_FOUND:
                raise WrongCredentialsError
            raise ScriptFailedError("login", answer)
        if self.custody is Custody.MOVING:
            user = replace(user, password=await self._hashed(password))
        return self._enter(user)

    async def sign_up(self, account: Mapping[str, Json], *, then_log_in: bool = True, own_id: str = "") -> StoredUser:
        """Make a user: get_user → create, then login, which says who was made; in import mode get_user alone.

        `account` has email or username, password, and what else create gets. Without `then_log_in` (made through the
        Management API) nobody logs in: get_user says who was made, which the platform does not document. `own_id` is
        the id wanted in Auth0's own store; a random one else.
        """
        identifier = str(account.get("email") or account.get("username") or "")
        self._check(str(account["password"]), "fs", identifier)
        named = [str(account[name]) for name in ("email", "username", "phone_number") if account.get(name)]
        taken = PREFIX + own_id in self.state.users if own_id else False
        taken = taken or (self.custody is not Custody.THEIRS and any(self.find(one) for one in named))
        if taken or (self.custody is not Custody.OURS and await self._known_to_scripts(identifier)):
            self.note("fs", _USER_EXISTS, name=identifier)
            raise UserExistsError
        if self.custody is Custody.THEIRS:
            user = await self._create(identifier, account, then_log_in=then_log_in)
        else:
            attributes = {key: value for key, value in account.items() if key != "password"}
            own_id = own_id or self.state.random.randbytes(_NEW_ID_BYTES).hex()
            user = self._made(own_id, {"email_verified": False, **attributes})
            user = replace(user, password=await self._hashed(str(account["password"])))
        self.state.put_user(user)
        self.note("ss", "", user=user)
        return user

    async def look_up(self, identifier: str) -> StoredUser:
        """Whom a reset is for: get_user, in import mode only for who is not in Auth0 yet. Raises UserMissingError."""
        known = None if self.custody is Custody.THEIRS else self.find(identifier)
        if known is not None:
            return known
        if self.custody is not Custody.OURS:
            found = self._user_from(await self._get_user(identifier))
            if found is not None:
                return self.state.put_user(found)
        raise UserMissingError

    async def change_password(self, identifier: str, password: str) -> StoredUser:
        """Set a new password: get_user → change_password; in import mode in Auth0's own store."""
        self._check(password, "fcp", identifier)
        try:
            user = await self.look_up(identifier)
        except UserMissingError:
            self.note("fcp", _USER_MISSING, name=identifier)
            raise
        if self.custody is not Custody.THEIRS:
            user = replace(user, password=await self._hashed(password), updated_at=self.clock())
        else:
            answer = await self._change("change_password", (identifier, password), user, "fcp", passwords=(password,))
            verified = answer.result.get("email_verified") if isinstance(answer.result, dict) else None
            if isinstance(verified, bool):
                user = user.changed(self.clock(), email_verified=verified)
        self.note("scp", "", user=user)
        return self.state.put_user(user)

    async def verify(self, identifier: str) -> None:
        """Confirm an address: verify; in import mode in Auth0's own store."""
        user = self.find(identifier)
        if self.custody is Custody.THEIRS:
            await self._change("verify", (identifier,), user, "fv", name=identifier)
        if user is not None:
            self.state.put_user(user.changed(self.clock(), email_verified=True))
        self.note("sv", "", user=user, name=identifier)

    async def change_email(self, user: StoredUser, email: str, verified: bool) -> StoredUser:
        """Change address or verified flag: get_user → change_email. Raises UserExistsError when the address is taken.

        A new address is looked up as well, as community reports have it (rules.md §0, change_phone_number).
        """
        if self.custody is Custody.THEIRS and not await self._known_to_scripts(user.identifier):
            self.note("fce", _USER_MISSING, user=user)
            raise UserMissingError
        if email.lower() != user.email.lower() and await self._is_taken(email, user):
            self.note("fce", EMAIL_TAKEN, user=user)
            raise UserExistsError
        if self.custody is Custody.THEIRS:
            await self._change("change_email", (user.email, email, verified), user, "fce")
        user = self.state.put_user(user.changed(self.clock(), email=email, email_verified=verified))
        self.note("sce", "", user=user)
        return user

    async def delete(self, user: StoredUser) -> None:
        """Delete a user: delete, where there is such a script, and the tenant's own copy."""
        if self.custody is Custody.THEIRS and "delete" in scripts_of(self.connection):
            await self._change("delete", (user.id,), user, "fdu")
        self.state.users.pop(user.user_id, None)
        self.note("sdu", "", user=user)

    def note(
        self, code: str, description: str, *, user: StoredUser | None = None, user_id: str = "", name: str = ""
    ) -> None:
        """Write one line of the tenant's log, with what the runs so far showed."""
        event = UserEvent(
            code=code,
            at=self.clock(),
            description=description,
            origin=self.origin,
            connection_id=self.connection.id,
            connection=self.connection.name,
            user_id=user.user_id if user else user_id,
            user_name=user.identifier if user else name,
            runs=tuple(self.runs),
        )
        self.state.api_events.append(event)

    def _check(self, password: str, failure: str, name: str) -> None:
        """Raises WeakPasswordError for a password that the connection's policy does not take."""
        weak = weakness(policy_of(self.connection.options), password)
        if weak is not None:
            self.note(failure, weak["message"], name=name)
            raise WeakPasswordError(weak)

    async def _create(self, identifier: str, account: Mapping[str, Json], *, then_log_in: bool) -> StoredUser:
        given = {"client_id": self.origin.client_id, "tenant": "local", "connection": self.connection.name, **account}
        password = str(account["password"])
        answer = await self._run("create", (given,), passwords=(password,))
        if answer.said is not Said.DONE:
            self._note_refusal("fs", answer, name=identifier)
            raise ScriptFailedError("create", answer)
        if then_log_in:
            user, answer = await self._ask_login(identifier, password)
            if user is not None:
                return user
            self._note_refusal("f", answer, name=identifier)
        found = self._user_from(await self._get_user(identifier))
        if found is None:
            self.note("fs", "get_user does not find the user that create made", name=identifier)
            raise UserMissingError
        return found

    async def _ask_login(self, identifier: str, password: str) -> tuple[StoredUser | None, ScriptAnswer]:
        answer = await self._run("login", (identifier, password), passwords=(password,))
        user = self._user_from(answer)
        if user is None and answer.said is Said.PROFILE:
            answer = replace(answer, said=Said.NOTHING, error={"message": _NO_ID}, log_code="f")
        return user, answer

    async def _is_taken(self, email: str, user: StoredUser) -> bool:
        other = self.find(email)
        if other is not None and other.user_id != user.user_id:
            return True
        return self.custody is not Custody.OURS and await self._known_to_scripts(email)

    async def _known_to_scripts(self, identifier: str) -> bool:
        return (await self._get_user(identifier)).said is Said.PROFILE

    async def _get_user(self, identifier: str) -> ScriptAnswer:
        """The answer of get_user: a profile, or not found. Raises ScriptFailedError for any other."""
        answer = await self._run("get_user", (identifier,))
        if answer.said not in (Said.PROFILE, Said.NOT_FOUND):
            self._note_refusal("f", answer, name=identifier)
            raise ScriptFailedError("get_user", answer)
        return answer

    async def _change(
        self,
        kind: str,
        arguments: tuple[Json, ...],
        user: StoredUser | None,
        failure: str,
        *,
        name: str = "",
        passwords: tuple[str, ...] = (),
    ) -> ScriptAnswer:
        """Run a script that has to say that it is done; `failure` is the log code when it does not."""
        try:
            answer = await self._run(kind, arguments, passwords=passwords)
        except ScriptMissingError as missing:
            self.note(failure, str(missing), user=user, name=name)
            raise
        if answer.said is not Said.DONE:
            self._note_refusal(failure, answer, user=user, name=name)
            raise ScriptFailedError(kind, answer)
        return answer

    async def _run(self, kind: str, arguments: tuple[Json, ...], *, passwords: tuple[str, ...] = ()) -> ScriptAnswer:
        answer = await self.scripts.run(
            self.connection, kind, arguments, organization=self.origin.organization, passwords=passwords
        )
        if answer.told or answer.logged:
            self.runs.append({"script": kind, "findings": list(answer.told), "console": list(answer.logged)})
        return answer

    async def _hashed(self, password: str) -> bytes:
        return await asyncio.to_thread(hash_password, password, self.state.random.randbytes(SALT_BYTES))

    def _user_from(self, answer: ScriptAnswer) -> StoredUser | None:
        """The user of a profile that login or get_user gave; None when it gave none, or one without an id."""
        if answer.said is not Said.PROFILE or not isinstance(answer.result, dict):
            return None
        own_id, attributes = profile_of(answer.result)
        return self._made(own_id, attributes) if own_id else None

    def _made(self, own_id: str, attributes: Mapping[str, Json]) -> StoredUser:
        """The user with this id, as known so far with the attributes put over it."""
        user_id = PREFIX + own_id
        known = self.state.users.get(user_id)
        now = self.clock()
        if known is None or known.connection_id != self.connection.id:
            return StoredUser(user_id, self.connection.id, self.connection.name, dict(attributes), now, now)
        return known.changed(now, **attributes)

    def _enter(self, user: StoredUser) -> StoredUser:
        if user.blocked:
            self.state.put_user(user)
            self.note("f", "user is blocked", user=user)
            raise BlockedUserError
        user = self.state.put_user(user.logged_in(self.clock(), self.origin.ip))
        self.note("s", "", user=user)
        return user

    def _note_refusal(self, code: str, answer: ScriptAnswer, *, user: StoredUser | None = None, name: str = "") -> None:
        named = answer.error.get("user_id")
        user_id = f"{PREFIX}{named}" if answer.log_code == "fp" and named else ""
        self.note(answer.log_code or code, answer.message, user=user, user_id=user_id, name=name)


async def _fits(password: str, stored: bytes) -> bool:
    return is_acceptable(password) and await asyncio.to_thread(matches, password, stored)
