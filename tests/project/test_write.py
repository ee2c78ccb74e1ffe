from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from dbconn_tui.errors import ProjectError
from dbconn_tui.project.write import write_file


def bits(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_holds_exactly_the_bytes(tmp_path: Path) -> None:
    write_file(tmp_path / "a", b"x\r\ny\n\x00")
    assert (tmp_path / "a").read_bytes() == b"x\r\ny\n\x00"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a"]


def test_an_existing_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_file(path, b"new")
    assert (path.read_bytes(), bits(path)) == (b"new", 0o640)


def test_a_mode_is_set_whatever_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o644)
    write_file(path, b"new", 0o600)
    assert bits(path) == 0o600
    write_file(tmp_path / "b", b"new", 0o600)
    assert bits(tmp_path / "b") == 0o600


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "file"
    target.write_bytes(b"old")
    link = tmp_path / "link"
    link.symlink_to(target)
    write_file(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="could not be written") as caught:
        write_file(tmp_path / "none" / "a", b"x")
    assert "none" in caught.value.message
    assert caught.value.hint


def test_a_failed_rename_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "inside").write_bytes(b"x")
    with pytest.raises(ProjectError):
        write_file(folder, b"new")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["folder"]
    assert (folder / "inside").read_bytes() == b"x"


def test_a_failed_flush_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def no_space(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(ProjectError, match="No space left"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a"]


def test_a_reader_with_the_old_file_open_keeps_reading_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old" * 1000)
    with path.open("rb") as reader:
        assert reader.read(3) == b"old"
        write_file(path, b"new")
        assert reader.read() == b"old" * 999
