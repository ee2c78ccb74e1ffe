"""`unguarded-json-parse`: an answer that is no JSON is an error, not a crash."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import CALLS, Nodes, argument, callee, method_of, path_of, text_value
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_SYNCHRONOUS: Final = frozenset({"map", "forEach", "filter", "reduce", "find", "some", "every", "sort", "flatMap"})
_CATCHING: Final = frozenset({"then", "catch", "finally", "Promise"})


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a `JSON.parse` in the callback of a call, with no `try` around it there.

    Silent in promise handlers and async functions, where the error is caught or `async-unhandled` speaks,
    and in the script's own helpers.
    """
    if "JSON.parse" not in subject.text:
        return
    for call in subject.shared(Nodes).of("call_expression"):
        if path_of(callee(call)) == ("JSON", "parse") and not _is_safe_text(argument(call, 0)) and _is_unguarded(call):
            yield Finding(
                "`JSON.parse` throws when the answer is no JSON, and nothing catches that here",
                subject.parsed.span(call),
                "Put it into `try`, and answer `callback(error)` in `catch`.",
            )


def _is_safe_text(text: Node | None) -> bool:
    if text is None or text_value(text) is not None:
        return True
    if text.type == "call_expression" and path_of(callee(text)) == ("JSON", "stringify"):
        return True
    return path_of(text)[:1] == ("configuration",)


def _is_unguarded(node: Node) -> bool:
    inner = node
    for outer in node.ancestors():
        if outer.type == "try_statement" and inner.field_name == "body" and outer.field("handler") is not None:
            return False
        if outer.type in FUNCTIONS:
            call = outer.parent.parent if outer.parent is not None and outer.parent.type == "arguments" else None
            if call is None or outer.has_keyword("async") or method_of(call) in _CATCHING:
                return False
            if method_of(call) not in _SYNCHRONOUS:
                return call.type in CALLS
        inner = outer
    return False


RULE = Rule(
    id="unguarded-json-parse",
    severity=Severity.WARNING,
    title="`JSON.parse` of an answer stands inside `try`.",
    why="Gateways answer errors in HTML. `JSON.parse` throws on that, and an error thrown in a callback reaches "
    "nobody: "
    "the script's callback is never called.",
    source="Auth0 docs, Action coding guidelines (catch errors); Error handling",
    bad=(
        example(
            "get_user",
            "request.get(options, (err, response, body) => {\n"
            "  if (err) return callback(err);\n  const user = JSON.parse(body);\n  return callback(null, user);\n});",
        ),
    ),
    good=(
        example(
            "get_user",
            "request.get(options, (err, response, body) => {\n  let user;\n"
            "  try {\n    user = JSON.parse(body);\n  } catch (e) {\n    return callback(e);\n  }\n"
            "  return callback(null, user);\n});",
        ),
        example("get_user", "load().then((body) => JSON.parse(body)).then((user) => callback(null, user), callback);"),
        example("get_user", "run(() => callback(null, JSON.parse(JSON.stringify({ user_id: '1' }))));"),
    ),
    script=check,
)
