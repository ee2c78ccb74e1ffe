"""`script-unknown-key`: every script has a kind that the platform calls."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.action_scripts.kinds import BY_NAME
from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.spelling import nearest
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.problems import Severity

_LOGIN = "function login(email, password, callback) {\n  return callback(null, { user_id: '1' });\n}\n"
_GET_USER = "function getUser(email, callback) {\n  return callback(null);\n}\n"


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """An error for a kind that looks misspelt; a note for one that is unknown or undocumented."""
    for name in subject.scripts:
        item = f"script:{name}"
        kind = BY_NAME.get(name)
        if kind is None:
            meant = nearest(name, BY_NAME)
            if meant is not None:
                yield Finding(
                    f"`{name}` is not a kind of script, and the platform would store it without a word",
                    hint=f"Did you mean `{meant}`? Then name the file {meant}.js.",
                    item=item,
                )
            else:
                yield Finding(
                    f"dbconn does not know the kind `{name}`; it is sent as it stands",
                    hint=f"Known are {', '.join(BY_NAME)}.",
                    item=item,
                    severity=Severity.INFO,
                )
        elif not kind.documented:
            yield Finding(
                f"the platform does not document {name}: its parameters are not checked",
                hint="The dashboard does not show it and removes it when it saves scripts.",
                item=item,
                severity=Severity.INFO,
            )


RULE = Rule(
    id="script-unknown-key",
    severity=Severity.ERROR,
    title="Every script has a kind that the platform calls.",
    why="The API stores a script under any key and never calls those it does not know. "
    "A misspelt file name looks deployed and does nothing.",
    source="Management API schema (custom scripts)",
    bad=(
        Example({"login": _LOGIN, "getUser": _GET_USER}),
        Example({"login": _LOGIN, "audit": "function audit(callback) {\n  return callback(null);\n}\n"}),
    ),
    good=(Example({"login": _LOGIN, "get_user": _GET_USER}),),
    connection=check,
    ignorable=False,
)
