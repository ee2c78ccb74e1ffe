"""`user-object-forwarded`: the store gets the fields it needs."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.credentials import writes
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.http_clients import http_calls
from dbconn_tui.lint.inputs import Inputs, Role
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a request or statement that gets the whole `user` of create."""
    inputs = subject.shared(Inputs)
    if subject.kind != "create" or "user" not in inputs.parameters:
        return
    sent = [call.body for call in subject.shared(http_calls)]
    sent += [given for statement in writes(subject) for given in statement.arguments]
    for body in sent:
        if body is not None and Role.USER in inputs.roles(body):
            yield Finding(
                "the whole user is sent, with client, tenant and metadata",
                subject.parsed.span(body),
                "Name the fields: `{ email: user.email, password: user.password }`.",
            )


RULE = Rule(
    id="user-object-forwarded",
    severity=Severity.WARNING,
    title="The store gets the fields it needs, not the whole user.",
    why="The `user` of create also holds the tenant, the client and metadata, which the platform keeps itself, and "
    "whatever the next version adds.",
    source="Auth0 docs, Create template (the user object)",
    bad=(
        example("create", "request.post({ url: configuration.URL, json: user }, callback);"),
        example("create", "fetch(configuration.URL, { method: 'POST', body: JSON.stringify({ ...user }) });"),
    ),
    good=(
        example(
            "create",
            "request.post({ url: configuration.URL, json: { email: user.email, password: user.password } }, callback);",
        ),
    ),
    script=check,
)
