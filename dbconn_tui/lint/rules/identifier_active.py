"""`identifier-active`: users can be identified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dbconn_tui.lint.connection_facts import active_identifiers, deep, option
from dbconn_tui.lint.examples import connection_example
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.problems import Severity


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """Findings where no attribute identifies users, or an address that several may share does."""
    attributes = option(subject, "attributes")
    if not isinstance(attributes, Mapping):
        return
    if not active_identifiers(subject):
        yield Finding(
            "no attribute identifies users",
            hint="Say `attributes.email.identifier.active: true`, or username or phone_number.",
            item="option:attributes",
        )
    if deep(attributes, "email", "unique") is False and deep(attributes, "email", "identifier", "active") is True:
        yield Finding(
            "an address that several users may share cannot identify one",
            hint="Set `attributes.email.identifier.active: false`.",
            item="option:attributes.email.identifier.active",
        )


RULE = Rule(
    id="identifier-active",
    severity=Severity.ERROR,
    title="At least one attribute identifies users, and no shared one does.",
    why="The API refuses anything else. Whether addresses are unique is decided when the connection is made.",
    source="Auth0 docs, Flexible identifiers; Non-unique emails",
    bad=(
        connection_example(
            {"login": "check(password, callback);"},
            options={"attributes": {"email": {"identifier": {"active": False}}}},
        ),
        connection_example(
            {"login": "check(password, callback);"},
            options={"attributes": {"email": {"unique": False, "identifier": {"active": True}}}},
        ),
    ),
    good=(
        connection_example(
            {"login": "check(password, callback);"},
            options={"attributes": {"username": {"identifier": {"active": True}}}},
        ),
    ),
    connection=check,
    ignorable=False,
)
