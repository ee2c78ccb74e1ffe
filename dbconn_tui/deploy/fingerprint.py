"""Short keyed fingerprints of scripts, option leaves and configuration values, for the record and the plan.

The record is public (design §5.3), so everything is an HMAC under the project's key, and a secret value
goes through a slow hash first. Plain text values stand beside that key in dbconn.yaml; they skip it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from dbconn_tui.sensitive import Sensitive

SIZE: Final = 6
"""Bytes of a fingerprint."""

TAG_SIZE: Final = 4
"""Bytes of a tag: an item's id in a record, the binding of a record to its tenant and project."""

_SCRYPT = {"n": 2**11, "r": 8, "p": 1, "dklen": 32}
"""About 5 ms a value: 200 values stay within 2 s of processor time (design §5.3)."""


def utf8(text: str) -> bytes:
    """UTF-8 of any text; JSON may carry half of a surrogate pair, which strict UTF-8 has no bytes for."""
    return text.encode("utf-8", "surrogatepass")


def canonical_text(text: str) -> str:
    """Script text as it is compared: LF line ends, no newline at the end. What is sent stays untouched."""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


def canonical_json(value: Any) -> str:
    """One text for equal JSON values: sorted keys, no spaces, 1 and 1.0 alike, True and 1 apart."""
    return json.dumps(_plain_numbers(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain_numbers(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {str(key): _plain_numbers(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain_numbers(inner) for inner in value]
    return value


def digest_of_live(raw: Mapping[str, Any]) -> str:
    """Hex digest of what must not move between plan and write: options, display_name, metadata (design §5.5)."""
    seen = {key: raw.get(key) for key in ("options", "display_name", "metadata")}
    return hashlib.sha256(utf8(canonical_json(seen))).hexdigest()


class Fingerprints:
    """Makes the fingerprints of one project; `key` is its project_key as bytes, or empty.

    Slow hashes are kept for the life of the object, so a value costs one derivation a run.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._slow: dict[Sensitive, bytes] = {}

    @property
    def keyed(self) -> bool:
        """Whether there is a key; without one, configuration values may not enter a public record."""
        return bool(self._key)

    def tag(self, *words: str) -> bytes:
        """TAG_SIZE bytes that stand for these words in a record."""
        return self._digest("tag", *words)[:TAG_SIZE]

    def script(self, text: str) -> bytes:
        """SIZE bytes for a script's canonical text."""
        return self._digest("script", canonical_text(text))[:SIZE]

    def option(self, value: Any) -> bytes:
        """SIZE bytes for a JSON value."""
        return self._digest("option", canonical_json(value))[:SIZE]

    def plain_value(self, connection: str, key: str, text: str) -> bytes:
        """SIZE bytes for a configuration value that dbconn.yaml holds as plain text."""
        return self._digest("text", connection, key, text)[:SIZE]

    def secret_value(self, connection: str, key: str, value: Sensitive) -> bytes:
        """SIZE bytes for a configuration value from elsewhere; slow unless `prepare` saw it."""
        if value not in self._slow:
            self._slow[value] = self._derive(value)
        return self._digest("secret", connection, key, self._slow[value].hex())[:SIZE]

    def unknown_value(self, connection: str, key: str) -> bytes:
        """SIZE bytes for a configuration value that nobody here knows; no value has this fingerprint."""
        return self._digest("unknown", connection, key)[:SIZE]

    def prepare(self, values: Iterable[Sensitive]) -> None:
        """Derive many values in threads, each distinct one once."""
        waiting = [value for value in dict.fromkeys(values) if value not in self._slow]
        if len(waiting) < 2:
            return
        with ThreadPoolExecutor() as pool:
            self._slow.update(zip(waiting, pool.map(self._derive, waiting), strict=True))

    def _derive(self, value: Sensitive) -> bytes:
        salt = hmac.digest(self._key, b"dbconn slow hash", "sha256")
        return hashlib.scrypt(utf8(value.reveal()), salt=salt, **_SCRYPT)

    def _digest(self, *words: str) -> bytes:
        message = b"".join(len(data).to_bytes(4) + data for data in map(utf8, words))
        return hmac.digest(self._key, message, "sha256")
