"""`configuration-secret-in-plain`: no secret stands in dbconn.yaml."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.secret_words import has_secret_shape, is_secret_value, looks_random, names_secret
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.problems import Certainty, Severity
from dbconn_tui.project.values import TextValue


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """One finding a plain value that is a secret by its key or its looks. The value is never repeated."""
    for key, value in subject.connection.configuration.items():
        if not isinstance(value, TextValue):
            continue
        shaped = has_secret_shape(value.text)
        named = names_secret(key) and is_secret_value(value.text)
        if shaped or named:
            yield Finding(
                f"the value of {key} looks like a secret, and this file goes into git",
                hint=f"Write `{key}: {{secret: {key.lower()}}}` and `dbconn secrets set`; then change the secret.",
                item=f"configuration:{key}",
                certainty=Certainty.CERTAIN if shaped or looks_random(value.text) else Certainty.POSSIBLE,
            )


RULE = Rule(
    id="configuration-secret-in-plain",
    severity=Severity.ERROR,
    title="No secret stands in dbconn.yaml.",
    why="The file is made to be committed. What was in git once stays there, for everybody who ever had the "
    "repository.",
    source="Auth0 docs, Pre-launch tips (no plain text secrets)",
    bad=(Example({"login": "x"}, configuration=("DB_PASSWORD=tR0ub4dor&3",)),),
    good=(
        Example(
            {"login": "x"}, configuration=("API_URL=https://users.acme.com", "TOKEN_URL=https://a.acme.com/oauth/token")
        ),
        Example({"login": "x"}, configuration=("DB_PASSWORD=##DB_PASSWORD##",)),
    ),
    connection=check,
    ignorable=False,
)
