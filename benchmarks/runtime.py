"""A run of a script against bare `node -e 0` of the same binary: median wall time, round by round."""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import time

from dbconn_tui.runtime.job import Job
from dbconn_tui.runtime.node import Node, find_node
from dbconn_tui.runtime.process import scrubbed_environment
from dbconn_tui.runtime.runner import ScriptRunner

ROUNDS = 25
COLD_GOAL = 1.5
READY_GOAL = 0.5
IDLE = 0.3
"""Seconds between two runs, in which the next process is ready."""

SCRIPT = "function login(email, password, callback) {\n  callback(null, { user_id: 'u1', email });\n}\n"
JOB = Job("login", "login.js", SCRIPT, ("robin@example.com", "password"))


def bare(node: Node, environment: dict[str, str]) -> float:
    """Seconds of `node -e 0`."""
    started = time.perf_counter()
    subprocess.run([node.path, "-e", "0"], env=environment, stdin=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


async def timed(runner: ScriptRunner) -> float:
    """Seconds until a run is judged."""
    started = time.perf_counter()
    run = await runner.run(JOB)
    assert run.kept, run.problems
    return time.perf_counter() - started


async def measure(node: Node) -> tuple[list[float], list[float], list[float]]:
    """Seconds of every round: bare, in a process started for it, in one that was ready."""
    environment = scrubbed_environment(ScriptRunner(node).isolation)
    base, cold, ready = [], [], []
    async with ScriptRunner(node, spare=False) as starting, ScriptRunner(node) as waiting:
        await timed(starting), await timed(waiting)
        for _ in range(ROUNDS):
            base.append(bare(node, environment))
            cold.append(await timed(starting))
            await asyncio.sleep(IDLE)
            ready.append(await timed(waiting))
            await asyncio.sleep(IDLE)
    return base, cold, ready


def main() -> None:
    """Print the medians and the medians of the ratios."""
    node = find_node(os.environ)
    base, cold, ready = asyncio.run(measure(node))
    print(f"node -e 0       {statistics.median(base) * 1000:6.1f} ms   (Node {node.version})")
    for name, column, goal in (("run, cold", cold, COLD_GOAL), ("run, ready", ready, READY_GOAL)):
        ratio = statistics.median(one / bare for one, bare in zip(column, base, strict=True))
        milliseconds = statistics.median(column) * 1000
        print(f"{name:<15} {milliseconds:6.1f} ms   ratio {ratio:5.2f}   (goal ≤ {goal}, median of {ROUNDS} rounds)")


if __name__ == "__main__":
    main()
