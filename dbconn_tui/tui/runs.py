"""Running scripts from the app: what can be run, with whose values, and the runs themselves.

Texts that are not saved yet can be run; everything else is read from the files again, as it is there then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dbconn_tui.action_scripts.kinds import order_of
from dbconn_tui.project.values import LOCAL, Project, Script, Tenant

if TYPE_CHECKING:
    from dbconn_tui.tasks.connection_tests import BoardStep, ConnectionTest
    from dbconn_tui.tasks.outside import Outside
    from dbconn_tui.tasks.try_script import Trial

Json = Any

MORE: Final = "more"
"""The field for arguments that only some runs need, as NAME=VALUE."""


@dataclass(frozen=True, slots=True)
class UnsavedText:
    """A script as it stands in an editor; `file` is its path for people."""

    file: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RunSetup:
    """What can be run: kinds by connection, whose values a run may use, and which of these are a protected tenant's.

    `values` begin with `local`; `chosen` is one of them. `context` names the connections whose scripts get the context.
    """

    kinds: Mapping[str, tuple[str, ...]]
    values: tuple[str, ...]
    chosen: str
    protected: frozenset[str]
    context: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TryRequest:
    """One run: arguments over those of the saved `case`, whose values, and the text where it is not the file's."""

    key: str
    kind: str
    given: Mapping[str, Json] = field(repr=False)
    values: str
    confirmed: bool = False
    unsaved: UnsavedText | None = None
    case: str | None = None


@dataclass(frozen=True, slots=True)
class TestRequest:
    """The life cycle of some connections, with whose values; `quick` leaves out the store that hangs."""

    __test__ = False

    keys: tuple[str, ...]
    values: str
    confirmed: bool = False
    quick: bool = True


def run_setup(project: Project, keys: Sequence[str], tenant: Tenant | None) -> RunSetup:
    """What can be run of these connections by somebody who looks at `tenant`.

    Values are `local`'s where the files say some for it, else the tenant's, but never a protected one's unasked.
    """
    from dbconn_tui.project.overlay import connections_for

    local = {one.key: one for one in connections_for(project, LOCAL)[0]}
    existing = {name: {one.key for one in connections_for(project, name)[0]} for name in project.tenants}
    values = (LOCAL, *(name for name, there in existing.items() if there.issuperset(keys)))
    chosen = LOCAL
    if tenant is not None and tenant.name in values and not tenant.protected and not _speaks_of_local(project, keys):
        chosen = tenant.name
    return RunSetup(
        {key: tuple(sorted(local[key].scripts, key=order_of)) for key in keys if key in local},
        values,
        chosen,
        frozenset(name for name, one in project.tenants.items() if one.protected),
        frozenset(key for key in keys if key in local and local[key].options.get("enable_script_context") is True),
    )


def _speaks_of_local(project: Project, keys: Sequence[str]) -> bool:
    """Whether the files say something for local runs of these connections."""
    connections = project.document.get("connections") or {}
    layers = [project.document.get("defaults"), *(connections.get(key) for key in keys)]
    return any(LOCAL in ((layer or {}).get("tenants") or {}) for layer in layers)


def more_arguments(words: str) -> dict[str, str]:
    """`user.plan=free context.organization.id=org_1` as a map. Raises UsageError."""
    import shlex

    from dbconn_tui.errors import UsageError

    try:
        pairs = [word.partition("=") for word in shlex.split(words)]
    except ValueError:
        pairs = [("", "", "")]
    if not all(name and equals for name, equals, _ in pairs):
        raise UsageError(
            "more arguments are NAME=VALUE", "For example user.plan=free or context.organization.id=org_1."
        )
    return {name: value for name, _, value in pairs}


async def try_text(outside: Outside, config: Path | None, request: TryRequest) -> Trial:
    """Run one script. Raises what `tasks.try_script` raises, ProjectError."""
    from dbconn_tui.tasks.script_runs import RunSettings
    from dbconn_tui.tasks.try_script import try_script
    from dbconn_tui.tasks.workspace import open_project

    project, _ = open_project(outside, config)
    if request.unsaved is not None:
        project = _with_text(project, request.key, request.kind, request.unsaved)
    settings = RunSettings(_tenant(request.values), request.values if request.confirmed else None)
    return await try_script(outside, project, request.key, request.kind, request.given, settings, request.case)


async def play_tests(
    outside: Outside,
    config: Path | None,
    request: TestRequest,
    on_board: Callable[[BoardStep], None],
    stop_requested: Callable[[], bool],
) -> tuple[ConnectionTest, ...]:
    """Play the life cycle of connections. Raises what `tasks.connection_tests` raises, ProjectError."""
    from dbconn_tui.tasks.connection_tests import play_life_cycles
    from dbconn_tui.tasks.script_runs import RunSettings
    from dbconn_tui.tasks.workspace import open_project

    project, _ = open_project(outside, config)
    settings = RunSettings(_tenant(request.values), request.values if request.confirmed else None)
    return await play_life_cycles(
        outside,
        project,
        request.keys,
        settings,
        quick=request.quick,
        on_board=on_board,
        stop_requested=stop_requested,
    )


def _tenant(values: str) -> str | None:
    return None if values == LOCAL else values


def _with_text(project: Project, key: str, kind: str, unsaved: UnsavedText) -> Project:
    script = Script(kind, project.root / unsaved.file, unsaved.file, unsaved.text)
    return replace(project, scripts={**project.scripts, key: {**project.scripts.get(key, {}), kind: script}})
