"""What every import pair (login and get_user) must do, whoever answers: used by the tests of each."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Mapping

from dbconn_tui.scaffold.render import render
from dbconn_tui.scaffold.template import Template, Value

from .conftest import Call, Run, RunScripts
from .faults import FAULTS

HOSTILE = {
    "SQL": "' OR 1=1 --",
    "LDAP": "*)(uid=*",
    "operator": '{"$gt": ""}',
    "search": '" or profile.email sw "',
    "wildcard": "*",
    "percent": "%",
    "path": "../users/me",
    "query": "me?limit=200#",
    "300 characters": f"{'x' * 300}@example.com",
    "unusual characters": "ünïcode\u2028\u0000@例え.example",
}
"""Identifiers that must match nobody."""

Configure = Callable[[str], Mapping[str, str]]
"""The address of the provider → what the scripts read as `configuration`."""


def refused_address() -> str:
    """An address where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def assert_refused(name: str, call: Call, identifier: object) -> None:
    """Wrong credentials, without a word about why."""
    assert call.error is not None, name
    assert call.error["name"] == "WrongUsernameOrPasswordError", (name, call.error)
    assert call.error["message"] == "Wrong user name or password"
    assert call.error["user_id"] == identifier
    assert call.result is None


def assert_outage(name: str, call: Call, secrets: Iterable[str] = ()) -> None:
    """An error of no class that the platform knows, no result, and a text without any person or secret."""
    assert call.error is not None, name
    assert call.error["name"] in ("Error", "TypeError"), (name, call.error)
    assert call.result is None
    assert call.error["message"]
    for word in ("robin", "example.com", "sesame", *secrets):
        assert word.lower() not in call.error["message"].lower(), name


def check_people(
    scripts: Mapping[str, str],
    configuration: Mapping[str, str],
    people: Mapping[str, str],
    run: RunScripts,
    context: tuple[object, ...] = (),
) -> dict[str, dict[str, object]]:
    """Identifier → profile: the same from login and get_user, in one container; wrong passwords are refused."""
    runs = []
    for who, password in people.items():
        runs.append(Run(f"login {who}", scripts["login"], (who, password, *context), configuration, "one"))
        runs.append(Run(f"get_user {who}", scripts["get_user"], (who, *context), configuration, "one"))
        runs.append(Run(f"wrong {who}", scripts["login"], (who, f"{password}x", *context), configuration, "one"))
    calls = run(runs)
    for who in people:
        assert calls[f"login {who}"].error is None, calls[f"login {who}"]
        assert calls[f"login {who}"].result == calls[f"get_user {who}"].result
        assert_refused(f"wrong {who}", calls[f"wrong {who}"], who)
    return {who: calls[f"login {who}"].result for who in people}


def check_strangers(scripts: Mapping[str, str], configuration: Mapping[str, str], run: RunScripts) -> None:
    """Hostile identifiers match nobody, and an empty identifier or password asks nobody."""
    runs = []
    for name, who in {**HOSTILE, "unknown": "nobody@example.com"}.items():
        runs.append(Run(f"login {name}", scripts["login"], (who, "sesame 1"), configuration, "one"))
        runs.append(Run(f"get_user {name}", scripts["get_user"], (who,), configuration, "one"))
    nowhere = dict.fromkeys(configuration, "")
    runs += [
        Run("no password", scripts["login"], ("robin@example.com", ""), nowhere),
        Run("undefined password", scripts["login"], ("robin@example.com", None), nowhere),
        Run("no identifier", scripts["login"], ("", "sesame 1"), nowhere),
        Run("nobody asked for", scripts["get_user"], ("",), nowhere),
    ]
    calls = run(runs)
    for name, who in {**HOSTILE, "unknown": "nobody@example.com"}.items():
        assert_refused(name, calls[f"login {name}"], who)
        assert calls[f"get_user {name}"] == Call(1, None, None), (name, calls[f"get_user {name}"])
    for name in ("no password", "undefined password", "no identifier"):
        assert_refused(name, calls[name], runs[[one.name for one in runs].index(name)].arguments[0])
    assert calls["nobody asked for"] == Call(1, None, None)


def check_outages(
    template: Template, values: Mapping[str, Value], url: str, configure: Configure, run: RunScripts
) -> None:
    """Every fault, a refused connection and a store that hangs are plain errors that name nobody, in time."""
    scripts = render(template, values).files
    hasty = render(template, {**values, "timeout_ms": 400}).files
    places = {fault: f"{url}/fault/{fault}" for fault in (*FAULTS, "hang", "hang-in-body")}
    runs = []
    for name, place in {**places, "down": refused_address(), "no address": ""}.items():
        pair, settings = hasty if name.startswith("hang") else scripts, configure(place)
        runs.append(Run(f"login {name}", pair["login"], ("robin@example.com", "sesame 1"), settings, name))
        runs.append(Run(f"get_user {name}", pair["get_user"], ("robin@example.com",), settings, name))
    runs.append(Run("no configuration", scripts["login"], ("robin@example.com", "sesame 1")))
    calls = run(runs)
    for name, call in calls.items():
        assert_outage(name, call)
    messages = {name: (call.error or {})["message"] for name, call in calls.items()}
    assert "ECONNREFUSED" in messages["login down"]
    assert "500" in messages["login 500"]
    assert "TimeoutError" in messages["login hang"]
    assert "TimeoutError" in messages["get_user hang-in-body"]
