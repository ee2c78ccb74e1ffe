"""Colours: a theme's variables made readable: text of 4.5:1 or more on everything it can stand on (WCAG 2.1, 1.4.3).

Themes are made for large editors; their accents on their own panels are often fainter than small text needs. Each
colour is kept where it is readable and moved towards white or black as far as needed where it isn't.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from textual.color import BLACK, WHITE, Color

READABLE: Final = 4.5
"""Contrast ratio of text."""
DISTINCT: Final = 3.0
"""Contrast ratio of what cannot be used just now, which WCAG leaves free."""
_MARGIN: Final = 0.4
"""What rounding to eight bits and Textual's own shades of a ground may take away."""
_STEPS: Final = 25

_TEXTS: Final = ("accent", "error", "primary", "secondary", "success", "warning")
"""Each is a variable `text-NAME`."""

_TINTS: Final = {
    "cursor": ("primary", 0.30),
    "cursor-blurred": ("primary", 0.15),
    "added": ("success", 0.18),
    "removed": ("error", 0.18),
    "added-word": ("success", 0.45),
    "removed-word": ("error", 0.45),
    "mark-error": ("error", 0.35),
    "mark-warning": ("warning", 0.25),
    "mark-info": ("primary", 0.25),
}
"""Backgrounds of our own: a colour of the theme, and how much of it lies over the background at most."""

_UNDER_COLOURED_TEXT: Final = ("cursor", "cursor-blurred", "mark-error", "mark-warning", "mark-info")


_SOURCES: Final = tuple(sorted({source for source, _ in _TINTS.values()}))

_OF_TERMINAL: Final = {
    "on-error": "ansi_bright_white",
    "on-primary": "ansi_bright_white",
    "on-success": "ansi_black",
    "on-warning": "ansi_black",
}


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of two opaque colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Color) -> float:
    parts = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (colour.r / 255, colour.g / 255, colour.b / 255)
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def readable_variables(variables: Mapping[str, str], *, dark: bool) -> dict[str, str]:
    """The variables of a theme with readable texts, and with our own backgrounds: `cursor`, `added`, `mark-error` ….

    A theme of the terminal's own colours keeps its texts: what they look like is the terminal's affair.
    """
    if variables["primary"].startswith("ansi_"):
        tints = dict.fromkeys(_TINTS, variables["background"])
        cursor = "ansi_bright_black" if dark else "ansi_white"
        return {**variables, **tints, **_OF_TERMINAL, "cursor": cursor}
    theme = {name: Color.parse(variables[name]) for name in ("background", "surface", "panel", *_SOURCES)}
    background = theme["background"]
    grounds = [background, theme["surface"], theme["panel"]]
    foreground = _readable(Color.parse(variables["foreground"]), grounds)
    made = {"foreground": foreground, "input-cursor-background": foreground, "input-cursor-foreground": background}
    for name, (source, share) in _TINTS.items():
        made[name] = _tint(background, theme[source], share, foreground)
    under = [*grounds, *(made[tint] for tint in _UNDER_COLOURED_TEXT)]
    for name in _TEXTS:
        made[f"text-{name}"] = _readable(Color.parse(variables[f"text-{name}"]), under)
    made["text-muted"] = _readable(foreground.blend(background, 0.35), under)
    made["text-disabled"] = _readable(foreground.blend(background, 0.55), grounds, DISTINCT)
    for name in _SOURCES:
        made[f"on-{name}"] = _readable(background, [theme[name]])
    return {**variables, **{name: colour.hex for name, colour in made.items()}}


def _readable(colour: Color, grounds: Iterable[Color], ratio: float = READABLE) -> Color:
    """The colour, moved towards white or black no further than it takes to be readable on all grounds."""
    grounds = list(grounds)

    def worst(one: Color) -> float:
        return min(contrast(one, ground) for ground in grounds)

    end = max((BLACK, WHITE), key=worst)
    moved = (colour.blend(end, step / _STEPS) for step in range(_STEPS + 1))
    return next((one for one in moved if worst(one) >= ratio + _MARGIN), end)


def _tint(background: Color, colour: Color, share: float, foreground: Color) -> Color:
    """As much of a colour over the background as leaves the foreground well readable, `share` at most."""
    shares = (share * step / _STEPS for step in range(_STEPS, 0, -1))
    tints = (background.blend(colour, one) for one in shares)
    return next((tint for tint in tints if contrast(foreground, tint) >= READABLE + 1), background)
