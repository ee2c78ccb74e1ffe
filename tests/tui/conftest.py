from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from scripted_backend import ScriptedBackend


@pytest.fixture
def anyio_backend() -> str:
    """Textual runs on asyncio."""
    return "asyncio"


@pytest.fixture
def backend() -> ScriptedBackend:
    """A project with five connections in five states."""
    return ScriptedBackend()


@pytest.fixture(autouse=True, scope="session")
def _fewer_collections() -> Iterator[None]:
    """An app leaves thousands of objects that refer to each other: looking for them less often saves a sixth."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 50)
    yield
    gc.set_threshold(*before)


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pilot looks whether the app is idle every 20 ms; 4 are enough."""
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 1 / 250)
    monkeypatch.setattr("textual._wait.SLEEP_IDLE", 1 / 2500)
