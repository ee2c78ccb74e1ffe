"""The demo: a project, a local tenant and a sample user store in a temporary folder; offline, nothing is kept."""

from __future__ import annotations

import json
import tempfile
import textwrap
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dbconn_tui.deploy.values import ConnectionState, OutcomeState
from dbconn_tui.errors import DbconnError, NodeError
from dbconn_tui.events import OnEvent, ignore
from dbconn_tui.local_tenant.settings import APPLICATION_ID
from dbconn_tui.project.write import write_file
from dbconn_tui.runtime.checks import State
from dbconn_tui.runtime.life_cycle import LEFT_OUT, NOT_IMPORTED
from dbconn_tui.sample_store.sample_users import SAMPLE_USERS
from dbconn_tui.sample_store.store import SampleStore, run_sample_store
from dbconn_tui.secret_store.memory_store import MemoryStore
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tasks.access import open_tenant
from dbconn_tui.tasks.add import Addition, plan_addition, write_addition
from dbconn_tui.tasks.connection_tests import play_life_cycles
from dbconn_tui.tasks.deploy import check_before_reading, check_plan, deploy_plan
from dbconn_tui.tasks.init import PROJECT_FILE, FirstTenant, make_project
from dbconn_tui.tasks.lint import lint_project
from dbconn_tui.tasks.local_tenant import running_tenant
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.plan import Planned, plan_connections
from dbconn_tui.tasks.script_runs import RunSettings, runner_node
from dbconn_tui.tasks.secrets import set_secret
from dbconn_tui.tasks.templates import one_template
from dbconn_tui.tasks.workspace import Workspace, open_project, open_workspace
from dbconn_tui.tenant.client import TenantClient

CONNECTION: Final = "legacy-users"
TEMPLATE: Final = "rest-api"
SECRET: Final = "api_client_secret"
CHANGED: Final = "partner-portal"
CHANGED_WORDS: Final = ("Wrong user name or password", "Wrong e-mail address or password")
"""What changes in its login script after it was deployed."""


@dataclass(frozen=True, slots=True)
class DemoWorld:
    """Where the demo happens; everything is gone when its block is left."""

    outside: Outside
    project_file: Path
    tenant: FirstTenant
    store: SampleStore


@dataclass(frozen=True, slots=True)
class DemoStep:
    """One step that was really done: its title, what came of it, and the plan where it made one."""

    title: str
    lines: tuple[str, ...] = ()
    planned: Planned | None = None


@contextmanager
def demo_world(environment: dict[str, str] | None = None) -> Iterator[DemoWorld]:
    """An empty folder, a running local tenant and a running sample store; no keyring and no real environment.

    `environment` is what the tasks see of it, e.g. TERM; nothing that names a tenant belongs there.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dbconn-demo-")))
        outside = Outside(
            environment=environment or {},
            folder=folder,
            home=folder,
            state_folder=folder / ".state",
            store=MemoryStore(),
        )
        tenant = stack.enter_context(running_tenant(outside))
        store = stack.enter_context(run_sample_store())
        yield DemoWorld(outside, folder / PROJECT_FILE, tenant, store)


def make_demo_project(world: DemoWorld) -> tuple[str, ...]:
    """Make the project with its tenant; the names of the files written."""
    made = make_project(world.outside, world.outside.folder, world.tenant)
    return tuple(name for name, _ in made.files)


def add_demo_connection(world: DemoWorld, **more: str) -> Addition:
    """Add the connection from its template, pointed at the sample store, and store its secret in memory.

    `more` are further answers to the template's questions.
    """
    outside = world.outside
    project, _ = open_project(outside)
    template = one_template(outside, TEMPLATE)
    answers = {"api_url": world.store.url, "token_url": world.store.token_url, "client_id": world.store.client_id}
    addition = plan_addition(project, CONNECTION, template, answers | more)
    write_addition(addition)
    project, _ = open_project(outside)
    set_secret(outside, project, project.tenants[world.tenant.name], SECRET, world.store.client_secret)
    return addition


async def prepare_for_app(world: DemoWorld) -> None:
    """Make the project that the app is shown on: a new connection, and one that changed since its deploy."""
    outside = world.outside
    make_demo_project(world)
    project, _ = open_project(outside)
    addition = plan_addition(project, CHANGED, one_template(outside, "generic"), {})
    write_addition(addition)
    workspace = open_workspace(outside)
    async with open_tenant(outside, workspace.tenant) as tenant:
        planned = await plan_connections(outside, workspace, tenant)
        await check_plan(planned, tenant)
        await deploy_plan(outside, planned, tenant)
    login = next(file.path for file in addition.files if file.kind == "login")
    before, after = CHANGED_WORDS
    write_file(login, login.read_bytes().replace(before.encode(), after.encode()))
    add_demo_connection(world)


async def walk_through(world: DemoWorld, on_event: OnEvent = ignore) -> AsyncIterator[DemoStep]:
    """The whole path, a step at a time. Raises DbconnError when a step does not come out as it must."""
    outside = world.outside
    files = make_demo_project(world)
    yield DemoStep("project made", (f"{', '.join(files)} in {outside.folder}",))
    yield DemoStep(
        "local tenant and sample user store started",
        (
            f"tenant {world.tenant.name}: {world.tenant.domain}, in memory",
            f"user store: {world.store.url}, with {len(world.store.users.all())} sample users",
        ),
    )
    addition = add_demo_connection(world)
    scripts = ", ".join(file.path.name for file in addition.files)
    yield DemoStep(f"connection {CONNECTION} added from the template {TEMPLATE}", (scripts,))
    yield _lint(outside)
    yield await _test(world, on_event)
    workspace = open_workspace(outside)
    resolved = check_before_reading(outside, workspace)
    async with open_tenant(outside, workspace.tenant, on_event=on_event) as tenant:
        planned = await plan_connections(outside, workspace, tenant, resolved=resolved, on_event=on_event)
        _require(planned.plan.count(ConnectionState.CREATE) == 1, "the first plan does not create one connection")
        yield DemoStep("planned", planned=planned)
        await check_plan(planned, tenant)
        deployment = await deploy_plan(outside, planned, tenant, on_event=on_event)
        for outcome in deployment.outcomes:
            _require(outcome.state is OutcomeState.DEPLOYED, f"{outcome.key}: {outcome.message or outcome.state.value}")
        yield DemoStep("deployed", ("one request carried all seven scripts, the configuration and the options",))
        yield await _verify(workspace, tenant)
        second = await plan_connections(outside, workspace, tenant, resolved=resolved, on_event=on_event)
        _require(not second.plan.has_work, "the second plan is not empty")
        yield DemoStep("second plan is empty", planned=second)
        yield await _log_in(outside, workspace, tenant)


def _lint(outside: Outside) -> DemoStep:
    project, problems = open_project(outside)
    findings = lint_project(project, problems)
    _require(not findings.problems, f"lint found {len(findings.problems)} problems")
    return DemoStep("lint clean", (f"{findings.scripts} scripts, no problems",))


async def _test(world: DemoWorld, on_event: OnEvent) -> DemoStep:
    """Play the life cycle against the sample store; a machine without Node is told how to get one."""
    outside = world.outside
    project, _ = open_project(outside)
    settings = RunSettings(tenant=world.tenant.name)
    try:
        tests = await play_life_cycles(
            outside, project, [CONNECTION], settings, quick=True, import_modes=(False, True), on_event=on_event
        )
    except NodeError as missing:
        return DemoStep("not tested", (f"{missing.message}.", missing.hint))
    lines = []
    for test in tests:
        for check in test.checks:
            is_left = check.message in (LEFT_OUT, NOT_IMPORTED)
            _require(check.state is State.PASSED or is_left, f"{check.name}: {check.message}")
        _require(test.passed, f"the test user {test.left_behind} is left")
        played = [check.name for check in test.checks if check.state is State.PASSED]
        runs = sum(len(check.runs) for check in test.checks)
        mode = "in import mode" if test.import_mode else "users staying in the store"
        lines.append(f"{mode}: {len(played)} checks, {runs} runs of the scripts in Node {test.node}")
        lines += textwrap.wrap(", ".join(played), 90)
    return DemoStep("tested against the user store", tuple(lines))


async def _verify(workspace: Workspace, tenant: TenantClient) -> DemoStep:
    """Read the connection from the tenant once more and compare every script byte for byte."""
    connection = workspace.connection(CONNECTION)
    live = (await tenant.find_connections([connection.name])).by_name(connection.name)
    _require(live is not None, "the connection is not on the tenant")
    scripts = live.options.get("customScripts", {}) if live else {}
    ours = {kind: script.text for kind, script in connection.scripts.items()}
    _require(scripts == ours, "the tenant holds other scripts than the files")
    size = sum(len(text.encode()) for text in ours.values())
    return DemoStep("verified by reading back", (f"{len(ours)} scripts, {size:,} bytes, equal byte for byte",))


async def _log_in(outside: Outside, workspace: Workspace, tenant: TenantClient) -> DemoStep:
    """Log a sample user in as an application does: the tenant runs the login script that was deployed."""
    try:
        runner_node(outside, RunSettings())
    except NodeError as missing:
        return DemoStep("not logged in", (f"{missing.message}.", missing.hint))
    user = SAMPLE_USERS[0]
    name = workspace.connection(CONNECTION).name
    entered = await tenant.log_in(name, user.email, Sensitive(user.password), APPLICATION_ID)
    _require(entered.status == 200, f"the login of {user.email} was answered with {entered.status}")
    told = json.loads(entered.text)
    refused = await tenant.log_in(name, user.email, Sensitive("a wrong password"), APPLICATION_ID)
    said = json.loads(refused.text)
    _require(refused.status == 403, f"a wrong password was answered with {refused.status}")
    return DemoStep(
        "logged in through the tenant, by the script that was deployed",
        (
            f"{user.email}: 200, {' and '.join(name for name in ('access_token', 'id_token') if name in told)}",
            f"the same with a wrong password: {refused.status} {said['error']}, {said['error_description']}",
        ),
    )


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise DbconnError(f"the demo did not come out as it must: {otherwise}", "This is a bug of dbconn.")
