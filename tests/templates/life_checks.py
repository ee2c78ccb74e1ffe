"""What all seven scripts together must do, whatever the store: used by the tests of each template that has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .conftest import Call, Run, RunScripts
from .faults import FAULTS
from .pair_checks import HOSTILE, Configure, assert_outage, assert_refused, refused_address

NEW_USER: dict[str, Any] = {
    "email": "new@example.com",
    "password": "A new password, 1",
    "tenant": "acme",
    "client_id": "abc",
    "connection": "users",
}


def arguments(user_id: str) -> dict[str, tuple[Any, ...]]:
    """Kind → arguments for a user of the store, whose address is robin@example.com."""
    return {
        "login": ("robin@example.com", "sesame 1"),
        "get_user": ("robin@example.com",),
        "create": (NEW_USER,),
        "verify": ("robin@example.com",),
        "change_password": ("robin@example.com", "Another password, 2"),
        "delete": (user_id,),
        "change_email": ("robin@example.com", "robin.new@example.com", True),
    }


def check_life(
    scripts: Mapping[str, str],
    configuration: Mapping[str, str],
    run: RunScripts,
    *,
    taken: str = "robin@example.com",
    user: Mapping[str, Any] = NEW_USER,
) -> dict[str, Any]:
    """A user's whole life in one container; the profile after the first login. `taken` is another user's address.

    Every hostile identifier is tried while two users are there, in every script that changes something.
    """
    steps: list[tuple[str, str, tuple[Any, ...]]] = [
        ("unknown before", "get_user", ("new@example.com",)),
        ("created", "create", (user,)),
        ("created twice", "create", ({**user, "email": "NEW@example.com"},)),
        ("first login", "login", ("new@example.com", user["password"])),
        ("verified", "verify", ("new@example.com",)),
        ("verified nobody", "verify", ("nobody@example.com",)),
        ("found", "get_user", ("New@Example.com",)),
        ("no new password", "change_password", ("new@example.com", "")),
        ("new password", "change_password", ("new@example.com", "The next password, 2")),
        ("new password for nobody", "change_password", ("nobody@example.com", "The next password, 2")),
        ("old password", "login", ("new@example.com", user["password"])),
        ("login with the new one", "login", ("New@example.com", "The next password, 2")),
        ("new address", "change_email", ("new@example.com", "newer@example.com", False)),
        ("new address for nobody", "change_email", ("nobody@example.com", "no@example.com", False)),
        ("taken address", "change_email", ("newer@example.com", taken, True)),
        ("old address", "get_user", ("new@example.com",)),
        ("after the change", "get_user", ("newer@example.com",)),
        ("only verified again", "change_email", ("newer@example.com", "newer@example.com", True)),
        ("no password at a sign-up", "create", ({**user, "email": "other@example.com", "password": ""},)),
    ]
    for name, who in HOSTILE.items():
        steps += [
            (f"login {name}", "login", (who, "The next password, 2")),
            (f"get_user {name}", "get_user", (who,)),
            (f"verify {name}", "verify", (who,)),
            (f"change_password {name}", "change_password", (who, "Stolen password, 3")),
            (f"change_email {name}", "change_email", (who, "stolen@example.com", True)),
        ]
    steps.append(("still there", "login", ("newer@example.com", "The next password, 2")))
    calls = run([Run(name, scripts[kind], args, configuration, "one") for name, kind, args in steps])

    for name in ("unknown before", "created", "old address"):
        assert calls[name] == Call(1, None, None), (name, calls[name])
    assert (calls["created twice"].error or {}).get("code") == "user_exists", calls["created twice"]
    first = calls["first login"].result
    assert first is not None, calls["first login"]
    assert first["email"] == "new@example.com"
    assert first["email_verified"] is False
    for name in ("verified", "new password", "new address", "only verified again"):
        assert calls[name] == Call(2, None, True), (name, calls[name])
    for name in ("verified nobody", "new password for nobody", "new address for nobody"):
        assert calls[name] == Call(2, None, False), (name, calls[name])
    assert calls["found"].result == {**first, "email_verified": True}
    assert_refused("old password", calls["old password"], "new@example.com")
    assert calls["login with the new one"].result == calls["found"].result
    for name in ("no new password", "taken address", "no password at a sign-up"):
        assert_outage(name, calls[name])
    moved = {**_lasting(first), "email": "newer@example.com"}
    assert _lasting(calls["after the change"].result) == {**moved, "email_verified": False}
    for name, who in HOSTILE.items():
        assert_refused(name, calls[f"login {name}"], who)
        assert calls[f"get_user {name}"] == Call(1, None, None), (name, calls[f"get_user {name}"])
        for kind in ("verify", "change_password", "change_email"):
            call = calls[f"{kind} {name}"]
            assert call == Call(2, None, False), (kind, name, call)
    assert _lasting(calls["still there"].result) == {**moved, "email_verified": True}
    _check_deletion(scripts, configuration, run, str(first["user_id"]))
    return dict(first)


def _lasting(profile: Mapping[str, Any]) -> dict[str, Any]:
    """A profile without the names that some stores make of the address."""
    return {name: value for name, value in profile.items() if name not in ("name", "nickname")}


def _check_deletion(
    scripts: Mapping[str, str], configuration: Mapping[str, str], run: RunScripts, user_id: str
) -> None:
    prefix = user_id.rpartition("|")[0]
    strange = [f"{prefix}|{who}" if prefix else who for who in HOSTILE.values()]
    runs = [Run(f"delete {who}", scripts["delete"], (who,), configuration, "one") for who in strange]
    runs += [
        Run("still there", scripts["get_user"], ("newer@example.com",), configuration, "one"),
        Run("deleted", scripts["delete"], (user_id,), configuration, "one"),
        Run("deleted twice", scripts["delete"], (user_id,), configuration, "one"),
        Run("gone", scripts["get_user"], ("newer@example.com",), configuration, "one"),
    ]
    if prefix:
        runs.append(Run("someone else's", scripts["delete"], (f"other|{user_id}",), configuration, "one"))
    calls = run(runs)
    assert calls["still there"].result is not None
    for name in ("deleted", "deleted twice", "gone"):
        assert calls[name] == Call(1, None, None), (name, calls[name])
    if prefix:
        assert_outage("someone else's", calls["someone else's"])


def check_every_outage(
    scripts: Mapping[str, str],
    hasty: Mapping[str, str],
    user_id: str,
    url: str,
    configure: Configure,
    run: RunScripts,
    secrets: tuple[str, ...] = (),
) -> dict[str, Call]:
    """Every script over HTTP, with every fault: plain errors that name nobody. `hasty` scripts have a short timeout."""
    places = {fault: f"{url}/fault/{fault}" for fault in (*FAULTS, "hang", "hang-in-body")}
    runs = []
    for name, place in {**places, "down": refused_address(), "no address": ""}.items():
        chosen, settings = hasty if name.startswith("hang") else scripts, configure(place)
        for kind, given in arguments(user_id).items():
            runs.append(Run(f"{kind} {name}", chosen[kind], given, settings, name))
    runs += [Run(f"{kind} unset", scripts[kind], given) for kind, given in arguments(user_id).items()]
    calls = run(runs)
    for name, call in calls.items():
        assert_outage(name, call, secrets)
    for kind in arguments(user_id):
        assert "ECONNREFUSED" in (calls[f"{kind} down"].error or {})["message"]
        assert "TimeoutError" in (calls[f"{kind} hang"].error or {})["message"]
        assert "TimeoutError" in (calls[f"{kind} hang-in-body"].error or {})["message"]
    return calls
