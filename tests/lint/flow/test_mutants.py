"""Mutation check: a right script with one change in behaviour is found out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.check import lint_script
from dbconn_tui.lint.flow.analysis import callback_flow
from dbconn_tui.lint.subject import ScriptSubject

FAMILY = {"async-unhandled", "callback-missing", "callback-multiple", "throw-in-callback", "throw-in-script"}
LOOPS = ("for_statement", "for_in_statement", "while_statement", "do_statement")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A script with one change: `operator` names it, `line` is where."""

    operator: str
    line: int
    text: str


def mutants_of(kind: str, text: str) -> Iterator[Mutant]:
    """All mutants of a right script that change behaviour."""
    subject = ScriptSubject(kind, text, context=None, rule_ids=frozenset())
    flow = callback_flow(subject)

    def mutant(operator: str, node: Node, new: str) -> Mutant:
        line = subject.parsed.lines.position(node.start)[0]
        return Mutant(operator, line, text[: node.start] + new + text[node.end :])

    if flow.function is None:
        return
    for site in flow.sites:
        call = site.node
        if "once(" in text:
            # Of a function that runs once one call more or less often makes no difference.
            break
        yield mutant("call removed", call, "undefined")
        yield mutant("call doubled", call, f"({call.text}, {call.text})")
        statement = call.parent
        if statement is not None and statement.type == "return_statement" and goes_on_behind(statement):
            yield mutant("return dropped", statement, f"{call.text};")
    for node in flow.function.walk():
        if node.type == "try_statement" and (handler := node.field("handler")) is not None:
            # With a finally block, or an outer try, the callback may be called there all the same.
            outer = any(around.type == "try_statement" for around in node.ancestors())
            if node.field("finalizer") is None and not outer and awaits(node.field("body")):
                yield mutant("catch dropped", handler, "finally {}")
        elif node.type == "call_expression" and is_chain_catch(node):
            member = node.field("function")
            target = member.field("object") if member is not None else None
            if target is not None:
                yield mutant("catch dropped", node, target.text)


def goes_on_behind(statement: Node) -> bool:
    """Whether other code of the same function would run if this statement did not leave it."""
    node = statement
    while (parent := node.parent) is not None and parent.type not in FUNCTIONS:
        if parent.type in LOOPS:
            return True
        if parent.type in ("statement_block", "switch_case", "switch_default"):
            behind = parent.named_children[parent.named_children.index(node) + 1 :]
            if any(child.type not in ("comment", "function_declaration", "empty_statement") for child in behind):
                return True
        if parent.type == "switch_body" and parent.named_children[-1] is not node:
            return True
        node = parent
    return False


def awaits(body: Node | None) -> bool:
    """Whether a try block waits for something; what throws at once in a script reaches the platform by itself."""
    return body is not None and any(node.type == "await_expression" for node in body.walk())


def is_chain_catch(call: Node) -> bool:
    """Whether a call is the `.catch` of a chain."""
    member = call.field("function")
    name = member.field("property") if member is not None else None
    return name is not None and name.text == "catch"


def findings(kind: str, text: str) -> set[tuple[str, int, int]]:
    found = lint_script(kind, text, file="x.js", preset="strict")
    return {(problem.rule, problem.place.line, problem.place.column) for problem in found if problem.rule in FAMILY}


def test_mutants_are_caught(right_scripts, capsys: pytest.CaptureFixture[str]) -> None:
    made: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    survivors = []
    for specimen in right_scripts:
        before = findings(specimen.kind, specimen.text)
        for mutant in mutants_of(specimen.kind, specimen.text):
            made[mutant.operator] += 1
            if findings(specimen.kind, mutant.text) - before:
                caught[mutant.operator] += 1
            else:
                survivors.append(f"{specimen.name}: {mutant.operator} in line {mutant.line}")
    with capsys.disabled():
        print()
        for operator, number in sorted(made.items()):
            print(f"{operator:<16}{caught[operator]:>5} of {number} caught")
        print(f"{'all':<16}{caught.total():>5} of {made.total()} caught, {caught.total() / made.total():.1%}")
    assert made.total() >= 300
    assert caught.total() >= 0.98 * made.total(), survivors
