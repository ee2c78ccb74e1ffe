"""What a screen shows, as plain lines; and waiting until nothing is under way."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.pilot import Pilot


def screen_lines(app: App[Any]) -> list[str]:
    """Every line of the screen as text, as wide as the terminal."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


def screen_text(app: App[Any]) -> str:
    """The whole screen as text, right ends stripped."""
    return "\n".join(line.rstrip() for line in screen_lines(app))


def screen_words(app: App[Any]) -> str:
    """The whole screen as words with one space between them, frames left out: for sentences that may be wrapped."""
    return " ".join(screen_text(app).translate(dict.fromkeys(map(ord, "│╭╮╰╯─█▌"), " ")).split())


def _busy(app: App[Any]) -> bool:
    """Whether a worker runs, or files or tenant are still to be read: a reading begins some messages after another."""
    state = getattr(app, "state", None)
    reading = state is not None and app.is_running and (state.opening or state.reading)
    return reading or any(not worker.is_finished for worker in app.workers)


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until messages, workers and the drawing they cause are through, and nothing is being read."""
    await pilot.pause()
    while _busy(pilot.app):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause(0.002)
    # What was shown last may have asked for a new footer or a new layout.
    await pilot.pause()
    await pilot.pause()


async def settle_typing(pilot: Pilot[Any]) -> None:
    """Wait until the pause after the last key is over, and what it starts is through."""
    await pilot.pause()
    while getattr(pilot.app.screen, "_pause", None) is not None:
        await pilot.pause(0.002)
    await settle(pilot)
