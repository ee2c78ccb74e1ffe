"""Loops: where each path goes on behind one; two rounds say all about a count that stops at two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.flow.binding import bind, knowing_length
from dbconn_tui.lint.flow.conditions import split
from dbconn_tui.lint.flow.facts import tested_terms
from dbconn_tui.lint.flow.paths import Path, merged
from dbconn_tui.lint.flow.run import Frame, Run
from dbconn_tui.lint.flow.values import UNKNOWN, Elements, Value

_ROUNDS: Final = 2
"""How often a loop is gone through; a third time tells nothing new about a count that stops at two."""
_COUNTED_ROUNDS: Final = 9
"""The same where every round's condition is known."""


def _own_label(node: Node) -> str:
    label = node.parent.field("label") if node.parent is not None and node.parent.type == "labeled_statement" else None
    return label.text if label is not None else ""


def _loop(
    run: Run,
    frame: Frame,
    node: Node,
    entering: list[Path],
    body: Node,
    after_round: Callable[[Path], tuple[list[Path], list[Path]]],
) -> list[Path]:
    """Rounds of a loop: `after_round` says which paths go round again and which leave."""
    left: list[Path] = []
    rounds = 0
    while entering and rounds < _COUNTED_ROUNDS:
        rounds += 1
        ending = run.execute(frame, body, merged(entering))
        ending += frame.jumps_caught("continue", "", _own_label(node))
        left += frame.jumps_caught("break", "")
        entering = []
        for path in merged(ending):
            again, done = after_round(path)
            # A condition that is not known goes both ways: two such rounds are enough.
            if rounds < _ROUNDS or not done:
                entering += again
            left += done
    return merged(left)


def while_loop(run: Run, frame: Frame, node: Node, paths: list[Path]) -> list[Path]:
    condition, body = node.field("condition"), node.field("body")
    if condition is None or body is None:
        return paths

    def go_round(path: Path) -> tuple[list[Path], list[Path]]:
        return split(run, frame, condition, path)

    entering: list[Path] = []
    left: list[Path] = []
    for path in paths:
        held, failed = go_round(path) if node.type == "while_statement" else ([path], [])
        entering += held
        left += failed
    return left + _loop(run, frame, node, entering, body, go_round)


def for_loop(run: Run, frame: Frame, node: Node, paths: list[Path]) -> list[Path]:
    initializer, condition = node.field("initializer"), node.field("condition")
    increment, body = node.field("increment"), node.field("body")
    if body is None:
        return paths
    if initializer is not None and initializer.type != "empty_statement":
        paths = run.execute(frame, initializer, paths)
    if condition is not None and condition.type == "expression_statement":
        condition = condition.named_children[0]

    def test(path: Path) -> tuple[list[Path], list[Path]]:
        if condition is None or condition.type == "empty_statement":
            return [path], []
        return _known_or_both(run, frame, condition, path)

    def go_round(path: Path) -> tuple[list[Path], list[Path]]:
        behind = [path]
        if increment is not None:
            behind = [after for after, _ in run.evaluate(frame, increment, path)]
        again: list[Path] = []
        done: list[Path] = []
        for after in behind:
            held, failed = test(after)
            again += held
            done += failed
        return again, done

    entering: list[Path] = []
    left: list[Path] = []
    for path in paths:
        held, failed = test(path)
        entering += held
        left += [one.without_rounds(node) for one in failed]
    tests_itself = _body_tests_counter(run, node)
    behind = _loop(run, frame, node, entering, body, go_round)
    return left + ([path.silenced() for path in behind] if tests_itself and left else behind)


def _known_or_both(run: Run, frame: Frame, condition: Node, path: Path) -> tuple[list[Path], list[Path]]:
    """A loop's own condition counts by nature: where it is not known, both ways are real."""
    held, failed = split(run, frame, condition, path)
    if path.silent:
        return held, failed
    for one in (*held, *failed):
        one.silent = False
    return held, failed


def _body_tests_counter(run: Run, node: Node) -> bool:
    """Whether a round decides by the loop's counter, e.g. gives up in the last one."""
    body, initializer = node.field("body"), node.field("initializer")
    if body is None or initializer is None:
        return False
    counters = {run.scopes.binding(name) for name in initializer.walk() if name.type == "identifier"}
    for inner in body.walk():
        condition = inner.field("condition") if inner.type in ("if_statement", "ternary_expression") else None
        if any(term.type == "identifier" and run.scopes.binding(term) in counters for term in tested_terms(condition)):
            return True
    return False


def for_in_loop(run: Run, frame: Frame, node: Node, paths: list[Path]) -> list[Path]:
    left, right, body = node.field("left"), node.field("right"), node.field("body")
    if left is None or right is None or body is None:
        return paths
    behind: list[Path] = []
    for path in paths:
        literal = right if right.type == "array" else None
        for after, value in (
            run.expressions["array"](run, frame, right, path) if literal else run.evaluate(frame, right, path)
        ):
            if node.has_keyword("await") and run.relevance.risky.get(right):
                frame.throw(after, right, soft=False)
            if isinstance(value, Elements) and value.values and node.has_keyword("of"):
                behind += _over_elements(run, frame, node, value.values, after)
            else:
                behind.append(knowing_length(run, right, after, there=False).without_rounds(node))
                after = knowing_length(run, right, after, there=True)
                entering = [bind(run, frame, left, UNKNOWN, after)]
                behind += _loop(run, frame, node, entering, body, lambda path: ([path], [path]))
    return behind


def _over_elements(run: Run, frame: Frame, node: Node, elements: tuple[Value, ...], path: Path) -> list[Path]:
    """A loop over an array literal: one round for each element."""
    left, body = node.field("left"), node.field("body")
    assert left is not None
    assert body is not None
    paths = [path]
    gone: list[Path] = []
    for element in elements:
        entering = merged(bind(run, frame, left, element, one) for one in paths)
        paths = run.execute(frame, body, entering)
        paths += frame.jumps_caught("continue", "", _own_label(node))
        gone += frame.jumps_caught("break", "")
    return paths + gone
