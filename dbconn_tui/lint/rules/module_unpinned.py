"""`module-unpinned`: a module is required in one exact version."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.module_tables import BUILT_IN, KNOWN_VERSIONS
from dbconn_tui.lint.modules import Modules
from dbconn_tui.lint.removed_modules import GONE
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a module without a version (a warning) or with a range or tag (an error)."""
    for require in subject.shared(Modules).requires:
        if not require.name or require.name in BUILT_IN or require.name in GONE:
            continue
        known = KNOWN_VERSIONS.get(require.name)
        hint = (
            f"Write a full version, e.g. `{require.name}@{known}`."
            if known
            else "Write `name@1.2.3`, a version the platform lists."
        )
        if not require.version.text:
            yield Finding(
                f"{require.name} is required without a version, so it is whichever the platform has cached",
                subject.parsed.span(require.place),
                hint,
                severity=Severity.WARNING,
            )
        elif not require.version.exact:
            yield Finding(
                f"`{require.version.text}` is no full version: the platform looks for exactly that text and finds "
                f"nothing",
                subject.parsed.span(require.place),
                hint,
            )


RULE = Rule(
    id="module-unpinned",
    severity=Severity.ERROR,
    title="A module is required in one exact version.",
    why="The platform's loader knows full versions only, no ranges and no tags. Without a version it hands out what it "
    "has, which changes when the runtime does.",
    source="Auth0 docs, Migrate from Node.js 16 to Node.js 18; verquire (no semantic versioning)",
    bad=(
        example("login", "const bcrypt = require('bcrypt');\nuse(bcrypt);"),
        example("login", "const axios = require('axios@^1.7.0');\nuse(axios);"),
    ),
    good=(
        example(
            "login",
            "const bcrypt = require('bcrypt@5.1.1');\nconst crypto = require('node:crypto');\nuse(bcrypt, crypto);",
        ),
        example("login", "const mysql = require('mysql2@3.9.7/promise');\nuse(mysql);"),
    ),
    script=check,
)
