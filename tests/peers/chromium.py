"""A headless Chromium, driven over its DevTools protocol."""

from __future__ import annotations

import asyncio
import base64
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-extensions",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--remote-debugging-port=0", "--window-size=1280,800",
)  # fmt: skip


def find_chromium() -> str | None:
    """The browser's command, None where there is none."""
    return next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )


@dataclass(slots=True)
class Page:
    """One page of the browser."""

    socket: aiohttp.ClientWebSocketResponse
    session: str
    _last: int = 0

    async def call(self, method: str, **parameters: Any) -> Any:
        """One call of the protocol; events that come meanwhile are passed over."""
        self._last += 1
        await self.socket.send_json(
            {"id": self._last, "sessionId": self.session, "method": method, "params": parameters}
        )
        while True:
            said = await self.socket.receive_json()
            if said.get("id") == self._last:
                assert "error" not in said, said
                return said["result"]

    async def open(self, address: str) -> None:
        """Go there."""
        await self.call("Page.navigate", url=address)

    async def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        return (await self.call("Runtime.evaluate", expression=expression, returnByValue=True))["result"].get("value")

    async def until(self, expression: str, seconds: float = 60) -> None:
        """Wait until the expression is true in the page."""
        async with asyncio.timeout(seconds):
            while not await self.evaluate(expression):
                await asyncio.sleep(0.05)

    async def press(self, key: str, code: int, *, control: bool = False) -> None:
        """Press and let go of a key."""
        for kind in ("rawKeyDown", "keyUp"):
            await self.call(
                "Input.dispatchKeyEvent", type=kind, key=key, code=f"Key{key.upper()}", modifiers=2 if control else 0,
                windowsVirtualKeyCode=code,
            )  # fmt: skip

    async def picture(self) -> bytes:
        """What is shown, as PNG."""
        return base64.b64decode((await self.call("Page.captureScreenshot", format="png"))["data"])


@asynccontextmanager
async def chromium_page(command: str, folder: Path) -> AsyncIterator[Page]:
    """A page of a browser that keeps its data in `folder`; both are gone afterwards."""
    process = subprocess.Popen(
        [command, *FLAGS, f"--user-data-dir={folder}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        port_file = folder / "DevToolsActivePort"
        async with asyncio.timeout(60):
            while not port_file.exists() or len(port_file.read_text().splitlines()) < 2:
                await asyncio.sleep(0.05)
        port, path = port_file.read_text().splitlines()[:2]
        async with (
            aiohttp.ClientSession() as client,
            client.ws_connect(f"http://127.0.0.1:{port}{path}", max_msg_size=0) as socket,
        ):
            browser = Page(socket, "")
            await socket.send_json({"id": 0, "method": "Target.createTarget", "params": {"url": "about:blank"}})
            target = (await _answer(socket, 0))["targetId"]
            await socket.send_json(
                {"id": 0, "method": "Target.attachToTarget", "params": {"targetId": target, "flatten": True}}
            )
            browser.session = (await _answer(socket, 0))["sessionId"]
            yield browser
    finally:
        process.terminate()
        process.wait(timeout=30)


async def _answer(socket: aiohttp.ClientWebSocketResponse, number: int) -> Any:
    while True:
        said = await socket.receive_json()
        if said.get("id") == number:
            return said["result"]
