"""Arrival: a connection from elsewhere that comes into dbconn.yaml, and what of it the project's reader would refuse.

`pull` makes arrivals of live connections, `import` of an export. Nothing is read or written here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from dbconn_tui.problems import Problem, Severity
from dbconn_tui.project.check import Check
from dbconn_tui.project.document import read_document
from dbconn_tui.project.edit import same_values
from dbconn_tui.project.near_names import nearest
from dbconn_tui.project.nodes import plain_value
from dbconn_tui.project.rendering import block_lines
from dbconn_tui.project.schema import CONNECTION, LIVE_NAME, SCRIPT_KINDS
from dbconn_tui.project.script_files import LARGEST_READ, decode_script
from dbconn_tui.project.values import Json

_KIND: Final = re.compile(r"[A-Za-z0-9_]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One item (`script:login`, `option:mfa.active`, `configuration:KEY`) that stays where it is, and why."""

    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of the connection: scripts by kind, the rest as dbconn.yaml would say it.

    `options` is nested as in the API and holds none of the keys that dbconn.yaml reserves. `configuration`
    holds texts and references such as `{"secret": "name"}`. None = nothing to say.
    """

    name: str
    scripts: Mapping[str, str] = field(repr=False)
    display_name: str | None = None
    import_mode: bool | None = None
    configuration: Mapping[str, Json] = field(default_factory=dict, repr=False)
    enabled_clients: tuple[str, ...] | None = None
    options: Mapping[str, Json] = field(default_factory=dict)

    def entry(self) -> dict[str, Json]:
        """What dbconn.yaml says under `connections.KEY`, without `scripts` and `name`."""
        said: dict[str, Json] = {}
        if self.display_name is not None:
            said["display_name"] = self.display_name
        if self.import_mode is not None:
            said["import_mode"] = self.import_mode
        if self.configuration:
            said["configuration"] = dict(self.configuration)
        if self.enabled_clients is not None:
            said["enabled_clients"] = list(self.enabled_clients)
        if self.options:
            said["options"] = dict(self.options)
        return said


def name_fault(name: str) -> str:
    """Why a live name cannot stand in dbconn.yaml; empty when it can (api.md §2 "Name")."""
    if re.fullmatch(LIVE_NAME.pattern, name, re.ASCII) and len(name) <= (LIVE_NAME.longest or len(name)):
        return ""
    return f"a name is {LIVE_NAME.says}, at most {LIVE_NAME.longest}"


def script_fault(kind: str, text: str) -> str:
    """Why a script cannot become a file of the project; empty when it can."""
    if kind not in SCRIPT_KINDS:
        if not _KIND.fullmatch(kind):
            return "a kind of script is named with letters, digits and underscores"
        near = nearest(kind, SCRIPT_KINDS)
        if near:
            return f"the name looks like a slip of {near}, and reading the project would refuse it"
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return "it holds half of a surrogate pair, which no UTF-8 file can hold"
    if len(data) > LARGEST_READ:
        return "it is larger than 1 MB; the platform takes 100,000 bytes"
    problems = decode_script(data, "")[1]
    return problems[0].message if problems else ""


def admitted(arrival: Arrival) -> tuple[Arrival, tuple[LeftOut, ...]]:
    """The arrival without what reading the project would refuse, and what that was.

    Null is never sent (design §3), so a map loses its nulls without a word.
    """
    left: list[LeftOut] = []
    scripts: dict[str, str] = {}
    for kind, text in arrival.scripts.items():
        if fault := script_fault(kind, text):
            left.append(LeftOut(f"script:{kind}", fault))
        else:
            scripts[kind] = text
    arrival = replace(arrival, scripts=scripts, options=without_nulls(arrival.options))
    if not entry_faults(arrival.entry()):
        return arrival, tuple(left)
    options = _without_refused(arrival.options, (), left)
    arrival = replace(arrival, options=options)
    for item, part in _other_parts(arrival):
        if faults := entry_faults(part):
            left.append(LeftOut(item, faults[0].message))
            arrival = _without(arrival, item)
    return arrival, tuple(left)


def _other_parts(arrival: Arrival) -> list[tuple[str, dict[str, Json]]]:
    parts: list[tuple[str, dict[str, Json]]] = [
        (f"configuration:{key}", {"configuration": {key: value}}) for key, value in arrival.configuration.items()
    ]
    if arrival.display_name is not None:
        parts.append(("display_name", {"display_name": arrival.display_name}))
    if arrival.enabled_clients is not None:
        parts.append(("enabled_clients", {"enabled_clients": list(arrival.enabled_clients)}))
    return parts


def _without(arrival: Arrival, item: str) -> Arrival:
    kind, _, key = item.partition(":")
    if kind == "configuration":
        return replace(arrival, configuration={k: v for k, v in arrival.configuration.items() if k != key})
    return replace(arrival, display_name=None) if kind == "display_name" else replace(arrival, enabled_clients=None)


def _without_refused(tree: Mapping[str, Json], path: tuple[str, ...], left: list[LeftOut]) -> dict[str, Json]:
    kept: dict[str, Json] = {}
    for key, value in tree.items():
        here = (*path, key)
        if isinstance(value, dict) and value:
            below = _without_refused(value, here, left)
            if below:
                kept[key] = below
            continue
        nested: Json = value
        for part in reversed(here):
            nested = {part: nested}
        if faults := entry_faults({"options": nested}):
            left.append(LeftOut("option:" + ".".join(here), faults[0].message))
        else:
            kept[key] = value
    return kept


def without_nulls(tree: Mapping[str, Json]) -> dict[str, Json]:
    """A map without null values and without the maps that only held such; a map that was empty stays."""
    kept: dict[str, Json] = {}
    for key, value in tree.items():
        if isinstance(value, dict) and value:
            if below := without_nulls(value):
                kept[key] = below
        elif value is not None:
            kept[key] = value
    return kept


def entry_faults(entry: Mapping[str, Json]) -> tuple[Problem, ...]:
    """The errors that reading gives for an entry of `connections`; none when it comes back as it is."""
    if not entry:
        return ()
    values = dict(entry)
    document = read_document("\n".join(block_lines(values)) + "\n", "")
    if document.root is None or document.problems:
        return document.problems
    check = Check("")
    check.value(document.root, CONNECTION, ())
    errors = tuple(problem for problem in check.problems if problem.blocks)
    if errors or same_values(plain_value(document.root), values):
        return errors
    return (Problem("yaml-surprise", Severity.ERROR, "YAML cannot say this value"),)
