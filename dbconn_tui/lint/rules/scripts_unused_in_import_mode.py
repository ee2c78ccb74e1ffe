"""`scripts-unused-in-import-mode`: scripts that import_mode never calls."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.action_scripts.kinds import BY_NAME
from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.problems import Severity

_LOGIN = "function login(email, password, callback) {\n  return callback(null, { user_id: '1' });\n}\n"
_GET_USER = "function getUser(email, callback) {\n  return callback(null);\n}\n"
_VERIFY = "function verify(email, callback) {\n  return callback(null, true);\n}\n"


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """One finding a known script that import_mode does not use."""
    if not subject.connection.import_mode:
        return
    for name in subject.scripts:
        kind = BY_NAME.get(name)
        if kind is not None and not kind.in_import_mode:
            yield Finding(
                f"import_mode is on, so {name} is never called",
                hint="It is kept and sent; delete it if nobody means to go back.",
                item=f"script:{name}",
            )


RULE = Rule(
    id="scripts-unused-in-import-mode",
    severity=Severity.INFO,
    title="With import_mode on, only login and get_user are called.",
    why="Users move into the platform's own store at their first login and everything else happens there. "
    "Other scripts do no harm, but a change to them does nothing either.",
    source="Auth0 docs, Configure automatic migration",
    bad=(Example({"login": _LOGIN, "get_user": _GET_USER, "verify": _VERIFY}, import_mode=True),),
    good=(
        Example({"login": _LOGIN, "get_user": _GET_USER}, import_mode=True),
        Example({"login": _LOGIN, "get_user": _GET_USER, "verify": _VERIFY}, import_mode=False),
    ),
    connection=check,
    ignorable=False,
)
