"""The pictures of the README: from the real app, fetching nothing, naming no machine."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
LARGEST = 100_000
"""Bytes."""


SCREENS = {
    "home": "Connections",
    "templates": "HTTPS user API",
    "confirm": "Cancel",
    "editor": "undeclared-variable",
    "plan": "Plan:",
    "deploy": "read back and compared",
    "history": "goes back to before this",
    "settings": "How strong a password must be",
}
"""Picture → words that its screen shows."""

LARGEST_TOUR = 400_000


def check_picture(svg: str, words: str, largest: int = LARGEST) -> None:
    assert len(svg.encode()) < largest
    assert words in svg.replace("&#160;", " ")
    assert set(re.findall(r"https?://[^\"'\s]+", svg)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"@font-face|@import|<image|<script|127\.0\.0\.1|/tmp/|/home/|/root/", svg)


@pytest.mark.parametrize("name", SCREENS)
def test_a_kept_picture_is_small_and_fetches_nothing(name: str) -> None:
    check_picture((PICTURES / f"{name}.svg").read_text(encoding="utf-8"), SCREENS[name])


def test_the_tour_shows_every_picture_once_in_a_minute() -> None:
    svg = (PICTURES / "tour.svg").read_text(encoding="utf-8")
    check_picture(svg, "1 of 8", LARGEST_TOUR)
    ElementTree.fromstring(svg)
    delays = [float(one) for one in re.findall(r"animation-delay: (-?[\d.]+)s", svg)]
    assert delays == [7.5 * number - 60 for number in range(8)]
    ids = re.findall(r' id="([^"]+)"', svg)
    assert len(ids) == len(set(ids))


def test_pictures_can_be_made_from_the_app_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PICTURES.parents[1]))
    from benchmarks.screenshots import main

    assert main([str(tmp_path)]) == 0
    for name, words in SCREENS.items():
        check_picture((tmp_path / f"{name}.svg").read_text(encoding="utf-8"), words)
    check_picture((tmp_path / "tour.svg").read_text(encoding="utf-8"), "8 of 8", LARGEST_TOUR)
