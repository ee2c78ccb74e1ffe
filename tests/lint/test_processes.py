"""Work spread over processes gives what one process gives, in the same order."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from dbconn_tui.lint.processes import spread

IN_MANY = """
import os, sys
from dbconn_tui.lint import processes
processes._processors = lambda: 3
found = processes.spread(lambda number: (number * number, os.getpid()), range(50), pays=True)
assert [square for square, _ in found] == [number * number for number in range(50)]
used = {process for _, process in found}
assert os.getpid() not in used and len(used) >= 1, used
try:
    processes.spread(lambda number: 1 // number, [1, 0], pays=True)
except ZeroDivisionError:
    print("as it should be")
"""


def test_small_work_stays_in_this_process() -> None:
    assert spread(lambda number: (number, os.getpid()), range(3), pays=False) == [(n, os.getpid()) for n in range(3)]
    assert spread(str, [], pays=True) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks safely")
def test_large_work_is_done_by_others_and_comes_back_in_order() -> None:
    done = subprocess.run([sys.executable, "-c", IN_MANY], capture_output=True, text=True, check=True)
    assert done.stdout == "as it should be\n"


def test_beside_a_thread_nothing_is_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("threading.active_count", lambda: 2)
    assert set(spread(lambda _: os.getpid(), range(3), pays=True)) == {os.getpid()}


def test_where_nothing_can_be_forked_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(method: str) -> None:
        raise OSError(38, "no semaphores")

    monkeypatch.setattr("dbconn_tui.lint.processes._processors", lambda: 2)
    monkeypatch.setattr("dbconn_tui.lint.processes._can_fork", lambda: True)
    monkeypatch.setattr("multiprocessing.get_context", refuse)
    assert set(spread(lambda _: os.getpid(), range(3), pays=True)) == {os.getpid()}
