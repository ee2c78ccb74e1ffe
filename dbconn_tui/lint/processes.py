"""Spread work that only computes over the processors, where the platform can fork and it pays."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_CHUNKS_A_PROCESS: Final = 4
"""Enough to even out slow and fast items, few enough to send little to and fro."""

_work: tuple[Callable[[Any], Any], Sequence[Any]] | None = None
"""What the forked processes find in their memory; only numbers and results are sent."""


def spread(function: Callable[[Item], Result], items: Sequence[Item], *, pays: bool) -> list[Result]:
    """`function` of every item, in order, on all processors when that `pays`; exceptions come through.

    The function must not need anything but memory: no open file, no lock, no loop. Results are pickled.
    """
    processes = min(_processors(), len(items)) if pays else 1
    if processes < 2 or not _can_fork():
        return [function(item) for item in items]
    # Imported here: 20 ms that small projects need not pay.
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    global _work
    _work = function, items
    size = -(-len(items) // (processes * _CHUNKS_A_PROCESS))
    try:
        with ProcessPoolExecutor(processes, get_context("fork"), _leave_interrupts_to_parent) as pool:
            return list(pool.map(_one, range(len(items)), chunksize=size))
    except (BrokenProcessPool, NotImplementedError, OSError):
        # No room for more processes here, no semaphores, or one was killed.
        return [function(item) for item in items]
    finally:
        _work = None


def _can_fork() -> bool:
    """Whether a fork is safe: Linux, and no other thread that could hold a lock."""
    return sys.platform == "linux" and threading.active_count() == 1


def _processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _one(number: int) -> Any:
    assert _work is not None
    function, items = _work
    return function(items[number])
