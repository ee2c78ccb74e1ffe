"""Brakes: writes that can hurt users are refused until `--allow NAME` lifts them one by one (design §5.10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from dbconn_tui.deploy.values import Blocker, Change, ItemState
from dbconn_tui.project.values import Connection
from dbconn_tui.tenant.values import LiveConnection

Allows = Callable[[str, str], bool]
"""Whether brake NAME is lifted for connection KEY."""


def apply_brakes(
    connection: Connection,
    live: LiveConnection | None,
    changes: Sequence[Change],
    allows: Allows,
    rolled_back: frozenset[str] = frozenset(),
) -> tuple[tuple[Blocker, ...], tuple[Blocker, ...]]:
    """The brakes that still hold, and those that were lifted; `rolled_back` are items said again after a rollback."""
    if live is None:
        return (), ()
    found = (*_find_brakes(connection, live, changes), *_find_rolled_back(connection, changes, rolled_back))
    holding = tuple(brake for brake in found if not allows(brake.brake, connection.key))
    return holding, tuple(brake for brake in found if brake not in holding)


def _find_brakes(connection: Connection, live: LiveConnection, changes: Sequence[Change]) -> Iterator[Blocker]:
    for change in changes:
        word = change.item.partition(":")[2]
        if change.state is ItemState.REMOVED and change.item.startswith("script:"):
            yield _brake("delete-script", connection, f"the script {word} would be deleted on the tenant", change.item)
        elif change.state is ItemState.REMOVED and change.item.startswith("configuration:"):
            yield _brake("drop-value", connection, f"the configuration key {word} would be deleted", change.item)
        elif not change.state.writes:
            continue
        elif change.item == "option:import_mode":
            yield _brake(
                "import-mode",
                connection,
                "import_mode would change on a connection in use: "
                + (
                    "users would be copied into Auth0 at their next login"
                    if change.after == "true"
                    else "users who were already copied could no longer log in"
                ),
                change.item,
            )
        elif change.item == "option:enable_script_context" and change.after == "true":
            yield _brake("one-way", connection, "enable_script_context can never be turned off again", change.item)
        elif change.item.startswith("option:attributes.") and not live.options.get("attributes"):
            yield _brake(
                "one-way", connection, "attributes would replace how users are identified", "option:attributes"
            )


def _find_rolled_back(
    connection: Connection, changes: Sequence[Change], rolled_back: frozenset[str]
) -> Iterator[Blocker]:
    for change in changes:
        if change.state.writes and change.item in rolled_back:
            reason = f"{change.item} is the version that was rolled back"
            yield _brake("redeploy-rolled-back", connection, reason, change.item)


def _brake(name: str, connection: Connection, reason: str, item: str) -> Blocker:
    return Blocker(reason, f"If that is meant, pass --allow {name}:{connection.key}", brake=name, item=item)
