"""Brakes: writes that can hurt users are refused until `--allow NAME` lifts them one by one (design §5.10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from dbconn_tui.deploy.values import Blocker, Change, ConnectionPlan, ConnectionState, ItemState
from dbconn_tui.project.values import Connection, Tenant
from dbconn_tui.tenant.values import LiveConnection, LiveReading

MANY_SHARE: Final = 0.3
MANY_LEAST: Final = 5
"""The brake `many`: more than this share of a protected tenant's connections, and at least so many (design §5.10)."""

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
    found = (
        *_find_brakes(connection, live, changes),
        *_find_disabled_clients(connection, changes),
        *_find_changed_user_id(connection, changes),
        *_find_rolled_back(connection, changes, rolled_back),
    )
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


def _find_disabled_clients(connection: Connection, changes: Sequence[Change]) -> Iterator[Blocker]:
    """Emptying is one brake of its own: nobody could log in any more."""
    disabled = [change for change in changes if change.item.startswith("client:") and change.state is ItemState.REMOVED]
    if disabled and not connection.enabled_clients:
        reason = f"enabled_clients is empty: no application could use it any more ({len(disabled)} can now)"
        yield _brake("no-clients", connection, reason, disabled[0].item if len(disabled) == 1 else "")
        return
    for change in disabled:
        client_id = change.item.partition(":")[2]
        name = f"{change.note} ({client_id})" if change.note else client_id
        yield _brake("disable-client", connection, f"the application {name} could no longer use it", change.item)


def _find_changed_user_id(connection: Connection, changes: Sequence[Change]) -> Iterator[Blocker]:
    """Nothing where either script does not tell its user_id: only a difference that is certain brakes."""
    from dbconn_tui.action_scripts.profile import user_id_expressions
    from dbconn_tui.action_scripts.source import parse

    for change in changes:
        if change.item not in ("script:login", "script:get_user") or not change.state.writes:
            continue
        if not change.before or not change.after:
            continue
        live, files = user_id_expressions(parse(change.before)), user_id_expressions(parse(change.after))
        if live is not None and files is not None and live != files:
            word = change.item.partition(":")[2]
            reason = f"{word} makes user_id from something else than on the tenant: every user would become a new one"
            yield _brake("user-id", connection, reason, change.item)


def _find_rolled_back(
    connection: Connection, changes: Sequence[Change], rolled_back: frozenset[str]
) -> Iterator[Blocker]:
    for change in changes:
        if change.state.writes and change.item in rolled_back:
            reason = f"{change.item} is the version that was rolled back"
            yield _brake("redeploy-rolled-back", connection, reason, change.item)


def _brake(name: str, connection: Connection, reason: str, item: str) -> Blocker:
    return Blocker(reason, f"If that is meant, pass --allow {name}:{connection.key}", brake=name, item=item)


def brake_many(
    plans: Sequence[ConnectionPlan], reading: LiveReading, tenant: Tenant, allows: Allows
) -> list[ConnectionPlan]:
    """The plans, those that change a live connection braked when they are many of a protected tenant's.

    The share is of the custom databases that the tenant has; a plan blocked for another reason counts as well.
    """
    changing = [one for one in plans if one.live_id is not None and any(change.state.writes for change in one.changes)]
    custom = [
        live for live in reading.connections if live.has_options and live.options.get("enabledDatabaseCustomization")
    ]
    if not tenant.protected or len(changing) < MANY_LEAST or len(changing) <= MANY_SHARE * len(custom):
        return list(plans)
    reason = (
        f"{len(changing)} of {max(len(custom), len(changing))} connections of a protected tenant would change at once"
    )
    brake = Blocker(reason, "If that is meant, pass --allow many", brake="many")
    braked = []
    for one in plans:
        if one not in changing:
            braked.append(one)
        elif allows(brake.brake, one.key):
            braked.append(replace(one, brakes=(brake, *one.brakes)))
        else:
            state = ConnectionState.BLOCKED if one.state is ConnectionState.CHANGE else one.state
            braked.append(replace(one, state=state, blocked=(brake, *one.blocked)))
    return braked
