"""What writing would do: new, same, differing; nothing is written and nothing is hidden."""

from __future__ import annotations

from pathlib import Path

import pytest

from dbconn_tui.errors import ProjectError
from dbconn_tui.scaffold.catalogue import find_template, template_folders
from dbconn_tui.scaffold.file_plan import FileState, plan_files
from dbconn_tui.scaffold.render import Rendering, render


@pytest.fixture(scope="module")
def rendering() -> Rendering:
    return render(find_template("generic", template_folders()), {})


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_empty_place(rendering: Rendering, tmp_path: Path) -> None:
    folder = tmp_path / "scripts" / "users"
    planned = plan_files(rendering, folder, "scripts/users")
    assert [file.file for file in planned][:3] == [
        "scripts/users/login.js",
        "scripts/users/get_user.js",
        "scripts/users/create.js",
    ]
    assert {file.state for file in planned} == {FileState.NEW}
    assert [file.path for file in planned] == [folder / Path(file.file).name for file in planned]
    assert [file.data.decode() for file in planned] == [rendering.files[file.kind] for file in planned]
    assert not folder.exists()


def test_the_same_text_needs_no_writing(rendering: Rendering, tmp_path: Path) -> None:
    (tmp_path / "login.js").write_bytes(rendering.files["login"].encode())
    (tmp_path / "get_user.js").write_bytes(rendering.files["get_user"].replace("\n", "\r\n").encode())
    (tmp_path / "create.js").write_bytes(rendering.files["create"].rstrip("\n").encode())
    before = contents(tmp_path)
    states = {file.kind: file.state for file in plan_files(rendering, tmp_path)}
    assert states["login"] is states["get_user"] is states["create"] is FileState.SAME
    assert states["verify"] is FileState.NEW
    assert contents(tmp_path) == before


def test_a_differing_file_is_shown_and_left_alone(rendering: Rendering, tmp_path: Path) -> None:
    mine = rendering.files["login"].replace("identifier && password", "identifier")
    (tmp_path / "login.js").write_text(mine, "utf-8")
    before = contents(tmp_path)
    (login, *_others) = plan_files(rendering, tmp_path, "scripts/users/")
    assert login.state is FileState.DIFFERS
    lines = login.difference.splitlines()
    assert lines[0] == "--- scripts/users/login.js"
    assert lines[1] == "+++ scripts/users/login.js (rendered)"
    assert "-    const record = identifier ? await findVerified() : null;" in lines
    assert "+    const record = identifier && password ? await findVerified() : null;" in lines
    assert contents(tmp_path) == before


@pytest.mark.parametrize("present", [b"", b"\xff\xfe binary", b"x", b"x\r", "a\u2028b".encode()])
def test_anything_else_that_is_there_differs(rendering: Rendering, tmp_path: Path, present: bytes) -> None:
    (tmp_path / "login.js").write_bytes(present)
    (login, *_others) = plan_files(rendering, tmp_path)
    assert login.state is FileState.DIFFERS
    assert login.difference.startswith("--- login.js\n+++ login.js (rendered)\n")
    assert login.difference.endswith("\n")


def test_what_cannot_be_read_is_a_clear_failure(rendering: Rendering, tmp_path: Path) -> None:
    (tmp_path / "login.js").mkdir()
    with pytest.raises(ProjectError, match=r"users/login\.js cannot be read"):
        plan_files(rendering, tmp_path, "users")
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(ProjectError, match=r"login\.js cannot be read"):
        plan_files(rendering, blocked)
