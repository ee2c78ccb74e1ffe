"""Asking the tenant's log who changed what drifted; a plan never depends on the answer."""

from __future__ import annotations

from dataclasses import replace

from dbconn_tui.deploy.authors import DRIFTED, note_authors
from dbconn_tui.deploy.tracking import Tracking
from dbconn_tui.deploy.values import Plan
from dbconn_tui.errors import DbconnError
from dbconn_tui.tenant.client import TenantClient
from dbconn_tui.tenant.scopes import GRANT_HINT, LOG_SCOPES, missing_scopes
from dbconn_tui.tenant.values import LiveReading


async def tell_authors(tenant: TenantClient, plan: Plan, reading: LiveReading, tracking: Tracking) -> Plan:
    """The plan with who changed each drifted connection, or how to learn it: one request, only where there is drift."""
    drifted = [one for one in plan.connections if one.state in DRIFTED]
    if not drifted:
        return plan
    if missing_scopes(LOG_SCOPES, await tenant.scopes()):
        hint = f"with the scope read:logs a plan says who changed a connection, and when. {GRANT_HINT}"
        return replace(plan, notes=(*plan.notes, hint))
    try:
        events = await tenant.api_writes()
    except DbconnError as failure:
        return replace(plan, notes=(*plan.notes, f"who changed it is not known: {failure.message}"))
    deployed = {one.key: tracking.recorded(one.name, reading.by_name(one.name)).time for one in drifted}
    return note_authors(plan, events, deployed)
