"""The probe: what a tenant does that is documented nowhere, found out on a throw-away connection (design §5.4).

Its create script refuses every sign-up with a ValidationError whose text holds hashes of configuration values;
that text comes back to whoever signs up (runtime.md §5). So after sending the options back as received it shows
what became of a value that only the tenant can read. No user is ever made, and the connection is deleted
whatever happens. The questions are those of api.md §9 that need no user.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Protocol

from dbconn_tui.deploy.merge import merge_options
from dbconn_tui.errors import ApiError, DbconnError
from dbconn_tui.events import Event, EventKind, OnEvent, ignore
from dbconn_tui.project.values import Connection, Script
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tenant.answers import shown
from dbconn_tui.tenant.values import LiveConnection, LiveReading, UserAnswer

PREFIX: Final = "dbconn-probe-"
"""How the name of every throw-away connection begins."""

FIRST: Final = "PROBE_FIRST"
SECOND: Final = "PROBE_SECOND"

SIGN_UP_PAUSES: Final = (1.0, 2.0, 4.0, 8.0)
"""Seconds between sign-ups while a change has not reached them yet."""

_NO_ROUTE: Final = 404
"""The status of a sign-up where there are none: asking again changes nothing."""

_MARK: Final = re.compile(r"dbconn-probe ([12]) ([0-9a-f]{64}) ([0-9a-f]{64})")

_LOGIN: Final = (
    "function login(identifier, password, callback) {\r\n"
    "  return callback(new WrongUsernameOrPasswordError(identifier));\r\n"
    "}\r\n"
)
_GET_USER: Final = "function getUser(identifier, callback) {\n  return callback(null);\n}\n"
_CREATE: Final = """\
function create(user, callback) {
  const hash = (value) => require("crypto").createHash("sha256").update(String(value)).digest("hex");
  const found = [hash(configuration.PROBE_FIRST), hash(configuration.PROBE_SECOND)];
  return callback(new ValidationError("dbconn_probe", "dbconn-probe ROUND " + found.join(" ")));
}
"""


class ProbePort(Protocol):
    """What the probe needs of a tenant; `tenant.client.TenantClient` is one."""

    async def find_connections(self, names: Sequence[str]) -> LiveReading: ...
    async def create_connection(self, body: Mapping[str, Any]) -> LiveConnection: ...
    async def update_connection(self, connection_id: str, body: Mapping[str, Any]) -> LiveConnection: ...
    async def delete_connection(self, connection_id: str) -> None: ...
    async def change_enabled_clients(self, connection_id: str, changes: Mapping[str, bool]) -> None: ...
    async def sign_up(self, connection: str, email: str, password: Sensitive) -> UserAnswer: ...


class Resent(StrEnum):
    """What became of a configuration value whose ciphertext was sent back as received."""

    KEPT = "kept"
    REENCRYPTED = "encrypted again"
    """The script gets the ciphertext as its value: the old value is lost."""
    LOST = "lost"
    """The script gets no value."""
    OTHER = "something else"
    UNKNOWN = "not found out"


@dataclass(frozen=True, slots=True)
class ProbeAnswer:
    """One question about the tenant and what the probe saw, as sentences for people; never a value."""

    id: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What a probe found out. `reason` says why `resent` is UNKNOWN; `leftover` names what could not be deleted."""

    resent: Resent
    reason: str = ""
    answers: tuple[ProbeAnswer, ...] = ()
    leftover: str = ""


@dataclass(frozen=True, slots=True)
class ProbeEdge:
    """The outside that a probe needs besides the tenant; `pauses` are seconds between sign-ups that say nothing yet."""

    random_bytes: Callable[[int], bytes]
    sleep: Callable[[float], Awaitable[None]]
    on_event: OnEvent = ignore
    pauses: tuple[float, ...] = SIGN_UP_PAUSES


async def run_probe(tenant: ProbePort, client_id: str, edge: ProbeEdge) -> ProbeResult:
    """Make a throw-away connection enabled for `client_id`, ask everything, delete it.

    Raises what the tenant raises before the connection is there; later failures leave a question open. The
    connection is deleted also after a failure and a cancellation; what then cannot be deleted is told as an event.
    """
    run = _Probe(tenant, client_id, edge)
    try:
        await run.create()
        await run.ask_about_resending()
        await run.ask_the_rest()
    finally:
        await run.remove()
    return run.result


@dataclass(slots=True)
class _SignUp:
    """What the create script said: the hashes of the two values; `words` what came instead."""

    first: str = ""
    second: str = ""
    words: str = ""


class _Probe:
    """One run: the connection, what was seen last, and the answers so far."""

    def __init__(self, tenant: ProbePort, client_id: str, edge: ProbeEdge) -> None:
        self.tenant = tenant
        self.client_id = client_id
        self.edge = edge
        self.name = PREFIX + edge.random_bytes(4).hex()
        self.first = edge.random_bytes(16).hex()
        self.second = edge.random_bytes(16).hex()
        # Long, and of every kind of character: it must pass any rule before the script is asked.
        self.password = Sensitive(f"Aa1!{edge.random_bytes(12).hex()}")
        self.sent = False
        self.live: LiveConnection | None = None
        self.resent, self.reason = Resent.UNKNOWN, "the probe did not come to an end"
        self.answers: list[ProbeAnswer] = []
        self.leftover = ""

    @property
    def result(self) -> ProbeResult:
        """What is known by now."""
        return ProbeResult(self.resent, self.reason, tuple(self.answers), self.leftover)

    async def create(self) -> None:
        """The connection, with a script that ends its lines the Windows way."""
        self._tell(f"creating {self.name}")
        self.sent = True
        options = self._options(None, round_=1)
        options["configuration"] = {FIRST: Sensitive(self.first)}
        self.live = await self.tenant.create_connection(
            {
                "name": self.name,
                "strategy": "auth0",
                "display_name": "dbconn probe",
                "metadata": {"probe_first": "1"},
                "options": options,
            }
        )
        login = (self.live.options.get("customScripts") or {}).get("login")
        kept = "kept" if login == _LOGIN else "turned into \\n" if login == _LOGIN.replace("\r\n", "\n") else "changed"
        self._note("line-ends", "Line ends \\r\\n in a script", kept)

    async def ask_about_resending(self) -> None:
        """Whether a value survives that its ciphertext is sent back: settles `resent`, raises nothing of the tenant."""
        try:
            self.resent, self.reason = await self._resend()
        except DbconnError as failure:
            self.reason = failure.message

    async def _resend(self) -> tuple[Resent, str]:
        live = self._there()
        received = (live.options.get("configuration") or {}).get(FIRST)
        if not isinstance(received, str):
            return Resent.UNKNOWN, "the tenant did not show the configuration value it was given"
        await self.tenant.change_enabled_clients(live.id, {self.client_id: True})
        self._tell("signing up to read a value through the script")
        before = await self._sign_up(1)
        self._tell("sending the options back as received")
        options = self._options(live, round_=2)
        # The value beside it is sent in plain text: only if that arrives, the second sign-up tells anything.
        options["configuration"] = {FIRST: received, SECOND: Sensitive(self.second)}
        self.live = after = await self.tenant.update_connection(
            live.id, {"options": options, "metadata": {"probe_second": "2"}}
        )
        self._compare_top_level(live, after)
        again = (after.options.get("configuration") or {}).get(FIRST)
        same = "the same text" if again == received else "no text at all" if again is None else "another text"
        self._note("ciphertext-text", "Ciphertext in the answer after it was sent back", same)
        if before.words:
            return Resent.UNKNOWN, f"the script could not be heard through a sign-up: {before.words}"
        if before.first != _hash(self.first):
            return Resent.UNKNOWN, "the script did not get the value that was sent in plain text"
        heard = await self._sign_up(2)
        if heard.words:
            return Resent.UNKNOWN, f"the script could not be heard through the second sign-up: {heard.words}"
        if heard.second != _hash(self.second):
            return Resent.UNKNOWN, "a value in plain text beside the ciphertext did not arrive"
        return {
            _hash(self.first): (Resent.KEPT, ""),
            _hash(received): (Resent.REENCRYPTED, ""),
            _hash("undefined"): (Resent.LOST, ""),
        }.get(heard.first, (Resent.OTHER, ""))

    async def _sign_up(self, round_: int) -> _SignUp:
        """What the script of a round says; asked again while it is the round before, or nothing, that answers."""
        words = ""
        for pause in (0.0, *self.edge.pauses):
            if pause:
                await self.edge.sleep(pause)
            email = f"{self.edge.random_bytes(6).hex()}@example.com"
            answer = await self.tenant.sign_up(self.name, email, self.password)
            mark = _MARK.search(answer.text)
            if mark and int(mark[1]) == round_:
                return _SignUp(mark[2], mark[3])
            words = "the script before still answers" if mark else _words_of(answer, self.password)
            if answer.status == _NO_ROUTE:
                break
        return _SignUp(words=words)

    def _compare_top_level(self, before: LiveConnection, after: LiveConnection) -> None:
        """What a PATCH without display_name, and with other metadata, left of them (api.md §9.3, §9.7)."""
        title = after.raw.get("display_name")
        was = before.raw.get("display_name")
        said = "kept" if title == was else "set to the name" if title == self.name else "gone"
        self._note("display-name", "display_name that a PATCH leaves out", said)
        metadata = after.raw.get("metadata") or {}
        if metadata.get("probe_second") != "2":
            said = "not stored"
        else:
            said = "merged" if "probe_first" in metadata else "replaced"
        self._note("metadata", "metadata in a PATCH", said)

    async def ask_the_rest(self) -> None:
        """The questions that a PATCH and its answer settle; one that is refused is answered with the refusal."""
        self._tell("asking what else is documented nowhere")
        await self._ask_about_omitted_options()
        await self._ask_about_nulls()
        both = {"passwordPolicy": "good", "password_options": {"history": {"active": False}}}
        refusal = await self._patch({"options": {**self._options(self._there(), round_=2), **both}})
        self._note("password-groups", "Both groups of password options in a PATCH", refusal or "taken")

    async def _ask_about_omitted_options(self) -> None:
        """Options that a PATCH leaves out, with values that are no defaults where the tenant has them (api.md §9.2)."""
        default = self._there().options
        changed = {path: value for path, value in _NOT_DEFAULT.items() if _at(default, path) not in (None, value)}
        options = self._options(self._there(), round_=2)
        for path, value in changed.items():
            _put(options, path, value)
        refusal = await self._patch({"options": options})
        before = self._there().options
        options = self._options(self._there(), round_=2)
        for path in _NOT_DEFAULT:
            options.pop(path[0], None)
        refusal = await self._patch({"options": options}) or refusal
        after = self._there().options
        for path in _NOT_DEFAULT:
            word = ".".join(path)
            question = f"{word} that a PATCH leaves out"
            self._note(word, question, refusal or _fate(path, default, before, after))
        if not refusal:
            gone = not (after.get("configuration") or {})
            self._note("configuration", "configuration that a PATCH leaves out", "gone" if gone else "kept")

    async def _ask_about_nulls(self) -> None:
        """null as a metadata value, and as a configuration value (api.md §9.1, §9.7)."""
        refusal = await self._patch({"metadata": {"probe_second": "2"}})
        refusal = await self._patch({"metadata": {"probe_second": None}}) or refusal
        metadata = self._there().raw.get("metadata") or {}
        said = "deletes the key" if "probe_second" not in metadata else "is stored, or ignored"
        self._note("metadata-null", "null as a value of metadata", refusal or said)
        options = self._options(self._there(), round_=2)
        given = {FIRST: Sensitive(self.first), SECOND: None}
        refusal = await self._patch({"options": {**options, "configuration": given}})
        configuration = self._there().options.get("configuration") or {}
        said = "deletes the key" if SECOND not in configuration else "is stored"
        self._note("configuration-null", "null as a configuration value", refusal or said)

    async def _patch(self, body: Mapping[str, Any]) -> str:
        """Change the connection; the refusal in the tenant's words, else nothing. Other failures are told likewise."""
        try:
            self.live = await self.tenant.update_connection(self._there().id, body)
        except ApiError as failure:
            return failure.message
        except DbconnError as failure:
            return f"not found out: {failure.message}"
        return ""

    async def remove(self) -> None:
        """Delete the connection, also one whose creation was answered by nothing. Raises nothing of the tenant."""
        if not self.sent:
            return
        self._tell(f"deleting {self.name}")
        try:
            live = self.live or (await self.tenant.find_connections([self.name])).by_name(self.name)
            if live is not None:
                await self.tenant.delete_connection(live.id)
        except DbconnError as failure:
            self.leftover = self.name
            message = f"{self.name} could not be deleted: {failure.message} Delete it in the dashboard."
            self.edge.on_event(Event(EventKind.FAILED, message))

    def _options(self, live: LiveConnection | None, *, round_: int) -> dict[str, Any]:
        """The options of a write exactly as a deploy merges them, without configuration."""
        texts = {"login": _LOGIN, "get_user": _GET_USER, "create": _CREATE.replace("ROUND", str(round_))}
        scripts = {kind: Script(kind, Path(f"{kind}.js"), f"{kind}.js", text) for kind, text in texts.items()}
        wanted = Connection(self.name, self.name, scripts=scripts)
        return dict(merge_options(wanted, live.options if live else None).options)

    def _there(self) -> LiveConnection:
        if self.live is None:
            raise RuntimeError("the probe asks before it made its connection")
        return self.live

    def _note(self, id_: str, question: str, answer: str) -> None:
        self.answers.append(ProbeAnswer(id_, question, answer))

    def _tell(self, message: str) -> None:
        self.edge.on_event(Event(EventKind.STEP, message))


_NOT_DEFAULT: Final[Mapping[tuple[str, ...], Any]] = {
    ("brute_force_protection",): False,
    ("passkey_options", "challenge_ui"): "button",
    ("authentication_methods", "password", "api_behavior"): "optional",
}
"""Option leaves whose default is something else (api.md §2.2)."""


def _fate(
    path: tuple[str, ...], default: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> str:
    """What became of an option leaf that was left out."""
    was, now, usual = _at(before, path), _at(after, path), _at(default, path)
    if was is None:
        return "this tenant does not have it"
    if now is None:
        return "gone"
    if was == usual:
        return f"{json.dumps(now)}, which is also the default"
    return "kept" if now == was else "set back to the default" if now == usual else f"set to {json.dumps(now)}"


def _at(options: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = options
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _put(options: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Set a leaf in options that are this probe's own copy."""
    for part in path[:-1]:
        options = options[part]
    options[path[-1]] = value


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _words_of(answer: UserAnswer, password: Sensitive) -> str:
    """A sign-up's answer in its own words, cut and cleaned."""
    try:
        content = json.loads(answer.text)
    except ValueError:
        content = None
    words: list[object] = []
    if isinstance(content, dict):
        words = [
            content[key] for key in ("code", "error", "description", "message") if isinstance(content.get(key), str)
        ]
    said = shown(": ".join(dict.fromkeys(map(str, words))), [password])
    return f"{answer.status} {said}".strip()
