"""Expressions: the values each may have, by the grammar's expression types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.flow.binding import bind
from dbconn_tui.lint.flow.calls import call, construct
from dbconn_tui.lint.flow.conditions import split
from dbconn_tui.lint.flow.paths import Path, at_branch, merged
from dbconn_tui.lint.flow.promises import settle
from dbconn_tui.lint.flow.run import Evaluate, Frame, Results, Run
from dbconn_tui.lint.flow.values import (
    FALSY,
    NULL,
    PROMISES,
    TRUTHY,
    UNDEFINED,
    UNKNOWN,
    Closure,
    Constant,
    Elements,
    Members,
    Rejected,
    Value,
    carries_functions,
    truth,
)

_NAMES: Final = frozenset({"identifier", "member_expression", "subscript_expression"})


def _function(run: Run, frame: Frame, node: Node, path: Path) -> Results:
    run.notes.made.add(node)
    return [(path, Closure(node, frame.environment))]


def _identifier(run: Run, frame: Frame, node: Node, path: Path) -> Results:
    if node.text == "arguments":
        # Whoever gets this gets the callback, too.
        return [(path.silenced(), UNKNOWN)]
    return [(path, run.look_up(frame, node, path))]


def _member(run: Run, frame: Frame, node: Node, path: Path) -> Results:
    target, name = node.field("object"), node.field("property")
    known = run.look_up(frame, node, path)
    if known is not UNKNOWN or target is None or name is None:
        return [(path, known)]
    results: Results = []
    for after, value in run.evaluate(frame, target, path):
        member: Value | None = value.get(name.text) if isinstance(value, Members) else None
        results.append((after, member or UNKNOWN))
    if frame.caught and node.field("optional_chain") is None:
        run.risk(frame, node, path)
    return results


def _subscript(run: Run, frame: Frame, node: Node, path: Path) -> Results:
    target, index = node.field("object"), node.field("index")
    if target is None or index is None:
        return [(path, UNKNOWN)]
    results: Results = []
    for after, (value, key) in run.evaluate_all(frame, [target, index], path):
        if isinstance(value, Members):
            results += _member_at(value, key, after)
        elif isinstance(value, Elements):
            if isinstance(key, Constant) and isinstance(key.value, float) and 0 <= key.value < len(value.values):
                results.append((after, value.values[int(key.value)]))
            else:
                results += [(after, one) for one in value.values] or [(after, UNKNOWN)]
        else:
            results.append((after, run.look_up(frame, node, after)))
    return results


def _member_at(members: Members, key: Value, path: Path) -> Results:
    """`table[key]`: the member when the key is known, else any one of them."""
    if isinstance(key, Constant):
        name = key.value if isinstance(key.value, str) else ""
        return [(path, members.get(name) or UNDEFINED)]
    return [(path, value) for _, value in members.members] or [(path, UNKNOWN)]


def _object(run: Run, frame: Frame, node: Node, path: Path) -> Results:
    known: list[tuple[Path, tuple[tuple[str, Value], ...]]] = [(path, ())]
    for part in node.named_children:
        if part.type == "method_definition":
            key = part.field("name")
            run.notes.made.add(part)
            known = [(one, (*held, (_name(key), Closure(part, frame.environment)))) for one, held in known]
            continue
        key, value = (part.field("key"), part.field("value")) if part.type == "pair" else (part, part)
        if value is None or part.type == "comment":
            continue
        if part.type == "spread_element":
            value = part.named_children[0]
        distinct = {
            (after.key(), values): (after, values)
            for one, held in known
            for after, found in run.evaluate(frame, value, one)
            for values in [(*held, *_spread(part, key, _told_apart(found)))]
        }
        known = list(distinct.values())
    return [(one, Members(node, held)) for one, held in known]


def _told_apart(value: Value) -> Value:
    """A member's value, or nothing where it is neither a function, a promise, a literal nor such an object."""
    if isinstance(value, (Constant, Members, *PROMISES)) or carries_functions(value):
        return value
    return UNKNOWN


def _spread(part: Node, key: Node | None, value: Value) -> tuple[tuple[str, Value], ...]:
    if part.type == "spread_element":
        return value.members if isinstance(value, Members) else ()
    return ((_name(key), value),)


def _name(key: Node | None) -> str:
    return key.text.strip("'\"") if key is not None else ""


def _array(run: Run, frame: Frame, node: Node, path: Path) -> Results:
    parts = [child for child in node.named_children if child.type != "comment"]
    return [(after, Elements(values)) for after, values in run.evaluate_all(frame, parts, path)]


def _spread_element(run: Run, frame: Frame, node: Node, path: Path) -> Results:
    return run.evaluate(frame, node.named_children[0], path)


def _ternary(run: Run, frame: Frame, node: Node, path: Path) -> Results:
    condition, yes, no = node.field("condition"), node.field("consequence"), node.field("alternative")
    if condition is None or yes is None or no is None:
        return [(path, UNKNOWN)]
    held, failed = split(run, frame, condition, path)
    results: Results = []
    for branch, paths in ((yes, held), (no, failed)):
        for one in merged(at_branch(paths, node)):
            results += run.evaluate(frame, branch, one)
    return results


def _decided(held: list[Path], failed: list[Path]) -> Results:
    """The paths on which a condition holds, and those on which it does not, with its value."""
    results: Results = [(path, Constant(True)) for path in held]
    return results + [(path, Constant(False)) for path in failed]


def _binary(run: Run, frame: Frame, node: Node, path: Path) -> Results:
    operator, left, right = node.field("operator"), node.field("left"), node.field("right")
    if operator is None or left is None or right is None:
        return [(path, UNKNOWN)]
    if operator.type not in ("&&", "||", "??"):
        if operator.type in ("===", "!==", "==", "!="):
            held, failed = split(run, frame, node, path)
            return _decided(held, failed)
        return [(after, UNKNOWN) for after, _ in run.evaluate_all(frame, [left, right], path)]
    results: Results = []
    for after, value in run.evaluate(frame, left, path):
        known = truth(value)
        goes_on = {"&&": True, "||": False, "??": False}[operator.type]
        if known is None:
            is_repeatable = left not in run.relevance.live or left.without_parentheses().type in _NAMES
            held, failed = split(run, frame, left, after) if is_repeatable else ([after], [after])
            on, off = (held, failed) if goes_on else (failed, held)
            results += [(one, FALSY if goes_on else value) for one in at_branch(off, node)]
            for one in at_branch(on, node):
                results += run.evaluate(frame, right, one)
        elif known is goes_on:
            results += run.evaluate(frame, right, after)
        else:
            results.append((after, value))
    return results


def _unary(run: Run, frame: Frame, node: Node, path: Path) -> Results:
    argument, operator = node.field("argument"), node.field("operator")
    if argument is None or operator is None:
        return [(path, UNKNOWN)]
    if operator.type == "!":
        held, failed = split(run, frame, node, path)
        return _decided(held, failed)
    if operator.type == "typeof":
        return [(path, TRUTHY)]
    value: Value = UNDEFINED if operator.type == "void" else UNKNOWN
    return [(after, value) for after, _ in run.evaluate(frame, argument, path)]


def _sequence(run: Run, frame: Frame, node: Node, path: Path) -> Results:
    parts = [child for child in node.named_children if child.type != "comment"]
    return [(after, values[-1] if values else UNKNOWN) for after, values in run.evaluate_all(frame, parts, path)]


def _assignment(run: Run, frame: Frame, node: Node, path: Path) -> Results:
    left, right = node.field("left"), node.field("right")
    if left is None or right is None:
        return [(path, UNKNOWN)]
    results: Results = []
    for after, value in run.evaluate(frame, right, path):
        if left.type in ("member_expression", "subscript_expression") and carries_functions(value):
            # Kept where anybody can call it.
            after = escaped(run, value, after)
        results.append((bind(run, frame, left, value, after), value))
    return results


def escaped(run: Run, value: Value, path: Path) -> Path:
    """The path after a function got to where it can be called unseen."""
    if isinstance(value, Closure) and value.node not in run.relevance.reaching:
        return path
    return path.silenced()


def _augmented(run: Run, frame: Frame, node: Node, path: Path) -> Results:
    left, right, operator = node.field("left"), node.field("right"), node.field("operator")
    if left is None or right is None or operator is None:
        return [(path, UNKNOWN)]
    before = run.look_up(frame, left, path)
    if operator.type in ("||=", "??=", "&&="):
        known = truth(before)
        wanted = operator.type == "&&="
        if known is not None and known is not wanted:
            return [(path, before)]
        results = [(bind(run, frame, left, value, after), value) for after, value in run.evaluate(frame, right, path)]
        return results if known is wanted else [*results, (path, before)]
    results = []
    for after, value in run.evaluate(frame, right, path):
        new = _counted(before, value, operator.type)
        results.append((bind(run, frame, left, new, after), new))
    return results


def _update(run: Run, frame: Frame, node: Node, path: Path) -> Results:
    argument, operator = node.field("argument"), node.field("operator")
    if argument is None or operator is None:
        return [(path, UNKNOWN)]
    before = run.look_up(frame, argument, path)
    new = _counted(before, Constant(1.0), "+=" if operator.type == "++" else "-=")
    after = bind(run, frame, argument, new, path)
    return [(after, new if operator.start == node.start else before)]


def _counted(before: Value, value: Value, operator: str) -> Value:
    """`before += value` for numbers that are known."""
    if (
        isinstance(before, Constant)
        and isinstance(value, Constant)
        and isinstance(before.value, float)
        and isinstance(value.value, float)
    ):
        if operator == "+=":
            return Constant(before.value + value.value)
        if operator == "-=":
            return Constant(before.value - value.value)
    return UNKNOWN


def _await(run: Run, frame: Frame, node: Node, path: Path) -> Results:
    results: Results = []
    for after, value in run.evaluate(frame, node.named_children[-1], path):
        for settled, result in settle(run, after, value, node):
            if isinstance(result, Rejected):
                frame.throw(settled, result.origin, soft=result.soft)
            else:
                results.append((settled, result))
    return results


def _yield(run: Run, frame: Frame, node: Node, path: Path) -> Results:
    # Who drives the generator is not known.
    return [(after.silenced(), UNKNOWN) for after, _ in run.evaluate_all(frame, node.named_children, path)]


def _null(run: Run, frame: Frame, node: Node, path: Path) -> Results:
    return [(path, NULL)]


EXPRESSIONS: Final[Mapping[str, Evaluate]] = {
    **dict.fromkeys(FUNCTIONS, _function),
    "identifier": _identifier,
    "shorthand_property_identifier": _identifier,
    "member_expression": _member,
    "subscript_expression": _subscript,
    "object": _object,
    "array": _array,
    "spread_element": _spread_element,
    "ternary_expression": _ternary,
    "binary_expression": _binary,
    "unary_expression": _unary,
    "sequence_expression": _sequence,
    "assignment_expression": _assignment,
    "augmented_assignment_expression": _augmented,
    "update_expression": _update,
    "await_expression": _await,
    "yield_expression": _yield,
    "null": _null,
    "call_expression": call,
    "new_expression": construct,
}
