"""Help: every verb explains itself with examples that are understood, and so do the exit codes."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from dbconn_tui import __version__
from dbconn_tui.cli.parser import Request, read_command_line
from dbconn_tui.cli.verbs import VERBS, load
from dbconn_tui.errors import ExitCode

if TYPE_CHECKING:
    from tests.cli.conftest import World


def test_the_overview_lists_every_verb_with_examples(world: World) -> None:
    result = world("--help")
    assert result.code == 0
    assert result.err == ""
    for verb in VERBS:
        assert f"  {verb.name}" in result.out
    assert "dbconn demo" in result.out
    assert world("help").out == result.out


@pytest.mark.parametrize("verb", [verb.name for verb in VERBS])
def test_a_verb_explains_itself(world: World, verb: str) -> None:
    result = world("help", *verb.split())
    assert result.code == 0
    assert result.out.startswith(f"usage: dbconn {verb}")
    assert "examples:" in result.out
    assert "--no-input" in result.out
    assert max(map(len, result.out.splitlines())) <= 120
    assert world(*verb.split(), "--help").out == result.out


@pytest.mark.parametrize("verb", [verb.name for verb in VERBS])
def test_the_examples_are_understood(verb: str) -> None:
    for line in load(verb).EXAMPLES.splitlines():
        command = line.partition("  #")[0].replace("…", "").replace("source <(", "").rstrip(") ")
        words = shlex.split(command.partition(" < ")[0].partition(" > ")[0], comments=True)
        if not words:
            continue
        assert words[0] == "dbconn", line
        request = read_command_line(words[1:])
        assert isinstance(request, Request), line
        assert request.verb == verb, line


def test_the_exit_codes_are_all_told(world: World) -> None:
    result = world("help", "exit-codes")
    assert result.code == 0
    for code in ExitCode:
        assert f" {int(code)}  " in result.out
    told = world("help", "exit-codes", "--json").json["exit_codes"]
    assert [entry["code"] for entry in told] == [130, 4, 6, 5, 3, 1, 2, 0]


def test_help_on_something_unknown_names_what_is_near(world: World) -> None:
    result = world("help", "exitcodes")
    assert result.code == 3
    assert "Did you mean `dbconn help exit-codes`?" in result.err


def test_the_version(world: World) -> None:
    assert world("--version").out == f"dbconn {__version__}\n"


def test_a_group_of_verbs_is_explained(world: World) -> None:
    result = world("secrets", "--help")
    assert result.code == 0
    assert "dbconn secrets set" in result.out
