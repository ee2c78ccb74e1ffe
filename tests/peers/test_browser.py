"""The app in a real browser: headless Chromium opens what `dbconn serve` prints, and the keys reach the app."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.peers.chromium import chromium_page, find_chromium
from tests.tui.browser.test_serve import environment, served

__all__ = ["environment"]

DRAWN = 20_000
"""Bytes of a PNG of this size with text in it; an empty one takes fewer."""

BODY_HAS = "document.body.classList.contains('{}')".format


@pytest.mark.peers
@pytest.mark.anyio
async def test_the_app_opens_in_chromium_once_and_takes_keys(tmp_path: Path, environment: dict[str, str]) -> None:
    command = find_chromium()
    if command is None:
        pytest.skip("Chromium is missing: apt install chromium")
    with served(tmp_path, environment) as (_, said):
        address = said["addresses"][0]
        (tmp_path / "one").mkdir()
        (tmp_path / "two").mkdir()
        async with chromium_page(command, tmp_path / "one") as page:
            await page.open(address)
            await page.until(BODY_HAS("-first-byte"))
            assert "token" not in await page.evaluate("location.href")
            async with asyncio.timeout(60):
                while len(picture := await page.picture()) < DRAWN:
                    await asyncio.sleep(0.2)
            (tmp_path / "page.png").write_bytes(picture)
            assert not await page.evaluate(BODY_HAS("-closed"))
            await page.evaluate("document.querySelector('textarea').focus()")
            await page.press("q", 81, control=True)
            await page.until(BODY_HAS("-closed"))
            async with chromium_page(command, tmp_path / "two") as other:
                await other.open(address)
                await other.until("document.body.innerText.includes('used already')")
