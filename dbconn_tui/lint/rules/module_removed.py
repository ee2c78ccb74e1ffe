"""`module-removed`: the platform still has the module."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.module_tables import DEPRECATED, KNOWN_VERSIONS
from dbconn_tui.lint.modules import Modules
from dbconn_tui.lint.removed_modules import GONE, is_removed
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a module version that the table of removed ones lists, or a module that is gone altogether."""
    for require in subject.shared(Modules).requires:
        known = KNOWN_VERSIONS.get(require.name)
        if require.name in GONE:
            yield Finding(
                f"{require.name} cannot be required: {GONE[require.name]}",
                subject.parsed.span(require.place),
                "Put an HTTPS API in front of the store.",
            )
        elif is_removed(require.name, require.version.text):
            replaced = DEPRECATED.get(require.name)
            yield Finding(
                f"{require.name} {require.version.text} was removed with Node 18",
                subject.parsed.span(require.place),
                replaced
                or (f"Ask for a newer one, e.g. `{require.name}@{known}`." if known else "Ask for a newer version."),
            )


RULE = Rule(
    id="module-removed",
    severity=Severity.ERROR,
    title="The platform still has the module version.",
    why="With Node 18 the platform dropped several hundred old module versions, among them those that its own "
    "templates "
    "ask for. Requiring one throws at every run.",
    source="Auth0 docs, Migrate from Node.js 16 to Node.js 18 (table); Past migrations (oracledb, edge)",
    bad=(
        example("login", "const { MongoClient } = require('mongodb@3.1.4');\nuse(MongoClient);"),
        example("login", "const oracledb = require('oracledb');\nuse(oracledb);"),
    ),
    good=(example("login", "const { MongoClient } = require('mongodb@6.12.0');\nuse(MongoClient);"),),
    script=check,
)
