"""Bars of block characters: a share of a width, in eighths of a cell. Pure."""

from __future__ import annotations

from typing import Final

_EIGHTHS: Final = " ▏▎▍▌▋▊▉█"


def bar(share: float, width: int) -> str:
    """A bar of `share` (0 to 1, others are cut) of `width` cells; anything above 0 shows at least a sliver."""
    eighths = round(min(1.0, max(0.0, share)) * width * 8)
    if share > 0:
        eighths = max(1, eighths)
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (_EIGHTHS[rest] if rest else "")


def timeline(at: float, limit: float, width: int) -> str:
    """How far along a time limit something happened: `███▌············`; `at` and `limit` in the same unit."""
    done = bar(at / limit if limit else 0.0, width)
    return done + "·" * (width - len(done))
