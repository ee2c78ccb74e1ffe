"""Pages of a list and the things on them: the three shapes in which the API answers (api.md §1.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from dbconn_tui.tenant.answers import shown
from dbconn_tui.tenant.values import LiveClient, LiveConnection, LogEvent

PAGE_SIZE: Final = 100
"""The most that the API gives on one page."""

SMALLEST_PAGE: Final = 50
"""A bare list shorter than this is whole: no default page is smaller."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page. `next` is where the next checkpoint page begins, empty on the last.

    `is_last` is None when a server that pages by offset leaves open whether there is more.
    """

    items: tuple[Item, ...]
    next: str = ""
    is_last: bool | None = None


def read_page(content: Any, key: str, read: Callable[[Any], Item]) -> Page[Item]:
    """A page from an answer's content, `key` being its list (`connections`), `read` what makes an item.

    Raises ValueError, whose text says what is wrong, when it is no such page.
    """
    if isinstance(content, list):
        items = tuple(read(item) for item in content)
        return Page(items, is_last=True if len(items) < SMALLEST_PAGE else None)
    if not isinstance(content, dict) or not isinstance(content.get(key), list):
        raise ValueError(f"no list of {key}")
    items = tuple(read(item) for item in content[key])
    if "total" in content:
        total, start = content["total"], content.get("start", 0)
        if not _is_count(total) or not _is_count(start):
            raise ValueError("totals that are no numbers")
        return Page(items, is_last=True if start + len(items) >= total else None)
    next_page = content.get("next") or ""
    if not isinstance(next_page, str):
        raise ValueError("a next page that is no text")
    return Page(items, next_page, is_last=not next_page)


def read_connection(item: Any) -> LiveConnection:
    """A connection from its object. Raises ValueError when it lacks id, name or strategy."""
    if not isinstance(item, dict):
        raise ValueError("not an object")
    return LiveConnection(_text(item, "id"), _text(item, "name"), _text(item, "strategy"), item)


def read_client(item: Any) -> LiveClient:
    """An application from its object. Raises ValueError when it lacks id or name."""
    if not isinstance(item, dict):
        raise ValueError("not an object")
    return LiveClient(_text(item, "client_id"), _text(item, "name"))


def read_enabled_client(item: Any) -> str:
    """The id of one enabled client from its object. Raises ValueError when it lacks it."""
    if not isinstance(item, dict):
        raise ValueError("not an object")
    return _text(item, "client_id")


def read_log_event(item: Any) -> LogEvent:
    """A log event from its object; what it lacks is empty. Raises ValueError when it is no object."""
    if not isinstance(item, dict):
        raise ValueError("not an object")
    request = _inner(_inner(item, "details"), "request")
    user = _inner(_inner(request, "auth"), "user")
    names = (user.get("name"), user.get("email"), item.get("client_name"), item.get("client_id"))
    return LogEvent(
        method=str(request.get("method", "")).upper(),
        path=str(request.get("path", "")),
        at=_seconds(item.get("date")),
        who=shown(next((name for name in names if isinstance(name, str) and name), "")),
        in_dashboard=str(request.get("channel", "")).startswith("https://manage."),
        user_agent=shown(item.get("user_agent") or ""),
    )


def _inner(item: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = item.get(key)
    return value if isinstance(value, dict) else {}


def _seconds(date: object) -> float:
    try:
        return datetime.fromisoformat(date).timestamp() if isinstance(date, str) else 0.0
    except (ValueError, OverflowError):
        return 0.0


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f"no {key}")
    return value
