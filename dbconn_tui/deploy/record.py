"""The record: fingerprints of what dbconn last deployed, inside the connection's own metadata (design §5.3).

One binary value, base64url over the metadata keys dbconn_1 … dbconn_6, at most 255 characters each
(api.md §2: ten keys of 255). Anyone may read it, so it holds truncated keyed hashes, a random
deploy id and a time, and nothing that says who, where or what.

    version 1 · length 2 · binding 4 · project 4 · deploy id 8 · time 4 · items n × (id 4, fingerprint 6) · checksum 4
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dbconn_tui.deploy.fingerprint import SIZE, TAG_SIZE, Fingerprints

VERSION: Final = 1
PREFIX: Final = "dbconn_"
MOST_PARTS: Final = 6
PART_LENGTH: Final = 255
MOST_METADATA_KEYS: Final = 10
DEPLOY_ID_SIZE: Final = 8

_HEADER = struct.Struct(f">BH{TAG_SIZE}s{TAG_SIZE}s{DEPLOY_ID_SIZE}sI")
_ITEM = struct.Struct(f">{TAG_SIZE}s{SIZE}s")
_CHECKSUM_SIZE = 4


class RecordTooLargeError(ValueError):
    """The record does not fit; the message says what is in the way."""


@dataclass(frozen=True, slots=True)
class Record:
    """What dbconn last deployed to one connection: item ids → fingerprints, when, and which deploy."""

    deploy_id: bytes
    time: int
    """Seconds since 1970, UTC."""
    items: Mapping[bytes, bytes] = field(repr=False)

    def of(self, fingerprints: Fingerprints, item: str) -> bytes | None:
        """The fingerprint recorded for an item word such as `script:login`, or None."""
        return self.items.get(_item_id(fingerprints, self.deploy_id, item))

    def knows(self, fingerprints: Fingerprints, item: str) -> bool:
        """Whether the item was managed when the record was written."""
        return self.of(fingerprints, item) is not None


def make_record(fingerprints: Fingerprints, items: Mapping[str, bytes], *, deploy_id: bytes, time: int) -> Record:
    """A record of `items` (item word → fingerprint). Raises ValueError when two ids collide: take another deploy id."""
    ids = {_item_id(fingerprints, deploy_id, item): fingerprint for item, fingerprint in items.items()}
    if len(ids) != len(items):
        raise ValueError("two items share an id under this deploy id")
    return Record(deploy_id, time, ids)


def encode_record(record: Record, fingerprints: Fingerprints, *, domain: str, name: str) -> dict[str, str]:
    """The metadata keys for a record on this domain and connection. Raises RecordTooLargeError past six parts."""
    text = encode_text(record, fingerprints, domain=domain, name=name)
    parts = [text[start : start + PART_LENGTH] for start in range(0, len(text), PART_LENGTH)]
    if len(parts) > MOST_PARTS:
        raise RecordTooLargeError(
            f"the record of {len(record.items)} items needs {len(parts)} metadata keys; at most {MOST_PARTS} are used"
        )
    return {f"{PREFIX}{number}": part for number, part in enumerate(parts, start=1)}


def record_length(items: int) -> int:
    """How many characters a record of that many items takes as base64url without padding."""
    size = _HEADER.size + items * _ITEM.size + _CHECKSUM_SIZE
    return -(-size * 4 // 3)


def encode_text(record: Record, fingerprints: Fingerprints, *, domain: str, name: str) -> str:
    """The record as one base64url text without padding, of any length up to 64 KB of binary."""
    body = b"".join(_ITEM.pack(item, record.items[item]) for item in sorted(record.items))
    length = _HEADER.size + len(body) + _CHECKSUM_SIZE
    header = _HEADER.pack(
        VERSION,
        min(length, 0xFFFF),
        fingerprints.tag("binding", domain, name),
        fingerprints.tag("project"),
        record.deploy_id,
        record.time,
    )
    return base64.urlsafe_b64encode(header + body + _checksum(header + body)).decode().rstrip("=")


def decode_record(
    metadata: Mapping[str, Any] | None, fingerprints: Fingerprints, *, domain: str, name: str
) -> Record | None:
    """The record in a connection's metadata; None when there is none that is whole, ours, and for this place.

    A record of another domain, connection name, project or format counts as none (design §5.3).
    """
    text = ""
    for number in range(1, MOST_PARTS + 1):
        part = (metadata or {}).get(f"{PREFIX}{number}")
        if not isinstance(part, str):
            break
        text += part
    return decode_text(text, fingerprints, domain=domain, name=name)


def decode_text(text: str, fingerprints: Fingerprints, *, domain: str, name: str) -> Record | None:
    """The record in one base64url text, or None as `decode_record` says."""
    try:
        length = int.from_bytes(base64.b64decode(text[:4].encode(), altchars=b"-_", validate=True)[1:])
        # What stands behind belongs to an earlier, longer record whose parts were not taken away.
        text = text[: -(-length * 4 // 3)]
        data = base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(data) < _HEADER.size + _CHECKSUM_SIZE or data[0] != VERSION:
        return None
    _, length, binding, project, deploy_id, time = _HEADER.unpack_from(data)
    data = data[:length]
    body = data[_HEADER.size : -_CHECKSUM_SIZE]
    if len(data) != length or _checksum(data[:-_CHECKSUM_SIZE]) != data[-_CHECKSUM_SIZE:] or len(body) % _ITEM.size:
        return None
    if binding != fingerprints.tag("binding", domain, name) or project != fingerprints.tag("project"):
        return None
    return Record(deploy_id, time, dict(_ITEM.iter_unpack(body)))


def has_any_record(metadata: Mapping[str, Any] | None) -> bool:
    """Whether some dbconn, perhaps of another project, left a record here."""
    return f"{PREFIX}1" in (metadata or {})


def merge_metadata(live: Mapping[str, Any] | None, parts: Mapping[str, str]) -> dict[str, Any]:
    """The metadata to send: the user's own as received, with our parts. Raises RecordTooLargeError past ten keys."""
    own = {key: value for key, value in (live or {}).items() if not is_record_key(key)}
    merged = {**own, **parts}
    if len(merged) > MOST_METADATA_KEYS:
        raise RecordTooLargeError(
            f"the record needs {len(parts)} of the connection's {MOST_METADATA_KEYS} metadata keys, "
            f"and {len(own)} are taken"
        )
    return merged


def is_record_key(key: str) -> bool:
    """Whether a metadata key is one of the record's parts."""
    return key in {f"{PREFIX}{number}" for number in range(1, MOST_PARTS + 1)}


def _item_id(fingerprints: Fingerprints, deploy_id: bytes, item: str) -> bytes:
    return fingerprints.tag("item", deploy_id.hex(), item)


def _checksum(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:_CHECKSUM_SIZE]
