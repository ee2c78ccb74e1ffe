"""`driver-api-mismatch`: what a driver is asked for is what its version does."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.driver_apis import misuses
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Certainty, Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a use that the table of driver APIs knows; only possible where no version is written."""
    for misuse in misuses(subject):
        yield Finding(
            misuse.message,
            subject.parsed.span(misuse.node),
            misuse.hint,
            certainty=Certainty.CERTAIN if misuse.sure else Certainty.POSSIBLE,
            severity=Severity.WARNING if misuse.minor else None,
        )


RULE = Rule(
    id="driver-api-mismatch",
    severity=Severity.ERROR,
    title="A driver is called as its version wants to be called.",
    why="Drivers drop calls and callbacks between versions. Some then throw; others never answer, and the login hangs "
    "until the time limit. Most published templates are affected.",
    source="dbconn, by running the drivers and the published templates",
    bad=(
        example("login", "const mysql = require('mysql@2.18.1');\nconst db = mysql({ host: configuration.HOST });"),
        example(
            "get_user",
            "const { MongoClient } = require('mongodb@6.12.0');\n"
            "const client = new MongoClient(configuration.URL);\n"
            "client.db('d').collection('users').findOne({ email: identifier }, (err, user) => callback(err, user));",
        ),
        example(
            "login", "const pg = require('pg');\npg.connect(configuration.URL, (err, client, done) => callback(err));"
        ),
        example(
            "verify",
            "const { Connection } = require('tedious@18.2.1');\n"
            "const connection = new Connection({ userName: configuration.USER, server: configuration.HOST });\n"
            "connection.on('connect', (err) => callback(err, true));",
        ),
    ),
    good=(
        example(
            "login", "const mysql = require('mysql@2.18.1');\nmysql.createConnection({ host: configuration.HOST });"
        ),
        example(
            "get_user",
            "const { MongoClient } = require('mongodb@6.12.0');\n"
            "const client = new MongoClient(configuration.URL);\n"
            "const user = await client.db('d').collection('users').findOne({ email: identifier });",
            is_async=True,
        ),
        example(
            "verify",
            "const { Connection } = require('tedious@18.2.1');\n"
            "const connection = new Connection({ server: configuration.HOST, authentication: { type: 'default', "
            "options: {} } });\n"
            "connection.on('connect', (err) => callback(err, true));\nconnection.connect();",
        ),
    ),
    script=check,
)
