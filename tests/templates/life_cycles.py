"""The path of a user: a connection from a template in a new project, linted, its life cycle played on a real store."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from dbconn_tui.runtime.checks import KnownUser
from dbconn_tui.scaffold.template import Value
from dbconn_tui.secret_store.memory_store import MemoryStore
from dbconn_tui.tasks.add import plan_addition, write_addition
from dbconn_tui.tasks.connection_tests import ConnectionTest, play_life_cycles
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.script_runs import RunSettings
from dbconn_tui.tasks.templates import one_template
from dbconn_tui.tasks.workspace import open_project

ORGANIZATION = "org_dbconntest"
"""The id of the organization that life cycles are played in where scripts get one."""

PROJECT = """\
version: 1
project_key: 00112233445566778899aabbccddeeff
tenants:
  prod: {domain: prod.example.com}
"""


async def play(
    folder: Path,
    template: str,
    answers: Mapping[str, Value],
    secrets: Mapping[str, str],
    known: KnownUser | None = None,
    *,
    modules: Path | None = None,
) -> tuple[ConnectionTest, ...]:
    """Add a connection to a new project in `folder` and play its life cycle with and without organization.

    `modules` is a module cache.
    """
    environment = {"PATH": os.environ.get("PATH", "")}
    environment |= {f"DBCONN_SECRET_LOCAL__{name.upper()}": value for name, value in secrets.items()}
    (folder / "state").mkdir(parents=True)
    if modules is not None:
        (folder / "state" / "modules").symlink_to(modules)
    (folder / "dbconn.yaml").write_text(PROJECT, encoding="utf-8")
    outside = Outside(environment, folder, folder, folder / "state", MemoryStore())
    project, _ = open_project(outside)
    write_addition(plan_addition(project, "users", one_template(outside, template), answers))
    project, _ = open_project(outside)
    return await play_life_cycles(outside, project, ["users"], RunSettings(), known=known, quick=True)


def assert_passed(tests: Sequence[ConnectionTest]) -> None:
    """Every check passed or was skipped, and nothing was left behind."""
    for test in tests:
        failed = [f"{check.name}: {check.message}" for check in test.checks if check.state == "failed"]
        assert not failed, (test.variant, failed)
        assert not test.left_behind
