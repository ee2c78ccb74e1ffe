"""`dbconn --help` against the same interpreter with argparse alone: median wall time, pair by pair."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

ROUNDS = 15
GOAL = 3.0

BASELINE = [
    sys.executable,
    "-c",
    "import argparse; p = argparse.ArgumentParser(); p.parse_args([]); p.format_help()",
]
DBCONN = [sys.executable, "-m", "dbconn_tui", "--help"]


def seconds(command: list[str]) -> float:
    """Wall time of one run, output thrown away."""
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def main() -> None:
    """Print both medians and the median of the pairwise ratios."""
    seconds(BASELINE), seconds(DBCONN)
    pairs = [(seconds(DBCONN), seconds(BASELINE)) for _ in range(ROUNDS)]
    ours, base = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"dbconn --help   {ours:6.1f} ms")
    print(f"argparse alone  {base:6.1f} ms")
    print(f"ratio           {ratio:6.2f}    (goal ≤ {GOAL}, median of {ROUNDS} pairs)")


if __name__ == "__main__":
    main()
