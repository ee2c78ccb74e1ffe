"""`api-token-scope`: the script's token may only do what the script does."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, property_name
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.texts import Texts
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding an audience of the Management API."""
    if "/api/v2" not in subject.text:
        return
    for pair in subject.shared(Nodes).of("pair"):
        value = pair.field("value")
        if property_name(pair.field("key")) != "audience" or value is None:
            continue
        if subject.shared(Texts).read(value).shape.rstrip("/").endswith("/api/v2"):
            yield Finding(
                "the script asks for a token of the Management API",
                subject.parsed.span(value),
                "Give its client only the scopes it needs, e.g. read:users.",
            )


RULE = Rule(
    id="api-token-scope",
    severity=Severity.INFO,
    title="A script's token may only do what the script does.",
    why="A token of the Management API with wide scopes can change the whole tenant. Scripts need very little of it.",
    source="Auth0 docs, Action script best practices (least privilege)",
    bad=(
        example(
            "login", "use({ grant_type: 'client_credentials', audience: `https://${configuration.DOMAIN}/api/v2/` });"
        ),
    ),
    good=(example("login", "use({ grant_type: 'client_credentials', audience: configuration.API_AUDIENCE });"),),
    script=check,
)
