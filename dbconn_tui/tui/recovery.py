"""Recovery: texts that were not saved when the app ended, kept in the state folder until their file is saved."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from dbconn_tui.errors import ProjectError
from dbconn_tui.project.write import write_file
from dbconn_tui.tui.script_files import ScriptSet

FOLDER = "recovery"


@dataclass(frozen=True, slots=True)
class Recovered:
    """A text that was not saved; `time` is when it was kept, seconds since 1970."""

    kind: str
    file: str
    text: str = field(repr=False)
    time: float


def keep_texts(state_folder: Path, scripts: ScriptSet, texts: Mapping[str, str], now: float) -> None:
    """Keep these unsaved texts by kind, and drop what was kept of the other scripts. A full disk is no failure here."""
    from dbconn_tui.deploy.local_record import make_private_folder

    with suppress(OSError, ProjectError):
        for file in (*scripts.files, *scripts.missing):
            path = _path(state_folder, file.path)
            text = texts.get(file.kind)
            if text is None:
                path.unlink(missing_ok=True)
                continue
            make_private_folder(state_folder, path.parent)
            content = json.dumps({"version": 1, "file": str(file.path), "text": text, "time": now})
            write_file(path, content.encode(), 0o600, flush=False)


def find_texts(state_folder: Path, scripts: ScriptSet) -> tuple[Recovered, ...]:
    """What was kept of these scripts and says something else than their files."""
    found = []
    for file in (*scripts.files, *scripts.missing):
        with suppress(OSError, ValueError, KeyError, TypeError):
            content = json.loads(_path(state_folder, file.path).read_text(encoding="utf-8"))
            text, time = content["text"], float(content["time"])
            if content["version"] == 1 and isinstance(text, str) and text != file.text:
                found.append(Recovered(file.kind, file.file, text, time))
    return tuple(found)


def _path(state_folder: Path, file: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(os.path.abspath(file))).hexdigest()[:32]
    return state_folder / FOLDER / f"{digest}.json"
