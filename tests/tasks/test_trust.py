"""Trust in the command of `secrets_from`: given by hand, for this project and this very command."""

from __future__ import annotations

import stat
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dbconn_tui.errors import UnresolvedValueError, UsageError
from dbconn_tui.secret_store.command import Ended, Ending
from dbconn_tui.tasks.deploy import check_before_reading
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.secrets import referenced_values
from dbconn_tui.tasks.status import offline_status
from dbconn_tui.tasks.trust import revoke_trust, trust, trust_state
from dbconn_tui.tasks.workspace import open_project, open_workspace

if TYPE_CHECKING:
    from tests.tasks.conftest import World

VALUE = "a-value-of-the-command"


@pytest.fixture
def runs() -> list[tuple[str, ...]]:
    return []


@pytest.fixture
def world_with_command(world: World, runs: list[tuple[str, ...]]) -> World:
    """The world with a command in its project that prints VALUE, and notes in `runs` that it ran."""
    text = (world.outside.folder / "dbconn.yaml").read_text()
    world.write("dbconn.yaml", f"{text}secrets_from: {{command: [./get, '{{name}}']}}\n")
    world.write("get", "the program")

    def run(words: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Ended:
        runs.append((str(folder), *words))
        return Ended(Ending.EXIT, 0, f"{VALUE}\n".encode())

    world.outside = replace(world.outside, run_command=run)
    return world


def value(outside: Outside) -> str:
    resolved = check_before_reading(outside, open_workspace(outside))
    return resolved.values["users"]["API_KEY"].reveal()


def test_untrusted_it_never_runs_and_the_value_is_missing(world_with_command: World, runs: list[object]) -> None:
    with pytest.raises(UnresolvedValueError) as refused:
        value(world_with_command.outside)
    assert "`dbconn trust`" in refused.value.hint
    assert runs == []


def test_trusted_it_gives_the_value_on_this_machine(world_with_command: World, runs: list[object]) -> None:
    outside = world_with_command.outside
    trust(outside, open_project(outside)[0])
    assert value(outside) == VALUE
    assert runs == [(str(outside.folder), "./get", "api_key")]
    with pytest.raises(UnresolvedValueError):
        value(replace(outside, state_folder=outside.folder / "another machine"))


def test_what_is_kept_is_private_and_holds_no_command(world_with_command: World) -> None:
    outside = world_with_command.outside
    trust(outside, open_project(outside)[0])
    file = outside.state_folder / "trust.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert str(outside.folder / "dbconn.yaml") in file.read_text()
    assert "get" not in file.read_text().replace(str(outside.folder), "")


def test_a_changed_command_and_a_changed_program_need_trust_again(world_with_command: World) -> None:
    outside = world_with_command.outside
    trust(outside, open_project(outside)[0])
    text = (outside.folder / "dbconn.yaml").read_text()
    world_with_command.write("dbconn.yaml", text.replace("'{name}'", "'{name}', --now"))
    assert trust_state(outside, open_project(outside)[0]).changed
    with pytest.raises(UnresolvedValueError):
        value(outside)
    world_with_command.write("dbconn.yaml", text)
    assert value(outside) == VALUE
    world_with_command.write("get", "another program")
    assert trust_state(outside, open_project(outside)[0]).files == ("./get",)
    with pytest.raises(UnresolvedValueError):
        value(outside)


def test_a_copy_of_the_project_is_another_project(world_with_command: World) -> None:
    outside = world_with_command.outside
    trust(outside, open_project(outside)[0])
    copy = outside.folder / "copy"
    for name in ("dbconn.yaml", "get", "scripts/users/login.js", "scripts/others/login.js"):
        world_with_command.write(f"copy/{name}", (outside.folder / name).read_text())
    with pytest.raises(UnresolvedValueError):
        value(replace(outside, folder=copy))


def test_the_variable_counts_in_ci_and_only_as_1(world_with_command: World) -> None:
    outside = world_with_command.outside
    assert value(replace(outside, environment={"DBCONN_TRUST": "1"})) == VALUE
    for other in ("", "0", "true", "yes"):
        with pytest.raises(UnresolvedValueError):
            value(replace(outside, environment={"DBCONN_TRUST": other}))


def test_trust_is_taken_back(world_with_command: World) -> None:
    outside = world_with_command.outside
    project = open_project(outside)[0]
    trust(outside, project)
    assert revoke_trust(outside, project)
    assert not revoke_trust(outside, project)
    with pytest.raises(UnresolvedValueError):
        value(outside)


def test_a_damaged_file_trusts_nothing(world_with_command: World) -> None:
    outside = world_with_command.outside
    trust(outside, open_project(outside)[0])
    for damaged in ("", "[]", '{"version": 2}', '{"version": 1, "trusted": []}', "{"):
        (outside.state_folder / "trust.json").write_text(damaged)
        assert not trust_state(outside, open_project(outside)[0]).trusted


def test_a_project_without_a_command_has_nothing_to_trust(world: World) -> None:
    with pytest.raises(UsageError, match="no command"):
        trust(world.outside, open_project(world.outside)[0])


def test_the_list_names_the_command_as_source(world_with_command: World) -> None:
    outside = replace(world_with_command.outside, environment={"DBCONN_TRUST": "1"})
    (row,) = referenced_values(outside, open_workspace(outside))
    assert (row.name, row.source) == ("api_key", "command ./get")


def test_an_offline_status_does_not_wait_for_the_command(world_with_command: World, runs: list[object]) -> None:
    outside = replace(world_with_command.outside, environment={"DBCONN_TRUST": "1"})
    rows = {row.key: row for row in offline_status(outside, open_workspace(outside)).rows}
    assert (rows["users"].values, rows["users"].values_needed) == (1, 1)
    assert runs == []
