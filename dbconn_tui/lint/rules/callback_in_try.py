"""`callback-in-try`: the callback is called where no handler of one's own can call it again."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import argument, is_inside, is_nothing, method_of, receiver_of
from dbconn_tui.lint.flow.analysis import CallbackFlow, callback_flow
from dbconn_tui.lint.flow.run import Site
from dbconn_tui.lint.flow.wording import callback_name, line_of
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at each call with a result inside a `try`, or before a `.catch`, that calls the callback itself."""
    flow = subject.shared(callback_flow)
    name = callback_name(flow)
    for site in flow.sites:
        if not site.arguments or not is_nothing(site.arguments[0]):
            continue
        handler = _handler_of_try(flow, site) or _handler_of_chain(flow, site)
        if handler is not None:
            yield Finding(
                f"should this call of `{name}` throw, line {line_of(subject, handler)} calls it a second time",
                subject.parsed.span(site.node),
                f"Work out the result inside, and call `{name}` once behind; or use `.then(onResult, onError)`.",
            )


def _handler_of_try(flow: CallbackFlow, site: Site) -> Node | None:
    inner, outer = site.node, site.node.parent
    while outer is not None and outer.type not in FUNCTIONS:
        handler = outer.field("handler") if outer.type == "try_statement" else None
        if handler is not None and inner.field_name == "body" and _calls(flow, handler):
            return handler
        inner, outer = outer, outer.parent
    return None


def _handler_of_chain(flow: CallbackFlow, site: Site) -> Node | None:
    """The `.catch` handler behind the `.then` whose first function makes the call."""
    function = site.function
    call = function.parent.parent if function.parent is not None and function.parent.type == "arguments" else None
    if call is None or method_of(call) != "then" or argument(call, 0) is not function:
        return None
    member = call.parent
    behind = member.parent if member is not None and member.type == "member_expression" else None
    if behind is None or method_of(behind) != "catch" or receiver_of(behind) is not call:
        return None
    handler = argument(behind, 0)
    return handler if handler is not None and (_is_callback(flow, handler) or _calls(flow, handler)) else None


def _calls(flow: CallbackFlow, handler: Node) -> bool:
    return any(is_inside(site.node, handler) for site in flow.sites)


def _is_callback(flow: CallbackFlow, handler: Node) -> bool:
    return flow.callback is not None and any(
        reference.start == handler.start and reference.end == handler.end for reference in flow.callback.references
    )


RULE = Rule(
    id="callback-in-try",
    severity=Severity.INFO,
    title="The callback is called where no handler of one's own can call it again.",
    why="A `catch` around the call also catches what the callback itself throws, and calls it once more. Auth0's "
    "callback seldom throws, so this is a matter of care.",
    source="dbconn; the examples of Action script best practices have this shape",
    bad=(
        example(
            "verify",
            """
            try {
              const response = await fetch(configuration.URL);
              return callback(null, response.ok);
            } catch (error) {
              return callback(error);
            }
            """,
            is_async=True,
        ),
        example(
            "verify",
            "fetch(configuration.URL).then((response) => callback(null, response.ok)).catch(callback);",
        ),
    ),
    good=(
        example(
            "verify",
            """
            let ok;
            try {
              ok = (await fetch(configuration.URL)).ok;
            } catch (error) {
              return callback(error);
            }
            return callback(null, ok);
            """,
            is_async=True,
        ),
        example("verify", "fetch(configuration.URL).then((response) => callback(null, response.ok), callback);"),
    ),
    script=check,
)
