"""Completion scripts: bash really completes; the others hold every verb and flag."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from dbconn_tui.cli.completion import bash_script, fish_script, read_grammar, zsh_script
from dbconn_tui.cli.verbs import VERBS

if TYPE_CHECKING:
    from tests.cli.conftest import World

BASH = shutil.which("bash")
needs_bash = pytest.mark.skipif(BASH is None, reason="bash is not on this machine")


def complete(*words: str) -> list[str]:
    """What bash offers for the last word."""
    script = (
        f'{bash_script(read_grammar())}\nCOMP_WORDS=("$@")\nCOMP_CWD=$(($# - 1))\nCOMP_CWORD=$COMP_CWD\n'
        '_dbconn\nprintf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run([str(BASH), "-c", script, "bash", *words], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.split()


@needs_bash
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("dbconn", "pl"), ["plan"]),
        (("dbconn", "sec"), ["secrets"]),
        (("dbconn", "secrets", "s"), ["set"]),
        (("dbconn", "--tenant", "prod", "dep"), ["deploy"]),
        (("dbconn", "plan", "--det"), ["--detailed-exitcode"]),
        (("dbconn", "plan", "--format", ""), ["text", "json", "markdown"]),
        (("dbconn", "secrets", "-t", "prod", "check", "--js"), ["--json"]),
        (("dbconn", "completion", "f"), ["fish"]),
        (("dbconn", "help", "exit"), ["exit-codes"]),
        (("dbconn", "plan", "--no-such"), []),
    ],
)
def test_bash_offers(words: tuple[str, ...], offered: list[str]) -> None:
    assert complete(*words) == offered


@needs_bash
def test_bash_offers_every_first_word() -> None:
    firsts = {verb.name.partition(" ")[0] for verb in VERBS}
    assert firsts <= set(complete("dbconn", ""))


def test_every_script_holds_every_verb_and_flag() -> None:
    grammar = read_grammar()
    for script in (bash_script(grammar), zsh_script(grammar), fish_script(grammar)):
        for verb, flags in grammar.flags.items():
            assert all(word in script for word in verb.split())
            for flag in flags:
                assert all(name.lstrip("-") in script for name in flag.names)


@pytest.mark.parametrize(
    ("shell", "check"), [("bash", ["bash", "-n"]), ("zsh", ["zsh", "-n"]), ("fish", ["fish", "--no-execute"])]
)
def test_the_shell_accepts_its_script(world: World, shell: str, check: list[str], tmp_path: object) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not on this machine")
    script = world("completion", shell).out
    done = subprocess.run([*check, "/dev/stdin"], input=script, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_unknown_shell_is_a_mistake(world: World) -> None:
    result = world("completion", "tcsh")
    assert result.code == 3
    assert "tcsh" in result.err
