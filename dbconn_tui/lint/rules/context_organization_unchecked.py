"""`context-organization-unchecked`: not every login belongs to an organization."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.edits import Edit
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import ACCESSES, is_written, property_of
from dbconn_tui.lint.inputs import Inputs
from dbconn_tui.lint.names_tested import Tested
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a read through `context.organization` without a look whether it is there; any in delete."""
    context = subject.shared(Inputs).context
    for reference in context.references if context is not None else ():
        organization = reference.parent
        if (
            organization is None
            or organization.type != "member_expression"
            or property_of(organization) != "organization"
        ):
            continue
        access = organization.parent
        if subject.kind == "delete":
            yield Finding(
                "delete gets an empty context: there is never an organization in it",
                subject.parsed.span(organization),
                "Take the organization from the store.",
            )
            continue
        if access is None or access.type not in ACCESSES or organization.field_name != "object":
            continue
        if access.field("optional_chain") is None and not subject.shared(Tested).knows(organization):
            dot = subject.text.find(".", organization.end)
            plain_access = access.type == "member_expression" and dot >= 0
            yield Finding(
                "`context.organization` is undefined unless the login belongs to an organization",
                subject.parsed.span(access),
                f"Write `{organization.text}?.{property_of(access) or '…'}`.",
                edits=(Edit(dot, dot, "?"),) if plain_access and not is_written(access) else (),
            )


RULE = Rule(
    id="context-organization-unchecked",
    severity=Severity.WARNING,
    title="A script looks whether there is an organization before it reads it.",
    why="`context.organization` is there only in logins of an organization, and never in delete. Reading a property of "
    "it throws for everybody else.",
    source="Auth0 docs, Create a custom database connection (context)",
    bad=(
        example("login", "const org = context.organization.id;\nuse(org);", context=True),
        example("delete", "use(context.organization?.id);", context=True),
    ),
    good=(
        example("login", "const org = context.organization?.id;\nuse(org);", context=True),
        example("login", "if (context.organization) use(context.organization.id);", context=True),
    ),
    script=check,
)
