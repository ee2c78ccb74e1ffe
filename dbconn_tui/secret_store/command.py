"""Running a command that prints a secret: no shell, a limit of seconds and of bytes, and nothing of stderr kept."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final

PATIENCE: Final = 10.0
"""Seconds that a command may take for one secret."""

LARGEST_OUTPUT: Final = 100_002
"""Bytes that are read: the largest secret and one line end."""

_HIDDEN: Final = (
    "AUTH0_CLIENT_SECRET",
    "AUTH0_CLIENT_ASSERTION_PRIVATE_KEY",
    "AUTH0_ACCESS_TOKEN",
    "AUTH0_API_TOKEN",
)
_HIDDEN_PREFIX: Final = "DBCONN_SECRET_"


class Ending(Enum):
    """How a command ended."""

    EXIT = "exit"
    """By itself; its status says more."""
    NOT_FOUND = "not found"
    NOT_STARTED = "not started"
    TIMEOUT = "timeout"
    TOO_LONG = "too long"


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a command. `status` is negative for a signal; `output` is what it printed on stdout."""

    ending: Ending
    status: int = 0
    output: bytes = field(default=b"", repr=False)
    reason: str = ""
    """The system's word for why it could not be started."""


RunCommand = Callable[[Sequence[str], Path, Mapping[str, str]], Ended]
"""Runs program and arguments in a folder with an environment; raises nothing for what a command can do."""


def run_command(
    words: Sequence[str], folder: Path, environment: Mapping[str, str], *, patience: float = PATIENCE
) -> Ended:
    """Run a command to its end, or end it with everything it started after `patience` seconds or LARGEST_OUTPUT bytes.

    It gets the environment without dbconn's own credentials and values, no input, and no terminal to ask at.
    """
    program = _find(words[0], folder, environment)
    if program is None:
        return Ended(Ending.NOT_FOUND)
    try:
        process = subprocess.Popen(
            [program, *words[1:]],
            cwd=folder,
            env=without_credentials(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=os.name == "posix",
        )
    except OSError as failure:
        return Ended(Ending.NOT_STARTED, reason=(failure.strerror or type(failure).__name__).lower())
    output = bytearray()
    reading = threading.Thread(target=_read, args=(process, output), daemon=True)
    reading.start()
    try:
        # What it started in the background may hold its output open: the end of the output is what counts.
        reading.join(patience)
        too_long = len(output) > LARGEST_OUTPUT
        if reading.is_alive() or too_long:
            return Ended(Ending.TOO_LONG if too_long else Ending.TIMEOUT)
        try:
            status = process.wait(patience)
        except subprocess.TimeoutExpired:
            return Ended(Ending.TIMEOUT)
        return Ended(Ending.EXIT, status, bytes(output))
    finally:
        # Once it is reaped its number may belong to somebody else.
        if process.returncode is None:
            _end(process)
        reading.join(1.0)
        if not reading.is_alive() and process.stdout is not None:
            process.stdout.close()


def without_credentials(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without what dbconn itself would sign in with, and without other secrets' values."""
    return {
        name: text for name, text in environment.items() if name not in _HIDDEN and not name.startswith(_HIDDEN_PREFIX)
    }


def _find(word: str, folder: Path, environment: Mapping[str, str]) -> str | None:
    """The program: on PATH, or relative to `folder` when the word is a path."""
    if os.path.dirname(word):
        path = folder / Path(word).expanduser()
        return str(path) if path.is_file() else None
    return shutil.which(word, path=environment.get("PATH", os.defpath))


def _read(process: subprocess.Popen[bytes], output: bytearray) -> None:
    """Read until the end, or one byte more than is allowed."""
    assert process.stdout is not None
    with suppress(OSError, ValueError):
        while len(output) <= LARGEST_OUTPUT and (chunk := os.read(process.stdout.fileno(), 65_536)):
            output += chunk


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and everything in its group, and reap it."""
    with suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
