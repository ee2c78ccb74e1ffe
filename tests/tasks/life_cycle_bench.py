"""The bench of the tests of `dbconn test`: a project on the sample store, changed as a test wants it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dbconn_tui import passwords
from dbconn_tui.errors import NodeError
from dbconn_tui.runtime.checks import Check, KnownUser, State
from dbconn_tui.runtime.life_cycle import LEFT_OUT, PREFIX
from dbconn_tui.runtime.node import find_node
from dbconn_tui.sample_store.store import SampleStore, run_sample_store
from dbconn_tui.secret_store.memory_store import MemoryStore
from dbconn_tui.tasks.add import plan_addition, write_addition
from dbconn_tui.tasks.connection_tests import ConnectionTest, play_life_cycles
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.script_runs import RunSettings
from dbconn_tui.tasks.templates import one_template
from dbconn_tui.tasks.workspace import open_project

PROJECT = """\
version: 1
project_key: 00112233445566778899aabbccddeeff
tenants:
  prod: {domain: prod.example.com, protected: true}
"""


DEFAULT = RunSettings()


@pytest.fixture(scope="module")
def store() -> Iterator[SampleStore]:
    """One store for all tests; the cost of its hashes is not what is tested."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_COST", 2**4)
        with run_sample_store() as one:
            yield one


@dataclass
class Bench:
    """A project with one connection from the rest-api template, pointed at the sample store."""

    outside: Outside
    store: SampleStore

    def add(self, **answers: str | bool | int) -> None:
        project, _ = open_project(self.outside)
        given = {
            "api_url": self.store.url,
            "token_url": self.store.token_url,
            "client_id": self.store.client_id,
            "timeout_ms": 1500,
        }
        template = one_template(self.outside, "rest-api")
        write_addition(plan_addition(project, "users", template, {**given, **answers}))

    def change(self, kind: str, old: str, new: str) -> None:
        file = self.outside.folder / "scripts" / "users" / f"{kind}.js"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        file = self.outside.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    async def play_all(
        self, settings: RunSettings = DEFAULT, *, known: KnownUser | None = None, quick: bool = True, **more: Any
    ) -> tuple[ConnectionTest, ...]:
        project, _ = open_project(self.outside)
        return await play_life_cycles(self.outside, project, [], settings, known=known, quick=quick, **more)

    async def play(
        self, settings: RunSettings = DEFAULT, *, known: KnownUser | None = None, quick: bool = True, **more: Any
    ) -> ConnectionTest:
        (test,) = await self.play_all(settings, known=known, quick=quick, **more)
        return test


@pytest.fixture
def bench(tmp_path: Path, store: SampleStore) -> Bench:
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "DBCONN_SECRET_LOCAL__API_CLIENT_SECRET": store.client_secret.reveal(),
    }
    try:
        find_node(environment)
    except NodeError as failure:
        pytest.skip(failure.message)
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "dbconn.yaml").write_text(PROJECT, encoding="utf-8")
    return Bench(Outside(environment, folder, tmp_path, tmp_path / "state", MemoryStore()), store)


def states(test: ConnectionTest) -> dict[str, str]:
    """Check → state and message; without what was not asked for."""
    asked = [check for check in test.checks if check.message != LEFT_OUT]
    return {check.name: f"{check.state} {check.message}".strip() for check in asked}


def failed(test: ConnectionTest) -> list[Check]:
    return [check for check in test.checks if check.state is State.FAILED]


def left_over(bench: Bench) -> list[str]:
    return [user.email for user in bench.store.users.all() if user.email.startswith(PREFIX)]
