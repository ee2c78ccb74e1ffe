"""Observation: what the harness saw during one run, as values; nothing is judged here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Json = Any


class Ending(StrEnum):
    """How a run came to its end."""

    DRAINED = "drained"
    """Nothing was left to wait for."""
    GRACE = "grace"
    """The callback was called, and something was still open when the time to look on was over."""
    LIMIT = "limit"
    """The time limit, the script waiting for something."""
    FAILED = "failed"
    """Something was thrown that nobody caught."""
    NOT_EVALUATED = "not_evaluated"
    """The text is not one function."""
    BLOCKED = "blocked"
    """The time limit, the script keeping the processor to itself: the process was killed."""
    DIED = "died"
    """The process ended before the run did."""
    FLOOD = "flood"
    """The process was killed because it said too much."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place in the script: line and column from 1, the column in UTF-16 units.

    `direct`: no module stands in between. `current`: the script was running then, not only what it began.
    """

    line: int
    column: int
    direct: bool = True
    current: bool = True


@dataclass(frozen=True, slots=True)
class ScriptError:
    """An error as it leaves the sandbox. `type` is "error", else the type of the value that was given instead."""

    type: str
    fields: Mapping[str, Json] = field(repr=False)
    site: Site | None = None

    @property
    def name(self) -> str:
        """Its class, e.g. `ValidationError`."""
        return str(self.fields.get("name", ""))

    @property
    def message(self) -> str:
        """Its message as text."""
        message = self.fields.get("message", "")
        return message if isinstance(message, str) else json.dumps(message)


@dataclass(frozen=True, slots=True)
class CallbackCall:
    """One call of the callback: milliseconds after the start, and its arguments beyond the border.

    `result_type` and `error_type` are JavaScript's words, or `null` and `array`. `failure` says why the
    result has no JSON. `losses` are parts that JSON drops or changes, as (path, what it was).
    """

    at: float
    site: Site | None
    number: int
    error: ScriptError | None
    error_type: str
    falsy: bool
    result: Json = field(repr=False)
    result_type: str
    failure: str = ""
    losses: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Noted:
    """One thing the script did: its type, its details, milliseconds after the start, where, and whether too late."""

    type: str
    at: float
    after: bool
    site: Site | None
    details: Mapping[str, Json] = field(repr=False)

    def text(self, name: str) -> str:
        """A detail as text; empty when it is not there."""
        return str(self.details.get(name, ""))

    @property
    def error(self) -> ScriptError | None:
        """The error it carries."""
        return _error(self.details.get("error"))


@dataclass(frozen=True, slots=True)
class OpenConnection:
    """A connection that was still open at the end: host and port, and where it was made."""

    target: str
    site: Site | None


@dataclass(frozen=True, slots=True)
class KeptGlobal:
    """A global that scripts made; `holds` names what of the run's input its value repeats.

    `live`: it may hold a connection, being more than plain data.
    """

    name: str
    holds: tuple[str, ...]
    live: bool


@dataclass(frozen=True, slots=True)
class Observation:
    """Everything seen in one run. `elapsed` and `wall` in milliseconds, `wall` including the process's start."""

    ending: Ending
    calls: tuple[CallbackCall, ...] = ()
    noted: tuple[Noted, ...] = ()
    elapsed: float = 0.0
    wall: float = 0.0
    resources: tuple[str, ...] = ()
    open: tuple[OpenConnection, ...] = ()
    kept: tuple[KeptGlobal, ...] = ()
    ranges: tuple[tuple[int, int, int], ...] = ()
    """The blocks of the script and how often each ran, where that was counted (`coverage.Ranges`)."""
    exit_code: int | None = None
    stderr: str = field(default="", repr=False)

    def of(self, *types: str) -> tuple[Noted, ...]:
        """The things of these types, in order."""
        return tuple(one for one in self.noted if one.type in types)


def observe(events: Iterable[Mapping[str, Json]], ending: Ending | None = None) -> Observation:
    """The observation that the harness's events make; `ending` when the process did not come to `finished`."""
    calls = []
    noted = []
    last: Mapping[str, Json] = {}
    ranges: tuple[tuple[int, int, int], ...] = ()
    for event in events:
        match event.get("type"):
            case "callback":
                calls.append(_call(event))
            case "finished":
                last = event
            case "coverage":
                ranges = tuple((int(start), int(end), int(count)) for start, end, count in event["ranges"])
            case other:
                details = {key: value for key, value in event.items() if key not in ("at", "after", "site")}
                at = float(event.get("at", 0.0))
                noted.append(Noted(str(other), at, bool(event.get("after")), _site(event.get("site")), details))
    return Observation(
        ending or Ending(last["reason"]),
        tuple(calls),
        tuple(noted),
        float(last.get("elapsed", 0.0)),
        resources=tuple(last.get("resources", ())),
        open=tuple(OpenConnection(str(one["target"]), _site(one["site"])) for one in last.get("open", ())),
        ranges=ranges,
        kept=tuple(
            KeptGlobal(str(one["name"]), tuple(one["holds"]), bool(one["live"])) for one in last.get("kept", ())
        ),
    )


def _site(given: Mapping[str, Json] | None) -> Site | None:
    return (
        Site(given["line"], given["column"], given.get("direct", True), given.get("current", True)) if given else None
    )


def _error(given: Mapping[str, Json] | None) -> ScriptError | None:
    return ScriptError(given["type"], given["fields"], _site(given["site"])) if given else None


def _call(event: Mapping[str, Json]) -> CallbackCall:
    return CallbackCall(
        event["at"],
        _site(event["site"]),
        event["number"],
        _error(event["error"]),
        event["error_type"],
        event["falsy"],
        None if event["result"] is None else json.loads(event["result"]),
        event["result_type"],
        event["failure"],
        tuple((loss["path"], loss["was"]) for loss in event["losses"]),
    )
