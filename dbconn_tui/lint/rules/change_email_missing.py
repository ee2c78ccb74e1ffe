"""`change-email-missing`: addresses can be changed."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import connection_example
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.problems import Severity


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """One finding where everything but change_email is there, so that changing an address fails."""
    kinds = subject.connection.scripts.keys()
    if subject.connection.import_mode or "change_email" in kinds or not {"create", "change_password"} & kinds:
        return
    yield Finding(
        "there is no change_email script: changing an address, or whether it is verified, will fail",
        hint="Add change_email.js, unless addresses never change.",
        item="scripts",
        severity=Severity.INFO,
        pedantic=True,
    )


RULE = Rule(
    id="change-email-missing",
    severity=Severity.WARNING,
    title="Addresses can be changed.",
    why="Without the script a change of an address, or of its verified flag, fails. The dashboard does not show "
    "that it "
    "is missing.",
    source="Auth0 docs, Change email template",
    bad=(
        connection_example(
            {"login": "check(password, callback);", "get_user": "callback(null);", "create": "callback(null);"},
            preset="strict",
        ),
    ),
    good=(
        connection_example({"login": "check(password, callback);"}, preset="strict"),
        connection_example(
            {"login": "check(password, callback);", "create": "callback(null);"}, import_mode=True, preset="strict"
        ),
    ),
    connection=check,
    ignorable=False,
)
