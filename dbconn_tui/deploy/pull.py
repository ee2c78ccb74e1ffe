"""Which of a live connection's items come into the files: what matters of a new one, what moved there of a known one.

Pure. Configuration values never come: the API gives ciphertext (api.md §4.1), so only keys do.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from dbconn_tui.action_scripts.kinds import is_placeholder, order_of
from dbconn_tui.deploy.fingerprint import canonical_json
from dbconn_tui.deploy.leaves import ABSENT, NOT_OPTIONS, Path, item_path, leaves, option_item, set_at, value_at
from dbconn_tui.deploy.merge import LEGACY_PASSWORD_OPTIONS, managed_options
from dbconn_tui.deploy.platform_defaults import is_default
from dbconn_tui.deploy.values import Change, ItemState
from dbconn_tui.errors import UsageError
from dbconn_tui.project.arrival import Arrival, LeftOut, admitted, entry_faults, script_fault, without_nulls
from dbconn_tui.project.placement import TAKEN_AWAY
from dbconn_tui.project.values import Connection, Json
from dbconn_tui.tenant.values import LiveConnection

PLACEHOLDER: Final = "the dashboard's placeholder, which counts as no script"
CUSTOM_DATABASE: Final = "enabledDatabaseCustomization"

_DISPLAY_NAME: Final = "display_name"
_SWITCH: Final = f"option:{CUSTOM_DATABASE}"
_IMPORT_MODE_KEY: Final = "import_mode"
_IMPORT_MODE: Final = f"option:{_IMPORT_MODE_KEY}"
_MOVED: Final = frozenset({ItemState.UNDECIDED, ItemState.DRIFT, ItemState.CONFLICT})


def is_custom(live: LiveConnection) -> bool:
    """Whether a connection uses a database of its own, so that its scripts run."""
    return live.has_options and live.options.get(CUSTOM_DATABASE) is True


def arrival_of(live: LiveConnection, secret_name: Callable[[str], str]) -> tuple[Arrival, tuple[LeftOut, ...]]:
    """A live connection that the files do not have yet: its scripts, and the options that differ from the defaults.

    `secret_name` gives the secret's name for a configuration key. Where the platform shows both groups of
    password settings, `password_options` is the one that it takes (api.md §2.4).
    """
    left: list[LeftOut] = []
    scripts: dict[str, str] = {}
    stored: Mapping[str, Any] = live.options.get("customScripts") or {}
    for kind in sorted(stored, key=order_of):
        if is_placeholder(stored[kind]):
            left.append(LeftOut(f"script:{kind}", PLACEHOLDER))
        else:
            scripts[kind] = stored[kind]
    options: dict[str, Any] = {}
    tree = {key: value for key, value in live.options.items() if _is_option(key, live.options)}
    # The tenant's order means nothing (api.md §2.1), so the files get one of their own.
    for path, value in sorted(leaves(tree), key=lambda leaf: leaf[0]):
        if value is not None and not is_default(path, value):
            set_at(options, path, copy.deepcopy(value))
    display_name = live.raw.get(_DISPLAY_NAME)
    arrival, refused = admitted(
        Arrival(
            live.name,
            scripts,
            display_name if isinstance(display_name, str) and display_name not in ("", live.name) else None,
            True if live.options.get(_IMPORT_MODE_KEY) is True else None,
            {key: {"secret": secret_name(key)} for key in sorted(live.options.get("configuration") or {})},
            None,
            options,
        )
    )
    return arrival, (*left, *refused)


def _is_option(key: str, options: Mapping[str, Any]) -> bool:
    if key in NOT_OPTIONS or key in (CUSTOM_DATABASE, _IMPORT_MODE_KEY):
        return False
    return not (key in LEGACY_PASSWORD_OPTIONS and "password_options" in options)


def differing_values(connection: Connection, live: LiveConnection) -> tuple[dict[Path, Json], tuple[LeftOut, ...]]:
    """What an entry must say so that the leaves it manages are as live: path below the entry → value or TAKEN_AWAY.

    Second, the leaves whose live value reading the project would refuse.
    """
    wanted: dict[Path, Json] = {}
    left: list[LeftOut] = []
    for path, ours in leaves(managed_options(connection, creates=False)):
        theirs = value_at(live.options, path)
        if path != (CUSTOM_DATABASE,) and (theirs is ABSENT or canonical_json(theirs) != canonical_json(ours)):
            at, value = _option_value(live.options, path)
            if fault := _fault(at, value):
                left.append(LeftOut(option_item(path), fault))
            else:
                wanted[at] = value
    if connection.display_name is not None and live.raw.get(_DISPLAY_NAME) != connection.display_name:
        wanted[(_DISPLAY_NAME,)] = _or_taken_away(live.raw.get(_DISPLAY_NAME))
    keys = live.options.get("configuration") or {}
    wanted |= {("configuration", key): TAKEN_AWAY for key in connection.configuration if key not in keys}
    return wanted, tuple(left)


@dataclass(frozen=True, slots=True)
class Pull:
    """What comes into the files of one connection that is in them already.

    `scripts`: kind → text. `values`: path below its entry → JSON value or TAKEN_AWAY. `keys`: configuration
    keys that the files lack. `items` are the words of all of them; `left` what stays, and why.
    """

    scripts: Mapping[str, str] = field(default_factory=dict, repr=False)
    values: Mapping[Path, Json] = field(default_factory=dict, repr=False)
    keys: tuple[str, ...] = ()
    items: Mapping[str, ItemState | None] = field(default_factory=dict)
    left: tuple[LeftOut, ...] = ()


def choose_items(
    connection: Connection,
    live: LiveConnection,
    changes: Sequence[Change],
    asked: frozenset[str] = frozenset(),
    *,
    unreadable: bool = False,
) -> Pull:
    """What of a known connection to pull. `changes` are a plan's, `asked` item words; none = whatever moved there.

    What only the files changed stays unless asked for, so that a pull never undoes work. With
    `unreadable` some script files cannot be read, so a script that the files lack is no deletion.
    Raises UsageError for an asked item that the tenant cannot give.
    """
    choice = _Choice(connection, live, {change.item: change for change in changes})
    if asked:
        for item in sorted(asked):
            choice.take_asked(item)
    else:
        for change in changes:
            choice.take_moved(change, unreadable=unreadable)
    return choice.done()


class _Choice:
    """Collects what is taken and what is left of one connection."""

    def __init__(self, connection: Connection, live: LiveConnection, changes: Mapping[str, Change]) -> None:
        self.connection = connection
        self.live = live
        self.changes = changes
        self.live_scripts: Mapping[str, str] = live.options.get("customScripts") or {}
        self.scripts: dict[str, str] = {}
        self.values: dict[Path, Json] = {}
        self.keys: list[str] = []
        self.items: dict[str, ItemState | None] = {}
        self.left: list[LeftOut] = []

    def done(self) -> Pull:
        """Everything collected."""
        return Pull(self.scripts, self.values, tuple(self.keys), self.items, tuple(self.left))

    def take_moved(self, change: Change, *, unreadable: bool) -> None:
        """Take an item that differs because of the tenant; say which ones wait for a word."""
        kind, _, word = change.item.partition(":")
        state = change.state
        if kind == "script":
            if state in _MOVED or state is ItemState.FOREIGN or (unreadable and word not in self.connection.scripts):
                self.take_script(word, state)
            elif state in (ItemState.YOUR_CHANGE, ItemState.REMOVED):
                self.leave_own(change)
        elif kind == "configuration":
            self.take_key(word, state)
        elif change.item == _SWITCH and state in _MOVED:
            self.leave(change.item, "dbconn always sends true")
        elif state in _MOVED:
            self.take_value(change.item, state)
        elif state is ItemState.YOUR_CHANGE:
            self.leave_own(change)

    def take_asked(self, item: str) -> None:
        """Take an item that was named, whatever its state. Raises UsageError when the tenant does not have it."""
        kind, _, word = item.partition(":")
        state = self.changes[item].state if item in self.changes else None
        if kind == "script" and word:
            if word not in self.live_scripts:
                raise self.missing(item, [f"script:{one}" for one in sorted(self.live_scripts, key=order_of)])
            if state is not None and not self.changes[item].note.startswith("only line ends"):
                self.take_script(word, state)
        elif kind == "configuration" and word:
            live = word in (self.live.options.get("configuration") or {})
            if live and word in self.connection.configuration:
                raise UsageError(
                    f"{self.connection.key}/{item}: the tenant gives no configuration value back",
                    f"`dbconn adopt {self.connection.key}` takes the live one as deployed; a deploy writes yours.",
                )
            if not live and word not in self.connection.configuration:
                raise self.missing(item, [])
            self.take_key(word, ItemState.FOREIGN if live else ItemState.DRIFT)
        elif item in (_DISPLAY_NAME, _IMPORT_MODE_KEY, _IMPORT_MODE) or (kind == "option" and word):
            self.take_options(_IMPORT_MODE if item == _IMPORT_MODE_KEY else item)
        else:
            raise UsageError(
                f"{item!r} names no item",
                "Items are script:KIND, option:PATH (as option:mfa.active), configuration:KEY and display_name.",
            )

    def take_options(self, item: str) -> None:
        """Take an option with all below it, or the display name."""
        if item == _DISPLAY_NAME:
            if self.live.raw.get(_DISPLAY_NAME) != self.connection.display_name:
                self.take_value(item, None)
            return
        path = item_path(item)
        if path[0] in (*NOT_OPTIONS, CUSTOM_DATABASE):
            raise UsageError(f"{self.connection.key}/{item} is no option that files can say", "")
        theirs = value_at(self.live.options, path)
        managed = dict(leaves(managed_options(self.connection, creates=False)))
        below = {ours for ours in managed if ours[: len(path)] == path}
        if theirs is ABSENT and not below:
            raise self.missing(item, [option_item((key,)) for key in self.live.options if key not in NOT_OPTIONS])
        if theirs is not ABSENT and not isinstance(theirs, Mapping):
            below.add(path)
        elif isinstance(theirs, Mapping):
            below |= {leaf for leaf, _ in leaves(theirs, path)}
        for leaf in sorted(below):
            value = value_at(self.live.options, leaf)
            if leaf not in managed or value is ABSENT or canonical_json(value) != canonical_json(managed[leaf]):
                self.take_value(option_item(leaf), None)

    def take_script(self, kind: str, state: ItemState | None) -> None:
        """Take a live script unless there is none, or none that a file can hold."""
        item, text = f"script:{kind}", self.live_scripts.get(kind)
        if text is None:
            self.leave(item, "the tenant has it no more; delete the file to agree, or deploy to write it again")
        elif is_placeholder(text):
            self.leave(item, PLACEHOLDER)
        elif fault := script_fault(kind, text):
            self.leave(item, fault)
        else:
            self.scripts[kind] = text
            self.items[item] = state

    def take_value(self, item: str, state: ItemState | None) -> None:
        """Take an option leaf or the display name; one that the tenant lacks is taken away."""
        path: Path
        if item == _DISPLAY_NAME:
            path, value = (_DISPLAY_NAME,), _or_taken_away(self.live.raw.get(_DISPLAY_NAME))
        else:
            path, value = _option_value(self.live.options, item_path(item))
        if fault := _fault(path, value):
            self.leave(item, fault)
        else:
            self.values[path] = value
            self.items[item] = state

    def take_key(self, key: str, state: ItemState) -> None:
        """Take a configuration key that only one side has."""
        item = f"configuration:{key}"
        live = key in (self.live.options.get("configuration") or {})
        if state is ItemState.FOREIGN:
            self.keys.append(key)
            self.items[item] = state
        elif state in _MOVED and not live:
            self.values[("configuration", key)] = TAKEN_AWAY
            self.items[item] = state
        elif state is ItemState.UNDECIDED:
            self.leave(
                item, "its value cannot be read back; `dbconn adopt` takes it as deployed, a deploy writes yours"
            )
        elif state is ItemState.REMOVED:
            self.leave_own(self.changes[item])

    def leave(self, item: str, reason: str) -> None:
        """Say why an item stays."""
        self.left.append(LeftOut(item, reason))

    def leave_own(self, change: Change) -> None:
        """Say that an item differs because the files changed."""
        named = f"{self.connection.key}/{change.item}"
        self.leave(change.item, f"changed here, not on the tenant; `dbconn pull {named}` takes the tenant's")

    def missing(self, item: str, there: Sequence[str]) -> UsageError:
        """The mistake of naming an item that the tenant does not have."""
        hint = f"It has {', '.join(there)}." if there else ""
        return UsageError(f"{self.live.name} has no {item} on the tenant", hint)


def _option_value(options: Mapping[str, Any], path: Path) -> tuple[Path, Json]:
    """Where an entry says an option leaf, below `options` or as import_mode, and the live value or TAKEN_AWAY."""
    value = value_at(options, path)
    if path == (_IMPORT_MODE_KEY,):
        return path, _or_taken_away(value)
    # Where live has a single value and the files have a map, the map gives way.
    while len(path) > 1 and value is not ABSENT and not isinstance(value_at(options, path[:-1]), Mapping):
        path = path[:-1]
    if isinstance(value, Mapping) and value:
        value = without_nulls(value) or None
    return ("options", *path), _or_taken_away(value)


def _fault(path: Path, value: Json) -> str:
    """Why reading an entry with this value would fail; empty when it would not."""
    if value is TAKEN_AWAY:
        return ""
    nested: dict[str, Json] = {}
    set_at(nested, path, value)
    faults = entry_faults(nested)
    return faults[0].message if faults else ""


def _or_taken_away(value: Json) -> Json:
    return TAKEN_AWAY if value is None or value is ABSENT else copy.deepcopy(value)
