"""Run: one analysis under way; Frame: one function under way in it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from dbconn_tui.action_scripts.scopes import Binding, Scopes
from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.flow.facts import CALLS, fact_of
from dbconn_tui.lint.flow.paths import Fact, Path, merged
from dbconn_tui.lint.flow.relevance import CALL_RISK, Relevance
from dbconn_tui.lint.flow.tables import HARMLESS
from dbconn_tui.lint.flow.values import (
    ASSIGNED,
    NULL,
    PROMISES,
    TRUTHY,
    UNDEFINED,
    UNKNOWN,
    Closure,
    Constant,
    Elements,
    Environment,
    Members,
    Opaque,
    Tested,
    Undefined,
    Unknown,
    Value,
    carries_functions,
)

Results: TypeAlias = list[tuple[Path, Value]]
"""What an expression may give, with the path on which it does."""

_DEEPEST: Final = 90
"""Levels of statements, expressions and calls in each other; more is not followed."""


class Exhausted(Exception):
    """The script is too deep or has too many ways through it to be followed."""


@dataclass(frozen=True, slots=True)
class Thrown:
    """Something thrown at `origin`. `soft`: by code that throws only when something is odd."""

    path: Path
    origin: Node
    soft: bool


@dataclass(frozen=True, slots=True)
class Jump:
    """A break or continue that looks for its statement; `label` is empty for the innermost."""

    path: Path
    word: str
    label: str


@dataclass(slots=True, eq=False)
class Frame:
    """One run of one function: its parameters' values, and the paths that left it, by the way they left.

    `caught`: whether somebody handles what is thrown here.
    """

    function: Node
    environment: Environment
    is_async: bool
    caught: bool
    names: dict[Binding, Value] = field(default_factory=dict)
    returns: list[tuple[Path, Value, Node | None]] = field(default_factory=list)
    jumps: list[Jump] = field(default_factory=list)
    throws: list[Thrown] = field(default_factory=list)

    def throw(self, path: Path, origin: Node, *, soft: bool) -> None:
        """Leave by an exception."""
        if soft and not self.caught:
            return
        if soft and self.throws and self.throws[-1].path is path:
            return
        if soft and path.calls and not path.weak:
            path = path.weakened()
        self.throws.append(Thrown(path, origin, soft))

    def jumps_caught(self, word: str, *labels: str) -> list[Path]:
        """The paths of the jumps that end here: `break` or `continue`, with one of these labels."""
        caught = [jump.path for jump in self.jumps if jump.word == word and jump.label in labels]
        if caught:
            self.jumps = [jump for jump in self.jumps if not (jump.word == word and jump.label in labels)]
        return caught


@dataclass(frozen=True, slots=True)
class Summary:
    """How calls of a function may end: the values it gives, and what it throws, hard and soft."""

    values: tuple[Value, ...]
    throws: tuple[tuple[Node, bool], ...]


@dataclass(frozen=True, slots=True)
class Site:
    """One call of the callback: the arguments it gets, and the function the call stands in."""

    node: Node
    arguments: tuple[Node, ...]
    function: Node


@dataclass(slots=True, eq=False)
class Notes:
    """What the analysis comes across beside the count of calls; each maps a place to what it is about."""

    sites: dict[Node, Site] = field(default_factory=dict)
    """The calls of the callback that stand in the script."""
    afterwards: dict[Node, Node] = field(default_factory=dict)
    """Work that runs in the same function after the callback → the call."""
    thrown_outside: dict[Node, Node] = field(default_factory=dict)
    """`throw` in a function that somebody else calls → that function."""
    thrown_by_script: dict[Node, Node] = field(default_factory=dict)
    """`throw` that leaves a synchronous script."""
    returned: dict[Node, Node] = field(default_factory=dict)
    """`return` of a value by the script before the callback → the value."""
    entered: set[Node] = field(default_factory=set)
    """Functions that were run."""
    made: set[Node] = field(default_factory=set)
    """Function literals that were evaluated."""
    continued: set[Node] = field(default_factory=set)
    """Calls of the callback after which the same function did something else."""


Evaluate: TypeAlias = "Callable[[Run, Frame, Node, Path], Results]"
Execute: TypeAlias = "Callable[[Run, Frame, Node, list[Path]], list[Path]]"


@dataclass(slots=True, eq=False)
class Run:
    """One analysis: the script's scopes and relevance, the meaning of each node type, and how much was done."""

    main: Node
    scopes: Scopes
    relevance: Relevance
    expressions: Mapping[str, Evaluate]
    statements: Mapping[str, Execute]
    steps_left: int
    notes: Notes = field(default_factory=Notes)
    depth: int = 0
    active: list[Node] = field(default_factory=list)
    """The functions under way, outermost first."""
    summaries: dict[Node, Summary | None] = field(default_factory=dict)
    """What functions from which the callback cannot be reached do; None: it depends on who asks."""
    facts: dict[Node, Fact | None] = field(default_factory=dict)
    counted: bool = False
    """Whether a count decides which of several functions calls the callback."""
    stuck: list[Path] = field(default_factory=list)
    """Paths that wait for a promise that nothing settles."""

    def evaluate(self, frame: Frame, node: Node, path: Path) -> Results:
        """The values an expression may have; what it throws goes to the frame."""
        while node.type == "parenthesized_expression" and len(node.children) == 1:
            node = node.children[0]
        if node not in self.relevance.live:
            if frame.caught:
                self.risk(frame, node, path)
            return [(path, self.plain_value(frame, node, path))]
        handler = self.expressions.get(node.type)
        self.enter()
        results = handler(self, frame, node, path) if handler is not None else self.evaluate_parts(frame, node, path)
        self.depth -= 1
        return results

    def execute(self, frame: Frame, node: Node, paths: list[Path]) -> list[Path]:
        """The paths that go on behind a statement."""
        if not paths:
            return paths
        if node not in self.relevance.live:
            if frame.caught:
                for path in paths:
                    self.risk(frame, node, path)
            self.note_work(node, paths)
            return paths
        handler = self.statements.get(node.type)
        self.enter()
        if handler is None:
            behind = [after for path in paths for after, _ in self.evaluate(frame, node, path)]
        else:
            behind = handler(self, frame, node, paths)
        self.depth -= 1
        return merged(behind)

    def evaluate_parts(self, frame: Frame, node: Node, path: Path) -> Results:
        """Evaluate the operands of an expression that has no meaning of its own here."""
        parts = [child for child in node.children if child.named and child.type != "comment"]
        return [(after, UNKNOWN) for after, _ in self.evaluate_all(frame, parts, path)]

    def evaluate_all(self, frame: Frame, nodes: Sequence[Node], path: Path) -> list[tuple[Path, tuple[Value, ...]]]:
        """The values several expressions may have, evaluated in their order."""
        known: list[tuple[Path, tuple[Value, ...]]] = [(path, ())]
        for node in nodes:
            known = [
                (after, (*values, value))
                for before, values in known
                for after, value in self.evaluate(frame, node, before)
            ]
        return known

    def enter(self) -> None:
        """Count one step and one level. The caller takes the level back; Exhausted ends the whole run."""
        self.steps_left -= 1
        self.depth += 1
        if self.steps_left < 0 or self.depth > _DEEPEST:
            raise Exhausted

    def risk(self, frame: Frame, node: Node, path: Path) -> None:
        """Note that something inside `node` may throw."""
        risk = self.relevance.risky.get(node)
        if risk is None or (node.type == "expression_statement" and self.is_harmless(node.named_children[0])):
            return
        if risk == CALL_RISK and node.type in CALLS and self.is_harmless(node):
            return
        frame.throw(path if risk == CALL_RISK else path.weakened(), node, soft=True)

    def is_harmless(self, node: Node) -> bool:
        """Whether a call is one of those that never throw."""
        if node.type not in CALLS:
            return False
        callee = node.field("function") or node.field("constructor")
        arguments = node.field("arguments")
        return (
            callee is not None
            and HARMLESS.fullmatch(callee.text) is not None
            and (arguments is None or self.relevance.risky.get(arguments, 0) < CALL_RISK)
        )

    def note_work(self, node: Node, paths: list[Path]) -> None:
        """Note work done by a statement on paths where the callback was called in the same function."""
        if node.type in FUNCTIONS or node.type == "empty_statement" or node.type == "comment":
            return
        for path in paths:
            if path.here and path.calls == 1 and path.first is not None and not path.silent:
                site = path.first
                self.notes.continued.add(site)
                if self.relevance.risky.get(node) == CALL_RISK or _assigns_member(node):
                    self.notes.afterwards.setdefault(node, site)

    def plain_value(self, frame: Frame, node: Node, path: Path) -> Value:
        """The value of an expression that needs no evaluation."""
        type = node.type
        if type in ("identifier", "member_expression"):
            return self.look_up(frame, node, path)
        known = _LITERALS.get(type)
        if known is not None:
            return known
        if type in FUNCTIONS:
            return Closure(node, frame.environment)
        if type in CALLS:
            return Opaque(node)
        if type == "number":
            return _number(node.text)
        if type == "string":
            return Constant(node.text[1:-1])
        return UNKNOWN

    def look_up(self, frame: Frame, node: Node, path: Path) -> Value:
        """What is known of a name, or of a member of one."""
        fact = self.fact_of(node)
        if fact is None:
            return UNKNOWN
        known = path.facts.get(fact)
        if known is not None:
            return known
        if isinstance(fact, Binding):
            found = frame.names.get(fact)
            if found is not None:
                return found
            function = self.relevance.functions.get(fact)
            return Closure(function, frame.environment) if function is not None else UNKNOWN
        if fact == "undefined":
            return UNDEFINED
        if isinstance(fact, tuple):
            owner = path.facts.get(fact[0]) or frame.names.get(fact[0])
            if isinstance(owner, Members):
                return owner.get(fact[1][1:]) or UNKNOWN
        return UNKNOWN

    def assign(self, frame: Frame, node: Node, value: Value, path: Path) -> Path:
        """The path after `node = value`."""
        fact = self.fact_of(node)
        if fact is None or fact in self.relevance.functions:
            return path
        if isinstance(value, Unknown) and isinstance(fact, Binding) and self._is_shared(frame, fact):
            value = ASSIGNED
        value = self.simplified(fact, value)
        facts = {
            known: held
            for known, held in path.facts.items()
            if known != fact and not (isinstance(known, tuple) and known[0] == fact)
        }
        if self.keeps(fact, value):
            facts[fact] = value
        new = path.copy()
        new.facts = facts
        return new

    def without_old_facts(self, path: Path, offset: int) -> Path:
        """The path at `offset` of the text without the facts that decide nothing any more."""
        last = self.relevance.last_tests
        old = [fact for fact in path.facts if last.get(fact, math.inf) <= offset]
        old = [fact for fact in old if isinstance(path.facts[fact], Constant | Undefined | Tested | Unknown)]
        if not old:
            return path
        new = path.copy()
        new.facts = {fact: value for fact, value in path.facts.items() if fact not in old}
        return new

    def fact_of(self, node: Node) -> Fact | None:
        """What a fact about this expression is filed under."""
        known = self.facts.get(node, self)
        if known is self:
            known = self.facts[node] = fact_of(node, self.scopes)
        return known

    def simplified(self, fact: object, value: Value) -> Value:
        """The value with no more than somebody will ask for, so that more paths are alike."""
        if isinstance(value, Opaque) and fact not in self.relevance.identified:
            return TRUTHY if value.site.type == "new_expression" else UNKNOWN
        is_constant = isinstance(fact, Binding) and fact.kind == "const"
        if isinstance(value, Members | Elements) and not is_constant and not carries_functions(value):
            holds_promises = isinstance(value, Elements) and any(isinstance(one, PROMISES) for one in value.values)
            return value if holds_promises or fact in self.relevance.unfolded else TRUTHY
        return value

    def keeps(self, fact: object, value: Value) -> bool:
        """Whether a value is worth remembering for this fact."""
        if isinstance(value, Unknown):
            # Of a member it must be known that it is no longer what the object was made with.
            return isinstance(fact, tuple) and fact in self.relevance.tracked
        if isinstance(value, Closure | Constant) or value in (TRUTHY, UNDEFINED):
            return fact in self.relevance.tracked or isinstance(value, Closure)
        return True

    def _is_shared(self, frame: Frame, binding: Binding) -> bool:
        return (
            binding in self.relevance.shared
            and binding in self.relevance.tracked
            and binding not in self.relevance.owned.get(frame.function, ())
        )


_LITERALS: Final[Mapping[str, Value]] = {
    "true": Constant(True),
    "false": Constant(False),
    "null": NULL,
    "undefined": UNDEFINED,
    "object": TRUTHY,
    "array": TRUTHY,
    "regex": TRUTHY,
    "class": TRUTHY,
}


def _number(text: str) -> Value:
    try:
        return Constant(float(text))
    except ValueError:
        return UNKNOWN


def _assigns_member(node: Node) -> bool:
    if node.type != "expression_statement" or not node.named_children:
        return False
    inside = node.named_children[0]
    left = inside.field("left") if inside.type == "assignment_expression" else None
    return left is not None and left.type in ("member_expression", "subscript_expression")
