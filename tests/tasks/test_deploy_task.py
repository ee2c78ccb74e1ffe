"""Deploying as both front ends do it: what is checked before the first request, and what each ending means."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from dbconn_tui.deploy.values import Outcome, OutcomeState
from dbconn_tui.errors import ExitCode, LintError, MissingScopeError, UnresolvedValueError, UsageError
from dbconn_tui.tasks.access import open_tenant
from dbconn_tui.tasks.deploy import Deployment, check_before_reading, check_plan, deploy_plan
from dbconn_tui.tasks.plan import Planned, plan_connections
from dbconn_tui.tasks.status import StatusState, offline_status
from dbconn_tui.tasks.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tasks.conftest import World


async def deploy(world: World, *names: str) -> Deployment:
    workspace = open_workspace(world.outside)
    resolved = check_before_reading(world.outside, workspace, names)
    async with open_tenant(world.outside, workspace.tenant) as tenant:
        planned = await plan_connections(world.outside, workspace, tenant, names=names, resolved=resolved)
        await check_plan(planned, tenant)
        return await deploy_plan(world.outside, planned, tenant)


async def plan(world: World) -> Planned:
    workspace = open_workspace(world.outside)
    async with open_tenant(world.outside, workspace.tenant) as tenant:
        return await plan_connections(world.outside, workspace, tenant)


@pytest.mark.anyio
async def test_a_deploy_of_both_and_then_nothing(world: World) -> None:
    deployment = await deploy(world)
    assert {outcome.state for outcome in deployment.outcomes} == {OutcomeState.DEPLOYED}
    assert deployment.exit_code is ExitCode.OK
    assert not (await plan(world)).plan.has_work


@pytest.mark.anyio
async def test_what_a_deploy_did_is_remembered_for_the_status(world: World) -> None:
    await deploy(world, "users")
    rows = {row.key: row for row in offline_status(world.outside, open_workspace(world.outside)).rows}
    assert rows["users"].state is StatusState.IN_SYNC
    assert rows["users"].deployed == world.clock.now
    assert rows["others"].state is not StatusState.IN_SYNC
    world.write("scripts/users/login.js", "function login(identifier, password, callback) { callback(null); }\n")
    rows = {row.key: row for row in offline_status(world.outside, open_workspace(world.outside)).rows}
    assert rows["users"].state is StatusState.CHANGED


def test_a_missing_value_is_found_before_any_request(world: World) -> None:
    world.outside.store.delete("dbconn:dev.example.com", "api_key")
    workspace = open_workspace(world.outside)
    with pytest.raises(UnresolvedValueError, match="API_KEY"):
        check_before_reading(world.outside, workspace)
    assert check_before_reading(world.outside, workspace, ["others"]).missing == ()
    assert world.requests == []


def test_a_script_that_may_never_be_sent_is_found_before_any_request(world: World) -> None:
    world.write("scripts/users/login.js", "function login(")
    with pytest.raises(LintError) as caught:
        check_before_reading(world.outside, open_workspace(world.outside))
    assert caught.value.problems


def test_a_read_only_tenant_is_refused(world: World) -> None:
    text = (world.outside.folder / "dbconn.yaml").read_text(encoding="utf-8")
    world.write("dbconn.yaml", text.replace("client_id:", "read_only: true, client_id:"))
    with pytest.raises(UsageError, match="read_only"):
        check_before_reading(world.outside, open_workspace(world.outside))


@pytest.mark.anyio
async def test_a_scope_for_writing_is_missed_before_the_first_write(make_world: Callable[..., World]) -> None:
    world = make_world(scopes=("read:connections", "read:connections_options", "update:connections"))
    with pytest.raises(MissingScopeError) as caught:
        await deploy(world, "users")
    assert "create:connections" in caught.value.scopes
    assert all(method == "GET" or path == "/oauth/token" for method, path in world.requests)


@pytest.mark.anyio
async def test_one_that_cannot_be_reached_makes_the_whole_run_unreachable(world: World) -> None:
    workspace = open_workspace(world.outside)
    resolved = check_before_reading(world.outside, workspace, ["users"])
    inner = world.outside.transport

    class DownForWrites(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.method == "POST" and request.url.path.startswith("/api"):
                raise httpx.ConnectError("refused", request=request)
            answer: httpx.Response = await inner.handle_async_request(request)
            return answer

    outside = replace(world.outside, transport=DownForWrites())
    async with open_tenant(outside, workspace.tenant) as tenant:
        planned = await plan_connections(outside, workspace, tenant, names=["users"], resolved=resolved)
        deployment = await deploy_plan(outside, planned, tenant)
    assert [outcome.state for outcome in deployment.outcomes] == [OutcomeState.FAILED]
    assert deployment.exit_code is ExitCode.UNREACHABLE


@pytest.mark.parametrize(
    ("ended", "code"),
    [
        ([(OutcomeState.DEPLOYED, ExitCode.OK), (OutcomeState.UNCHANGED, ExitCode.OK)], ExitCode.OK),
        ([(OutcomeState.DEPLOYED, ExitCode.OK), (OutcomeState.NOT_ATTEMPTED, ExitCode.OK)], ExitCode.FAILED),
        ([(OutcomeState.FAILED, ExitCode.FAILED), (OutcomeState.REFUSED, ExitCode.REFUSED)], ExitCode.REFUSED),
        ([(OutcomeState.FAILED, ExitCode.UNREACHABLE), (OutcomeState.REFUSED, ExitCode.REFUSED)], ExitCode.UNREACHABLE),
        (
            [(OutcomeState.FAILED, ExitCode.AUTHENTICATION), (OutcomeState.FAILED, ExitCode.UNREACHABLE)],
            ExitCode.AUTHENTICATION,
        ),
    ],
)
@pytest.mark.anyio
async def test_the_exit_code_is_the_first_that_applies(
    world: World, ended: list[tuple[OutcomeState, ExitCode]], code: ExitCode
) -> None:
    outcomes = tuple(
        Outcome(str(index), str(index), state, exit_code=exit_code) for index, (state, exit_code) in enumerate(ended)
    )
    assert Deployment(await plan(world), outcomes).exit_code is code
