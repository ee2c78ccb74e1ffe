"""History: before each write, what was live and what is sent go to the state folder, without any value (design §5.9).

One JSON file a write, 0600, under `<history>/<domain>/history/<connection>/`. Ciphertext is kept as digests.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from dbconn_tui.deploy.fingerprint import utf8
from dbconn_tui.deploy.local_record import domain_folder, file_name, make_private_folder
from dbconn_tui.errors import DbconnError, UsageError
from dbconn_tui.project.write import write_file

FORMAT: Final = 1
ID_LENGTH: Final = 4
"""Bytes of the deploy id that an entry's id ends with."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One write of one connection.

    `before` is the raw live object with digests for ciphertext, None when the connection was created;
    `sent` the request body with configuration keys only. `id` sorts by time.
    """

    id: str
    time: float
    key: str
    name: str
    tenant: str
    domain: str
    verb: str
    """"deploy" or "rollback"."""
    sent: Mapping[str, Any] = field(repr=False)
    before: Mapping[str, Any] | None = field(repr=False)

    @property
    def scripts_before(self) -> Mapping[str, str]:
        """The live scripts before the write."""
        return _scripts(self.before)

    @property
    def scripts_sent(self) -> Mapping[str, str]:
        """The scripts that were sent."""
        return _scripts(self.sent)

    @property
    def changed_scripts(self) -> tuple[str, ...]:
        """Kinds whose text the write changed, added or deleted, sorted."""
        before, sent = self.scripts_before, self.scripts_sent
        return tuple(sorted(kind for kind in {*before, *sent} if before.get(kind) != sent.get(kind)))


def _scripts(raw: Mapping[str, Any] | None) -> Mapping[str, str]:
    scripts: Mapping[str, str] = ((raw or {}).get("options") or {}).get("customScripts") or {}
    return scripts


def entry_id(time: float, deploy_id: bytes) -> str:
    """An id that sorts by time and is short enough to type, e.g. `20261122-141503-9f3c01ab`."""
    moment = datetime.fromtimestamp(time, UTC)
    return f"{moment:%Y%m%d-%H%M%S}-{deploy_id[-ID_LENGTH:].hex()}"


def without_values(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a live object or request body in which each configuration value is only a digest or "(set)"."""
    kept: dict[str, Any] = copy.deepcopy({key: value for key, value in raw.items() if key != "options"})
    options = dict(raw.get("options") or {})
    configuration = options.pop("configuration", None)
    kept["options"] = copy.deepcopy(options)
    if isinstance(configuration, Mapping):
        kept["options"]["configuration"] = {
            key: hashlib.sha256(utf8(value)).hexdigest()[:16] if isinstance(value, str) else "(set)"
            for key, value in configuration.items()
        }
    return kept


class HistoryFolder:
    """The entries of one tenant domain below a folder (the state folder, or `--history DIR`)."""

    def __init__(self, folder: Path, domain: str) -> None:
        self._root = folder
        self._folder = domain_folder(folder, domain) / "history"

    def prepare(self) -> None:
        """Make the folder. Raises UsageError when it cannot be written: a write without a way back is refused."""
        try:
            make_private_folder(self._root, self._folder)
        except OSError as error:
            raise UsageError(
                f"the history cannot be written to {self._folder}: {error.strerror}",
                "Pass --history DIR, or set DBCONN_STATE_DIR, to name a folder that can be written.",
            ) from None

    def add(self, entry: HistoryEntry) -> None:
        """Keep an entry (file 0600). Raises UsageError as `prepare`."""
        folder = self._folder / file_name(entry.name)
        content = {
            "version": FORMAT,
            "id": entry.id,
            "time": entry.time,
            "key": entry.key,
            "name": entry.name,
            "tenant": entry.tenant,
            "domain": entry.domain,
            "verb": entry.verb,
            "sent": entry.sent,
            "before": entry.before,
        }
        try:
            make_private_folder(self._root, folder)
            write_file(folder / f"{entry.id}.json", json.dumps(content, indent=1).encode(), 0o600)
        except (OSError, DbconnError) as error:
            reason = error.strerror if isinstance(error, OSError) else error.message
            raise UsageError(
                f"the history of {entry.name} cannot be written: {reason}; it was not deployed",
                "Pass --history DIR, or set DBCONN_STATE_DIR, to name a folder that can be written.",
            ) from None

    def remove(self, entry: HistoryEntry) -> None:
        """Take an entry back whose write was not sent; a file that cannot be deleted stays."""
        with suppress(OSError):
            (self._folder / file_name(entry.name) / f"{entry.id}.json").unlink()

    def entries(self, name: str | None = None) -> tuple[HistoryEntry, ...]:
        """The entries of a connection (or of all), newest first; files that cannot be read are left out."""
        folders = [self._folder / file_name(name)] if name is not None else _folders(self._folder)
        found = [
            entry for folder in folders for path in sorted(folder.glob("*.json")) if (entry := _read(path)) is not None
        ]
        return tuple(sorted(found, key=lambda entry: (entry.time, entry.id), reverse=True))


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError:
        return []


def _read(path: Path) -> HistoryEntry | None:
    try:
        content = json.loads(path.read_bytes())
        if content.pop("version") != FORMAT:
            return None
        entry = HistoryEntry(**content)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return entry if isinstance(entry.time, (int, float)) and isinstance(entry.sent, dict) else None
