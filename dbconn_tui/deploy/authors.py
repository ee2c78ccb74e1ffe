"""Who changed a drifted connection: the newest call in the tenant's log that wrote it after our deploy. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from dbconn_tui.deploy.values import ConnectionPlan, ConnectionState, Plan
from dbconn_tui.tenant.values import LogEvent

DRIFTED: Final = (ConnectionState.DRIFT, ConnectionState.CONFLICT)

OWN_WRITE: Final = 120.0
"""Seconds around the record's time in which a call by a dbconn is taken for the deploy that made the record."""


def note_authors(plan: Plan, events: Sequence[LogEvent], deployed: Mapping[str, int | None]) -> Plan:
    """The plan, drifted connections noting who wrote them last; `events` newest first.

    `deployed` maps connection keys to the time of our record, seconds since 1970. Silence where the log
    does not reach back far enough.
    """
    noted = []
    for one in plan.connections:
        event = _last_write(one, events, deployed.get(one.key)) if one.state in DRIFTED else None
        noted.append(replace(one, notes=(*one.notes, _sentence(event))) if event else one)
    return replace(plan, connections=tuple(noted))


def _last_write(one: ConnectionPlan, events: Sequence[LogEvent], deployed: int | None) -> LogEvent | None:
    path = f"/api/v2/connections/{one.live_id}"
    since = deployed or 0
    for event in events:
        if event.method not in ("PATCH", "PUT") or event.path.rstrip("/") != path or not event.who or event.at <= 0:
            continue
        ours = event.user_agent.startswith("dbconn/") and abs(event.at - since) <= OWN_WRITE
        return None if ours or event.at < since else event
    return None


def _sentence(event: LogEvent) -> str:
    moment = datetime.fromtimestamp(event.at, UTC)
    where = "in the dashboard" if event.in_dashboard else f"with {event.user_agent}" if event.user_agent else ""
    return f"last changed on the tenant by {event.who}, {moment:%Y-%m-%d %H:%M} UTC {where}".rstrip()
