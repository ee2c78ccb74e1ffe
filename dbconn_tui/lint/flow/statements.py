"""Statements: where each path goes on, by the grammar's statement types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.flow.binding import bind
from dbconn_tui.lint.flow.conditions import split
from dbconn_tui.lint.flow.loops import for_in_loop, for_loop, while_loop
from dbconn_tui.lint.flow.paths import Path, after_rejection, at_branch, merged
from dbconn_tui.lint.flow.run import Execute, Frame, Jump, Run, Thrown
from dbconn_tui.lint.flow.values import (
    PROMISES,
    TRUTHY,
    UNDEFINED,
    UNKNOWN,
    Opaque,
    Rejected,
    Value,
    truth,
)

_VALUES: Final = frozenset(
    {"object", "array", "true", "false", "string", "number", "template_string", "await_expression", "identifier",
     "new_expression"},
)  # fmt: skip
"""What looks like a result when it is returned."""


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
                lost = after_rejection(after, value)
                if lost is not None:
                    behind.append(lost)
            else:
                behind.append(after)
            if path.here:
                run.note_work(node, [after] if after.calls == path.calls else [])
    return behind


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


def _if(run: Run, frame: Frame, node: Node, paths: list[Path]) -> list[Path]:
    condition, consequence = node.field("condition"), node.field("consequence")
    alternative = node.field("alternative")
    if condition is None or consequence is None:
        return paths
    behind: list[Path] = []
    for path in paths:
        held, failed = split(run, frame, condition, path)
        behind += run.execute(frame, consequence, merged(at_branch(held, node)))
        failed = merged(at_branch(failed, node))
        if alternative is not None:
            inside = [child for child in alternative.named_children if child.type != "comment"]
            behind += run.execute(frame, inside[0], failed) if inside else failed
        else:
            behind += failed
    return behind


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
    return behind + frame.jumps_caught("break", label.text)


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
                falling = merged(falling + at_branch(entered, node))
                for statement in case.children:
                    if statement.field_name == "body" and statement.named:
                        falling = run.execute(frame, statement, falling)
            behind += falling + at_branch(entering[-1], node) + frame.jumps_caught("break", "")
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
    "while_statement": while_loop,
    "do_statement": while_loop,
    "for_statement": for_loop,
    "for_in_statement": for_in_loop,
    "switch_statement": _switch,
    "try_statement": _try,
    "function_declaration": _pass,
    "generator_function_declaration": _pass,
    "class_declaration": _pass,
    "comment": _pass,
    "empty_statement": _pass,
}
