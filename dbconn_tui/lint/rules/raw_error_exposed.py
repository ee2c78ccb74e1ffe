"""`raw-error-exposed`: a driver's error is not shown as it is."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.action_scripts.scopes import parameters_of
from dbconn_tui.lint.callback_calls import callback_calls
from dbconn_tui.lint.databases import DRIVERS
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import CALLS, callee, function_around
from dbconn_tui.lint.http_clients import CLIENTS
from dbconn_tui.lint.modules import Modules
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.variables import Variables
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """Under `strict`: one finding a callback that gets the error of a driver or HTTP client unchanged."""
    modules, variables = subject.shared(Modules), subject.shared(Variables)
    clients = {**DRIVERS, **CLIENTS}
    for call in subject.shared(callback_calls):
        binding = variables.binding(call.error) if call.error is not None and call.error.type == "identifier" else None
        function = function_around(binding.node) if binding is not None and binding.kind == "parameter" else None
        outer = function.parent.parent if function is not None and function.parent is not None else None
        if binding is None or function is None or outer is None or outer.type not in CALLS:
            continue
        origin = modules.origin(callee(outer))
        if origin is not None and origin.module in clients and parameters_of(function)[:1] == [binding.node]:
            yield Finding(
                f"the error of {origin.module} is handed on as it is, with whatever its text shows",
                subject.parsed.span(call.node),
                "Hand over an error of your own, e.g. `new Error('the user store is unavailable')`.",
                pedantic=True,
            )


RULE = Rule(
    id="raw-error-exposed",
    severity=Severity.INFO,
    title="A driver's error is not shown as it is.",
    why="Drivers write SQL, host names and user names into their messages, and those go into the tenant's logs.",
    source="Auth0 docs, Error handling (descriptive message); Action coding guidelines",
    bad=(
        example(
            "get_user",
            "const mysql = require('mysql2@3.9.7');\nconst db = mysql.createConnection({ host: configuration.HOST });\n"
            "db.query('SELECT 1', (err) => callback(err));",
            preset="strict",
        ),
    ),
    good=(
        example(
            "get_user",
            "const mysql = require('mysql2@3.9.7');\nconst db = mysql.createConnection({ host: configuration.HOST });\n"
            "db.query('SELECT 1', (err) => callback(err ? new Error('the store is unavailable') : null));",
            preset="strict",
        ),
    ),
    script=check,
)
