"""plan and deploy from the command line: what is printed, what is sent, what is asked, and the exit codes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from dbconn_tui.local_tenant.faults import Fault, FaultKind

if TYPE_CHECKING:
    from tests.cli.conftest import World

PLAN_KEYS = {"version", "tenant", "summary", "connections"}
CONNECTION_KEYS = {"name", "state", "changes", "error"}


def writes(world: World) -> list[str]:
    return [method for method, path in world.requests if method in ("POST", "PATCH") and "/connections" in path]


def test_a_plan_shows_what_would_be_created_and_sends_nothing(project: World) -> None:
    result = project("plan")
    assert result.code == 0
    assert "+ users  would be created: 2 scripts" in result.out
    assert "+ configuration API_KEY  new" in result.out
    assert result.out.splitlines()[-1] == "Plan: 1 to create, 0 to change, 0 unchanged, 0 blocked."
    assert writes(project) == []


def test_something_is_said_before_the_first_request(project: World) -> None:
    assert project("plan").err.splitlines()[0] == "reading dev.example.com"


def test_detailed_exitcode_tells_work_from_none(project: World) -> None:
    assert project("plan", "--detailed-exitcode").code == 2
    assert project("deploy", "--yes").code == 0
    assert project("plan", "--detailed-exitcode").code == 0


def test_a_deploy_writes_once_and_a_second_one_finds_nothing(project: World) -> None:
    first = project("deploy", "--yes")
    assert first.code == 0
    assert "✓ users  deployed" in first.out
    assert writes(project) == ["POST"]
    second = project("deploy", "--yes")
    assert second.code == 0
    assert "Nothing to do" in second.out
    assert writes(project) == ["POST"]


def test_a_changed_script_is_shown_word_by_word(project: World) -> None:
    project("deploy", "--yes")
    project.write("scripts/users/login.js", project.read("scripts/users/login.js").replace('"no key"', '"no API key"'))
    result = project("plan")
    assert "~ script login  your change  +1 -1" in result.out
    assert '3 -   if (!key) return callback(new Error("no key"));' in result.out
    assert '3 +   if (!key) return callback(new Error("no API key"));' in result.out
    coloured = project("plan", environment={"FORCE_COLOR": "1"})
    assert "\x1b[32;7mAPI \x1b[0m" in coloured.out


def test_json_has_the_shape_of_every_plan_deploy_and_status(project: World) -> None:
    plan = project("plan", "--json").json
    assert set(plan) == PLAN_KEYS
    assert (plan["version"], plan["tenant"]) == (1, "dev")
    assert plan["summary"]["create"] == 1
    assert set(plan["connections"][0]) == CONNECTION_KEYS
    assert plan["connections"][0]["error"] is None
    assert project("plan", "--format", "json").json == plan
    deployed = project("deploy", "--json", "--yes").json
    assert set(deployed) == PLAN_KEYS
    assert deployed["summary"]["deployed"] == 1
    assert {key for one in deployed["connections"] for key in one} == CONNECTION_KEYS
    assert deployed["connections"][0]["state"] == "deployed"
    again = project("deploy", "--json", "--yes").json
    assert again["connections"][0]["state"] == "unchanged"
    status = project("status", "--json", "--check").json
    assert set(status) == PLAN_KEYS
    assert set(status["connections"][0]) >= CONNECTION_KEYS
    assert status["connections"][0]["state"] == "in-sync"


def test_where_nobody_can_answer_the_flag_is_named_and_nothing_is_sent(project: World) -> None:
    result = project("deploy")
    assert result.code == 3
    assert "Pass --yes." in result.err
    assert writes(project) == []


def test_no_input_does_not_ask_at_a_terminal(project: World) -> None:
    result = project("deploy", "--no-input", terminal=True, stdin="y\n")
    assert result.code == 3
    assert writes(project) == []


@pytest.mark.parametrize(
    ("answer", "code", "sent"), [("y\n", 0, ["POST"]), ("n\n", 130, []), ("\n", 130, []), ("", 130, [])]
)
def test_the_question_at_a_terminal(project: World, answer: str, code: int, sent: list[str]) -> None:
    result = project("deploy", terminal=True, stdin=answer)
    assert "Write 1 connection to dev (dev.example.com)? [y/N]" in result.err
    assert result.code == code
    assert writes(project) == sent


@pytest.mark.parametrize("environment", [{"CI": "true"}, {"TERM": "dumb"}])
def test_ci_and_a_dumb_terminal_are_never_asked(project: World, environment: dict[str, str]) -> None:
    result = project("deploy", terminal=True, stdin="y\n", environment=environment)
    assert result.code == 3
    assert writes(project) == []


class TestProtected:
    """A tenant with `protected: true` needs its name typed."""

    @pytest.fixture
    def protected(self, project: World) -> World:
        text = project.read("dbconn.yaml").replace("    client_id:", "    protected: true\n    client_id:")
        project.write("dbconn.yaml", text)
        return project

    def test_yes_is_not_enough(self, protected: World) -> None:
        result = protected("deploy", "--yes")
        assert result.code == 3
        assert "Pass --confirm dev." in result.err
        assert writes(protected) == []

    def test_the_name_is(self, protected: World) -> None:
        assert protected("deploy", "--confirm", "dev").code == 0
        assert writes(protected) == ["POST"]

    def test_the_name_typed_at_a_terminal(self, protected: World) -> None:
        assert protected("deploy", terminal=True, stdin="y\n").code == 130
        assert writes(protected) == []
        assert protected("deploy", "--yes", terminal=True, stdin="dev\n").code == 0
        assert writes(protected) == ["POST"]

    def test_another_name_is_a_mistake_before_anything_is_read(self, protected: World) -> None:
        result = protected("deploy", "--confirm", "prod")
        assert result.code == 3
        assert "--confirm dev" in result.err
        assert protected.requests == []


def test_a_missing_value_stops_a_deploy_before_its_first_request_but_no_plan(project: World) -> None:
    project.write("dbconn.yaml", project.read("dbconn.yaml").replace("api_key}", "other_key}"))
    result = project("deploy", "--yes")
    assert result.code == 3
    assert "dbconn secrets set other_key --tenant dev" in result.err
    assert project.requests == []
    planned = project("plan")
    assert planned.code == 0
    assert "API_KEY" in planned.out


def test_a_script_that_must_not_be_sent_stops_a_deploy_before_its_first_request(project: World) -> None:
    project.write("scripts/users/login.js", "function login(")
    result = project("deploy", "--yes", "--skip-lint")
    assert result.code == 1
    assert "scripts/users/login.js:1:" in result.err
    assert project.requests == []


class TestRefused:
    """What somebody changed on the tenant is not written over."""

    @pytest.fixture
    def drifted(self, project: World) -> World:
        assert project("deploy", "--yes").code == 0
        connections = project.app.state.tenant.connections
        key, stored = next(iter(connections.items()))
        scripts = dict(stored.options["customScripts"])
        scripts["login"] += "// by hand\n"
        connections[key] = replace(stored, options={**stored.options, "customScripts": scripts})
        return project

    def test_a_plan_says_so_and_exits_0(self, drifted: World) -> None:
        result = drifted("plan")
        assert result.code == 0
        assert "≠ users  was changed on the tenant" in result.out
        assert "--overwrite-drift=users/script:login" in result.out
        assert result.out.splitlines()[-1].endswith("1 blocked.")
        assert drifted("plan", "--detailed-exitcode").code == 2

    def test_a_deploy_is_refused(self, drifted: World) -> None:
        result = drifted("deploy", "--yes")
        assert result.code == 5
        assert writes(drifted) == ["POST"]
        assert "nothing was sent" in result.err

    def test_as_json_the_refusal_is_an_error_object(self, drifted: World) -> None:
        result = drifted("deploy", "--yes", "--json")
        assert result.code == 5
        assert set(result.json) == {"version", "error"}
        assert result.json["error"]["code"] == "refused"
        plan = drifted("plan", "--json").json
        assert plan["connections"][0]["state"] == "drift"
        assert plan["connections"][0]["error"]["code"] == "refused"

    @pytest.mark.parametrize("item", ["", "=users", "=script:login", "=users/script:login"])
    def test_overwriting_is_asked_for(self, drifted: World, item: str) -> None:
        assert drifted("deploy", "--yes", f"--overwrite-drift{item}").code == 0
        assert writes(drifted) == ["POST", "PATCH"]

    def test_another_item_does_not_lift_it(self, drifted: World) -> None:
        assert drifted("deploy", "--yes", "--overwrite-drift=script:get_user").code == 5


def test_a_brake_is_lifted_by_its_name_only(project: World) -> None:
    assert project("deploy", "--yes").code == 0
    (project.folder / "scripts/users/get_user.js").unlink()
    refused = project("deploy", "--yes")
    assert refused.code == 5
    assert "brake delete-script" in refused.out
    assert "--allow delete-script:users" in refused.err
    assert project("deploy", "--yes", "--allow", "delete-scripts").code == 3
    lifted = project("deploy", "--yes", "--allow", "delete-script:users")
    assert lifted.code == 0
    assert "- script get_user" in lifted.out


@pytest.mark.parametrize("verb", ["plan", "deploy", "status", "lint"])
def test_an_unknown_name_is_a_mistake_with_the_nearest_one(project: World, verb: str) -> None:
    result = project(verb, "usres")
    assert result.code == 3
    assert "Did you mean users?" in result.err
    assert project.requests == []


def test_a_missing_scope_is_named_with_exit_4(make_world: Callable[..., World], fill: Callable[[World], None]) -> None:
    world = make_world(scopes=("read:connections",))
    fill(world)
    result = world("plan")
    assert result.code == 4
    assert "read:connections_options" in result.err
    planner = world("deploy", "--yes", "--json")
    assert planner.code == 4
    assert planner.json["error"]["code"] == "missing-scope"


def test_wrong_credentials_are_exit_4(project: World) -> None:
    from dbconn_tui.secret_store.values import login_service
    from dbconn_tui.sensitive import Sensitive

    project.outside.store.set(login_service("dev.example.com"), "client_secret", Sensitive("wrong-secret"))
    result = project("plan")
    assert result.code == 4
    assert "wrong-secret" not in result.err


def test_no_credentials_at_all_names_the_ways(project: World) -> None:
    project.outside.store.delete("dbconn-login:dev.example.com", "client_secret")
    result = project("plan")
    assert result.code == 4
    assert "dbconn login dev" in result.err


def test_a_tenant_that_is_down_is_exit_6(project: World, unreachable: Any) -> None:
    result = project.__class__(unreachable(project.outside), project.app)("plan", "--json")
    assert result.code == 6
    assert result.json["error"]["code"] == "unreachable"


def test_markdown_masks_credentials_in_diffs(project: World) -> None:
    project("deploy", "--yes")
    login = project.read("scripts/users/login.js")
    project.write(
        "scripts/users/login.js", login.replace("const key", 'const databasePassword = "hunter2hunter2";\n  const key')
    )
    result = project("plan", "--format", "markdown", "--skip-lint")
    assert result.out.startswith("### dbconn plan for `dev`\n\n**Plan: 0 to create, 1 to change")
    assert "```diff" in result.out
    assert "hunter2" not in result.out


def test_a_value_that_a_script_repeats_is_masked_everywhere(project: World) -> None:
    project("deploy", "--yes")
    login = project.read("scripts/users/login.js")
    value = "a-value-that-must-never-show"
    project.write("scripts/users/login.js", login.replace('"no key"', f'"{value}"'))
    for words in (["plan"], ["plan", "--json"], ["plan", "--format", "markdown"], ["deploy", "--yes"]):
        result = project(*words)
        assert result.code == 0
        assert value not in result.out + result.err
        assert "***" in result.out


def test_a_read_only_tenant_is_planned_and_never_written(project: World) -> None:
    text = project.read("dbconn.yaml").replace("    client_id:", "    read_only: true\n    client_id:")
    project.write("dbconn.yaml", text)
    assert project("plan").code == 0
    result = project("deploy", "--yes")
    assert result.code == 3
    assert "read_only" in result.err
    assert writes(project) == []


def test_quiet_says_only_the_result(project: World) -> None:
    assert project("plan", "--quiet").err == ""
    assert project("deploy", "--yes", "--quiet").err == ""


def test_max_rps_holds_a_deploy_to_a_rate(project: World) -> None:
    started = project.outside.clock()
    assert project("deploy", "--yes", "--max-rps", "0.5").code == 0
    requests = sum(path.startswith("/api/") for _, path in project.requests)
    assert requests == 3
    assert project.outside.clock() - started >= (requests - 1) * 2 - 0.1


def test_after_the_deadline_the_rest_is_not_attempted_and_the_next_run_does_it(project: World) -> None:
    text = project.read("dbconn.yaml")
    project.write(
        "dbconn.yaml",
        text + "".join(f"  users-{n}: {{scripts: scripts/users, configuration: {{API_KEY: x}}}}\n" for n in range(7)),
    )
    done = project("deploy", "--yes", "--json", "--max-rps", "0.5", "--deadline", "7")
    assert done.code == 1
    deployed, left = done.json["summary"]["deployed"], done.json["summary"]["not_attempted"]
    assert 1 <= deployed <= 4
    assert deployed + left == 8
    errors = [one["error"]["message"] for one in done.json["connections"] if one["state"] == "not-attempted"]
    assert all("deadline" in error for error in errors)
    assert len(writes(project)) == deployed
    assert project("deploy", "--yes", "--json").json["summary"]["deployed"] == left
    assert project("plan", "--detailed-exitcode").code == 0


def test_the_deadline_counts_from_the_first_reading(project: World) -> None:
    project.app.state.faults.add(Fault(FaultKind.STATUS, path="/api/v2/connections", status=429, times=99))
    started = project.outside.clock()
    done = project("deploy", "--yes", "--deadline", "20")
    assert done.code == 6
    assert "deadline" in done.err
    assert project.outside.clock() - started <= 80
    assert writes(project) == []


@pytest.mark.parametrize("seconds", ["0", "-1", "soon", "nan", "inf"])
def test_a_deadline_that_is_none_is_said(project: World, seconds: str) -> None:
    done = project("deploy", "--yes", f"--deadline={seconds}")
    assert done.code == 3
    assert "--deadline" in done.err


def test_a_project_that_names_its_subscription_sends_no_more_at_once_than_it_allows(make_world: Any, fill: Any) -> None:
    world = make_world(plan="free")
    fill(world)
    text = world.read("dbconn.yaml").replace("    client_id:", "    rate: free\n    client_id:")
    world.write("dbconn.yaml", text + "".join(f"  users-{n}: {{scripts: scripts/users}}\n" for n in range(7)))
    done = world("deploy", "--yes", "--verbose", "--skip-lint")
    assert done.code == 0, done.err
    assert " 429" not in done.err


@pytest.mark.parametrize("rate", ["0", "-1", "many", "nan"])
def test_a_rate_that_is_none_is_said(project: World, rate: str) -> None:
    done = project("deploy", "--yes", f"--max-rps={rate}")
    assert done.code == 3
    assert "--max-rps" in done.err


def test_markdown_fits_into_a_comment_with_the_summary_first(project: World) -> None:
    login = project.read("scripts/users/login.js")
    text = project.read("dbconn.yaml")
    for number in range(6):
        project.write(f"scripts/users-{number}/login.js", login)
        text += f"  users-{number}: {{configuration: {{API_KEY: {{secret: api_key}}}}}}\n"
    project.write("dbconn.yaml", text)
    assert project("deploy", "--yes").code == 0
    for number in range(6):
        filling = "".join(f"  // line {line} of connection {number}\n" for line in range(900))
        project.write(f"scripts/users-{number}/login.js", login.replace("{\n", "{\n" + filling, 1))
    out = project("plan", "--format", "markdown", "--skip-lint").out
    assert 20_000 < len(out) <= 60_000
    assert out.splitlines()[2].startswith("**Plan: 0 to create, 6 to change")
    assert out.count("| change |") == 6
    assert "more not shown here" in out
