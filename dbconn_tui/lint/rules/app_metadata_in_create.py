"""`app-metadata-in-create`: the platform keeps metadata itself."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import ACCESSES, property_of
from dbconn_tui.lint.inputs import Inputs
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """Under `strict`: one finding a create that reads the user's metadata."""
    user = subject.shared(Inputs).parameters.get("user")
    for reference in user.references if user is not None and subject.kind == "create" else ():
        access = reference.parent
        if access is not None and access.type in ACCESSES and property_of(access) in ("app_metadata", "user_metadata"):
            yield Finding(
                f"`{access.text}` need not be stored: the platform keeps it",
                subject.parsed.span(access),
                "Leave it out, unless other programs read it.",
                pedantic=True,
            )


RULE = Rule(
    id="app-metadata-in-create",
    severity=Severity.INFO,
    title="create leaves metadata to the platform.",
    why="Metadata kept in two places soon says two things.",
    source="Auth0 docs, Create template",
    bad=(example("create", "save(user.email, user.app_metadata, callback);", preset="strict"),),
    good=(example("create", "save(user.email, callback);", preset="strict"),),
    script=check,
)
