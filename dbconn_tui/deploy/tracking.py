"""Where a connection's record lives: in its metadata, or for this machine alone in the state folder (design §5.3).

Values may enter public metadata only under a project_key; without one they are tracked on this machine.
`track: local` keeps everything there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dbconn_tui.deploy.fingerprint import Fingerprints
from dbconn_tui.deploy.record import Record, decode_record
from dbconn_tui.tenant.values import LiveConnection


@dataclass(frozen=True, slots=True)
class Tracking:
    """The two places of a record for one tenant; `local_records` maps live names to what this machine remembers."""

    domain: str
    public: Fingerprints
    local: Fingerprints
    everything_local: bool = False
    local_records: Mapping[str, Record] = field(default_factory=dict)

    def is_local(self, item: str) -> bool:
        """Whether an item is tracked on this machine rather than in metadata."""
        return self.everything_local or (item.startswith("configuration:") and not self.public.keyed)

    @property
    def values(self) -> Fingerprints:
        """What fingerprints configuration values."""
        return self.local if self.is_local("configuration:") else self.public

    def recorded(self, name: str, live: LiveConnection | None) -> RecordView:
        """What is recorded for the connection of that live name."""
        record = None
        if live is not None and not self.everything_local:
            record = decode_record(live.raw.get("metadata"), self.public, domain=self.domain, name=name)
        return RecordView(self, record, self.local_records.get(name) if live is not None else None)

    def split(self, items: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """Items for the public record and items for the local one."""
        public = {item: value for item, value in items.items() if not self.is_local(item)}
        local = {item: value for item, value in items.items() if self.is_local(item)}
        return public, local


@dataclass(frozen=True, slots=True)
class RecordView:
    """The record of one connection, wherever its parts live."""

    tracking: Tracking
    public: Record | None
    local: Record | None

    def of(self, item: str) -> bytes | None:
        """The recorded fingerprint of an item word, or None."""
        if self.tracking.is_local(item):
            return self.local.of(self.tracking.local, item) if self.local else None
        return self.public.of(self.tracking.public, item) if self.public else None

    @property
    def deploy_id(self) -> bytes | None:
        """The id of the last deploy by this project; None when there was none."""
        records = [record for record in (self.public, self.local) if record]
        return max(records, key=lambda record: record.time).deploy_id if records else None

    @property
    def time(self) -> int | None:
        """When it was last deployed, seconds since 1970; None when never by this project."""
        times = [record.time for record in (self.public, self.local) if record]
        return max(times) if times else None
