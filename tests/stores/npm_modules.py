"""Real npm modules for scripts to require, fetched once a machine as `dbconn modules install` does."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from stores.cache import cache_folder

from dbconn_tui.errors import NodeError
from dbconn_tui.runtime.modules import install_module, parse_module
from dbconn_tui.runtime.node import find_node, npm_command

Fill = Callable[..., Path]


def fill_modules(folder: Path, *modules: str) -> Path:
    """Put modules (`pg@8.11.3`) into a folder, which becomes a module cache of its own; that folder.

    Skips the test without npm. What npm fetched stays in the tests' cache; the folder gets links to its files.
    """
    cache = cache_folder() / "modules"
    try:
        node = find_node(os.environ)
        npm_command(node)
    except NodeError as failure:
        pytest.skip(failure.message)
    for text in modules:
        module = install_module(parse_module(text), cache, node, os.environ)
        target = folder / module.folder
        if not target.exists():
            shutil.copytree(cache / module.folder, target, symlinks=True, copy_function=_link)
    return folder


def _link(source: str, target: str) -> None:
    """One file more without its bytes; a copy where the folders are on different disks."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)
