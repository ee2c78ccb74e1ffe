"""The three shapes of a list: bare array, offset page, checkpoint page (api.md §1.1)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from dbconn_tui.local_tenant.answers import encode, refuse
from dbconn_tui.local_tenant.schema import whole_number

T = TypeVar("T")

LAST_RECORD: Final = 1000
"""Offset paging may not reach beyond this record, even where there are fewer (api.md §1.1)."""
LARGEST_PAGE: Final = 100
CHECKPOINT_TAKE: Final = 50


@dataclass(frozen=True, slots=True)
class Page:
    """A cut of a list: items `start` to `end` of `total`; `next` is None on the last page and outside checkpoints."""

    start: int
    end: int
    limit: int
    total: int
    wrapped: bool
    counted: bool
    next: str | None = None

    def render(self, items: Sequence[bytes], noun: str) -> bytes:
        """The answer around the encoded `items` of this page."""
        array = b"[" + b",".join(items) + b"]"
        if not self.wrapped:
            return array
        head: dict[str, Any] = {}
        if self.counted:
            head = {"total": self.total, "start": self.start, "limit": self.limit}
        elif self.next is not None:
            head = {"next": self.next}
        prefix = encode(head)[:-1] + (b"," if head else b"")
        return prefix + encode(noun) + b":" + array + b"}"


def cut(
    items: Sequence[T],
    query: Mapping[str, str],
    key: Callable[[T], str],
    *,
    most: int = LARGEST_PAGE,
    always_checkpoint: bool = False,
) -> Page:
    """The page that `query` asks for. `key` names an item and sorts like `items`; it goes into the checkpoint.

    Raises Refusal (400) for paging parameters outside of their bounds.
    """
    if always_checkpoint or "take" in query or "from" in query:
        take = whole_number(query, "take", 1, most, CHECKPOINT_TAKE)
        start = 0
        if "from" in query:
            after = _opened(query["from"])
            start = next((index for index, item in enumerate(items) if key(item) > after), len(items))
        end = min(start + take, len(items))
        more = _sealed(key(items[end - 1])) if end < len(items) else None
        return Page(start, end, take, len(items), wrapped=True, counted=False, next=more)
    per_page = whole_number(query, "per_page", 1, most, most)
    page = whole_number(query, "page", 0, None, 0)
    if (page + 1) * per_page > LAST_RECORD and ("page" in query or "per_page" in query):
        raise refuse(
            400,
            f"Only the first {LAST_RECORD} records can be paged through; use checkpoint pagination (from, take)",
            "invalid_paging",
        )
    start = min(page * per_page, len(items))
    end = min(start + per_page, len(items))
    counted = query.get("include_totals") == "true"
    return Page(page * per_page, max(end, start), per_page, len(items), wrapped=counted, counted=counted)


def _sealed(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()


def _opened(checkpoint: str) -> str:
    try:
        return base64.b64decode(checkpoint.encode(), altchars=b"-_", validate=True).decode()
    except ValueError:
        raise refuse(400, "The value of 'from' is not a checkpoint of this list", "invalid_query_string") from None
