"""Masks: values that must not be shown are taken out of whatever a script said, in any way it may have written them."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Iterable
from typing import Any, Final
from urllib.parse import quote, quote_plus

from dbconn_tui.sensitive import Sensitive

MASK: Final = "***"
SHORTEST: Final = 4
"""Characters of a value worth masking; a shorter one, such as `on`, occurs everywhere by chance."""

Json = Any


class Mask:
    """Replaces hidden values by `***`, also where they stand JSON-escaped, percent-encoded or in base64."""

    def __init__(self, hidden: Iterable[Sensitive]) -> None:
        texts = {text for value in hidden if len(text := value.reveal()) >= SHORTEST}
        forms = sorted({form for text in texts for form in _forms(text)}, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, forms))) if forms else None

    def text(self, text: str) -> str:
        """The text without hidden values."""
        return self._pattern.sub(MASK, text) if self._pattern else text

    def finds(self, text: str) -> bool:
        """Whether the text holds a hidden value."""
        return bool(self._pattern and self._pattern.search(text))

    def json(self, value: Json) -> Json:
        """A JSON value with every text in it masked, keys included."""
        return _map(value, self.text) if self._pattern else value


def _forms(text: str) -> Iterable[str]:
    yield text
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield quote(text, safe="")
    yield quote_plus(text)
    yield html.escape(text)
    # Basic authentication puts a name before it: the middle of the encoding is the same at one of three shifts.
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw) >= 2 * SHORTEST:
        for shift in range(3):
            encoded = base64.b64encode(b"\0" * shift + raw).decode()
            inside = encoded[4 if shift else 0 : -4]
            if len(inside) >= 2 * SHORTEST:
                yield inside


def _map(value: Json, change: Callable[[str], str]) -> Json:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_map(one, change) for one in value]
    if isinstance(value, dict):
        return {change(key): _map(one, change) for key, one in value.items()}
    return value
