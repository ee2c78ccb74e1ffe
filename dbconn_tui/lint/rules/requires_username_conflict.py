"""`requires-username-conflict`: old and new ways to set up identifiers do not mix."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.connection_facts import option
from dbconn_tui.lint.examples import connection_example
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.problems import Severity

_OLD_PASSWORD: Final = (
    "passwordPolicy",
    "password_complexity_options",
    "password_history",
    "password_no_personal_info",
    "password_dictionary",
)


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """One finding an option that the API refuses beside `attributes` or `password_options`."""
    if option(subject, "attributes") is not None:
        for path in (("requires_username",), ("validation", "username")):
            if option(subject, *path) not in (None, False):
                yield Finding(
                    f"`{'.'.join(path)}` cannot stand beside `attributes`",
                    hint="Say `attributes.username` instead.",
                    item=f"option:{'.'.join(path)}",
                )
    if option(subject, "password_options") is not None:
        for name in _OLD_PASSWORD:
            if option(subject, name) is not None:
                yield Finding(
                    f"`{name}` cannot stand beside `password_options`",
                    hint="Say it under `password_options`.",
                    item=f"option:{name}",
                )


RULE = Rule(
    id="requires-username-conflict",
    severity=Severity.ERROR,
    title="Old and new options for identifiers and passwords do not mix.",
    why="The API refuses the whole connection when both are there.",
    source="Management API (error texts); Auth0 docs, Flexible identifiers",
    bad=(
        connection_example(
            {"login": "check(password, callback);"},
            options={"requires_username": True, "attributes": {"email": {"identifier": {"active": True}}}},
        ),
    ),
    good=(connection_example({"login": "check(password, callback);"}, options={"requires_username": True}),),
    connection=check,
    ignorable=False,
)
