"""NodeProcess: one Node process with the harness in it, shut off from this machine as far as Node can.

Own process group, scrubbed environment, Node's permission model, capped memory, killed at the limit.
Not a boundary against hostile code: it keeps accidents and leaks in.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from dbconn_tui.errors import NodeError
from dbconn_tui.runtime.node import INSPECTOR_FLAG, Node
from dbconn_tui.runtime.observation import Ending, Observation, observe

HARNESS: Final = Path(__file__).resolve().parent / "harness"

MOST_BYTES: Final = 32_000_000
"""Bytes of events of one run; more is a script that never stops talking."""

_PROBED: Final = ("/etc/alpine-release", "/.dockerenv")
"""Looked for by the loader of native modules, to tell the system's C library, and by mongodb's driver, to tell a
container; Node 20.18 ends a script's promise without a word where that is refused."""

_MARGIN: Final = 0.5
"""Seconds that the harness has to report the limit itself before it is killed."""

_BEYOND_HEAP: Final = 768
"""Megabytes a process may use besides the JavaScript heap: buffers, code, Node itself."""

_STDERR_TAIL: Final = 20_000


@dataclass(frozen=True, slots=True)
class Isolation:
    """How a process is shut off. `heap` in megabytes. `modules` is the folder scripts may load packages from."""

    permission_model: bool = True
    heap: int = 256
    modules: Path | None = None
    coverage: bool = False
    """Counts which parts of scripts run."""
    certificates: str = ""
    """A PEM file of further certificate authorities (NODE_EXTRA_CA_CERTS)."""


def command_line(node: Node, isolation: Isolation, channel: int) -> list[str]:
    """The words that start the harness. Raises NodeError when the binary has no permission model."""
    words = [str(node.path), "--no-warnings", f"--max-old-space-size={isolation.heap}"]
    if isolation.permission_model:
        if not node.permission_flag:
            raise NodeError(
                f"Node {node.version} has no permission model to run scripts in",
                "Use Node 20, 22 or newer, or pass --no-isolation to run scripts with all your rights.",
            )
        words += [node.permission_flag, f"--allow-fs-read={HARNESS}{os.sep}*"]
        if isolation.modules is not None:
            words += [f"--allow-fs-read={path}" for path in (f"{isolation.modules}{os.sep}*", *_PROBED)]
            words += ["--allow-addons"] if "--allow-addons" in node.flags else []
        # Where the permission model knows the network, the harness's own list of hosts decides.
        words += ["--allow-net"] if "--allow-net" in node.flags else []
        # The harness alone gets at it: scripts find it guarded.
        words += [INSPECTOR_FLAG] if isolation.coverage else []
    return [*words, str(HARNESS / "main.js"), str(channel), *(["coverage"] if isolation.coverage else [])]


def scrubbed_environment(isolation: Isolation) -> dict[str, str]:
    """All that a script sees of the environment."""
    scrubbed = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8", "TZ": "UTC"}
    if os.name == "nt":
        # Without it Windows opens no socket.
        scrubbed = {"SystemRoot": os.environ.get("SYSTEMROOT", r"C:\Windows"), "TZ": "UTC"}
    if isolation.certificates:
        scrubbed["NODE_EXTRA_CA_CERTS"] = isolation.certificates
    return scrubbed


class NodeProcess:
    """A started harness, waiting for its job. Made by `start`; `close` ends it for good."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        events: asyncio.StreamReader,
        channel: asyncio.ReadTransport | None,
    ) -> None:
        self._process = process
        self._events = events
        self._channel = channel
        self._stderr = b""
        self._listening = asyncio.ensure_future(self._listen())
        self._seconds = 0.0

    @classmethod
    async def start(cls, node: Node, isolation: Isolation, *, own_channel: bool = os.name == "posix") -> NodeProcess:
        """Start a process. Events come on a descriptor of their own, or (`own_channel` False) on stdout.

        Raises NodeError when it cannot be started.
        """
        reading, writing = os.pipe() if own_channel else (-1, 1)
        pipe = os.fdopen(reading, "rb", buffering=0) if own_channel else None
        try:
            process = await asyncio.create_subprocess_exec(
                *command_line(node, isolation, writing),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL if own_channel else asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=scrubbed_environment(isolation),
                cwd=tempfile.gettempdir(),
                start_new_session=os.name == "posix",
                pass_fds=(writing,) if own_channel else (),
                limit=MOST_BYTES,
            )
        except OSError as failure:
            if pipe is not None:
                pipe.close()
            raise NodeError(
                f"{node.path} cannot be started: {failure.strerror}", "--node PATH names another."
            ) from None
        finally:
            if own_channel:
                os.close(writing)
        _cap(process.pid, "RLIMIT_CORE", 0)
        if isolation.permission_model:
            _cap(process.pid, "RLIMIT_DATA", (isolation.heap + _BEYOND_HEAP) * 1_000_000)
        if pipe is None:
            assert process.stdout is not None
            return cls(process, process.stdout, None)
        events = asyncio.StreamReader(limit=MOST_BYTES)
        loop = asyncio.get_running_loop()
        channel, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(events), pipe)
        return cls(process, events, channel)

    async def run(self, job: bytes, nonce: str, limit: float) -> Observation:
        """Carry one job out. `limit` in seconds; the process is usable again only when the ending is the harness's."""
        started = time.perf_counter()
        # An endless loop must end even if this program is killed before it can end it.
        self._seconds += limit + 5
        _cap(self._process.pid, "RLIMIT_CPU", int(self._seconds) + 1)
        events: list[Mapping[str, Any]] = []
        ending: Ending | None = Ending.DIED
        stdin = self._process.stdin
        assert stdin is not None
        try:
            async with asyncio.timeout(limit + _MARGIN):
                with suppress(ConnectionError):
                    stdin.write(job)
                    await stdin.drain()
                ending = await self._read(events, nonce)
        except TimeoutError:
            ending = Ending.BLOCKED
        except BaseException:
            # Also when it is cancelled: nothing of a run stays behind.
            await self.close()
            raise
        wall = (time.perf_counter() - started) * 1000
        try:
            observation = observe(events, ending)
        except (KeyError, TypeError, ValueError, RecursionError):
            # A script that changes what the harness is made of can spoil what it says.
            observation = Observation(Ending.DIED)
            ending = Ending.DIED
        if ending is None:
            return replace(observation, wall=wall)
        await self.close()
        stderr = self._stderr.decode(errors="replace")
        return replace(observation, wall=wall, elapsed=wall, exit_code=self._process.returncode, stderr=stderr)

    async def _read(self, events: list[Mapping[str, Any]], nonce: str) -> Ending | None:
        """Read events until the run is finished (None), or the ending when it does not come to that."""
        total = 0
        while True:
            try:
                line = await self._events.readline()
            except ValueError:
                return Ending.FLOOD
            if not line:
                return Ending.DIED
            total += len(line)
            if total > MOST_BYTES:
                return Ending.FLOOD
            event = _event(line, nonce)
            if event is not None:
                events.append(event)
                if event.get("type") == "finished":
                    return None

    async def close(self) -> None:
        """End the process and everything it started."""
        self._kill()
        await self._process.wait()
        await self._listening
        if self._process.stdin is not None:
            self._process.stdin.close()
            with suppress(ConnectionError):
                await self._process.stdin.wait_closed()
        if self._channel is not None:
            self._channel.close()

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            if os.name == "posix":
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    async def _listen(self) -> None:
        stderr = self._process.stderr
        assert stderr is not None
        while chunk := await stderr.read(65_536):
            self._stderr = (self._stderr + chunk)[-_STDERR_TAIL:]


def _event(line: bytes, nonce: str) -> Mapping[str, Any] | None:
    """The event of a line, None for anything else: a script may write to any descriptor."""
    if not line.startswith(b"{"):
        return None
    try:
        event = json.loads(line)
    except ValueError:
        return None
    if not isinstance(event, dict) or event.get("nonce") != nonce:
        return None
    event = event.get("event")
    return event if isinstance(event, dict) else None


def _cap(process_id: int, name: str, value: int) -> None:
    """Limit a resource of another process, where the system can."""
    if sys.platform != "linux":
        return
    import resource

    with suppress(OSError, ValueError):
        resource.prlimit(process_id, getattr(resource, name), (value, value))
