"""`passkey-password-required`: passkeys stand beside passwords."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.connection_facts import deep, option
from dbconn_tui.lint.examples import connection_example
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.problems import Severity


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """One finding where passkeys are on and passwords are off."""
    methods = option(subject, "authentication_methods")
    if deep(methods, "passkey", "enabled") is True and deep(methods, "password", "enabled") is False:
        yield Finding(
            "passwords are off, but a connection with passkeys must keep them",
            hint="Set `authentication_methods.password.enabled: true`.",
            item="option:authentication_methods.password.enabled",
        )


RULE = Rule(
    id="passkey-password-required",
    severity=Severity.INFO,
    title="A connection with passkeys keeps passwords on.",
    why="The platform requires passwords as the way back in when a passkey is lost.",
    source="Auth0 docs, Configure passkey policy",
    bad=(
        connection_example(
            {"login": "check(password, callback);"},
            options={"authentication_methods": {"passkey": {"enabled": True}, "password": {"enabled": False}}},
        ),
    ),
    good=(
        connection_example(
            {"login": "check(password, callback);"},
            options={"authentication_methods": {"passkey": {"enabled": True}, "password": {"enabled": True}}},
        ),
    ),
    connection=check,
    ignorable=False,
)
