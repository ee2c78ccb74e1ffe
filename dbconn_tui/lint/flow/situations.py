"""Situation: under which conditions a place of the script is reached, and which error it handles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dbconn_tui.action_scripts.scopes import parameters_of
from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.expressions import argument, arguments, method_of, operator, path_of
from dbconn_tui.lint.flow.reachability import never_ends
from dbconn_tui.lint.flow.tables import EVENT_METHODS, SYNCHRONOUS, TIMERS

ERROR_NAME: Final = re.compile(r"e|er|err|error|ex|exception|failure|\w*Err(or)?|err\w*", re.ASCII)
"""Names of parameters that hold an error."""
_STATUS: Final = re.compile(r"status|code|\bname\b|\btype\b|instanceof|errno|\bmessage\b", re.IGNORECASE)
_CLOSING: Final = frozenset(
    {"end", "close", "destroy", "release", "quit", "disconnect", "unbind", "rollback", "kill", "abort"},
)
_PROMISE_METHODS: Final = frozenset({"then", "catch", "finally"})
_MISSING_NAMES: Final = re.compile(
    r"user|row|record|profile|result|entr|doc|item|account|found|match|member", re.IGNORECASE
)
_NO_RESULT: Final = frozenset({"0", "null", "undefined"})


@dataclass(frozen=True, slots=True)
class Situation:
    """`conditions`: each condition met on the way here from the handler or function around, and whether it held.

    `handler`: the catch clause, rejection handler or `if (err)` whose error is at hand here, or None.
    """

    conditions: tuple[tuple[Node, bool], ...]
    handler: Node | None

    @property
    def knows_the_cause(self) -> bool:
        """Whether some condition looked at what kind of error it is."""
        return any(_STATUS.search(condition.text) for condition, _ in self.conditions)

    def statuses(self) -> frozenset[str]:
        """The HTTP statuses and error codes that the conditions say it is."""
        found: set[str] = set()
        for condition, held in self.conditions:
            if held:
                found |= {code for term in _conjuncts(condition) for code in _codes(term)}
        return frozenset(found)

    @property
    def found_nothing(self) -> bool:
        """Whether the conditions say that a query has found nothing, and nothing else."""
        return any(
            (held and all(_is_empty(term) for term in _disjuncts(condition))) or (not held and _is_present(condition))
            for condition, held in self.conditions
        )


def situation(node: Node) -> Situation:
    """The situation of a node, up to the function that somebody else calls."""
    conditions: list[tuple[Node, bool]] = []
    handler: Node | None = None
    inner = node
    outer = node.parent
    while outer is not None:
        conditions.extend(_conditions_of(inner, outer))
        if outer.type in ("if_statement", "ternary_expression") and inner.field_name == "consequence":
            condition = outer.field("condition")
            if condition is not None and is_error_test(condition):
                handler = outer
                break
        elif outer.type == "catch_clause" or (outer.type in FUNCTIONS and is_rejection_handler(outer)):
            handler = outer
            break
        elif outer.type in FUNCTIONS:
            break
        inner, outer = outer, outer.parent
    return Situation(tuple(conditions), handler)


def _conditions_of(inner: Node, outer: Node) -> Iterator[tuple[Node, bool]]:
    """What being in this place of `outer` says: a branch taken, or a guard before it that did not leave."""
    if outer.type in ("if_statement", "ternary_expression"):
        condition = outer.field("condition")
        if condition is not None and inner.field_name in ("consequence", "alternative"):
            yield condition.without_parentheses(), inner.field_name == "consequence"
    elif outer.type == "binary_expression" and operator(outer) in ("&&", "||") and inner.field_name == "right":
        left = outer.field("left")
        if left is not None:
            yield left.without_parentheses(), operator(outer) == "&&"
    elif (
        outer.type in ("switch_case", "switch_default") and outer.parent is not None and outer.parent.parent is not None
    ):
        value = outer.parent.parent.field("value")
        if value is not None:
            yield value.without_parentheses(), True
    elif outer.type == "statement_block":
        for sibling in outer.named_children:
            if sibling is inner:
                break
            condition = sibling.field("condition") if sibling.type == "if_statement" else None
            consequence = sibling.field("consequence")
            if condition is not None and consequence is not None and never_ends(consequence):
                yield condition.without_parentheses(), False


def is_error_test(condition: Node) -> bool:
    """Whether a condition only asks whether there is an error: `err`, `err != null`, `err || !rows`."""
    node = condition.without_parentheses()
    if node.type == "binary_expression":
        left, word = node.field("left"), operator(node)
        if left is None:
            return False
        if word in ("||", "!=", "!=="):
            return is_error_test(left)
        return False
    return node.type == "identifier" and ERROR_NAME.fullmatch(node.text) is not None


def is_rejection_handler(function: Node) -> bool:
    """Whether a function literal is what `.catch(…)` or the second argument of `.then(…)` runs."""
    call = call_with(function)
    if call is None:
        return False
    method = method_of(call)
    return (method == "catch" and argument(call, 0) is function) or (method == "then" and argument(call, 1) is function)


def call_with(function: Node) -> Node | None:
    """The call that a function literal is an argument of."""
    around = function.parent
    return around.parent if around is not None and around.type == "arguments" else None


def is_node_style(function: Node) -> bool:
    """Whether a function literal is called back as `(err, result)` by some operation that may fail.

    Not: handlers of promises and events, array methods, timers, closing functions, executors.
    """
    call = call_with(function)
    if call is None or call.type != "call_expression" or arguments(call)[-1:] != [function]:
        return False
    method = method_of(call)
    excluded = _PROMISE_METHODS | EVENT_METHODS | TIMERS | _CLOSING
    if arguments(call)[0] is function:
        # `list.find(e => …)`; a database's `find(query, (err, rows) => …)` has something before it.
        excluded |= SYNCHRONOUS
    return bool(method) and method not in excluded and path_of(call.field("function"))[:1] != ("Promise",)


def error_parameter(function: Node) -> Node | None:
    """The first parameter, when its name says that it holds an error."""
    parameters = parameters_of(function)
    first = parameters[0] if parameters else None
    is_error = first is not None and first.type == "identifier" and ERROR_NAME.fullmatch(first.text) is not None
    return first if is_error else None


def _conjuncts(condition: Node) -> Iterator[Node]:
    pending = [condition]
    while pending:
        node = pending.pop().without_parentheses()
        if node.type == "binary_expression" and operator(node) in ("&&", "||"):
            pending.extend(child for child in (node.field("left"), node.field("right")) if child is not None)
        else:
            yield node


def _disjuncts(condition: Node) -> Iterator[Node]:
    pending = [condition]
    while pending:
        node = pending.pop().without_parentheses()
        if node.type == "binary_expression" and operator(node) == "||":
            pending.extend(child for child in (node.field("left"), node.field("right")) if child is not None)
        else:
            yield node


def _codes(term: Node) -> Iterator[str]:
    """`404` of `response.status === 404`."""
    left, right = term.field("left"), term.field("right")
    if term.type == "binary_expression" and operator(term) in ("===", "==") and left is not None and right is not None:
        for value, other in ((left, right), (right, left)):
            if value.type in ("number", "string") and re.search(r"status|code|errno", other.text, re.IGNORECASE):
                yield value.text.strip("'\"")


def _is_empty(term: Node) -> bool:
    """`!user`, `rows.length === 0`, `user === null`, `rows.length < 1`."""
    if term.type == "unary_expression" and operator(term) == "!":
        argument_ = term.field("argument")
        return argument_ is not None and _names_result(argument_)
    left, right = term.field("left"), term.field("right")
    if term.type != "binary_expression" or left is None or right is None or not _names_result(left):
        return False
    return (operator(term) in ("===", "==") and right.text in _NO_RESULT) or (
        operator(term) == "<" and right.text == "1"
    )


def _is_present(condition: Node) -> bool:
    """`user`, `rows.length > 0`, `user !== null`."""
    if condition.type == "binary_expression":
        left, right = condition.field("left"), condition.field("right")
        if left is None or right is None or not _names_result(left):
            return False
        return (operator(condition) in ("!==", "!=", ">") and right.text in _NO_RESULT) or (
            operator(condition) == ">=" and right.text == "1"
        )
    return _names_result(condition)


def _names_result(node: Node) -> bool:
    node = node.without_parentheses()
    return node.type in ("identifier", "member_expression", "subscript_expression") and (
        _MISSING_NAMES.search(node.text) is not None and path_of(node)[:1] != ("configuration",)
    )
