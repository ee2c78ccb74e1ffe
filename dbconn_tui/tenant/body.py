"""The body of a write: JSON with the sensitive texts revealed, and those texts so that no message shows them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dbconn_tui.errors import UsageError
from dbconn_tui.sensitive import Sensitive


def encode_body(body: Mapping[str, Any] | Sequence[Any]) -> tuple[bytes, tuple[Sensitive, ...]]:
    """A request body as ASCII JSON, and every sensitive text in it, with each value of options.configuration.

    Sensitive values may stand anywhere in `body`. Raises UsageError for numbers that JSON has no way to write.
    """
    hidden: list[Sensitive] = []

    def plain(value: object) -> object:
        if isinstance(value, Sensitive):
            hidden.append(value)
            return value.reveal()
        if isinstance(value, Mapping):
            return dict(value)
        raise TypeError(f"{type(value).__name__} has no place in a request body")

    options = body.get("options") if isinstance(body, Mapping) else None
    configuration = options.get("configuration") if isinstance(options, Mapping) else None
    if isinstance(configuration, Mapping):
        hidden += [Sensitive(text) for text in configuration.values() if isinstance(text, str)]
    try:
        content = json.dumps(body, default=plain, allow_nan=False, separators=(",", ":"))
    except ValueError:
        raise UsageError(
            "A value cannot be sent: it is not a number that JSON can hold.", "Look for .nan and .inf in dbconn.yaml."
        ) from None
    return content.encode("ascii"), tuple(hidden)
