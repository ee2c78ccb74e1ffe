"""A version that was rolled back stays back: marks in the record of what a rollback took away (design §5.9). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dbconn_tui.deploy.tracking import RecordView

PREFIX = "rolled-back:"


def mark_of(item: str) -> str:
    """The item word under which a record keeps the fingerprint that was rolled back."""
    return f"{PREFIX}{item}"


def back_again(items: Mapping[str, bytes], record: RecordView) -> frozenset[str]:
    """The items whose files say again what was rolled back; `items` maps item words to the files' fingerprints."""
    return frozenset(item for item, fingerprint in items.items() if record.of(mark_of(item)) == fingerprint)


def carried_marks(items: Iterable[str], record: RecordView, *, lifted: frozenset[str]) -> dict[str, bytes]:
    """The marks that a write takes over into the next record, less those of `lifted` items."""
    marks = {mark_of(item): record.of(mark_of(item)) for item in items if item not in lifted}
    return {mark: fingerprint for mark, fingerprint in marks.items() if fingerprint is not None}
