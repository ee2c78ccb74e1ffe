"""Outside: everything a task may touch beyond its arguments, gathered at the edge so that tests can replace it."""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dbconn_tui.secret_store.command import Ended
    from dbconn_tui.secret_store.values import SecretStore


async def _sleep(seconds: float) -> None:
    import asyncio

    await asyncio.sleep(seconds)


def _run_command(words: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Ended:
    from dbconn_tui.secret_store.command import run_command

    return run_command(words, folder, environment)


@dataclass(frozen=True, slots=True)
class Outside:
    """The environment, folders, the secret store, clocks in seconds, randomness, and the way to tenants.

    `transport` is an httpx transport for tests, None for the real network. `no_login_cache` keeps
    tokens in memory only.
    """

    environment: Mapping[str, str] = field(repr=False)
    folder: Path
    home: Path
    state_folder: Path
    store: SecretStore
    clock: Callable[[], float] = time.monotonic
    wall_clock: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = _sleep
    random_bytes: Callable[[int], bytes] = os.urandom
    transport: Any = None
    cache_tokens: bool = True
    run_command: Callable[[Sequence[str], Path, Mapping[str, str]], Ended] = _run_command
    """Runs the program of `secrets_from` in a folder with an environment."""


def real_outside(environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Outside:
    """The real outside of this process. DBCONN_STATE_DIR overrides the platform's state folder."""
    from dbconn_tui.secret_store.keyring_store import KeyringStore

    environment = os.environ if environment is None else environment
    return Outside(
        environment=dict(environment),
        folder=folder or Path.cwd(),
        home=Path.home(),
        state_folder=_state_folder(environment),
        store=KeyringStore(),
    )


def _state_folder(environment: Mapping[str, str]) -> Path:
    if environment.get("DBCONN_STATE_DIR"):
        return Path(environment["DBCONN_STATE_DIR"]).expanduser()
    import platformdirs

    return Path(platformdirs.user_state_dir("dbconn", appauthor=False))
