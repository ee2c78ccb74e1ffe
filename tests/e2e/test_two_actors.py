"""Two real actors on one tenant process: a deploy, and somebody who edits what it writes as soon as it is there."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.e2e.conftest import Control, Project

THEIRS = "function login(identifier, password, callback) {\n  return callback(new Error('theirs'));\n}\n"


def edit(control: Control, connection: str) -> None:
    body = {"connection": connection, "path": ["options", "customScripts", "login"], "value": THEIRS}
    control.call("POST", "/set", body)


def save(control: Control, connection: str) -> None:
    control.call("POST", "/dashboard-save", {"connection": connection})


@pytest.mark.parametrize("meddle", [edit, save], ids=["a script's edit", "a save in the dashboard"])
def test_an_edit_right_after_a_write_is_in_the_report_or_in_the_next_plan(project: Project, meddle: Any) -> None:
    control = project.control
    project.write_scripts("healthy")
    project.write_yaml("  healthy: {configuration: {KEY: a-value-of-ours}}\n")
    # The list that confirms comes late, so that the other one is usually first.
    late = {"kind": "delay", "seconds": 3, "method": "GET", "path": "/api/v2/connections", "skip": 1}
    control.call("POST", "/faults", late)
    ended = threading.Event()
    meddled: list[str] = []

    def actor() -> None:
        while not ended.is_set() and not meddled:
            for connection in control.connections().values():
                meddle(control, connection["id"])
                meddled.append(connection["id"])

    other = threading.Thread(target=actor)
    other.start()
    try:
        done = project.dbconn("deploy", "healthy", "--yes")
    finally:
        ended.set()
        other.join()
    assert meddled
    login = control.connections()["healthy"]["options"]["customScripts"]["login"]
    assert (login == THEIRS) is (meddle is edit)
    if done.returncode == 5:
        assert "by somebody else" in done.stdout + done.stderr
        assert "0 deployed" in done.stdout
    else:
        assert done.returncode == 0, done.stderr
    planned = project.json("plan", "healthy")["connections"][0]
    if meddle is edit:
        assert planned["state"] == "drift"
    else:
        states = {change["item"]: change["state"] for change in planned["changes"]}
        assert states["script:change_email"] == "dropped by the dashboard"
