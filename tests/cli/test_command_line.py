"""How words on the command line are understood, and what mistakes in them say."""

from __future__ import annotations

import inspect
import re

import pytest

from dbconn_tui.cli.choices import BRAKES
from dbconn_tui.cli.parser import HelpWanted, Request, VersionWanted, read_command_line
from dbconn_tui.cli.verbs import VERBS, load
from dbconn_tui.errors import UsageError


def understood(*words: str) -> Request:
    request = read_command_line(words)
    assert isinstance(request, Request)
    return request


@pytest.mark.parametrize(
    "words",
    [
        ("--tenant", "prod", "--json", "plan", "a", "b"),
        ("plan", "a", "b", "-t", "prod", "--json"),
        ("plan", "a", "--tenant=prod", "b", "--json"),
        ("--json", "plan", "-tprod", "a", "--detailed-exitcode", "b"),
    ],
)
def test_global_flags_stand_before_and_after_the_verb_and_names_on_both_sides(words: tuple[str, ...]) -> None:
    request = understood(*words)
    assert request.verb == "plan"
    assert request.arguments.tenant == "prod"
    assert request.arguments.json is True
    assert request.arguments.names == ["a", "b"]


def test_a_verb_of_two_words_takes_flags_between_them() -> None:
    request = understood("secrets", "--tenant", "dev", "set", "api_key")
    assert (request.verb, request.arguments.name, request.arguments.tenant) == ("secrets set", "api_key", "dev")


def test_overwrite_drift_takes_its_items_only_behind_the_equals_sign() -> None:
    request = understood("deploy", "--overwrite-drift", "users", "--yes")
    assert request.arguments.overwrite_drift == ["*"]
    assert request.arguments.names == ["users"]
    assert understood("deploy", "--overwrite-drift=script:login,users").arguments.overwrite_drift == [
        "script:login,users"
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plam",), "Did you mean plan?"),
        (("secrets", "sett"), "Did you mean set?"),
        (("secrets",), "dbconn secrets check"),
        (("plan", "--detailed-exit"), "Did you mean --detailed-exitcode?"),
        (("plan", "--fromat", "text"), "Did you mean --format?"),
        (("--tennant", "x", "plan"), "Did you mean --tenant?"),
        (("plan", "--format", "pdf"), "dbconn plan --help"),
        (("add", "users"), "dbconn add --help"),
        (("add",), "dbconn add --help"),
        (("schema", "extra"), "dbconn schema --help"),
        (("deploy", "--yes=no"), "dbconn deploy --help"),
        (("login", "--key-file", "k.pem", "--secret-stdin"), "dbconn login --help"),
        (("plan", "--tenant"), "dbconn plan --help"),
    ],
)
def test_a_mistake_is_a_usage_error_that_says_what_to_do(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_command_line(words)
    assert said in caught.value.hint


def test_help_is_found_anywhere_and_asks_for_nothing_else() -> None:
    assert read_command_line(["--help"]) == HelpWanted("")
    assert read_command_line(["add", "--help"]) == HelpWanted("add")
    assert read_command_line(["-h", "secrets", "set"]) == HelpWanted("secrets set")
    assert read_command_line(["secrets", "--help"]) == HelpWanted("secrets")
    assert read_command_line(["plan", "--version"]) == VersionWanted()


def test_help_behind_the_separator_is_a_name() -> None:
    assert understood("plan", "--", "--help").arguments.names == ["--help"]


def test_every_brake_that_a_plan_can_set_is_one_that_allow_takes() -> None:
    from dbconn_tui.deploy import brakes

    source = inspect.getsource(brakes)
    named = {first or second for first, second in re.findall(r'_brake\(\s*"([a-z-]+)"|brake="([a-z-]+)"', source)}
    assert {"delete-script", "import-mode"} <= named <= set(BRAKES)


def test_the_verbs_are_sorted_and_each_has_its_module() -> None:
    names = [verb.name for verb in VERBS]
    assert names == sorted(names)
    for name in names:
        module = load(name)
        assert module.ABOUT
        assert module.EXAMPLES
        assert callable(module.run)
