"""`scripts-required`: the scripts that the platform needs are there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.kinds import NEEDS_GET_USER
from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.lint.wording import listed
from dbconn_tui.problems import Severity

_FEATURES: Final = {
    "create": "signing up",
    "verify": "verifying an e-mail address",
    "change_password": "resetting a password",
    "delete": "deleting a user",
}
"""Kinds that are optional, and what fails without them while import_mode is off."""

_LOGIN = "function login(email, password, callback) {\n  return callback(null, { user_id: '1' });\n}\n"
_GET_USER = "function getUser(email, callback) {\n  return callback(null);\n}\n"
_CREATE = "function create(user, callback) {\n  return callback(null);\n}\n"


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """Errors for login and get_user where they are needed; one lesser finding for missing features."""
    connection = subject.connection
    kinds = frozenset(connection.scripts)
    folder_hint = "Add {0}.js to the connection's scripts."
    if "login" not in kinds:
        yield Finding("the login script is missing", hint=folder_hint.format("login"), item="scripts")
    if "get_user" not in kinds:
        hint = folder_hint.format("get_user")
        callers = [kind for kind in NEEDS_GET_USER if kind in kinds]
        if connection.import_mode:
            message = "the get_user script is missing, and import_mode needs it"
            yield Finding(message, hint=hint, item="scripts")
        elif callers:
            message = f"the get_user script is missing, and the platform calls it before {listed(callers)}"
            yield Finding(message, hint=hint, item="scripts")
    if connection.import_mode or "login" not in kinds:
        return
    signs_up = connection.options.get("disable_signup") is not True
    missing = [kind for kind in _FEATURES if kind not in kinds and (signs_up or kind not in ("create", "verify"))]
    if missing:
        fails = listed([_FEATURES[kind] for kind in missing])
        yield Finding(
            f"there is no {listed(missing, 'or')} script: {fails} will fail",
            hint="Add what the connection's users may do.",
            item="scripts",
            # A connection for nothing but logging in is legal, and then none of them is there.
            severity=Severity.WARNING if len(missing) < len(_FEATURES) and kinds & _FEATURES.keys() else Severity.INFO,
        )


RULE = Rule(
    id="scripts-required",
    severity=Severity.ERROR,
    title="The scripts that the platform needs are there.",
    why="Login is called at every login. get_user is called before create, change_password and change_email, "
    "and by import_mode; where it is missing, those fail. The others are needed for what they do.",
    source="Auth0 docs, the template page of each script; Configure automatic migration",
    bad=(
        Example({"get_user": _GET_USER}),
        Example({"login": _LOGIN, "create": _CREATE}),
        Example({"login": _LOGIN}, import_mode=True),
        Example({"login": _LOGIN, "get_user": _GET_USER, "create": _CREATE}),
    ),
    good=(
        Example({"login": _LOGIN, "get_user": _GET_USER}, import_mode=True),
        Example(
            {
                "login": _LOGIN,
                "get_user": _GET_USER,
                "change_password": "function changePassword(email, password, callback) {\n"
                "  return callback(null, true);\n}\n",
                "delete": "function deleteUser(id, callback) {\n  return callback(null);\n}\n",
            },
            options={"disable_signup": True},
        ),
    ),
    connection=check,
    refuses=True,
    ignorable=False,
)
