"""Arguments: the values a script is called with, from the names of `--arg` (design §4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dbconn_tui.action_scripts.kinds import BY_NAME
from dbconn_tui.errors import UsageError
from dbconn_tui.sensitive import Sensitive

Json = Any

_PARAMETER_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "login": ("email", "password"),
    "get_user": ("email",),
    "create": ("email", "password"),
    "verify": ("email",),
    "change_password": ("email", "new_password"),
    "delete": ("id",),
    "change_email": ("email", "new_email", "verified"),
}
"""Which names each kind takes, in the order of its parameters; create's make up its user."""

_SAME: Final = {"username": "email", "identifier": "email", "newPassword": "new_password", "newEmail": "new_email"}
_DEFAULTS: Final = {"verified": False}


PASSWORDS: Final = frozenset({"password", "new_password"})
"""Names whose values are never shown."""


def argument_names(kind: str) -> tuple[str, ...]:
    """The names that a kind must be given (`verified` may be left out); empty where nothing documents them."""
    return _PARAMETER_NAMES.get(kind, ())


@dataclass(frozen=True, slots=True)
class CallArguments:
    """The arguments before the callback, and which of their values are the identifier and passwords."""

    values: tuple[Json, ...] = field(repr=False)
    identifier: str = field(default="", repr=False)
    passwords: tuple[Sensitive, ...] = ()


def call_arguments(kind: str, given: Mapping[str, Json], *, context: bool, connection: str = "") -> CallArguments:
    """The arguments of a call. `given` maps names to values; `user.X` and `context.organization.X` build objects.

    With `context` the context object stands last; delete's is always empty (rules.md §0). Raises UsageError
    for names the kind does not take, and for missing ones.
    """
    names = _PARAMETER_NAMES.get(kind)
    if names is None:
        hint = f"Kinds that can be run: {', '.join(_PARAMETER_NAMES)}."
        if kind in BY_NAME:
            raise UsageError(f"Auth0 does not document what {kind} is called with", hint)
        raise UsageError(f"there is no kind {kind!r}", hint)
    plain, user, surroundings = _sort(kind, given, names)
    missing = [name for name in names if name not in plain and name not in _DEFAULTS]
    if missing:
        flags = " ".join(f"--arg {name}=…" for name in missing)
        raise UsageError(f"{kind} is not told its {' and '.join(missing)}", f"Pass {flags}, or --args FILE.")
    for name in names:
        _check_type(name, plain.get(name, _DEFAULTS.get(name)))
    if kind == "create":
        made = {"client_id": "local-client", "tenant": "local", "connection": connection or "local"}
        values: list[Json] = [{**made, "email": plain["email"], "password": plain["password"], **user}]
    else:
        values = [plain.get(name, _DEFAULTS.get(name)) for name in names]
    if context:
        values.append({} if kind == "delete" else surroundings)
    identifier = str(plain.get("email", plain.get("id", "")))
    passwords = tuple(Sensitive(plain[name]) for name in ("password", "new_password") if name in plain)
    return CallArguments(tuple(values), identifier, passwords)


def _sort(
    kind: str, given: Mapping[str, Json], names: tuple[str, ...]
) -> tuple[dict[str, Json], dict[str, Json], dict[str, Json]]:
    """The given values as plain arguments, fields of create's user, and the context."""
    plain: dict[str, Json] = {}
    user: dict[str, Json] = {}
    surroundings: dict[str, Json] = {}
    for name, value in given.items():
        head, _, rest = name.partition(".")
        if head == "user" and kind == "create":
            if rest:
                _put(user, rest, value)
            elif isinstance(value, dict):
                user.update(value)
        elif head == "context":
            if rest:
                _put(surroundings, rest, value)
            elif isinstance(value, dict):
                surroundings.update(value)
        elif name == "username" and kind == "create":
            user["username"] = value
        elif _SAME.get(name, name) in names:
            plain[_SAME.get(name, name)] = value
        else:
            raise UsageError(f"{kind} takes no argument {name!r}", f"It takes: {', '.join(_takes(kind))}.")
    if kind == "create":
        for name in ("email", "password"):
            if name in user:
                plain.setdefault(name, user.pop(name))
    return plain, user, surroundings


def _takes(kind: str) -> list[str]:
    names = [*_PARAMETER_NAMES[kind]]
    names += ["user.X"] if kind == "create" else []
    return [*names, *(["context.organization.X"] if kind != "delete" else [])]


def _put(target: dict[str, Json], path: str, value: Json) -> None:
    head, _, rest = path.partition(".")
    if not rest:
        target[head] = value
        return
    inner = target.setdefault(head, {})
    if not isinstance(inner, dict):
        raise UsageError(f"{head} is given both as a value and with parts", "Give it one way.")
    _put(inner, rest, value)


def _check_type(name: str, value: Json) -> None:
    if name == "verified":
        if not isinstance(value, bool):
            raise UsageError("verified is not true or false", "Pass --arg verified=true.")
    elif not isinstance(value, str):
        raise UsageError(f"{name} is not text", 'Write it in quotes in the JSON of --args, e.g. "12345".')
