"""Modules: the cache of npm packages that scripts may require, one exact version a folder, filled by npm on request.

`CACHE/NAME@VERSION/node_modules/NAME` holds one version (the platform's own loader is laid out much the same,
runtime.md §2); `+` stands for the slash of a scoped name. Install scripts never run.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dbconn_tui.errors import DbconnError, UsageError
from dbconn_tui.lint.module_tables import KNOWN_VERSIONS
from dbconn_tui.runtime.job import ModuleTable
from dbconn_tui.runtime.node import Node, npm_command

SUBSTITUTES: Final[Mapping[str, str]] = {"bcrypt": "6.0.0"}
"""Name → version that stands in for every other one: the first with prebuilt binaries inside (feasibility.md §B1)."""

_NAME: Final = re.compile(r"(?:@[a-z0-9~-][a-z0-9._~-]*/)?[a-z0-9~-][a-z0-9._~-]*")
_EXACT: Final = re.compile(r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?")
_PATIENCE: Final = 300.0
"""Seconds for one installation."""
_PASSED_ON: Final = re.compile(
    r"(?:https?_proxy|no_proxy|npm_config_.*|node_extra_ca_certs|path|home|systemroot|appdata)", re.I
)
"""Environment variables that npm gets: its own settings and those of the network."""


@dataclass(frozen=True, slots=True, order=True)
class Module:
    """One exact version of one package."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"

    @property
    def folder(self) -> str:
        """Its folder's name in the cache."""
        return f"{self.name.replace('/', '+')}@{self.version}"


def parse_module(text: str) -> Module:
    """`NAME@VERSION` with all three numbers. Raises UsageError."""
    name, at, version = text.rpartition("@")
    if not at or not name:
        raise UsageError(f"{text} names no version", "The platform knows exact versions only: write pg@8.11.3.")
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is not the name of an npm package")
    if not _EXACT.fullmatch(version):
        raise UsageError(f"{version!r} is not an exact version", "Write all three numbers: pg@8.11.3.")
    return Module(name, version)


def list_modules(cache: Path) -> tuple[Module, ...]:
    """The modules in the cache, by name and version; empty when there is no such folder."""
    found = []
    if cache.is_dir():
        for folder in cache.iterdir():
            name, _, version = folder.name.rpartition("@")
            name = name.replace("+", "/")
            if _NAME.fullmatch(name) and _EXACT.fullmatch(version) and (folder / "node_modules" / name).is_dir():
                found.append(Module(name, version))
    return tuple(sorted(found, key=lambda module: (module.name, _version_order(module.version))))


def stand_in(module: Module) -> Module:
    """What is used in a module's place: its substitute, or itself."""
    return Module(module.name, SUBSTITUTES.get(module.name, module.version))


def module_table(cache: Path) -> ModuleTable:
    """What `require` finds in the cache; a name without a version means its newest one there, else a usual one."""
    versions: dict[str, list[str]] = {}
    for module in list_modules(cache):
        versions.setdefault(module.name, []).append(module.version)
    folder = str(cache.resolve()) if versions else ""
    usual = {name: version for name, version in KNOWN_VERSIONS.items() if name not in versions}
    return ModuleTable(folder, {name: tuple(all_) for name, all_ in versions.items()}, usual, SUBSTITUTES)


def install_module(module: Module, cache: Path, node: Node, environment: Mapping[str, str]) -> Module:
    """Fetch a module and what it needs into the cache, unless it is there; what was installed.

    Of a module that cannot be built without install scripts its substitute is installed. Raises NodeError
    without npm, DbconnError when npm fails.
    """
    module = stand_in(module)
    if module in list_modules(cache):
        return module
    command = npm_command(node)
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".install-", dir=cache) as folder:
        flags = ["--ignore-scripts", "--omit=dev", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
        passed = {name: value for name, value in environment.items() if _PASSED_ON.fullmatch(name)}
        passed["PATH"] = os.pathsep.join(filter(None, (str(node.path.parent), environment.get("PATH", ""))))
        try:
            done = subprocess.run(
                [*command, "install", "--prefix", folder, *flags, str(module)],
                cwd=folder,
                env=passed,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise DbconnError(f"npm did not install {module} within {_PATIENCE:g} s", "Look at the network.") from None
        if done.returncode or not (Path(folder) / "node_modules" / module.name).is_dir():
            said = [line for line in done.stderr.decode(errors="replace").splitlines() if line.strip()]
            reason = f": {said[0].removeprefix('npm error ')}" if said else ""
            raise DbconnError(f"npm could not install {module}{reason}", "Look at its name, version and the network.")
        try:
            os.rename(folder, cache / module.folder)
            Path(folder).mkdir()
        except OSError:
            if module not in list_modules(cache):
                raise
            # Another process was faster.
    return module


def _version_order(version: str) -> tuple[tuple[int, ...], bool, str]:
    numbers, _, tag = version.partition("-")
    return tuple(int(number) for number in numbers.split(".")), not tag, tag
