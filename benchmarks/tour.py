"""The tour: the pictures of one walk as an SVG that shows one after the other, each with what it shows; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape

SECONDS: Final = 60
CAPTIONS: Final = {
    "home": "Every connection and its state, from the files at once and from the tenant as it answers",
    "templates": "A connection begins from a template whose scripts are complete",
    "editor": "Scripts are linted while you type; f9 mends what is safe",
    "settings": "Every option with what it is for, and what changing it changes in dbconn.yaml",
    "plan": "The plan: what a deploy would do, word by word, and what somebody else did meanwhile",
    "confirm": "Nothing is sent unasked; Cancel has the focus",
    "deploy": "All scripts in one write, then read back and compared",
    "history": "And the way back, through a plan",
}
"""Picture → what it shows, in the tour's order."""

BAND: Final = 44
"""Height of the line with the words, in the picture's units."""
_SIZE: Final = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def make_tour(pictures: Mapping[str, str], fonts: str) -> str:
    """One SVG of about SECONDS; a viewer that does not animate shows the first picture. Fetches nothing."""
    sizes = [_size(pictures[name]) for name in CAPTIONS]
    width, height = max(size[0] for size in sizes), max(size[1] for size in sizes)
    each = SECONDS / len(CAPTIONS)
    frames = []
    for number, (name, words) in enumerate(CAPTIONS.items()):
        svg = pictures[name].replace("<svg ", f'<svg y="{BAND}" width="{width:g}" height="{height:g}" ', 1)
        text = escape(f"{number + 1} of {len(CAPTIONS)}   {words}")
        frames.append(
            f'<g class="tour" style="animation-delay: {number * each - SECONDS:g}s; opacity: {int(number == 0)}">'
            f'<text class="words" x="12" y="28" xml:space="preserve">{text}</text>\n{svg}</g>'
        )
    last = 100 / len(CAPTIONS)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height + BAND:g}">\n<style>\n'
        f".tour {{ animation: tour {SECONDS}s step-end infinite; }}\n"
        f"@keyframes tour {{ 0% {{ opacity: 1; }} {last:g}% {{ opacity: 0; }} 100% {{ opacity: 0; }} }}\n"
        f".words {{ font: 20px {fonts}; fill: #e0e0e0; }}\n</style>\n"
        f'<rect width="100%" height="100%" rx="8" fill="#1e2430"/>\n' + "\n".join(frames) + "\n</svg>\n"
    )


def _size(svg: str) -> tuple[float, float]:
    found = _SIZE.search(svg)
    if found is None:
        raise ValueError("a picture without a viewBox")
    return float(found[1]), float(found[2])
