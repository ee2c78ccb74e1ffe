"""The project's command as a source of values: its order, what it says, and that no value shows."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbconn_tui.project.values import Connection, Project, SecretCommand, SecretReference, Tenant
from dbconn_tui.secret_store.command import Ended, Ending
from dbconn_tui.secret_store.command_source import CommandSource, fill_in
from dbconn_tui.secret_store.lookup import Resolved, resolve
from dbconn_tui.secret_store.memory_store import MemoryStore
from dbconn_tui.secret_store.values import value_service
from dbconn_tui.sensitive import Sensitive

DEV = Tenant("dev", "dev.example.com")
COMMAND = SecretCommand(("op", "read", "op://auth0/{tenant}/{name}"))
PROJECT = Project(Path(), Path("dbconn.yaml"), "dbconn.yaml", "", "", {"dev": DEV}, (), {}, {}, {})
USERS = Connection("users", "users", configuration={"KEY": SecretReference("api_key"), "SALT": SecretReference("salt")})


class Runner:
    """Ends every command as told, and remembers what was run."""

    def __init__(self, *endings: Ended) -> None:
        self._endings = list(endings)
        self.run: list[tuple[str, ...]] = []

    def __call__(self, words: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Ended:
        self.run.append(tuple(words))
        return self._endings.pop(0) if len(self._endings) > 1 else self._endings[0]


def printed(output: bytes, status: int = 0) -> Ended:
    return Ended(Ending.EXIT, status, output)


def looked_up(
    runner: Runner, *, stored: str = "", refusal: str = "", asks: bool = True, **environment: str
) -> Resolved:
    store = MemoryStore()
    if stored:
        store.set(value_service(DEV.domain), "api_key", Sensitive(stored))
        store.set(value_service(DEV.domain), "salt", Sensitive(stored))
    source = CommandSource(COMMAND, Path(), {}, runner, refusal=refusal, asks=asks)
    return resolve([USERS], DEV, PROJECT, environment, store, source)


def value(resolved: Resolved, key: str = "KEY") -> str | None:
    found = resolved.values["users"].get(key)
    return found.reveal() if found is not None else None


def test_each_secret_is_asked_for_by_its_name() -> None:
    runner = Runner(printed(b"first\n"), printed(b"second\n"))
    resolved = looked_up(runner)
    assert (value(resolved), value(resolved, "SALT")) == ("first", "second")
    assert runner.run == [("op", "read", "op://auth0/dev/api_key"), ("op", "read", "op://auth0/dev/salt")]
    assert resolved.from_command == {"api_key", "salt"}


def test_the_environment_comes_first_and_the_command_before_the_keyring() -> None:
    runner = Runner(printed(b"from the command\n"))
    resolved = looked_up(runner, stored="an old copy", DBCONN_SECRET_API_KEY="from the environment")
    assert (value(resolved), value(resolved, "SALT")) == ("from the environment", "from the command")
    assert runner.run == [("op", "read", "op://auth0/dev/salt")]


def test_only_printing_nothing_says_ask_the_keyring() -> None:
    assert value(looked_up(Runner(printed(b"")), stored="kept here")) == "kept here"
    assert value(looked_up(Runner(printed(b"\n")), stored="kept here")) == "kept here"
    failed = looked_up(Runner(printed(b"", 1)), stored="an old copy")
    assert value(failed) is None
    assert [one.hint for one in failed.missing] == [
        f"op (secrets_from) ended with status 1 for {name}. Or set the environment variable DBCONN_SECRET_{variable}."
        for name, variable in (("api_key", "API_KEY"), ("salt", "SALT"))
    ]


@pytest.mark.parametrize(
    ("output", "expected"),
    [(b"v\n", "v"), (b"v\r\n", "v"), (b"v\n\n", "v\n"), (b"v", "v"), (b" v \n", " v "), ("ключ\n".encode(), "ключ")],
)
def test_one_line_end_is_taken_off(output: bytes, expected: str) -> None:
    assert value(looked_up(Runner(printed(output)))) == expected


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        (printed(b"\xff\xfesecret"), "not UTF-8"),
        (printed(b"sec\0ret"), "NUL"),
        (printed(b"secret", -9), "signal 9"),
        (printed(b"secret", 3), "status 3"),
        (printed(b"s" * 100_001), "100,000 bytes"),
        (Ended(Ending.TOO_LONG), "100,000 bytes"),
        (Ended(Ending.TIMEOUT), "within 10 s"),
        (Ended(Ending.NOT_FOUND), "not on this machine"),
        (Ended(Ending.NOT_STARTED, reason="permission denied"), "permission denied"),
    ],
)
def test_what_went_wrong_is_said_without_the_output(ended: Ended, words: str) -> None:
    resolved = looked_up(Runner(ended))
    assert value(resolved) is None
    assert words in resolved.missing[0].hint
    assert "secret" not in resolved.missing[0].hint.replace("secrets_from", "").replace("DBCONN_SECRET", "").lower()


def test_a_command_that_does_not_work_is_run_once_not_once_a_secret() -> None:
    for broken in (Ended(Ending.TIMEOUT), Ended(Ending.NOT_FOUND)):
        runner = Runner(broken)
        assert len(looked_up(runner).missing) == 2
        assert len(runner.run) == 1


def test_an_untrusted_command_never_runs_and_hides_no_reason_behind_the_keyring() -> None:
    runner = Runner(printed(b"value"))
    resolved = looked_up(runner, refusal="Run `dbconn trust`.", stored="an old copy")
    assert runner.run == []
    assert resolved.missing[0].hint.startswith("Run `dbconn trust`.")


def test_left_alone_a_secret_is_neither_a_value_nor_missing() -> None:
    runner = Runner(printed(b"value"))
    resolved = looked_up(runner, asks=False)
    assert (dict(resolved.values), resolved.missing, runner.run) == ({"users": {}}, (), [])
    assert value(looked_up(runner, asks=False, DBCONN_SECRET_API_KEY="given")) == "given"


@given(name=st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,63}", fullmatch=True), word=st.text(max_size=30))
def test_filling_in_never_makes_more_words_nor_fills_twice(name: str, word: str) -> None:
    tenant = Tenant("{name}", "{tenant}.example.com")
    command = SecretCommand(("{name}", word, "{tenant}/{domain}/{name}", "{other}"))
    filled = fill_in(command, tenant, name)
    assert len(filled) == len(command.words)
    assert (filled[0], filled[2:]) == ("{name}", (f"{{name}}/{{tenant}}.example.com/{name}", "{other}"))


def test_many_secrets_are_asked_for_together_after_the_first() -> None:
    meeting = threading.Barrier(4)
    run: list[str] = []

    def command(words: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Ended:
        run.append(words[-1])
        if len(run) > 1:
            meeting.wait(timeout=30)
        return printed(words[-1].encode())

    keys = [f"key_{number}" for number in range(5)]
    connection = Connection("many", "many", configuration={key: SecretReference(key) for key in keys})
    source = CommandSource(COMMAND, Path(), {}, command)
    resolved = resolve([connection, connection], DEV, PROJECT, {}, MemoryStore(), source)
    assert {key: one.reveal() for key, one in resolved.values["many"].items()} == {
        key: f"op://auth0/dev/{key}" for key in keys
    }
    assert len(run) == 5
