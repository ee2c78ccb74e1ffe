"""What `dbconn test` offers besides the life cycle: modes, rounds, coverage, a user of the file, cases, an end."""

from __future__ import annotations

import asyncio
import signal
import sys
from dataclasses import replace

import pytest

from dbconn_tui.errors import ProjectError, UsageError
from dbconn_tui.project.values import LOCAL, Tenant
from dbconn_tui.runtime.checks import State
from dbconn_tui.sample_store.sample_users import SAMPLE_USERS
from dbconn_tui.tasks.connection_tests import BoardStep
from dbconn_tui.tasks.script_runs import RunSettings
from dbconn_tui.tasks.tenant_node import node_note, remember_node
from dbconn_tui.tasks.try_script import try_script
from dbconn_tui.tasks.workspace import open_project
from tests.tasks.life_cycle_bench import Bench, bench, failed, left_over, states, store

__all__ = ["bench", "store"]

pytestmark = pytest.mark.anyio

ROBIN = SAMPLE_USERS[0]


async def test_both_modes_in_rounds_with_the_lines_that_ran(bench: Bench) -> None:
    bench.add()
    settings = RunSettings(coverage=True)
    legacy, imported = await bench.play_all(settings, import_modes=(False, True), rounds=3)
    assert (legacy.passed, legacy.import_mode, legacy.variant) == (True, False, "")
    assert (imported.passed, imported.import_mode, imported.variant) == (True, True, "import mode")
    assert states(imported)["sign-up of the user to import"] == "passed"
    assert {one.kind: one.count for one in legacy.durations}["verify"] == 3
    lines = {one.kind: one.lines for one in legacy.coverage}
    login = (bench.outside.folder / "scripts" / "users" / "login.js").read_text(encoding="utf-8").split("\n")
    assert "callback(null, profile)" in login[max(lines["login"].run) - 1]
    assert any("throw error;" in login[number - 1] for number in lines["login"].missed)
    assert len(lines["login"].missed) < len(lines["login"].run)
    assert {one.kind for one in imported.coverage if one.lines.run} == {"login", "get_user", "create", "delete"}
    assert left_over(bench) == []


def name_user(bench: Bench, password: str) -> None:
    """Write a `test_user` into the project."""
    text = (bench.outside.folder / "dbconn.yaml").read_text(encoding="utf-8")
    user = f"    test_user: {{email: {ROBIN.email}, password: {password}}}\n"
    bench.write("dbconn.yaml", text.replace("  users:\n", f"  users:\n{user}"))


async def test_user_of_the_file_signs_in_where_none_can_be_made(bench: Bench) -> None:
    bench.add(import_mode=True)
    name_user(bench, "{secret: robin_password}")
    without = states(await bench.play())
    assert without["login"].startswith("skipped the password of test_user: secret robin_password is not available")
    assert without["unknown user"] == "passed"
    given = {"DBCONN_SECRET_LOCAL__ROBIN_PASSWORD": ROBIN.password}
    bench.outside = replace(bench.outside, environment={**bench.outside.environment, **given})
    found = states(await bench.play())
    assert (found["login"], found["same profile from get_user"], found["wrong password"]) == ("passed",) * 3


CASES = f"""\
robin signs in:
  kind: login
  args: {{email: {ROBIN.email}, password: {{env: ROBIN}}}}
  profile: {{email_verified: true, nickname: null}}
somebody else:
  kind: get_user
  args: {{email: {ROBIN.email}}}
  profile: {{email: somebody@example.com}}
nobody:
  kind: login
  args: {{email: nobody@example.com, password: x}}
  answer: refused
  error: WrongUsernameOrPasswordError
without its secret:
  kind: login
  args: {{email: {ROBIN.email}, password: {{secret: not_there}}}}
"""


async def test_cases_are_played_and_tried(bench: Bench) -> None:
    bench.add()
    bench.write("tests/users/known.yaml", CASES)
    given = {"ROBIN": ROBIN.password}
    bench.outside = replace(bench.outside, environment={**bench.outside.environment, **given})
    steps: list[BoardStep] = []
    test = await bench.play(on_board=steps.append)
    cases = {name: state for name, state in states(test).items() if name.startswith("case: ")}
    assert steps[0].names == tuple(check.name for check in test.checks)
    assert cases.pop("case: without its secret").startswith("skipped secret not_there is not available.")
    assert cases == {
        "case: robin signs in": "passed",
        "case: somebody else": "failed email of the profile is "
        f'"{ROBIN.email}"; the case asks for "somebody@example.com" (tests/users/known.yaml:5:1)',
        "case: nobody": "passed",
    }
    project, _ = open_project(bench.outside)

    async def trial(kind: str, case: str, **given: str) -> tuple[bool, str]:
        found = await try_script(bench.outside, project, "users", kind, given, RunSettings(), case)
        return found.passed, found.difference

    assert await trial("login", "robin signs in") == (True, "")
    passed, difference = await trial("login", "robin signs in", password="wrong-one")
    assert not passed
    assert "the case asks for a profile" in difference
    assert await trial("get_user", "somebody else") == (
        False,
        f'email of the profile is "{ROBIN.email}"; the case asks for "somebody@example.com"',
    )
    with pytest.raises(UsageError, match="the case 'nobody' calls login, not get_user"):
        await trial("get_user", "nobody")
    with pytest.raises(UsageError, match="users has no case 'none'"):
        await trial("login", "none")


MISTAKES = """\
a:
  kind: login
  args: {email: a@example.com, passwrd: x}
b: {kind: change_username, args: {email: a@example.com}}
c:
  kind: verify
  args: {email: 12}
"""


async def test_mistakes_in_cases_are_told_before_anything_runs(bench: Bench) -> None:
    bench.add()
    bench.write("tests/users/known.yaml", MISTAKES)
    with pytest.raises(ProjectError, match="3 errors") as raised:
        await bench.play()
    assert [str(problem) for problem in raised.value.problems] == [
        "tests/users/known.yaml:3:41: login takes no argument 'passwrd'",
        "tests/users/known.yaml:4:4: users has no script change_username",
        "tests/users/known.yaml:7:17: email is not text",
    ]


IMPATIENT = """\
function login(identifier, password, callback) {
  setTimeout(() => callback(new Error('no answer in time')), 500);
  fetch(configuration.API_URL).then(() => callback(new WrongUsernameOrPasswordError(identifier, 'No.')));
}
"""


async def test_answer_that_comes_after_the_script_gave_up_is_a_second_call(bench: Bench) -> None:
    bench.add(import_mode=True)
    bench.write("scripts/users/login.js", IMPATIENT)
    robin = {"ROBIN": ROBIN.password}
    bench.outside = replace(bench.outside, environment={**bench.outside.environment, **robin})
    bench.change("get_user", "signal: AbortSignal.timeout(1500),", "signal: AbortSignal.timeout(500),")
    name_user(bench, "{env: ROBIN}")
    messages = {check.name: check.message for check in failed(await bench.play(quick=False))}
    assert "the callback is called a second time; the first call was at 2:20" in messages["store answers late"]


async def test_interrupted_test_deletes_its_user(bench: Bench) -> None:
    bench.add()
    task: asyncio.Task[object] | None = None
    users: list[list[str]] = []

    def interrupt(step: BoardStep) -> None:
        if step.check is not None and step.check.name == "login" and task is not None:
            users.append(left_over(bench))
            task.cancel()

    task = asyncio.ensure_future(bench.play(on_board=interrupt))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [len(found) for found in users] == [1]
    assert left_over(bench) == []


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
async def test_command_that_is_ended_deletes_its_user(bench: Bench, told: signal.Signals) -> None:
    bench.add()
    environment = {**bench.outside.environment, "DBCONN_STATE_DIR": str(bench.outside.state_folder)}
    command = [sys.executable, "-m", "dbconn_tui", "test", "users", "--repeat", "50"]
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=bench.outside.folder,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    done = asyncio.ensure_future(process.communicate())
    while not left_over(bench) and not done.done():
        await asyncio.wait([done], timeout=0.02)
    process.send_signal(told)
    _, said = await done
    assert (process.returncode, said.decode().splitlines()[-1]) == (130, "interrupted")
    assert left_over(bench) == []


async def test_what_fails_in_a_later_round_only_is_told_with_the_round(bench: Bench) -> None:
    bench.add()
    count = "global.count = (global.count || 0) + 1; if (global.count > 1) return callback(null, false);\n  let error"
    bench.change("verify", "let error", count)
    test = await bench.play(rounds=2)
    verify = next(check for check in test.checks if check.name == "verify")
    assert verify.state is State.FAILED
    assert verify.message.startswith("in round 2: verify said that it is not done")


async def test_node_of_the_tenant_is_compared(bench: Bench) -> None:
    project, _ = open_project(bench.outside)
    local, prod = Tenant(LOCAL, ""), project.tenants["prod"]
    assert "a tenant runs 22 or 18" in node_note(bench.outside, project, local, "24.1.0")
    assert node_note(bench.outside, project, local, "22.1.0") == ""
    remember_node(bench.outside, prod.domain, "18")
    assert node_note(bench.outside, project, prod, "22.1.0") == ""
    (bench.outside.state_folder / "prod.example.com").mkdir(parents=True)
    remember_node(bench.outside, prod.domain, "18")
    for tenant in (local, prod):
        assert node_note(bench.outside, project, tenant, "22.1.0") == "ran on Node 22.1.0; prod runs 18"
        assert node_note(bench.outside, project, tenant, "18.20.0") == ""
