"""The files for editors beside a project: written by init and add, kept in step with dbconn.yaml."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dbconn_tui.errors import ProjectError
from dbconn_tui.project.read import read_project
from dbconn_tui.project.values import Project
from dbconn_tui.project.write import write_file
from dbconn_tui.scaffold.editor_types import DECLARATIONS, HEADER, JSCONFIG, declarations, jsconfig


def write_editor_files(root: Path, project: Project | None) -> tuple[str, ...]:
    """Write jsconfig.json and dbconn.d.ts where they are missing, and the latter anew; the names that were written.

    Somebody's own jsconfig.json, tsconfig.json or dbconn.d.ts stays. Raises ProjectError.
    """
    written = []
    if not (root / JSCONFIG).exists() and not (root / "tsconfig.json").exists():
        write_file(root / JSCONFIG, jsconfig().encode(), flush=False)
        written.append(JSCONFIG)
    if _is_ours(root / DECLARATIONS, missing=True) and _write_declarations(root, project):
        written.append(DECLARATIONS)
    return tuple(written)


def refresh_editor_files(project: Project) -> None:
    """Bring the configuration keys of dbconn.d.ts up to date where it is; never a reason for anything to fail."""
    with contextlib.suppress(ProjectError):
        if _is_ours(project.root / DECLARATIONS, missing=False):
            # The file on the disk may be newer than what was read before it was written.
            now, _ = read_project(project.file, partial=True)
            _write_declarations(project.root, now or project)


def configuration_keys(project: Project) -> dict[str, set[str]]:
    """Configuration key → the connections that have it, on any tenant."""
    keys: dict[str, set[str]] = {}
    defaults = project.document.get("defaults") or {}
    for name in project.connection_keys:
        entry = project.document["connections"][name] or {}
        overlays = [overlay or {} for overlay in (entry.get("tenants") or {}).values()]
        for holder in (defaults, entry, *overlays):
            for key in _keys_of(holder):
                keys.setdefault(key, set()).add(name)
    return keys


def _keys_of(holder: Mapping[str, Any]) -> Iterator[str]:
    configuration = holder.get("configuration")
    if isinstance(configuration, Mapping):
        yield from (str(key) for key, value in configuration.items() if value is not None)


def _write_declarations(root: Path, project: Project | None) -> bool:
    """Whether the file changed."""
    text = declarations(configuration_keys(project) if project is not None else {})
    path = root / DECLARATIONS
    if path.is_file() and path.read_bytes() == text.encode():
        return False
    write_file(path, text.encode(), flush=False)
    return True


def _is_ours(path: Path, *, missing: bool) -> bool:
    """Whether dbconn wrote the file; `missing` when there is none."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.readline().startswith(HEADER)
    except FileNotFoundError:
        return missing
    except OSError:
        return False
