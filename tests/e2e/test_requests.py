"""The fewest requests, counted by the tenant: 50 connections with seven scripts and two values each (design §5.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Project

COUNT = 50


def write_fifty(project: Project) -> None:
    lines = []
    for number in range(COUNT):
        key = f"users-{number:02}"
        project.write_scripts(key)
        lines.append(
            f"  {key}:\n    configuration:\n      API_URL: https://users-{number}.acme.com\n"
            "      API_CLIENT_SECRET: {secret: api_client_secret}\n"
        )
        for kind in ("login", "get_user"):
            script = project.folder / f"scripts/{key}/{kind}.js"
            text = script.read_text().replace(
                "{\n  return", "{\n  const { API_URL, API_CLIENT_SECRET } = configuration;\n  return", 1
            )
            script.write_text(text)
    project.write_yaml("".join(lines))
    project.environment["DBCONN_SECRET_API_CLIENT_SECRET"] = "a-secret-of-thirty-two-characters"


def test_fifty_connections_cost_the_fewest_requests(project: Project) -> None:
    write_fifty(project)
    control = project.control
    control.forget()
    first = project.json("deploy", "--yes")
    assert first["summary"]["deployed"] == COUNT
    assert control.counts() == {
        "POST /oauth/token": 1,
        "GET /api/v2/connections": 2,
        "POST /api/v2/connections": COUNT,
    }
    control.forget()
    again = project.json("deploy", "--yes")
    assert again["summary"]["unchanged"] == COUNT
    assert control.counts() == {"POST /oauth/token": 1, "GET /api/v2/connections": 1}
    control.forget()
    script = project.folder / "scripts/users-07/verify.js"
    script.write_text(script.read_text().replace("true", "false"))
    one = project.json("deploy", "--yes")
    assert one["summary"] | {"unchanged": 49} == one["summary"]
    assert control.counts() == {
        "POST /oauth/token": 1,
        "GET /api/v2/connections": 2,
        "PATCH /api/v2/connections/{id}": 1,
    }
    assert len(control.connections()) == COUNT
    assert control.connections()["users-07"]["values"]["API_URL"] == "https://users-7.acme.com"
