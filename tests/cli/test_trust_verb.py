"""dbconn trust at the command line, and a real command behind secrets."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import World

VALUE = "printed-by-the-command"


@pytest.fixture
def commanded(project: World) -> World:
    """The project with a real script that prints VALUE and whispers it on stderr."""
    project.write("dbconn.yaml", project.read("dbconn.yaml") + 'secrets_from: {command: [./get, "{name}"]}\n')
    script = project.write("get", f"#!/bin/sh\necho {VALUE}\necho {VALUE} >&2\n")
    script.chmod(0o755)
    return project


def test_it_shows_the_command_and_asks(commanded: World) -> None:
    declined = commanded("trust", terminal=True, stdin="n\n")
    assert declined.code == 130
    assert "./get" in declined.err
    assert "{name}" in declined.err
    assert commanded("secrets", "check").code == 3
    agreed = commanded("trust", terminal=True, stdin="y\n")
    assert (agreed.code, agreed.out) == (0, "The command of dbconn.yaml is trusted now on this machine.\n")


@pytest.mark.skipif(os.name != "posix", reason="the script is for a POSIX shell")
def test_a_deploy_takes_the_value_from_the_command_and_shows_it_nowhere(commanded: World) -> None:
    assert commanded("trust", "--yes").code == 0
    said = [commanded(*words) for words in (("secrets", "list"), ("secrets", "check"), ("deploy", "--yes", "--json"))]
    assert [one.code for one in said] == [0, 0, 0]
    assert "command ./get" in said[0].out
    assert VALUE not in "".join(one.out + one.err for one in said)
    tenant = commanded.app.state.tenant
    stored = tenant.by_name("users").options["configuration"]["API_KEY"]
    assert tenant.vault.open(stored) == VALUE


def test_without_a_terminal_it_names_the_flag(commanded: World) -> None:
    result = commanded("trust")
    assert (result.code, "--yes" in result.err) == (3, True)


def test_json_and_revoke(commanded: World) -> None:
    assert commanded("trust", "--yes", "--json").json == {
        "version": 1,
        "commands": [{"command": ["./get", "{name}"], "trusted": True}],
    }
    assert commanded("trust", "--yes").out == "The command of dbconn.yaml was trusted before on this machine.\n"
    assert commanded("trust", "--revoke").code == 0
    missing = commanded("secrets", "check")
    assert missing.code == 3
    assert "dbconn trust" in missing.out


def test_control_characters_in_a_command_do_not_reach_the_terminal(commanded: World) -> None:
    text = commanded.read("dbconn.yaml").replace('"{name}"', '"{name}\\x1b[2K"')
    commanded.write("dbconn.yaml", text)
    assert "\x1b" not in commanded("trust", "--yes").err


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("[op, read]", "no argument of the command names the secret"),
        ('[op, "{nam}", "{name}"]', "Did you mean {name}?"),
        ('["{name}", "{name}"]', "the program itself is not filled in"),
        ("[]", "at least 1"),
        ('"op read {name}"', "list"),
    ],
)
def test_a_command_that_cannot_be_meant(project: World, command: str, words: str) -> None:
    project.write("dbconn.yaml", project.read("dbconn.yaml") + f"secrets_from: {{command: {command}}}\n")
    result = project("plan")
    assert result.code == 3
    assert words in result.err
    assert "dbconn.yaml:13:" in result.err
