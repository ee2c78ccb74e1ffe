"""Real commands: their value, their failures, and that none of them holds dbconn up or leaves a process behind."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from dbconn_tui.secret_store.command import LARGEST_OUTPUT, Ended, Ending, run_command

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the scripts are for a POSIX shell")


def script(folder: Path, text: str, name: str = "get-secret") -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return f"./{name}"


def run(folder: Path, text: str, *arguments: str, patience: float = 30.0, **environment: str) -> Ended:
    path = os.environ["PATH"]
    return run_command([script(folder, text), *arguments], folder, {"PATH": path, **environment}, patience=patience)


def test_stdout_is_the_value_and_stderr_is_nowhere(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    ended = run(tmp_path, 'echo "value of $1"; echo "leaked by stderr" >&2', "api_key")
    assert (ended.ending, ended.status, ended.output) == (Ending.EXIT, 0, b"value of api_key\n")
    assert capfd.readouterr() == ("", "")
    assert "value of" not in repr(ended)


def test_arguments_are_no_shell_text(tmp_path: Path) -> None:
    ended = run(tmp_path, 'printf "%s" "$1"', "$(echo run); `echo too` > file")
    assert ended.output == b"$(echo run); `echo too` > file"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["get-secret"]


def test_it_runs_in_the_given_folder_and_programs_come_from_the_given_path(tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    script(tools, "/bin/pwd", "where")
    ended = run_command(["where"], tmp_path, {"PATH": str(tools)})
    assert ended.output.decode().strip() == str(tmp_path.resolve())


def test_a_failure_is_its_status(tmp_path: Path) -> None:
    assert run(tmp_path, "exit 7").status == 7
    assert run(tmp_path, "kill -9 $$").status == -9


def test_a_missing_program_and_one_that_cannot_be_started(tmp_path: Path) -> None:
    assert run_command(["no-such-program-here"], tmp_path, {"PATH": "/bin"}).ending is Ending.NOT_FOUND
    assert run_command(["./missing"], tmp_path, {}).ending is Ending.NOT_FOUND
    (tmp_path / "text").write_text("no program")
    ended = run_command(["./text"], tmp_path, {})
    assert ended.ending is Ending.NOT_STARTED
    assert "permission" in ended.reason


def test_one_that_hangs_is_ended_with_all_it_started(tmp_path: Path) -> None:
    tell = tmp_path / "pids"
    os.mkfifo(tell)
    reader = os.open(tell, os.O_RDONLY | os.O_NONBLOCK)
    ended = run(tmp_path, f'sleep 600 & exec 3>"{tell}"; echo "$$ $!" >&3; exec 3>&-; wait', patience=1.0)
    assert ended.ending is Ending.TIMEOUT
    pids = [int(word) for word in os.read(reader, 100).split()]
    os.close(reader)
    assert len(pids) == 2
    assert not any(is_running(pid) for pid in pids)


def test_a_value_followed_by_a_hang_is_no_value(tmp_path: Path) -> None:
    ended = run(tmp_path, "echo half a value; exec sleep 600", patience=0.5)
    assert (ended.ending, ended.output) == (Ending.TIMEOUT, b"")


def test_huge_output_is_cut_off_at_once(tmp_path: Path) -> None:
    ended = run(tmp_path, f"exec {sys.executable} -c 'while True: print(\"x\" * 4096)'")
    assert (ended.ending, ended.output) == (Ending.TOO_LONG, b"")


def test_the_largest_output_fits(tmp_path: Path) -> None:
    ended = run(tmp_path, f"head -c {LARGEST_OUTPUT} /dev/zero")
    assert (ended.ending, len(ended.output)) == (Ending.EXIT, LARGEST_OUTPUT)


def test_binary_output_comes_as_it_is(tmp_path: Path) -> None:
    assert run(tmp_path, r"printf '\377\000\n'").output == b"\xff\x00\n"


def test_it_has_no_input_to_wait_for(tmp_path: Path) -> None:
    assert run(tmp_path, "cat; echo end").output == b"end\n"


def test_it_gets_the_environment_but_no_credential_of_ours(tmp_path: Path) -> None:
    ended = run(
        tmp_path,
        "env",
        HOME="/home/of-the-test",
        AUTH0_DOMAIN="dev.example.com",
        AUTH0_CLIENT_SECRET="never-1",
        AUTH0_ACCESS_TOKEN="never-2",
        AUTH0_API_TOKEN="never-3",
        AUTH0_CLIENT_ASSERTION_PRIVATE_KEY="never-4",
        DBCONN_SECRET_API_KEY="never-5",
    )
    assert b"HOME=/home/of-the-test" in ended.output
    assert b"AUTH0_DOMAIN=dev.example.com" in ended.output
    assert b"never" not in ended.output


def is_running(pid: int) -> bool:
    """Whether a process is there and no zombie that waits to be reaped by somebody else."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
