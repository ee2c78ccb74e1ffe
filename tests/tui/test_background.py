"""The background thread: what was begun is put away before the app ends, whatever ended it."""

from __future__ import annotations

import asyncio
import threading

import pytest

from dbconn_tui.tui.background import Background

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("cancelled_before", [False, True])
async def test_closing_waits_until_cancelled_work_has_put_things_away(cancelled_before: bool) -> None:
    background = Background()
    began, made = threading.Event(), ["user"]

    async def step() -> None:
        await asyncio.sleep(0.01)

    async def work() -> None:
        try:
            began.set()
            await asyncio.Event().wait()
        finally:
            # As a test does: it takes several steps, some in tasks of their own.
            await asyncio.ensure_future(step())
            await asyncio.ensure_future(step())
            made.clear()

    task = asyncio.ensure_future(background.run(work()))
    await asyncio.to_thread(began.wait)
    if cancelled_before:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    background.close()
    assert made == []
    if not cancelled_before:
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_results_and_errors_come_back_and_closing_twice_is_no_matter() -> None:
    background = Background()
    assert await background.call(max, 1, 2) == 2
    with pytest.raises(ZeroDivisionError):
        await background.call(divmod, 1, 0)
    background.close()
    background.close()
