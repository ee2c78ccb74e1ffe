"""Background: one thread with its own event loop, so that work that computes never holds up the screen."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Collection, Coroutine
from typing import Any, Final, ParamSpec, TypeVar, cast

LONGEST_END: Final = 30.0
"""Seconds that work which was cancelled has to put away what it made."""

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Background:
    """Runs coroutines of other threads in one loop; starts its thread at first use, `close` ends it."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._works: set[asyncio.Task[Any]] = set()
        """What was given to `run` and is not over; touched in that thread only."""

    async def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """The result of `work`, run over there; cancelling this cancels it."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._known(work), self._started()))

    async def _known(self, work: Coroutine[Any, Any, Result]) -> Result:
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        self._works.add(task)
        try:
            return await work
        finally:
            self._works.discard(task)

    async def call(self, function: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
        """The result of a function that computes or reads files, in a thread beside that loop."""
        return await self.run(asyncio.to_thread(function, *args, **kwargs))

    def _started(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, name="dbconn-work", daemon=True)
            self._thread.start()
        return self._loop

    def close(self) -> None:
        """Cancel what is left, let it put away what it made, and end the thread."""
        if self._loop is None or self._thread is None:
            return
        loop, self._loop = self._loop, None
        # All in that thread: this one may have a running loop of its own.
        asyncio.run_coroutine_threadsafe(_wind_up(self._works), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        self._thread.join()
        loop.close()


async def _wind_up(works: Collection[asyncio.Task[Any]]) -> None:
    # What was cancelled before is putting things away, a test user for example: a second time would break that off.
    left = [task for task in works if not task.done()]
    for task in left:
        if not task.cancelling():
            task.cancel()
    if left:
        await asyncio.wait(left, timeout=LONGEST_END)
    loop = asyncio.get_running_loop()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await loop.shutdown_asyncgens()
    await loop.shutdown_default_executor()
