"""`callback-result-type`: the second argument of the callback fits the script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import branches, is_nothing, operator, path_of
from dbconn_tui.lint.flow.analysis import callback_flow
from dbconn_tui.lint.flow.run import Site
from dbconn_tui.lint.flow.wording import callback_name
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_EXPECTED: Final[Mapping[str, str]] = {
    "login": "a profile",
    "get_user": "a profile, or nothing",
    "create": "nothing",
    "verify": "true or false",
    "change_password": "true or false",
    "delete": "nothing",
    "change_email": "true or false",
}
_WRONG: Final[Mapping[str, frozenset[str]]] = {
    "login": frozenset({"true", "text", "number", "array", "rows", "comparison"}),
    "get_user": frozenset({"true", "false", "text", "number", "array", "rows", "comparison"}),
    "create": frozenset({"true", "false", "text", "number", "array", "rows", "comparison", "object"}),
    "verify": frozenset({"text", "number", "array", "rows"}),
    "change_password": frozenset({"text", "number", "array", "rows"}),
    "delete": frozenset({"true", "false", "text", "number", "array", "rows", "comparison", "object"}),
    "change_email": frozenset({"text", "number", "array", "rows", "object"}),
}
_NAMES: Final[Mapping[str, str]] = {
    "string": "text",
    "template_string": "text",
    "number": "number",
    "true": "true",
    "false": "false",
    "array": "array",
    "object": "object",
}
_ROWS: Final = frozenset({"rows", "results", "users", "recordset", "records"})
_COMPARISONS: Final = frozenset({"===", "!==", "==", "!=", ">", "<", ">=", "<="})
_SPOKEN: Final[Mapping[str, str]] = {
    "text": "a text",
    "number": "a number",
    "true": "true",
    "false": "false",
    "array": "an array",
    "object": "an object",
    "rows": "all rows of a query",
    "comparison": "a boolean",
}
_ANSWERED: Final = frozenset({"verify", "change_password", "change_email"})


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at each result that is plainly of another type, or missing where true or false is due."""
    expected = _EXPECTED.get(subject.kind)
    if expected is None:
        return
    flow = subject.shared(callback_flow)
    name = callback_name(flow)
    for site in flow.sites:
        if len(site.arguments) > 2:
            yield Finding(
                f"`{name}` takes an error and a result, but gets {len(site.arguments)} arguments",
                subject.parsed.span(site.arguments[2]),
                "Put everything into the result.",
            )
        yield from _results(subject, name, expected, site)


def _results(subject: ScriptSubject, name: str, expected: str, site: Site) -> Iterator[Finding]:
    if any(argument.type == "spread_element" for argument in site.arguments):
        return
    if subject.kind in _ANSWERED and all(is_nothing(argument) for argument in site.arguments):
        yield Finding(
            f"`{name}` without a result counts as false here, which is easily overlooked",
            subject.parsed.span(site.node),
            f"Write `{name}(null, false)`, or `{name}(null, true)` if it was done.",
        )
        return
    if len(site.arguments) < 2:
        return
    for value in branches(site.arguments[1]):
        kind = _kind(value)
        if kind in _WRONG[subject.kind]:
            yield Finding(
                f"{subject.kind} hands over {_SPOKEN[kind]}, where {expected} is expected",
                subject.parsed.span(value),
                f"The result of {subject.kind} is {expected}.",
                severity=Severity.INFO if expected == "nothing" else None,
            )


def _kind(value: Node) -> str:
    if value.type == "binary_expression":
        return "comparison" if operator(value) in _COMPARISONS else ""
    if value.type == "unary_expression":
        return "comparison" if operator(value) == "!" else ""
    path = path_of(value)
    if path and path[-1] in _ROWS:
        return "rows"
    return _NAMES.get(value.type, "")


RULE = Rule(
    id="callback-result-type",
    severity=Severity.WARNING,
    title="The second argument of the callback fits the script.",
    why="Each script has its own result: login and get_user a profile, verify, change_password and change_email true "
    "or false, create and delete none. Another value is refused, or read as its opposite.",
    source="Auth0 docs, the template page of each script (callback)",
    bad=(
        example("get_user", "require('db').query('…', (err, rows) => callback(err, rows.length > 0));"),
        example("verify", "require('db').update(email, (err) => (err ? callback(err) : callback(null)));"),
        example("login", "return callback(null, true);"),
        example("delete", "require('db').remove(id, (err) => callback(err, 'deleted'));"),
    ),
    good=(
        example("get_user", "require('db').query('…', (err, rows) => callback(err, rows && rows[0]));"),
        example("verify", "require('db').update(email, (err, count) => callback(err, count > 0));"),
        example("change_password", "return callback(null, { last_password_reset: new Date() });"),
        example("delete", "require('db').remove(id, (err) => callback(err || null));"),
    ),
    script=check,
)
