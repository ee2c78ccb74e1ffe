"""Lint results remembered by content in the state folder, so that plan and deploy lint a script once, not every run."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from dbconn_tui import __version__, action_scripts, lint
from dbconn_tui.deploy.local_record import make_private_folder
from dbconn_tui.errors import ProjectError
from dbconn_tui.lint.checked import Checked
from dbconn_tui.problems import Certainty, Place, Problem, Severity
from dbconn_tui.project.values import Connection
from dbconn_tui.project.write import write_file

MOST_ENTRIES: Final = 2_000


def check_connections(state_folder: Path, connections: Sequence[Connection], preset: str) -> dict[str, Checked]:
    """What lint finds, by connection key; the same as `check_connection` gives for each.

    Remembers what it computes; a state folder that cannot be read or written only costs time.
    """
    rules = _digest_of_rules()
    remembered = _read(state_folder, rules)
    checked: dict[str, Checked] = {}
    fresh: dict[str, Any] = {}
    for connection in connections:
        digest = _digest_of(connection, preset)
        known = _checked_from(remembered.get(digest))
        if known is None:
            # The rules take as long to load as everything else: only where something is not remembered.
            from dbconn_tui.lint.check import check_connection

            known = check_connection(connection, preset=preset)
            fresh[digest] = dataclasses.asdict(known)
        checked[connection.key] = known
    if fresh:
        _write(state_folder, rules, {**remembered, **fresh})
    return checked


def _digest_of(connection: Connection, preset: str) -> str:
    """Everything that lint looks at, places included since they are part of its answer."""
    digest = hashlib.sha256(repr((preset, dataclasses.replace(connection, scripts={}))).encode("utf-8", "replace"))
    for kind, script in connection.scripts.items():
        digest.update(repr((kind, script.file, script.text)).encode("utf-8", "replace"))
    return digest.hexdigest()


def _digest_of_rules() -> str:
    """The version and the state of lint's own files: another rule set remembers nothing of this one."""
    digest = hashlib.sha256(__version__.encode())
    for room in (lint, action_scripts):
        for path in sorted(_files(os.path.dirname(str(room.__file__)))):
            digest.update(path.encode())
    return digest.hexdigest()


def _files(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _files(entry.path)
            elif entry.name.endswith(".py"):
                status = entry.stat()
                yield f"{entry.path} {status.st_mtime_ns} {status.st_size}"


def _path(state_folder: Path) -> Path:
    return state_folder / "lint.json"


def _read(state_folder: Path, rules: str) -> dict[str, Any]:
    try:
        content = json.loads(_path(state_folder).read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict) or content.get("rules") != rules:
        return {}
    entries = content.get("entries")
    return entries if isinstance(entries, dict) else {}


def _write(state_folder: Path, rules: str, entries: Mapping[str, Any]) -> None:
    newest = dict(list(entries.items())[-MOST_ENTRIES:])
    try:
        make_private_folder(state_folder, state_folder)
        write_file(_path(state_folder), json.dumps({"rules": rules, "entries": newest}).encode(), 0o600)
    except (OSError, ProjectError):
        return


def _checked_from(entry: object) -> Checked | None:
    try:
        return Checked(_problems(entry["problems"]), _problems(entry["hard"]))  # type: ignore[index]
    except (KeyError, TypeError, ValueError):
        return None


def _problems(entries: Sequence[Mapping[str, Any]]) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            **{
                **entry,
                "place": Place(**entry["place"]),
                "severity": Severity(entry["severity"]),
                "certainty": Certainty(entry["certainty"]),
            }
        )
        for entry in entries
    )
