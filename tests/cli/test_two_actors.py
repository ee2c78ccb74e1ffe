"""A deploy while somebody else works on the tenant: the report is true, exit 5, nothing of theirs is lost unseen."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from dbconn_tui.cli import main
from dbconn_tui.cli.session import Streams
from dbconn_tui.local_tenant.control import dashboard_save
from tests.cli.conftest import Terminal
from tests.cli.live_tenant import SCRIPT, edit, live, on_tenant, watch

if TYPE_CHECKING:
    from tests.cli.conftest import World

THEIRS = "function login(identifier, password, callback) {\n  return callback(new Error('theirs'));\n}\n"


def edit_script(world: World) -> None:
    on_tenant(world, ("options", "customScripts", "login"), THEIRS)


def change_value(world: World) -> None:
    on_tenant(world, ("options", "configuration", "API_KEY"), "a-value-of-theirs")


def save_in_the_dashboard(world: World) -> None:
    tenant: Any = world.app.state.tenant
    dashboard_save(tenant, next(iter(tenant.connections.values())))


def take_the_record(world: World) -> None:
    record = live(world)["metadata"]
    on_tenant(world, ("metadata",), {key: f"{text[:-3]}AAA" for key, text in record.items()})


@pytest.mark.parametrize("meddle", [edit_script, lambda world: on_tenant(world, ("options", "mfa"), {"active": False})])
def test_an_edit_between_plan_and_deploy_makes_a_saved_plan_stale(
    deployed: World, meddle: Callable[[World], None]
) -> None:
    edit(deployed)
    assert deployed("plan", "--out", "reviewed.plan").code == 0
    meddle(deployed)
    before = live(deployed)
    done = deployed("deploy", "--plan", "reviewed.plan", "--yes")
    assert done.code == 5
    assert live(deployed) == before


class Reader(io.StringIO):
    """A human at a terminal who answers yes after `reading`."""

    def __init__(self, reading: Callable[[], None]) -> None:
        super().__init__()
        self.reading = reading

    def isatty(self) -> bool:
        return True

    def readline(self, size: int | None = -1, /) -> str:
        self.reading()
        return "y\n"


def test_an_edit_while_a_human_reads_the_question_is_refused(deployed: World) -> None:
    edit(deployed)
    clock: Any = deployed.outside.clock

    def reading() -> None:
        clock.now += 60
        edit_script(deployed)

    out, err = Terminal(terminal=True), Terminal(terminal=True)
    assert main(["deploy"], outside=deployed.outside, streams=Streams(Reader(reading), out, err)) == 5
    assert "changed since the plan was made" in out.getvalue()
    assert live(deployed)["options"]["customScripts"]["login"] == THEIRS


@pytest.mark.parametrize(
    ("meddle", "says"),
    [
        (edit_script, "changed by somebody else: script:login"),
        (change_value, "saved again by somebody else"),
        (save_in_the_dashboard, "somebody else"),
        (take_the_record, "another dbconn"),
    ],
    ids=["a script", "a value", "the dashboard", "another dbconn"],
)
@pytest.mark.parametrize("first", [True, False], ids=["created", "changed"])
def test_a_writer_right_after_ours_is_reported(
    project: World, meddle: Callable[[World], None], says: str, first: bool
) -> None:
    if not first:
        assert project("deploy", "--yes").code == 0
        edit(project)
    watch(project).after_write = lambda: meddle(project)
    done = project("deploy", "--yes", "--json")
    assert done.code == 5
    (connection,) = done.json["connections"]
    assert connection["state"] == "failed"
    assert says in connection["error"]["message"]
    assert done.json["summary"]["deployed"] == 0
    if meddle is edit_script:
        again = project("plan", "--json")
        assert again.json["connections"][0]["state"] == "drift"
        assert live(project)["options"]["customScripts"]["login"] == THEIRS
        assert project.read(SCRIPT) != THEIRS
