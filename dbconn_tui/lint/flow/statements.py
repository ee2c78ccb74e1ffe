"""Statements: where each path goes on, by the grammar's statement types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from dbconn_tui.action_scripts.scopes import pattern_names
from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.flow.conditions import split
from dbconn_tui.lint.flow.paths import Path, merged
from dbconn_tui.lint.flow.relevance import tested_terms
from dbconn_tui.lint.flow.run import Execute, Frame, Jump, Run, Thrown
from dbconn_tui.lint.flow.values import (
    FALSY,
    PROMISES,
    TRUTHY,
    UNDEFINED,
    UNKNOWN,
    Elements,
    Members,
    Opaque,
    Rejected,
    Value,
    truth,
)

_ROUNDS: Final = 2
"""How often a loop is gone through; a third time tells nothing new about a count that stops at two."""
_VALUES: Final = frozenset(
    {"object", "array", "true", "false", "string", "number", "template_string", "await_expression", "identifier",
     "new_expression"},
)  # fmt: skip
"""What looks like a result when it is returned."""
_COUNTED_ROUNDS: Final = 9
"""The same where every round's condition is known."""


def block(run: Run, frame: Frame, node: Node, paths: list[Path]) -> list[Path]:
    """Statements one after the other; functions declared among them are there from the start."""
    for statement in node.children:
        if statement.named and statement.type not in FUNCTIONS and statement.type != "comment":
            paths = run.execute(frame, statement, paths)
            if not paths:
                break
            if any(path.facts for path in paths):
                paths = merged(run.without_old_facts(path, statement.end) for path in paths)
    return paths


def _expression(run: Run, frame: Frame, node: Node, paths: list[Path]) -> list[Path]:
    behind = []
    for path in paths:
        for after, value in run.evaluate(frame, node.named_children[0], path):
            if isinstance(value, Rejected):
                lost = reject(after, value)
                if lost is not None:
                    behind.append(lost)
            else:
                behind.append(after)
            if path.here:
                run.note_work(node, [after] if after.calls == path.calls else [])
    return behind


def reject(path: Path, value: Rejected) -> Path | None:
    """The path after a promise rejected that nobody handles; None when that hardly happens."""
    if value.soft:
        return None
    if path.rejected is not None:
        return path
    new = path.copy()
    new.rejected = value.origin
    return new


def _declaration(run: Run, frame: Frame, node: Node, paths: list[Path]) -> list[Path]:
    for declarator in node.named_children:
        name = declarator.field("name")
        value = declarator.field("value")
        if declarator.type != "variable_declarator" or name is None:
            continue
        if value is None:
            if node.children[0].type != "var":
                paths = [run.assign(frame, name, UNDEFINED, path) for path in paths]
            continue
        paths = merged(
            bind(run, frame, name, found, after) for path in paths for after, found in run.evaluate(frame, value, path)
        )
    return paths


def bind(run: Run, frame: Frame, pattern: Node, value: Value, path: Path) -> Path:
    """The path after a pattern got a value: a name, or the names of a destructuring."""
    if pattern.type == "assignment_pattern" and (left := pattern.field("left")) is not None:
        return bind(run, frame, left, UNKNOWN if value is UNDEFINED else value, path)
    if pattern.type in ("identifier", "member_expression", "subscript_expression"):
        return run.assign(frame, pattern, value, path)
    if pattern.type == "array_pattern" and isinstance(value, Elements):
        for part, element in zip(pattern.named_children, value.values, strict=False):
            path = bind(run, frame, part, element, path)
        return path
    for name in pattern_names(pattern):
        member = value.get(name.text) if isinstance(value, Members) else None
        path = run.assign(frame, name, member or UNKNOWN, path)
    return path


def _if(run: Run, frame: Frame, node: Node, paths: list[Path]) -> list[Path]:
    condition, consequence = node.field("condition"), node.field("consequence")
    alternative = node.field("alternative")
    if condition is None or consequence is None:
        return paths
    behind: list[Path] = []
    for path in paths:
        held, failed = split(run, frame, condition, path)
        behind += run.execute(frame, consequence, merged(choose(held, node)))
        failed = merged(choose(failed, node))
        if alternative is not None:
            inside = [child for child in alternative.named_children if child.type != "comment"]
            behind += run.execute(frame, inside[0], failed) if inside else failed
        else:
            behind += failed
    return behind


def choose(paths: list[Path], node: Node) -> list[Path]:
    """The paths, remembering that their last branch was at `node`."""
    chosen = []
    for path in paths:
        new = path.copy()
        new.choice = node
        chosen.append(new)
    return chosen


def _return(run: Run, frame: Frame, node: Node, paths: list[Path]) -> list[Path]:
    inside = [child for child in node.named_children if child.type != "comment"]
    for path in paths:
        if not inside:
            frame.returns.append((path, UNDEFINED, node))
            continue
        for after, value in run.evaluate(frame, inside[0], path):
            if after.calls == path.calls and path.here:
                run.note_work(node, [after])
            frame.returns.append((after, value, node))
            if frame.function is run.main and inside[0].type in _VALUES:
                _note_returned(run, node, inside[0], value, after)
    return []


def _note_returned(run: Run, node: Node, returned: Node, value: Value, path: Path) -> None:
    """Note that the script returns a value before any call, with nothing under way that could still call."""
    is_promise = isinstance(value, (*PROMISES, Opaque)) and returned.type == "identifier"
    if not (path.calls or path.tasks or path.silent or is_promise):
        run.notes.returned.setdefault(node, returned)


def _throw(run: Run, frame: Frame, node: Node, paths: list[Path]) -> list[Path]:
    for path in paths:
        for after, _ in run.evaluate(frame, node.named_children[0], path):
            frame.throw(after, node, soft=False)
    return []


def _jump(run: Run, frame: Frame, node: Node, paths: list[Path]) -> list[Path]:
    label = node.field("label")
    word = "break" if node.type == "break_statement" else "continue"
    frame.jumps.extend(Jump(path, word, label.text if label is not None else "") for path in paths)
    return []


def _labeled(run: Run, frame: Frame, node: Node, paths: list[Path]) -> list[Path]:
    label, body = node.field("label"), node.field("body")
    if label is None or body is None:
        return paths
    behind = run.execute(frame, body, paths)
    return behind + _caught_jumps(frame, "break", label.text)


def _caught_jumps(frame: Frame, word: str, *labels: str) -> list[Path]:
    caught = [jump.path for jump in frame.jumps if jump.word == word and jump.label in labels]
    if caught:
        frame.jumps = [jump for jump in frame.jumps if not (jump.word == word and jump.label in labels)]
    return caught


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
        ending += _caught_jumps(frame, "continue", "", _own_label(node))
        left += _caught_jumps(frame, "break", "")
        entering = []
        for path in merged(ending):
            again, done = after_round(path)
            # A condition that is not known goes both ways: two such rounds are enough.
            if rounds < _ROUNDS or not done:
                entering += again
            left += done
    return merged(left)


def _while(run: Run, frame: Frame, node: Node, paths: list[Path]) -> list[Path]:
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


def _for(run: Run, frame: Frame, node: Node, paths: list[Path]) -> list[Path]:
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


def _for_in(run: Run, frame: Frame, node: Node, paths: list[Path]) -> list[Path]:
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


def knowing_length(run: Run, looped: Node | None, path: Path, *, there: bool) -> Path:
    """The path on which what is gone through has elements, or has none."""
    fact = run.fact_of(looped) if looped is not None else None
    if fact is None:
        return path
    length = (fact[0], f"{fact[1]}.length") if isinstance(fact, tuple) else (fact, ".length")
    return path.with_fact(length, TRUTHY if there else FALSY) if length in run.relevance.tracked else path


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
        paths += _caught_jumps(frame, "continue", "", _own_label(node))
        gone += _caught_jumps(frame, "break", "")
    return paths + gone


def _switch(run: Run, frame: Frame, node: Node, paths: list[Path]) -> list[Path]:
    value, body = node.field("value"), node.field("body")
    if value is None or body is None:
        return paths
    cases = [child for child in body.named_children if child.type in ("switch_case", "switch_default")]
    behind: list[Path] = []
    for path in paths:
        for after, found in run.evaluate(frame, value, path):
            entering = _entered_cases(run, frame, node, cases, found, after)
            falling: list[Path] = []
            for case, entered in zip(cases, entering, strict=False):
                falling = merged(falling + choose(entered, node))
                for statement in case.children:
                    if statement.field_name == "body" and statement.named:
                        falling = run.execute(frame, statement, falling)
            behind += falling + choose(entering[-1], node) + _caught_jumps(frame, "break", "")
    return behind


def _entered_cases(
    run: Run,
    frame: Frame,
    node: Node,
    cases: list[Node],
    value: Value,
    path: Path,
) -> list[list[Path]]:
    """For each case the paths that jump to it, and last those that jump to none."""
    about = node.field("value")
    assert about is not None
    fact = run.fact_of(about)
    entering: list[list[Path]] = [[] for _ in cases]
    default: int | None = None
    rest = [path]
    for index, case in enumerate(cases):
        tested = case.field("value")
        if case.type == "switch_default" or tested is None:
            default = index
            continue
        remaining: list[Path] = []
        for one in rest:
            if about.without_parentheses().type == "true":
                held, failed = split(run, frame, tested, one)
                entering[index] += held
                remaining += failed
                continue
            for after, wanted in run.evaluate(frame, tested, one):
                if truth(value) is None or truth(wanted) is None or value == wanted:
                    known = fact is not None and fact in run.relevance.tracked
                    entering[index].append(after.with_fact(fact, wanted) if known else after)
                if value != wanted or truth(value) is None:
                    remaining.append(after)
        rest = remaining
    if default is not None:
        entering[default] = rest
        rest = []
    return [*entering, rest]


def _try(run: Run, frame: Frame, node: Node, paths: list[Path]) -> list[Path]:
    body, handler, finalizer = node.field("body"), node.field("handler"), node.field("finalizer")
    if body is None:
        return paths
    outer = frame.returns, frame.jumps, frame.throws, frame.caught
    if finalizer is not None:
        frame.returns, frame.jumps = [], []
    frame.throws = []
    frame.caught = True
    behind = run.execute(frame, body, paths)
    frame.caught = outer[3] or finalizer is not None
    if handler is not None:
        thrown = frame.throws
        frame.throws = outer[2] if finalizer is None else []
        behind = behind + _catch(run, frame, handler, thrown)
    frame.caught = outer[3]
    if finalizer is None:
        if handler is None:
            frame.throws = outer[2]
        return behind
    return _finally(run, frame, finalizer, behind, outer[0], outer[1], outer[2])


def _catch(run: Run, frame: Frame, handler: Node, thrown: list[Thrown]) -> list[Path]:
    parameter, body = handler.field("parameter"), handler.field("body")
    entering = []
    for one in thrown:
        path = one.path.copy()
        path.choice = handler
        if parameter is not None:
            path = bind(run, frame, parameter, TRUTHY if parameter.type == "identifier" else UNKNOWN, path)
        entering.append(path)
    return run.execute(frame, body, merged(entering)) if body is not None else entering


def _finally(
    run: Run,
    frame: Frame,
    finalizer: Node,
    behind: list[Path],
    returns: list[tuple[Path, Value, Node | None]],
    jumps: list[Jump],
    throws: list[Thrown],
) -> list[Path]:
    """Run the finally block on every way out; what it does not leave itself goes on as it was."""
    inside = frame.returns, frame.jumps, frame.throws
    frame.returns, frame.jumps, frame.throws = returns, jumps, throws
    body = finalizer.field("body")
    if body is None:
        return behind

    def through(path: Path) -> list[Path]:
        return run.execute(frame, body, [path])

    for path, value, node in inside[0]:
        frame.returns.extend((after, value, node) for after in through(path))
    for jump in inside[1]:
        frame.jumps.extend(Jump(after, jump.word, jump.label) for after in through(jump.path))
    for one in _distinct(inside[2]):
        for after in through(one.path):
            if frame.caught or not one.soft:
                frame.throws.append(Thrown(after, one.origin, one.soft))
    return run.execute(frame, body, merged(behind))


def _distinct(thrown: list[Thrown]) -> list[Thrown]:
    """Of several throws on the same path the first, hard ones before soft ones."""
    by_key: dict[object, Thrown] = {}
    for one in sorted(thrown, key=lambda one: (one.soft, one.path.weak)):
        by_key.setdefault((one.soft, one.path.key()), one)
    return list(by_key.values())


def _pass(run: Run, frame: Frame, node: Node, paths: list[Path]) -> list[Path]:
    return paths


STATEMENTS: Final[Mapping[str, Execute]] = {
    "statement_block": block,
    "expression_statement": _expression,
    "lexical_declaration": _declaration,
    "variable_declaration": _declaration,
    "if_statement": _if,
    "return_statement": _return,
    "throw_statement": _throw,
    "break_statement": _jump,
    "continue_statement": _jump,
    "labeled_statement": _labeled,
    "while_statement": _while,
    "do_statement": _while,
    "for_statement": _for,
    "for_in_statement": _for_in,
    "switch_statement": _switch,
    "try_statement": _try,
    "function_declaration": _pass,
    "generator_function_declaration": _pass,
    "class_declaration": _pass,
    "comment": _pass,
    "empty_statement": _pass,
}
