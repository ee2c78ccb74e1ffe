"""What survives a deploy, and what a deploy refuses, on a real tenant process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Project

SECRET = "hunter2-but-long-enough-to-grep"


def test_what_dbconn_does_not_know_survives_a_deploy(two_connections: Project) -> None:
    project, control = two_connections, two_connections.control
    project.json("deploy", "--yes")
    before = control.connections()["healthy"]
    for path, value in (
        (["options", "disable_signup"], True),
        (["options", "a_future_option"], {"deep": [1, {"x": "y"}]}),
        (["options", "customScripts", "change_hat_size"], "function changeHatSize() {}"),
        (["metadata", "team"], "identity"),
        (["display_name"], "Staff and guests"),
    ):
        control.call("POST", "/set", {"connection": before["id"], "path": path, "value": value})
    script = project.folder / "scripts/healthy/verify.js"
    script.write_text(script.read_text().replace("true", "false"))
    answer = project.json("deploy", "--yes")
    assert answer["summary"]["deployed"] == 1
    after = control.connections()["healthy"]
    assert after["options"]["disable_signup"] is True
    assert after["options"]["a_future_option"] == {"deep": [1, {"x": "y"}]}
    assert after["options"]["customScripts"]["change_hat_size"] == "function changeHatSize() {}"
    assert after["options"]["customScripts"]["verify"] == script.read_text()
    assert after["metadata"]["team"] == "identity"
    assert after["display_name"] == "Staff and guests"
    for option in set(before["options"]) - {"customScripts", "disable_signup"}:
        assert after["options"][option] == before["options"][option]


def test_scripts_arrive_byte_for_byte(two_connections: Project) -> None:
    project = two_connections
    text = "// é 世界 \U0001f511\r\nfunction login(identifier, password, callback) {\r\n  return callback(null);\r\n}"
    project.write("scripts/healthy/login.js", text.encode())
    project.json("deploy", "--yes")
    assert project.control.connections()["healthy"]["options"]["customScripts"]["login"] == text


@pytest.mark.parametrize("edit", ["edited on the tenant", "edited on both sides"])
def test_an_edit_on_the_tenant_is_refused_with_nothing_sent(two_connections: Project, edit: str) -> None:
    project, control = two_connections, two_connections.control
    project.json("deploy", "--yes")
    live = control.connections()["other"]
    control.call(
        "POST",
        "/set",
        {"connection": live["id"], "path": ["options", "customScripts", "verify"], "value": "function verify() {}"},
    )
    script = project.folder / "scripts/healthy/verify.js"
    script.write_text(script.read_text().replace("true", "false"))
    if edit == "edited on both sides":
        other = project.folder / "scripts/other/verify.js"
        other.write_text(other.read_text().replace("true", "false"))
    control.forget()
    answer = project.json("deploy", "--yes", code=5)
    assert "script:verify" in answer["error"]["message"]
    assert control.writes() == []
    answer = project.json("deploy", "--yes", "--overwrite-drift=other/script:verify")
    assert answer["summary"]["deployed"] == 2


def test_a_connection_that_was_there_before_is_refused(two_connections: Project) -> None:
    project, control = two_connections, two_connections.control
    control.call(
        "POST",
        "/connections",
        {
            "name": "other",
            "strategy": "auth0",
            "options": {"customScripts": {"login": "function login() { theirs }"}, "configuration": {"OLD": "x"}},
        },
    )
    control.forget()
    project.json("deploy", "--yes", code=5)
    assert control.writes() == []
    states = {one["name"]: one["state"] for one in project.json("plan")["connections"]}
    assert states == {"healthy": "create", "other": "undecided"}


def test_a_rotated_secret_is_noticed_and_written(project: Project) -> None:
    project.write_scripts("healthy")
    login = project.folder / "scripts/healthy/login.js"
    login.write_text(
        login.read_text().replace("{\n", "{\n  if (!configuration.KEY) return callback(new Error('no key'));\n", 1)
    )
    project.write_yaml("  healthy: {configuration: {KEY: {secret: key}}}\n")
    project.json("deploy", "--yes", DBCONN_SECRET_KEY=SECRET)
    plan = project.json("plan", DBCONN_SECRET_KEY=SECRET)
    assert plan["connections"][0]["state"] == "unchanged"
    plan = project.json("plan")
    assert plan["connections"][0]["state"] == "unchanged"
    assert plan["connections"][0]["changes"][0]["state"] == "not compared"
    rotated = project.json("plan", "--detailed-exitcode", code=2, DBCONN_SECRET_KEY=SECRET + "2")
    assert [change["item"] for change in rotated["connections"][0]["changes"]] == ["configuration:KEY"]
    project.json("deploy", "--yes", DBCONN_SECRET_KEY=SECRET + "2")
    assert project.control.connections()["healthy"]["values"] == {"KEY": SECRET + "2"}


def test_no_secret_shows_in_any_output_or_file(project: Project) -> None:
    project.write_scripts("healthy")
    project.write_yaml("  healthy: {configuration: {KEY: {secret: key}, VAR: {env: SOME_VALUE}}}\n")
    environment = {"DBCONN_SECRET_KEY": SECRET, "SOME_VALUE": SECRET + "-variable"}
    for arguments in (
        ("plan",),
        ("plan", "--json"),
        ("plan", "--format", "markdown"),
        ("deploy", "--yes", "--verbose"),
        ("deploy", "--yes", "--json"),
        ("status", "--check"),
        ("status", "--json"),
        ("history",),
        ("secrets", "list"),
        ("secrets", "check", "--json"),
        ("lint",),
    ):
        project.dbconn(*arguments, **environment)
    project.control.call("POST", "/faults", {"kind": "status", "status": 400, "method": "PATCH", "times": 5})
    project.dbconn("deploy", "--yes", "--verbose", **{**environment, "DBCONN_SECRET_KEY": SECRET + "3"})
    assert {SECRET, SECRET + "3", SECRET + "-variable"} <= project.secrets
    assert len(project.printed) == 24
    assert project.leaks() == []
    raw: dict[str, Any] = project.control.connections()["healthy"]
    assert SECRET not in str(raw["metadata"])
