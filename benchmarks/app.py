"""The app's first frame and memory against a bare Textual app, posting and harlequin; typing with live lint.

Each is started in a terminal of 150 columns and 40 lines; its first frame is there when a word of its own was drawn,
and the project's rows when the last of them was. Processor time is Linux's, and means something on a busy machine too.
posting and harlequin are installed once a machine by pip, each in an environment of its own; without them only the
bare app is measured against.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import re
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from textual.app import App, ComposeResult
from textual.widgets import TextArea

from dbconn_tui.tui.app import DbconnApp

ROUNDS = 7
COLUMNS, LINES = 150, 40
FIRST_FRAME_GOAL = 1.8
PEER_GOAL = 0.5
TYPING_GOAL = 2.0
KEYS = 40
FEW, MANY = 7, 200
"""Connections of the project that is opened, and of the one that is scrolled."""
STARTS_WITHIN = 60.0
"""Seconds."""

PEERS = {"posting": "posting==2.11.1", "harlequin": "harlequin==2.17.0"}
WORDS = {"posting": b"Commands", "harlequin": b"Query Results"}

BARE = (
    "from textual.app import App\nfrom textual.widgets import Label\n"
    "class Bare(App):\n    def compose(self):\n        yield Label('first-frame')\n"
    "Bare().run()\n"
)
_STYLE = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Start:
    """How far a start has come: seconds since it began, processor seconds, and the megabytes held."""

    seconds: float
    processor: float
    megabytes: float


def start(command: Sequence[str], words: Sequence[bytes], folder: Path) -> list[Start]:
    """Start it in a terminal of its own, wait for one word after the other, and end it; one Start a word."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "DBCONN_STATE_DIR": str(folder / "state"),
    }
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    began = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, env=environment, start_new_session=True
    )
    os.close(theirs)
    try:
        shown = b""
        come = []
        for word in words:
            while word not in _STYLE.sub(b"", shown):
                if time.perf_counter() - began > STARTS_WITHIN:
                    raise TimeoutError(f"{command[0]} showed no {word!r}")
                if select.select([ours], [], [], 1)[0]:
                    shown += os.read(ours, 1 << 16)
            come.append(Start(time.perf_counter() - began, _processor(process.pid), _megabytes(process.pid)))
        return come
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(ours)


def _processor(pid: int) -> float:
    """Processor seconds of a process, from Linux's /proc; 0 elsewhere."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _megabytes(pid: int) -> float:
    """Resident memory of a process, from Linux's /proc; 0 elsewhere."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def install_peer(name: str) -> Path | None:
    """The command of a peer in a cache folder; None when it cannot be installed."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dbconn-tests" / PEERS[name]
    command = cache / "bin" / name
    if not command.exists():
        subprocess.run([sys.executable, "-m", "venv", cache], check=True)
        # tree-sitter 0.26.1 crashes both of them before their first frame.
        wanted = [PEERS[name], "tree-sitter!=0.26.1"]
        done = subprocess.run([cache / "bin" / "python", "-m", "pip", "install", "--quiet", *wanted], check=False)
        if done.returncode:
            return None
    return command


def write_project(folder: Path, connections: int) -> None:
    """A project without a tenant, so that only files are read."""
    names = [f"users-{number:03}" for number in range(connections)]
    text = "version: 1\nconnections:\n" + "".join(f"  {name}: {{scripts: scripts/users}}\n" for name in names)
    (folder / "dbconn.yaml").write_text(text, encoding="utf-8")
    scripts = folder / "scripts" / "users"
    scripts.mkdir(parents=True)
    (scripts / "login.js").write_text(script(20), encoding="utf-8")


def script(lines: int) -> str:
    """A login script of about so many lines that lint has nothing against."""
    calls = "".join(
        f"    // step {number} of the way to the user\n    await ask('/users/{number}', identifier);\n"
        for number in range((lines - 16) // 2)
    )
    return (
        "async function login(identifier, password, callback) {\n  async function ask(path, body) {\n"
        "    const answer = await fetch(`${configuration.API_URL}${path}`, {\n      method: 'POST',\n"
        "      body: JSON.stringify({ body, password }),\n      signal: AbortSignal.timeout(1000),\n    });\n"
        "    if (!answer.ok) throw new Error('the user store is not available');\n    return answer.json();\n  }\n"
        "  let error = null;\n  try {\n" + calls + "  } catch (failure) {\n    error = failure;\n  }\n"
        "  return callback(error || new WrongUsernameOrPasswordError(identifier, 'wrong'));\n}\n"
    )


def starts(folder: Path) -> None:
    """Print the first frames and what they cost in memory."""
    commands: dict[str, tuple[Sequence[str], list[bytes]]] = {
        "bare Textual app": ([sys.executable, "-c", BARE], [b"first-frame"]),
        "dbconn": ([sys.executable, "-m", "dbconn_tui"], [b"Connections", f"users-{FEW - 1:03}".encode()]),
    }
    for name in PEERS:
        command = install_peer(name)
        if command is not None:
            commands[name] = ([str(command)], [WORDS[name]])
    taken: dict[str, list[list[Start]]] = {name: [] for name in commands}
    for command, words in commands.values():
        start(command, words, folder)
    for _ in range(ROUNDS):
        for name, (command, words) in commands.items():
            taken[name].append(start(command, words, folder))
    ours = taken.pop("dbconn")
    for index, what in enumerate(("first frame", "rows")):
        print(_start_line(f"dbconn, {what}", [one[index] for one in ours]))
    for name, all_starts in taken.items():
        theirs = [one[0] for one in all_starts]
        ratios = [
            statistics.median(mine[0].seconds / other.seconds for mine, other in zip(ours, theirs, strict=True)),
            statistics.median(mine[1].seconds / other.seconds for mine, other in zip(ours, theirs, strict=True)),
            statistics.median(
                mine[0].processor / (other.processor or 1) for mine, other in zip(ours, theirs, strict=True)
            ),
        ]
        goal = FIRST_FRAME_GOAL if name.startswith("bare") else PEER_GOAL
        print(
            f"{_start_line(name, theirs)}   dbconn / it {ratios[0]:5.2f} (goal ≤ {goal}), "
            f"rows {ratios[1]:5.2f}, first frame in processor time {ratios[2]:5.2f}"
        )


def _start_line(name: str, starts: Sequence[Start]) -> str:
    """Medians of several starts."""
    seconds, processor, megabytes = (
        statistics.median(getattr(one, what) for one in starts) for what in ("seconds", "processor", "megabytes")
    )
    return f"{name:<20} {seconds * 1000:6.0f} ms, {processor * 1000:6.0f} ms of processor   {megabytes:4.0f} MB"


class BareEditor(App[None]):
    """Nothing but a text area."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """The text area, highlighted as ours is."""
        yield TextArea(self._text, language="javascript")


async def typing(app: App[None], ready: Callable[[App[None]], TextArea | None]) -> float:
    """Median seconds of a key until everything it caused is drawn."""
    async with app.run_test(size=(COLUMNS, LINES)) as pilot:
        area = None
        while area is None:
            await pilot.pause(0.05)
            area = ready(app)
        area.focus()
        area.move_cursor((5, 0))
        await pilot.pause()
        taken = []
        for number in range(KEYS):
            began = time.perf_counter()
            await pilot.press("abcdefghij"[number % 10])
            taken.append(time.perf_counter() - began)
        return statistics.median(taken)


async def scrolling(app: DbconnApp) -> float:
    """Median seconds of one step down in a table of many connections."""
    async with app.run_test(size=(COLUMNS, LINES)) as pilot:
        while app.state.opened is None or app.state.opening:
            await pilot.pause(0.05)
        taken = []
        for _ in range(KEYS):
            began = time.perf_counter()
            await pilot.press("down")
            taken.append(time.perf_counter() - began)
        return statistics.median(taken)


def our_app(folder: Path) -> DbconnApp:
    """The app on a project, with nothing of this machine's own."""
    from dbconn_tui.tasks.outside import real_outside
    from dbconn_tui.tui.backend import TaskBackend

    environment = {"DBCONN_STATE_DIR": str(folder / "state"), "HOME": str(folder)}
    return DbconnApp(TaskBackend(real_outside(environment, folder), None), None)


async def keys(folder: Path) -> None:
    """Print what a key costs."""
    from dbconn_tui.tui.screens.editor import EditorScreen

    text = script(200)
    (folder / "scripts" / "users" / "login.js").write_text(text, encoding="utf-8")

    def our_area(app: App[None]) -> TextArea | None:
        assert isinstance(app, DbconnApp)
        if app.state.opened is None or app.state.opening:
            return None
        if not isinstance(app.screen, EditorScreen):
            app.action_edit("users-000")
            return None
        return app.screen.editor

    ours, bare = [], []
    for _ in range(3):
        bare.append(await typing(BareEditor(text), lambda app: app.query_one(TextArea)))
        ours.append(await typing(our_app(folder), our_area))
    ratio = statistics.median(one / other for one, other in zip(ours, bare, strict=True))
    print(
        f"a key in {text.count(chr(10))} lines, live lint {statistics.median(ours) * 1000:6.1f} ms   "
        f"bare text area {statistics.median(bare) * 1000:6.1f} ms   ratio {ratio:5.2f} (goal ≤ {TYPING_GOAL})"
    )
    step = await scrolling(our_app(folder))
    print(f"a step down in {MANY} connections {step * 1000:6.1f} ms")


def main() -> None:
    """Print every figure."""
    with tempfile.TemporaryDirectory() as few, tempfile.TemporaryDirectory() as many:
        write_project(Path(few), FEW)
        write_project(Path(many), MANY)
        starts(Path(few))
        asyncio.run(keys(Path(many)))


if __name__ == "__main__":
    main()
