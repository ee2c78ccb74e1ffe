"""The request of a write: every script, the merged options, the whole configuration and the record, together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dbconn_tui.deploy.kept import kept_ciphertext
from dbconn_tui.deploy.merge import merge_options
from dbconn_tui.deploy.plan import recorded_items
from dbconn_tui.deploy.record import DEPLOY_ID_SIZE, Record, encode_record, make_record, merge_metadata
from dbconn_tui.deploy.tracking import Tracking
from dbconn_tui.deploy.values import ItemState
from dbconn_tui.deploy.work import Edge, Work
from dbconn_tui.tenant.values import LiveConnection


@dataclass(frozen=True, slots=True)
class Request:
    """What one write sends: its body, the random id of the deploy inside it, and the local record to keep after it."""

    body: Mapping[str, Any] = field(repr=False)
    deploy_id: bytes
    local_record: Record


def build_request(work: Work, live: LiveConnection | None, tracking: Tracking, edge: Edge) -> Request:
    """The whole request of a write.

    Configuration values stay Sensitive inside the body; the tenant client reveals them as it encodes it.
    Raises RecordTooLargeError (the plan has already refused it) when metadata has no room.
    """
    connection = work.connection
    body: dict[str, Any] = {} if work.record_only else {"options": _options_to_send(work, live)}
    public, local = tracking.split(work.recorded or recorded_items(connection, work.fingerprints, tracking))
    record, local_record = fresh_records(tracking, public, local, edge)
    live_metadata = live.raw.get("metadata") if live else None
    if public:
        parts = encode_record(record, tracking.public, domain=tracking.domain, name=connection.name)
        body["metadata"] = merge_metadata(live_metadata, parts)
    elif live_metadata:
        body["metadata"] = merge_metadata(live_metadata, {})
    display_name = connection.display_name or (live.raw.get("display_name") if live else None)
    if display_name is not None:
        body["display_name"] = display_name
    if live is None:
        body = {"name": connection.name, "strategy": "auth0", **body}
    return Request(body, record.deploy_id, local_record)


def _options_to_send(work: Work, live: LiveConnection | None) -> dict[str, Any]:
    """Every script, the merged options and the whole configuration."""
    deleted = frozenset(
        change.item.partition(":")[2]
        for change in work.plan.changes
        if change.item.startswith("script:") and change.state is ItemState.REMOVED
    )
    options = dict(merge_options(work.connection, live.options if live else None, delete_scripts=deleted).options)
    if work.values or (live is not None and "configuration" in live.options):
        kept = kept_ciphertext(work.connection, live.options) if live is not None else {}
        options["configuration"] = {**kept, **work.values}
    return options


def fresh_records(
    tracking: Tracking, public: Mapping[str, bytes], local: Mapping[str, bytes], edge: Edge
) -> tuple[Record, Record]:
    """The public and the local record of one write, under one deploy id in which no two items share an id."""
    time = int(edge.wall_clock())
    while True:
        deploy_id = edge.random_bytes(DEPLOY_ID_SIZE)
        try:
            return (
                make_record(tracking.public, public, deploy_id=deploy_id, time=time),
                make_record(tracking.local, local, deploy_id=deploy_id, time=time),
            )
        except ValueError:
            continue
