"""Blockers: what keeps a connection from being deployed as planned, each with what to do about it. Pure.

Brakes, which `--allow` lifts, are in brakes.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from dbconn_tui.deploy.clients import is_client
from dbconn_tui.deploy.record import MOST_METADATA_KEYS, MOST_PARTS, PART_LENGTH, is_record_key, record_length
from dbconn_tui.deploy.tracking import Tracking
from dbconn_tui.deploy.values import Blocker, Change, ItemState
from dbconn_tui.problems import Problem
from dbconn_tui.project.values import Connection
from dbconn_tui.tenant.values import LiveConnection, LiveReading

Drops = Callable[[str, str], bool]
"""Whether the live configuration key of connection KEY may be lost."""


def held_by_others(connection: Connection, reading: LiveReading, live: LiveConnection | None) -> Iterator[Blocker]:
    """A name that a connection of another strategy has."""
    strategy = reading.other_names.get(connection.name)
    if live is None and strategy:
        yield Blocker(
            f"the tenant already has a connection named {connection.name} of strategy {strategy}",
            f"Give this one another live name: `name:` under connections.{connection.key}.",
        )


def refused_items(changes: Sequence[Change], key: str) -> Iterator[Blocker]:
    """Items that a write would overwrite without anybody having decided that."""
    for state, words in (
        (ItemState.CONFLICT, "differs in the files, in the record and on the tenant"),
        (ItemState.DRIFT, "was changed on the tenant since the last deploy"),
        (ItemState.UNDECIDED, "was on the tenant before dbconn and differs from the files"),
    ):
        for change in changes:
            if change.state is state:
                yield Blocker(f"{change.item} {words}", _ways_out(change, key), item=change.item)


def _ways_out(change: Change, key: str) -> str:
    """What to run about an item that nobody decided on."""
    named = f"{key}/{change.item}"
    pull = f"`dbconn pull {named}` takes the tenant's into the files"
    overwrite = f"--overwrite-drift={named} writes yours"
    if change.state is not ItemState.UNDECIDED:
        return f"{pull}; {overwrite}."
    adopt = f"`dbconn adopt {key}` records what is there, and yours is a change to deploy"
    # The tenant gives no configuration value back.
    return f"{adopt}; {overwrite}." if change.item.startswith("configuration:") else f"{adopt}; {pull}; {overwrite}."


def unknown_keys(changes: Sequence[Change], key: str, drops: Drops) -> Iterator[Blocker]:
    """Live configuration keys that a write would lose, since it carries every value and theirs is not known."""
    for change in changes:
        name = change.item.partition(":")[2]
        if not change.item.startswith("configuration:") or change.state is not ItemState.FOREIGN:
            continue
        if not drops(key, name):
            yield Blocker(
                f"the tenant has the configuration key {name}, which the files do not give: a write would delete it, "
                "since its value cannot be read back",
                f"Add {name} under connections.{key}.configuration, or pass --drop-configuration {name}.",
                item=change.item,
            )


def lint_blockers(
    connection: Connection, problems: Sequence[Problem], changes: Sequence[Change], *, creates: bool
) -> Iterator[Blocker]:
    """Lint errors of scripts that would be written; those of unchanged scripts do not stand in the way."""
    writing = {change.item for change in changes if change.state.writes and not is_client(change)}
    items = {script.file: f"script:{kind}" for kind, script in connection.scripts.items()}
    for problem in problems:
        item = items.get(problem.place.file)
        if problem.blocks and (creates or (item in writing if item else writing)):
            yield Blocker(
                f"lint: {problem.place}: {problem.message} ({problem.rule})",
                problem.hint or f"`dbconn explain {problem.rule}` says why.",
                lint=True,
            )


def record_room(recorded: Mapping[str, bytes], live: LiveConnection | None, tracking: Tracking) -> Iterator[Blocker]:
    """What stands in the way of a record of these items in the connection's metadata."""
    public, _ = tracking.split(recorded)
    needed = -(-record_length(len(public)) // PART_LENGTH)
    taken = sum(not is_record_key(key) for key in ((live.raw.get("metadata") if live else None) or {}))
    if public and (needed > MOST_PARTS or needed + taken > MOST_METADATA_KEYS):
        yield Blocker(
            f"the record of {len(public)} items needs {needed} metadata keys, and "
            + (
                f"{taken} of {MOST_METADATA_KEYS} are taken"
                if needed <= MOST_PARTS
                else f"at most {MOST_PARTS} are used"
            ),
            "Set `track: local` on the tenant, which keeps the record on this machine.",
        )
