"""The real `dbconn` as a process: pipes, closed streams, signals, terminals, and a whole path over HTTP."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dbconn_tui.local_tenant.server import LocalTenant
from dbconn_tui.local_tenant.settings import Settings

DBCONN = [sys.executable, "-W", "error", "-m", "dbconn_tui"]
PROJECT = """\
version: 1
project_key: 00112233445566778899aabbccddeeff
tenants:
  dev: {{domain: "{url}", client_id: {client_id}}}
connections:
  users:
    configuration:
      API_KEY: {{env: THE_KEY}}
"""
LOGIN = "function login(identifier, password, callback) {\n  return callback(new Error(configuration.API_KEY));\n}\n"
VALUE = "a-value-that-must-never-show"


@pytest.fixture(scope="module")
def tenant() -> Iterator[LocalTenant]:
    with LocalTenant(Settings(https=False)) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path, tenant: LocalTenant) -> Path:
    """A project on the running tenant, with a connection name of its own."""
    name = f"users-{abs(hash(str(tmp_path))) % 10**8}"
    text = PROJECT.format(url=tenant.url, client_id=tenant.client_id).replace("users:", f"{name}:")
    (tmp_path / "dbconn.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "scripts" / name).mkdir(parents=True)
    (tmp_path / "scripts" / name / "login.js").write_text(LOGIN, encoding="utf-8")
    return tmp_path


@pytest.fixture
def environment(tmp_path: Path, tenant: LocalTenant) -> dict[str, str]:
    """A clean environment with the credentials of the running tenant."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "TERM": "xterm",
        "LANG": "C.UTF-8",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "DBCONN_STATE_DIR": str(tmp_path / "state"),
        "AUTH0_DOMAIN": tenant.url,
        "AUTH0_CLIENT_ID": tenant.client_id,
        "AUTH0_CLIENT_SECRET": tenant.client_secret.reveal(),
        "THE_KEY": VALUE,
    }


def run(folder: Path, environment: dict[str, str], *words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    more.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run(
        [*DBCONN, *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False, **more
    )


def test_plan_deploy_plan_over_http(folder: Path, environment: dict[str, str]) -> None:
    planned = run(folder, environment, "plan", "--detailed-exitcode")
    assert (planned.returncode, planned.stderr.splitlines()[0].startswith("reading http://127.0.0.1:")) == (2, True)
    deployed = run(folder, environment, "deploy", "--yes", "--json")
    assert deployed.returncode == 0, deployed.stderr
    assert json.loads(deployed.stdout)["summary"]["deployed"] == 1
    again = run(folder, environment, "plan", "--detailed-exitcode")
    assert again.returncode == 0
    assert "1 unchanged" in again.stdout
    for done in (planned, deployed, again):
        assert VALUE not in done.stdout + done.stderr
        assert environment["AUTH0_CLIENT_SECRET"] not in done.stdout + done.stderr


def test_without_a_terminal_nothing_is_asked(folder: Path, environment: dict[str, str]) -> None:
    done = run(folder, environment, "deploy")
    assert done.returncode == 3
    assert "Pass --yes." in done.stderr


def test_dbconn_alone_without_a_terminal_is_the_status(folder: Path, environment: dict[str, str]) -> None:
    done = run(folder, environment)
    assert done.returncode == 0
    assert done.stdout.startswith("dev (")
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize("words", [["schema"], ["help"], ["completion", "fish"]])
def test_a_reader_that_leaves_early_sees_no_traceback(
    folder: Path, environment: dict[str, str], words: list[str]
) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    try:
        done = subprocess.run(
            [*DBCONN, *words], cwd=folder, env=environment, stdout=write_end, stderr=subprocess.PIPE, text=True,
            stdin=subprocess.DEVNULL, timeout=60, check=False,
        )  # fmt: skip
    finally:
        os.close(write_end)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is not on this machine")
def test_a_full_disk_is_said(folder: Path, environment: dict[str, str]) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [*DBCONN, "schema"], cwd=folder, env=environment, stdout=full, stderr=subprocess.PIPE, text=True,
            stdin=subprocess.DEVNULL, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("error: No space left on device")
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="streams are closed by a POSIX shell")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_failure(folder: Path, environment: dict[str, str], closed: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"$@" {closed}', "sh", *DBCONN, "status"],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_is_gone_is_said(tmp_path: Path, environment: dict[str, str]) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    code = "import os, sys; os.rmdir(os.getcwd()); from dbconn_tui.cli import main; sys.exit(main(['status']))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=gone, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 3
    assert "current folder" in done.stderr


def test_names_that_are_no_text_are_told_apart_from_bugs(folder: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(
        [*map(os.fsencode, DBCONN), b"plan", b"us\xffers"], cwd=folder, env=environment, capture_output=True,
        stdin=subprocess.DEVNULL, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert b"no connection" in done.stderr


def read_until(terminal: int, wanted: bytes, so_far: bytes = b"") -> bytes:
    """What a terminal shows until `wanted` does, at most a minute."""
    while wanted not in so_far:
        ready, _, _ = select.select([terminal], [], [], 60)
        assert ready, so_far
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # Linux says so when the other end is closed
            piece = b""
        assert piece, so_far
        so_far += piece
    return so_far


class TestTerminal:
    """At a terminal the question is asked; the same command line elsewhere is refused."""

    def start(self, folder: Path, environment: dict[str, str], *words: str) -> tuple[subprocess.Popen[bytes], int]:
        terminal, other_end = pty.openpty()
        fcntl.ioctl(other_end, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 150, 0, 0))
        process = subprocess.Popen(
            [*DBCONN, *words], cwd=folder, env=environment, stdin=other_end, stdout=other_end, stderr=other_end,
            start_new_session=True,
        )  # fmt: skip
        os.close(other_end)
        return process, terminal

    def test_no_leaves_everything_as_it_is(self, folder: Path, environment: dict[str, str]) -> None:
        process, terminal = self.start(folder, environment, "deploy")
        try:
            read_until(terminal, b"[y/N] ")
            os.write(terminal, b"n\n")
            read_until(terminal, b"Cancelled; nothing was sent.")
            assert process.wait(timeout=60) == 130
        finally:
            process.kill()
            process.wait()
            os.close(terminal)
        assert run(folder, environment, "plan", "--detailed-exitcode").returncode == 2

    def test_yes_deploys(self, folder: Path, environment: dict[str, str]) -> None:
        process, terminal = self.start(folder, environment, "deploy", "--no-color")
        try:
            read_until(terminal, b"[y/N] ")
            os.write(terminal, b"y\n")
            shown = read_until(terminal, b"1 deployed")
            assert process.wait(timeout=60) == 0
        finally:
            process.kill()
            process.wait()
            os.close(terminal)
        assert VALUE.encode() not in shown

    def test_ctrl_c_at_the_question_ends_it_at_once(self, folder: Path, environment: dict[str, str]) -> None:
        process, terminal = self.start(folder, environment, "deploy")
        try:
            read_until(terminal, b"[y/N] ")
            process.send_signal(signal.SIGINT)
            read_until(terminal, b"interrupted")
            assert process.wait(timeout=60) == 130
        finally:
            process.kill()
            process.wait()
            os.close(terminal)

    def test_the_demo_opens_the_app_and_leaves_nothing(self, tmp_path: Path, environment: dict[str, str]) -> None:
        temporary = tmp_path / "temporary"
        temporary.mkdir()
        process, terminal = self.start(tmp_path, {**environment, "TMPDIR": str(temporary)}, "demo")
        try:
            shown = read_until(terminal, b"partner-portal")
            read_until(terminal, b"read just now", shown)
            os.write(terminal, b"\x11")  # ctrl+q
            shown = read_until(terminal, b"dbconn add legacy-users")
            assert process.wait(timeout=60) == 0
        finally:
            process.kill()
            process.wait()
            os.close(terminal)
        assert b"Traceback" not in shown
        assert list(temporary.iterdir()) == []


def test_ctrl_c_in_a_deploy_finishes_the_write_under_way(folder: Path, environment: dict[str, str]) -> None:
    text = (folder / "dbconn.yaml").read_text(encoding="utf-8")
    head, _, entry = text.partition("connections:\n")
    name = entry.split(":", 1)[0].strip()
    many = "".join(
        f"  {name}-{number}:\n    scripts: scripts/{name}\n{entry.partition(chr(10))[2]}" for number in range(12)
    )
    with LocalTenant(Settings(https=False)) as slow:
        (folder / "dbconn.yaml").write_text(
            f"{head.replace(environment['AUTH0_DOMAIN'], slow.url)}connections:\n{many}"
        )
        slow_environment = {
            **environment, "AUTH0_DOMAIN": slow.url, "AUTH0_CLIENT_SECRET": slow.client_secret.reveal(),
        }  # fmt: skip
        process = subprocess.Popen(
            [*DBCONN, "deploy", "--yes", "--json", "--max-rps", "2"], cwd=folder, env=slow_environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stderr is not None
        try:
            for line in process.stderr:
                if line.startswith("[1/12]"):
                    process.send_signal(signal.SIGINT)
                    break
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
            process.wait()
        assert process.returncode == 130, err
        states = [one["state"] for one in json.loads(out)["connections"]]
        live = {stored.name for stored in slow.state.connections.values()}
    assert set(states) == {"deployed", "not-attempted"}
    assert len(live) == states.count("deployed")
    assert "Stopping after the write under way" in err
