"""Reading a project of 300 connections against PyYAML's own pure-Python load of the same text, pair by pair."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from dbconn_tui.project.read import read_project

CONNECTIONS = 300
ROUNDS = 9
GOAL = 0.5

PROJECT = "defaults: {scripts: scripts/users}\nconnections:\n" + "".join(
    f"  users-{number}:\n    import_mode: false\n    configuration:\n      URL: https://{number}.acme.com\n"
    f"      KEY: {{secret: key}}\n    options: {{requires_username: true, mfa: {{active: true}}}}\n"
    for number in range(CONNECTIONS)
)


def milliseconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def main() -> None:
    """Print both medians and the median of the pairwise ratios."""
    with tempfile.TemporaryDirectory() as folder:
        scripts = Path(folder, "scripts", "users")
        scripts.mkdir(parents=True)
        (scripts / "login.js").write_text("function login() {}\n", encoding="utf-8")
        file = Path(folder, "dbconn.yaml")
        file.write_text(PROJECT, encoding="utf-8")
        pairs = [
            (milliseconds(lambda: read_project(file)), milliseconds(lambda: yaml.load(PROJECT, Loader=yaml.SafeLoader)))
            for _ in range(ROUNDS)
        ]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    print(f"read and check {CONNECTIONS} connections  {ours:6.1f} ms")
    print(f"yaml.load, SafeLoader        {theirs:6.1f} ms")
    print(f"ratio                        {ratio:6.2f}    (goal ≤ {GOAL}, median of {ROUNDS} pairs)")


if __name__ == "__main__":
    main()
