"""The pictures of the README: from the real app, fetching nothing, naming no machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
LARGEST = 100_000
"""Bytes."""


SCREENS = {
    "home": "Connections",
    "editor": "undeclared-variable",
    "plan": "Plan:",
    "deploy": "read back and compared",
    "history": "goes back to before this",
    "settings": "How strong a password must be",
}
"""Picture → words that its screen shows."""


def check_picture(svg: str, words: str) -> None:
    assert len(svg) < LARGEST
    assert words in svg.replace("&#160;", " ")
    assert set(re.findall(r"https?://[^\"'\s]+", svg)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"@font-face|@import|<image|<script|127\.0\.0\.1|/tmp/|/home/|/root/", svg)


@pytest.mark.parametrize("name", SCREENS)
def test_a_kept_picture_is_small_and_fetches_nothing(name: str) -> None:
    check_picture((PICTURES / f"{name}.svg").read_text(encoding="utf-8"), SCREENS[name])


def test_pictures_can_be_made_from_the_app_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PICTURES.parents[1]))
    from benchmarks.screenshots import main

    assert main([str(tmp_path)]) == 0
    for name, words in SCREENS.items():
        check_picture((tmp_path / f"{name}.svg").read_text(encoding="utf-8"), words)
