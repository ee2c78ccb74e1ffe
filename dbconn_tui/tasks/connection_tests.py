"""Playing the life cycle of connections against their real user store, on this machine."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dbconn_tui.errors import UsageError
from dbconn_tui.events import Event, EventKind, OnEvent, ignore
from dbconn_tui.project.values import Project
from dbconn_tui.runtime.checks import Check, KnownUser, State
from dbconn_tui.runtime.coverage import LineCoverage, line_coverage
from dbconn_tui.tasks.cases import ready_cases
from dbconn_tui.tasks.connection_stage import Stage, Watch
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.required_modules import install_command, missing_modules
from dbconn_tui.tasks.script_runs import (
    RunnableConnection,
    RunSettings,
    look_up,
    modules_folder,
    open_runner,
    require_confirmation,
    runnable_connections,
    speaks_https,
)
from dbconn_tui.tasks.tenant_node import node_note

Json = Any

_ORGANIZATION: Final = {"context.organization.id": "org_dbconntest", "context.organization.name": "dbconn-test"}


@dataclass(frozen=True, slots=True)
class Durations:
    """How long the runs of one kind took, in milliseconds; runs against a store that was made to fail left out."""

    kind: str
    count: int
    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class ScriptCoverage:
    """Which lines of one script ran in any run of a test; `file` as people know it."""

    kind: str
    file: str
    lines: LineCoverage


@dataclass(frozen=True, slots=True)
class ConnectionTest:
    """The checks of one connection. `variant` is `with organization` where scripts got one, else empty.

    `left_behind` is the address of a test user that could not be deleted again.
    """

    connection: str
    import_mode: bool
    variant: str
    checks: tuple[Check, ...]
    durations: tuple[Durations, ...]
    node: str
    """The version of Node that it ran on."""
    left_behind: str = ""
    coverage: tuple[ScriptCoverage, ...] = ()
    notes: tuple[str, ...] = ()
    """What is worth knowing and fails nothing."""

    @property
    def passed(self) -> bool:
        """Whether no check failed and nothing was left behind."""
        return not self.left_behind and all(check.state is not State.FAILED for check in self.checks)

    def count(self, state: State) -> int:
        """How many checks came out so."""
        return sum(check.state is state for check in self.checks)


@dataclass(frozen=True, slots=True)
class BoardStep:
    """One step of a board: the checks that will be played (`names`), or what became of one (`check`)."""

    connection: str
    variant: str
    names: tuple[str, ...] = ()
    check: Check | None = None


def _ignore_board(step: BoardStep) -> None:
    """An on_board for callers that do not watch."""


async def play_life_cycles(
    outside: Outside,
    project: Project,
    names: Sequence[str],
    settings: RunSettings,
    *,
    known: KnownUser | None = None,
    quick: bool = False,
    import_modes: Sequence[bool] = (),
    rounds: int = 1,
    on_event: OnEvent = ignore,
    on_board: Callable[[BoardStep], None] = _ignore_board,
    stop_requested: Callable[[], bool] = lambda: False,
) -> tuple[ConnectionTest, ...]:
    """Play the life cycle of the named connections, all when empty; those with context with and without organization.

    In every one of `import_modes`, else in that of the file; a user's way through it `rounds` times, for the times.
    `on_board` is told which checks come and what became of each; `stop_requested` ends it after the check under way.
    Test users are made and deleted again. Raises UsageError, ProjectError for cases with errors,
    UnresolvedValueError, NodeError; RefusedError for a protected tenant whose name is not given.
    """
    runnables = runnable_connections(outside, project, names, settings)
    if not runnables:
        raise UsageError("there is no connection to test", "dbconn add NAME --template rest-api makes one.")
    for runnable in runnables:
        require_confirmation(runnable.tenant, settings, "test")
    cases = {runnable.connection.key: ready_cases(outside, project, runnable) for runnable in runnables}
    tests: list[ConnectionTest] = []
    for runnable in runnables:
        key = runnable.connection.key
        user, why = (known, "") if known else _test_user(outside, project, runnable)
        async with open_runner(outside, settings, secure=speaks_https(runnable)) as runner:
            for play in _plays(runnable, import_modes):
                if stop_requested():
                    return tuple(tests)
                on_event(Event(EventKind.STEP, f"testing {play.title}".strip(), key))
                watch = _watch(on_board, stop_requested, key, play.title)
                stage = Stage(runner, runnable, settings, play.context, watch, outside.sleep)
                words = [outside.random_bytes(6).hex() for _ in range(rounds)]
                try:
                    checks = await stage.play(
                        words, user, cases[key], import_mode=play.import_mode, quick=quick, why_unknown=why
                    )
                except BaseException:
                    if stage.left_behind:
                        on_event(Event(EventKind.NOTE, f"the test user {stage.left_behind} is still in the store", key))
                    raise
                node = node_note(outside, project, runnable.tenant, runner.node.version)
                missing = missing_modules([runnable.connection], modules_folder(outside))
                notes = [f"modules are missing: {install_command(missing)}"] if missing else []
                notes += [*([node] if node else []), *_notes(stage, several=len(project.connection_keys) > 1)]
                tests.append(_test(stage, play, checks, notes))
    return tuple(tests)


def _watch(
    on_board: Callable[[BoardStep], None], stop_requested: Callable[[], bool], connection: str, variant: str
) -> Watch:
    return Watch(
        lambda names: on_board(BoardStep(connection, variant, names)),
        lambda check: on_board(BoardStep(connection, variant, (), check)),
        stop_requested,
    )


@dataclass(frozen=True, slots=True)
class _Play:
    """One way to play a connection's life cycle."""

    import_mode: bool
    organization: bool
    title: str
    """What tells it from the other ways this connection is played; empty when there is one."""

    @property
    def context(self) -> Mapping[str, Json]:
        """The arguments that every script gets."""
        return _ORGANIZATION if self.organization else {}


def _plays(runnable: RunnableConnection, import_modes: Sequence[bool]) -> list[_Play]:
    modes = list(dict.fromkeys(import_modes)) or [runnable.connection.import_mode is True]
    plays = []
    for mode in modes:
        for organization in (False, True) if runnable.context else (False,):
            words = ["import mode"] if mode and len(modes) > 1 else []
            words += ["with organization"] if organization else []
            plays.append(_Play(mode, organization, " ".join(words)))
    return plays


def _test_user(outside: Outside, project: Project, runnable: RunnableConnection) -> tuple[KnownUser | None, str]:
    """The connection's `test_user`, or why it cannot be used; neither when it has none."""
    user = runnable.connection.test_user
    if user is None:
        return None, ""
    values, missing = look_up(outside, project, runnable, {"password": user.password})
    if missing:
        return None, f"the password of test_user: {missing['password']}"
    return KnownUser(user.email, values["password"].reveal()), ""


def _test(stage: Stage, play: _Play, checks: tuple[Check, ...], notes: Sequence[str]) -> ConnectionTest:
    connection = stage.runnable.connection
    coverage = []
    if stage.settings.coverage:
        for kind, script in connection.scripts.items():
            counted = [run.ranges for run in stage.runs.get(kind, ()) if run.ranges]
            coverage.append(ScriptCoverage(kind, script.file, line_coverage(script.text, counted)))
    return ConnectionTest(
        connection.key,
        play.import_mode,
        play.title,
        checks,
        tuple(_durations(kind, taken) for kind, taken in stage.durations.items()),
        stage.runner.node.version,
        stage.left_behind,
        tuple(coverage),
        tuple(notes),
    )


def _notes(stage: Stage, *, several: bool) -> Iterator[str]:
    used = dict.fromkeys(problem for runs in stage.runs.values() for run in runs for problem in run.problems)
    yield from (problem.message for problem in used if problem.rule == "module-substituted")
    name = stage.runnable.connection.name
    if several and stage.user_id and name.casefold() not in stage.user_id.casefold():
        yield (
            f"login's user_id does not name the connection: unless ids are unique over all connections, "
            f"write it as `{name}|…` before there are users (dbconn explain profile-user-id-prefix)"
        )


def _durations(kind: str, taken: Sequence[float]) -> Durations:
    ordered = sorted(taken)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return Durations(kind, len(ordered), statistics.median(ordered), p95)
