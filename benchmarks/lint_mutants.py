"""Mutation check of lint: right scripts with one change in what they do, and how many of the changes it sees.

`python -m benchmarks.lint_mutants` makes every mutant of every right script of the corpus.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from benchmarks.lint_corpus import CALLBACK_RULES, Specimen, specimens
from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.check import lint_script
from dbconn_tui.lint.flow.analysis import callback_flow
from dbconn_tui.lint.subject import ScriptSubject

SEEN_BY: Final = CALLBACK_RULES | {"floating-promise"}
LOOPS: Final = ("for_statement", "for_in_statement", "while_statement", "do_statement")
GOAL: Final = 0.98


@dataclass(frozen=True, slots=True)
class Mutant:
    """A script with one change: `operator` names it, `line` is where."""

    operator: str
    line: int
    text: str


@dataclass(slots=True)
class Score:
    """How many mutants were made and caught, by operator; `survivors` are the others."""

    made: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    survivors: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The caught ones of all."""
        return self.caught.total() / self.made.total()


def score(scripts: Iterable[Specimen], every: int = 1) -> Score:
    """Lint the mutants of the scripts, or every so many of them."""
    result = Score()
    number = 0
    for specimen in scripts:
        before = None
        for mutant in mutants_of(specimen.kind, specimen.text):
            number += 1
            if number % every:
                continue
            before = _findings(specimen.kind, specimen.text) if before is None else before
            result.made[mutant.operator] += 1
            if _findings(specimen.kind, mutant.text) - before:
                result.caught[mutant.operator] += 1
            else:
                result.survivors.append(f"{specimen.name}: {mutant.operator} in line {mutant.line}")
    return result


def mutants_of(kind: str, text: str) -> Iterator[Mutant]:
    """The mutants of a right script that change what becomes of the callback.

    A last round's `return` in a loop is among them although nothing follows it: no mutant is picked by hand.
    """
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
        if statement is not None and statement.type == "return_statement" and _goes_on_behind(statement):
            yield mutant("return dropped", statement, f"{call.text};")
    for node in flow.function.walk():
        if node.type == "try_statement" and (handler := node.field("handler")) is not None:
            # With a finally block, or an outer try, the callback may be called there all the same.
            outer = any(around.type == "try_statement" for around in node.ancestors())
            if node.field("finalizer") is None and not outer and _awaits(node.field("body")):
                yield mutant("catch dropped", handler, "finally {}")
        elif node.type == "call_expression" and _method(node) == "catch" and not _is_handled_behind(node):
            target = node.field("function")
            promise = target.field("object") if target is not None else None
            if promise is not None:
                yield mutant("catch dropped", node, promise.text)


def _goes_on_behind(statement: Node) -> bool:
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


def _awaits(body: Node | None) -> bool:
    """Whether a try block waits for something; what throws at once in a script reaches the platform by itself."""
    return body is not None and any(node.type == "await_expression" for node in body.walk())


def _method(call: Node) -> str:
    """The name of the method that is called, "" for a plain function."""
    member = call.field("function")
    name = member.field("property") if member is not None else None
    return name.text if name is not None else ""


def _is_handled_behind(call: Node) -> bool:
    """Whether a later link of the same chain handles rejections as well."""
    member = call.parent
    while member is not None and member.type == "member_expression":
        later = member.parent
        if later is None or later.type != "call_expression":
            return False
        given = later.field("arguments")
        if _method(later) == "catch" or (given is not None and len(given.named_children) > 1):
            return True
        member = later.parent
    return False


def _findings(kind: str, text: str) -> set[tuple[str, int, int]]:
    found = lint_script(kind, text, file="script.js", preset="strict")
    return {(problem.rule, problem.place.line, problem.place.column) for problem in found if problem.rule in SEEN_BY}


def main() -> None:
    """Print how many mutants of each operator were caught, and the others."""
    result = score(specimens("right"))
    for operator, number in sorted(result.made.items()):
        print(f"{operator:<16}{result.caught[operator]:>5} of {number} caught")
    caught, made = result.caught.total(), result.made.total()
    print(f"{'all':<16}{caught:>5} of {made} caught, {result.share:.1%}    (goal ≥ {GOAL:.0%})")
    for survivor in result.survivors:
        print(f"not caught: {survivor}")


if __name__ == "__main__":
    main()
