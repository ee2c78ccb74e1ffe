"""Conditions: on which paths an expression is truthy, on which falsy, and what is known afterwards."""

from __future__ import annotations

from typing import Final, TypeAlias

from dbconn_tui.action_scripts.scopes import Binding
from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.flow.facts import root_of, tested_terms
from dbconn_tui.lint.flow.paths import Fact, Path
from dbconn_tui.lint.flow.run import Frame, Run
from dbconn_tui.lint.flow.values import (
    CALLABLE,
    FALSY,
    TRUTHY,
    Assigned,
    Constant,
    Undefined,
    Unknown,
    Value,
    truth,
)

Split: TypeAlias = tuple[list[Path], list[Path]]
"""The paths on which a condition holds, and those on which it does not."""

_EQUAL: Final = frozenset({"===", "=="})
_UNEQUAL: Final = frozenset({"!==", "!="})
_ORDER: Final = frozenset({"<", ">", "<=", ">="})
_MORE_THAN_NONE: Final = frozenset({(">", 0.0), (">=", 1.0)})
_NONE: Final = frozenset({("<", 1.0), ("<=", 0.0)})


def split(run: Run, frame: Frame, condition: Node, path: Path) -> Split:
    """The paths on which `condition` is truthy and falsy; its parts are evaluated on the way."""
    node = condition.without_parentheses()
    run.enter()
    held, failed = _split(run, frame, node, path)
    run.depth -= 1
    return held, failed


def _split(run: Run, frame: Frame, node: Node, path: Path) -> Split:
    operator = node.field("operator")
    word = operator.type if operator is not None else ""
    if node.type == "unary_expression" and word == "!":
        argument = node.field("argument")
        if argument is not None:
            held, failed = split(run, frame, argument, path)
            return failed, held
    left, right = node.field("left"), node.field("right")
    if left is not None and right is not None and node.type == "binary_expression":
        if word == "&&":
            held, failed = split(run, frame, left, path)
            return _then(run, frame, right, held, failed, after_truth=True)
        if word == "||":
            held, failed = split(run, frame, left, path)
            return _then(run, frame, right, failed, held, after_truth=False)
        if word in _EQUAL or word in _UNEQUAL:
            return _compare(run, frame, node, path, equal=word in _EQUAL)
        if word in _ORDER:
            return _order(run, frame, node, word, path)
    held, failed = [], []
    for after, value in run.evaluate(frame, node, path):
        known = truth(value)
        fact = run.fact_of(node)
        if known is None:
            yes, no = _fork(run, frame, node, after, value, fact, TRUTHY, FALSY)
            held.append(yes)
            failed.append(no)
        else:
            (held if known else failed).append(after)
    return held, failed


def _then(run: Run, frame: Frame, right: Node, on: list[Path], done: list[Path], *, after_truth: bool) -> Split:
    """Go on with the right side on the paths `on`; on the others the left side has decided."""
    held: list[Path] = [] if after_truth else done
    failed: list[Path] = done if after_truth else []
    for path in on:
        yes, no = split(run, frame, right, path)
        held = held + yes
        failed = failed + no
    return held, failed


def _compare(run: Run, frame: Frame, node: Node, path: Path, *, equal: bool) -> Split:
    left, right = node.field("left"), node.field("right")
    assert left is not None
    assert right is not None
    same: list[Path] = []
    different: list[Path] = []
    for after, (first, second) in run.evaluate_all(frame, [left, right], path):
        about, value, constant = left, first, second
        if isinstance(first, Constant | Undefined) and not isinstance(second, Constant | Undefined):
            about, value, constant = right, second, first
        if about.without_parentheses().type == "unary_expression":
            yes, no = _compare_type(run, frame, about.without_parentheses(), constant, after)
            same += yes
            different += no
            continue
        known = _equals(value, constant, strict=node.has_keyword("===") or node.has_keyword("!=="))
        if known is not None:
            (same if known else different).append(after)
            continue
        fact = run.fact_of(about)
        otherwise: Value | None = None
        if isinstance(constant, Constant) and constant.value == 0.0 and constant.value is not False:
            # `x.length === 0` asks whether there is any.
            constant, otherwise = FALSY, TRUTHY
        elif isinstance(constant, Undefined) or (isinstance(constant, Constant) and not constant.value):
            # `x !== null`: whoever asks this means that there is an x.
            otherwise = TRUTHY
        equals = constant if isinstance(constant, Constant | Undefined) or otherwise is not None else None
        yes_path, no_path = _fork(run, frame, node, after, value, fact, equals, otherwise)
        same.append(yes_path)
        different.append(no_path)
    return (same, different) if equal else (different, same)


def _compare_type(run: Run, frame: Frame, operation: Node, constant: Value, path: Path) -> Split:
    """`typeof x === 'function'`."""
    argument = operation.field("argument")
    if argument is None or not operation.has_keyword("typeof") or not isinstance(constant, Constant):
        return [path], [path]
    value = run.plain_value(frame, argument.without_parentheses(), path)
    if isinstance(value, CALLABLE):
        return ([path], []) if constant.value == "function" else ([], [path])
    if constant.value == "undefined":
        known = truth(value)
        if known is not None:
            return ([path], []) if isinstance(value, Undefined) else ([], [path])
        yes, no = _fork(run, frame, operation, path, value, run.fact_of(argument), FALSY, TRUTHY)
        return [yes], [no]
    return [path], [path]


def _equals(value: Value, constant: Value, *, strict: bool) -> bool | None:
    """Whether a value is this constant; None when nobody knows."""
    if not isinstance(constant, Constant | Undefined):
        return None
    if isinstance(value, Constant | Undefined):
        if strict:
            return value == constant
        loosely = (Undefined(), Constant(None))
        return value == constant or (value in loosely and constant in loosely)
    known = truth(value)
    if known is None:
        return None
    constant_truth = truth(constant)
    if known != constant_truth:
        return False
    if constant_truth is False:
        # Falsy in which way is not known; null and undefined are what scripts mean.
        return None if isinstance(constant, Constant) and (constant.value is False or constant.value == "") else True
    return None


def _order(run: Run, frame: Frame, node: Node, word: str, path: Path) -> Split:
    """`a < b` and its like: exact for numbers, `x.length > 0` as the truth of `x.length`."""
    left, right = node.field("left"), node.field("right")
    assert left is not None
    assert right is not None
    held: list[Path] = []
    failed: list[Path] = []
    for after, (first, second) in run.evaluate_all(frame, [left, right], path):
        number = second.value if isinstance(second, Constant) else None
        value = first.value if isinstance(first, Constant) else None
        if isinstance(number, float) and isinstance(value, float):
            holds = {"<": value < number, ">": value > number, "<=": value <= number, ">=": value >= number}[word]
            (held if holds else failed).append(after)
            continue
        fact = run.fact_of(left)
        known = truth(first)
        if (word, number) in _MORE_THAN_NONE or (word, number) in _NONE:
            more = (word, number) in _MORE_THAN_NONE
            if known is not None:
                (held if known is more else failed).append(after)
                continue
            yes, no = _fork(run, frame, node, after, first, fact, TRUTHY if more else FALSY, FALSY if more else TRUTHY)
        else:
            yes, no = _fork(run, frame, node, after, first, None, None, None)
        held.append(yes)
        failed.append(no)
    return held, failed


def _fork(
    run: Run,
    frame: Frame,
    node: Node,
    path: Path,
    value: Value,
    fact: Fact | None,
    when_held: Value | None,
    when_failed: Value | None,
) -> tuple[Path, Path]:
    """The path on which an undecided condition holds, and the one on which it does not."""
    if frame.function is not run.main and _depends_on_counter(run, node, about_none=when_held in (TRUTHY, FALSY)):
        # Which of several answers comes last is nothing that can be told from the text.
        run.counted = True
        return path.silenced(), path.silenced()
    held = _learn(run, path, fact, when_held)
    failed = _learn(run, path, fact, when_failed)
    if isinstance(value, Assigned):
        # A function that several others call to see whether all is there cannot be followed.
        doubted = Path.silenced if frame.function in run.relevance.often_called else Path.weakened
        if when_held is not None and truth(when_held) is False:
            return doubted(held), failed
        return held, doubted(failed)
    return held, failed


def _learn(run: Run, path: Path, fact: Fact | None, value: Value | None) -> Path:
    if fact is None or value is None or isinstance(value, Unknown) or fact not in run.relevance.tracked:
        return path
    if fact in path.facts and path.facts[fact] == value:
        return path
    return path.with_fact(fact, value)


def _depends_on_counter(run: Run, node: Node, *, about_none: bool) -> bool:
    """Whether a condition asks how far a count has come; `about_none`: it only asks whether there is any."""
    for term in tested_terms(node):
        fact = run.fact_of(term)
        root = root_of(fact) if fact is not None else None
        if not isinstance(root, Binding):
            continue
        if root in run.relevance.counters or (root in run.relevance.growing and not about_none):
            return True
    return False
