"""Watching a project's files: what they look like on the disk, and which of them look different a while later."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dbconn_tui.project.values import Project

Stamp = tuple[int, int]
"""Modification time in nanoseconds, and size in bytes."""


@dataclass(frozen=True, slots=True)
class Look:
    """The files of a project as they were at one moment, by the path that people see; nothing of their content."""

    stamps: Mapping[str, Stamp] = field(default_factory=dict)

    def changed_since(self, earlier: Look) -> tuple[str, ...]:
        """Files that were changed, came or went since an earlier look, sorted."""
        names = {*self.stamps, *earlier.stamps}
        return tuple(sorted(name for name in names if self.stamps.get(name) != earlier.stamps.get(name)))


def look_at(project: Project) -> Look:
    """Look at dbconn.yaml and every .js file in the scripts' folders; a file that is not there is left out."""
    stamps = {}
    for path in sorted({project.file, *_scripts(project)}):
        try:
            found = path.stat()
        except OSError:
            continue
        stamps[os.path.relpath(path, project.root)] = (found.st_mtime_ns, found.st_size)
    return Look(stamps)


def _scripts(project: Project) -> Iterator[Path]:
    files = {script.path for scripts in project.scripts.values() for script in scripts.values()}
    yield from files
    yield from _listed({path.parent for path in files})


def _listed(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        try:
            yield from folder.glob("*.js")
        except OSError:
            continue
