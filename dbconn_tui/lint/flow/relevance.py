"""Relevance: which code can matter to the callback, so that the rest is stepped over.

Code is *live* when it can call, hand on or hide the callback, run a function of the script, or
change a variable whose value decides something. Everything else can at most throw.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from dbconn_tui.action_scripts.scopes import Binding, Scopes, parameters_of, pattern_names
from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.flow.facts import (
    CALLS,
    LOOPS,
    asks_who,
    fact_of,
    function_around,
    is_flag,
    is_loop_variable,
    root_of,
    tested_terms,
)
from dbconn_tui.lint.flow.paths import Fact
from dbconn_tui.lint.flow.tables import EVENT_METHODS

_JUMPS: Final = frozenset(
    {"return_statement", "break_statement", "continue_statement", "await_expression", "yield_expression"},
)
_CONDITIONED: Final = frozenset(
    {"if_statement", "while_statement", "do_statement", "for_statement", "ternary_expression"},
)
_LOGICAL: Final = frozenset({"&&", "||", "??"})
_UPDATES: Final = frozenset({"update_expression", "augmented_assignment_expression"})
_GROWING: Final = frozenset({"push", "add", "set", "unshift"})

CALL_RISK: Final = 2
MEMBER_RISK: Final = 1

_SEEN: Final = (
    CALLS
    | FUNCTIONS
    | _JUMPS
    | _CONDITIONED
    | _UPDATES
    | {"identifier", "shorthand_property_identifier_pattern", "member_expression", "subscript_expression",
       "assignment_expression", "throw_statement", "binary_expression", "switch_statement"}
)  # fmt: skip
"""The node types that say anything."""


@dataclass(slots=True)
class Relevance:
    """What `relevance_of` has found.

    `live`: nodes to evaluate. `risky`: nodes that may throw, with the likelier kind. `functions`:
    names that always mean one function. `tracked`: facts worth keeping; `last_tests`: the offset
    behind which each decides nothing any more. `counters`: variables that are counted up or down;
    `growing`: arrays that grow in an inner function; `shared`: variables that an inner function
    assigns something unknown. `identified`: names of promises, emitters and timers that must be told
    apart; `unfolded`: names of objects whose members are asked for. `reaching`: functions from which
    the callback can be called. `owned`: the names that belong to each function. `often_called`:
    functions named more than once; `innermost`: those without functions inside.
    """

    live: set[Node] = field(default_factory=set)
    risky: dict[Node, int] = field(default_factory=dict)
    functions: dict[Binding, Node] = field(default_factory=dict)
    tracked: set[Fact] = field(default_factory=set)
    last_tests: dict[Fact, float] = field(default_factory=dict)
    counters: set[Binding] = field(default_factory=set)
    growing: set[Binding] = field(default_factory=set)
    shared: set[Binding] = field(default_factory=set)
    identified: set[Binding] = field(default_factory=set)
    unfolded: set[Binding] = field(default_factory=set)
    reaching: set[Node] = field(default_factory=set)
    owned: dict[Node, set[Binding]] = field(default_factory=dict)
    often_called: set[Node] = field(default_factory=set)
    innermost: set[Node] = field(default_factory=set)


def relevance_of(main: Node, callback: Binding, scopes: Scopes) -> Relevance:
    """The relevance of every node of the script's function `main`."""
    survey = _Survey(main, scopes)
    survey.read()
    survey.spread(callback)
    return survey.found


@dataclass(slots=True)
class _Survey:
    main: Node
    scopes: Scopes
    found: Relevance = field(default_factory=Relevance)
    assigned: dict[Binding, list[Node]] = field(default_factory=dict)
    """Binding → the nodes that write it after its declaration."""
    tests: Counter[Fact] = field(default_factory=Counter)
    seeds: list[Binding] = field(default_factory=list)
    literals: list[Node] = field(default_factory=list)
    owner: dict[Node, Node] = field(default_factory=dict)
    jumps: list[tuple[Node, Node]] = field(default_factory=list)
    steps: list[Binding] = field(default_factory=list)
    """The parameters with which steps of the module async go on; the last step calls the callback."""

    def read(self) -> None:
        """One pass over the tree: tests, assignments, functions, jumps, and what may throw."""
        pending: list[tuple[Node, Node]] = [(self.main, self.main)]
        order: list[tuple[Node, Node]] = []
        while pending:
            node, function = pending.pop()
            if node.type in _SEEN:
                order.append((node, function))
            if node.children:
                inside = node if node.type in FUNCTIONS else function
                pending += [
                    (child, inside) for child in reversed(node.children) if child.children or child.type in _SEEN
                ]
        around: set[Node] = set()
        for node, function in order:
            self._see(node, function)
            if node.type in FUNCTIONS:
                self.found.innermost.add(node)
                if node is not self.main:
                    around.add(function)
        self.found.innermost -= around
        self._find_functions()
        self._find_tracked()
        for node in self.literals:
            self._mark(node, to=None)

    def _see(self, node: Node, function: Node) -> None:
        type = node.type
        if type == "identifier" or type == "shorthand_property_identifier_pattern":
            binding = self.scopes.binding(node)
            if binding is not None and binding.node is node:
                self.found.owned.setdefault(function, set()).add(binding)
                self.owner[node] = function
            elif binding is not None and asks_who(node):
                self.found.identified.add(binding)
        elif type in CALLS:
            self._risk(node, CALL_RISK)
            self._see_call(node, function)
        elif type == "member_expression" or type == "subscript_expression":
            if node.field("optional_chain") is None:
                self._risk(node, MEMBER_RISK)
        elif type == "assignment_expression":
            self._see_assignment(node, function)
        elif type in _UPDATES:
            target = node.field("left") or node.field("argument")
            binding = self.scopes.binding(target) if target is not None and target.type == "identifier" else None
            if binding is not None:
                self.found.counters.add(binding)
                self.assigned.setdefault(binding, []).append(node)
        elif type in _JUMPS:
            self.jumps.append((node, function))
        elif type == "throw_statement":
            self.literals.append(node)
        if type in _CONDITIONED:
            self._test(node.field("condition"), function)
        elif type == "binary_expression":
            operator = node.field("operator")
            if operator is not None and operator.type in _LOGICAL:
                self._test(_last_operand(node.field("left")), function)
        elif type == "switch_statement":
            self._test(node.field("value"), function)

    def _see_call(self, node: Node, function: Node) -> None:
        callee = node.field("function") or node.field("constructor")
        if callee is None:
            return
        if callee.type == "member_expression":
            name = callee.field("property")
            target = callee.field("object")
            if name is not None and target is not None:
                if name.text in ("then", "catch", "finally") or name.text in EVENT_METHODS:
                    self.literals.append(node)
                if name.text in _GROWING and target.type == "identifier" and function is not self.main:
                    binding = self.scopes.binding(target)
                    if binding is not None:
                        self.found.growing.add(binding)
                if target.text == "async":
                    before = len(self.seeds)
                    self._seed_literals(node)
                    self.steps += self.seeds[before:]
                elif target.text == "Promise":
                    self.literals.append(node)
        elif callee.text == "Promise":
            self._seed_literals(node)
            self.literals.append(node)

    def _seed_literals(self, call: Node) -> None:
        """The parameters of the function literals among the arguments can be called."""
        arguments = call.field("arguments")
        for node in arguments.named_children if arguments is not None else ():
            for literal in [node, *node.named_children] if node.type == "array" else [node]:
                if literal.type in FUNCTIONS:
                    self._seed_parameters(literal)

    def _seed_parameters(self, function: Node, index: int | None = None) -> None:
        for number, parameter in enumerate(parameters_of(function)):
            if index is None or number == index or parameter.type == "rest_pattern":
                for name in pattern_names(parameter):
                    binding = self.scopes.binding(name)
                    if binding is not None:
                        self.seeds.append(binding)

    def _see_assignment(self, node: Node, function: Node) -> None:
        left = node.field("left")
        right = node.field("right")
        if left is None or right is None:
            return
        for name in pattern_names(left):
            binding = self.scopes.binding(name)
            if binding is not None:
                self.assigned.setdefault(binding, []).append(node)
                if self.owner.get(binding.node) is not function and right.type not in (
                    "true", "false", "null", "undefined", "number", "string", "object", "new_expression",
                ):  # fmt: skip
                    self.found.shared.add(binding)
        if left.type in ("member_expression", "subscript_expression"):
            fact = fact_of(left, self.scopes)
            root = root_of(fact) if fact is not None else None
            if isinstance(root, Binding):
                self.assigned.setdefault(root, []).append(node)

    def _test(self, condition: Node | None, function: Node) -> None:
        for term in tested_terms(condition):
            fact = fact_of(term, self.scopes)
            if fact is not None:
                self.tests[fact] += 1
                last = self.found.last_tests.get(fact, 0.0)
                self.found.last_tests[fact] = max(last, self._deciding_until(term, fact, function))
                if isinstance(fact, tuple) and isinstance(fact[0], Binding):
                    self.found.unfolded.add(fact[0])

    def _deciding_until(self, term: Node, fact: Fact, function: Node) -> float:
        """Where a test is behind, for good: after the loops around it; never, where other functions test."""
        root = root_of(fact)
        if not isinstance(root, Binding) or self.owner.get(root.node) is not function:
            return math.inf
        until = term.end
        for around in term.ancestors():
            if around is function:
                break
            if around.type in LOOPS and not around.start <= root.node.start < around.end:
                until = around.end
        return until

    def _find_functions(self) -> None:
        """Names that always mean one function: declared as one and never written again."""
        for bindings in self.found.owned.values():
            for binding in bindings:
                node = binding.declarator
                if node is None or binding in self.assigned:
                    continue
                value = node if node.type in FUNCTIONS else None
                if node.type == "variable_declarator" and (name := node.field("name")) is not None:
                    initial = node.field("value")
                    if name.type == "identifier" and initial is not None:
                        initial = initial.without_parentheses()
                        value = initial if initial.type in FUNCTIONS else None
                if value is not None:
                    self.found.functions[binding] = value
                    self.seeds.append(binding)
                    if len(binding.references) > 1:
                        self.found.often_called.add(value)

    def _find_tracked(self) -> None:
        """What is tested twice, or tested and assigned elsewhere."""
        for fact, times in self.tests.items():
            root = root_of(fact)
            writes = self.assigned.get(root, []) if isinstance(root, Binding) else []
            parameter = isinstance(fact, Binding) and (fact.kind == "parameter" or is_loop_variable(fact))
            is_length = isinstance(fact, tuple) and fact[1].endswith(".length")
            if times > 1 or (times and (writes or parameter or is_length or is_flag(fact))):
                self.found.tracked.add(fact)
                self.literals.extend(writes)
                if isinstance(root, Binding) and root.declarator is not None and (writes or is_flag(root)):
                    value = root.declarator.field("value")
                    is_object = value is not None and value.type == "object"
                    self.literals.append(value if value is not None and is_object else root.declarator)

    def _mark(self, node: Node | None, to: Node | None) -> None:
        live = self.found.live
        while node is not None and node is not to and node not in live:
            live.add(node)
            node = node.parent

    def _risk(self, node: Node | None, risk: int) -> None:
        risky = self.found.risky
        while node is not None and node.type not in FUNCTIONS and risky.get(node, 0) < risk:
            risky[node] = risk
            node = node.parent

    def spread(self, callback: Binding) -> None:
        """Mark what the callback and the script's functions reach as live."""
        pending = [callback, *self.seeds]
        seen = set(pending)
        climbed: set[Node] = set()
        while pending:
            for reference in pending.pop().references:
                self._mark(reference, to=None)
                for binding in self._all_receivers(reference, climbed):
                    if binding not in seen:
                        seen.add(binding)
                        pending.append(binding)
        # Only now: marks that end at a function's edge would stop those that go on beyond it.
        for node, function in self.jumps:
            self._mark(node, to=function)
        reach = [callback, *self.steps]
        reached = set(reach)
        climbed = set()
        while reach:
            for reference in reach.pop().references:
                self._reach(reference)
                for binding in self._all_receivers(reference, climbed):
                    if binding not in reached:
                        reached.add(binding)
                        reach.append(binding)

    def _reach(self, node: Node) -> None:
        around = function_around(node)
        while around is not None and around not in self.found.reaching:
            self.found.reaching.add(around)
            around = function_around(around)

    def _all_receivers(self, reference: Node, climbed: set[Node]) -> Iterator[Binding]:
        """The names that may hold what a reference holds, or a function that uses it.

        Nodes in `climbed` were asked before: from there on nothing new is said.
        """
        node: Node | None = reference
        while node is not None and node is not self.main:
            yield from self._receivers(node, climbed)
            node = function_around(node)
            if node is not None and node.type == "function_declaration":
                yield from self._names(node.field("name"))

    def _receivers(self, reference: Node, climbed: set[Node]) -> Iterator[Binding]:
        """The names that may hold what a reference holds: aliases, and parameters of local functions."""
        node = reference
        while (parent := node.parent) is not None and parent.type not in FUNCTIONS and node not in climbed:
            climbed.add(node)
            if parent.type == "variable_declarator":
                yield from self._names(parent.field("name") if node.field_name == "value" else None)
                return
            if parent.type == "assignment_expression" and node.field_name == "right":
                yield from self._names(parent.field("left"))
            if parent.type in CALLS and node.field_name in ("function", "constructor"):
                yield from self._parameters(parent, node)
            if parent.type == "arguments" and (call := parent.parent) is not None:
                callee = call.field("function") or call.field("constructor")
                if callee is not None:
                    yield from self._parameters(call, callee)
            if parent.type == "expression_statement":
                return
            node = parent

    def _names(self, pattern: Node | None) -> Iterator[Binding]:
        for name in pattern_names(pattern):
            binding = self.scopes.binding(name)
            if binding is not None:
                yield binding

    def _parameters(self, call: Node, callee: Node) -> Iterator[Binding]:
        """The parameters of a local function that may get a function in this call."""
        callee = callee.without_parentheses()
        if callee.type == "member_expression" and (target := callee.field("object")) is not None:
            target = target.without_parentheses()
            if target.type == "identifier" or target.type in FUNCTIONS:
                callee = target
        binding = self.scopes.binding(callee) if callee.type == "identifier" else None
        function = self.found.functions.get(binding) if binding is not None else None
        if callee.type in FUNCTIONS:
            function = callee
        if function is not None:
            for parameter in parameters_of(function):
                yield from self._names(parameter)


def _last_operand(node: Node | None) -> Node | None:
    """Of `a || b` the `b`, of another expression all: what stands further left is looked at by itself."""
    while node is not None:
        node = node.without_parentheses()
        operator = node.field("operator") if node.type == "binary_expression" else None
        if operator is None or operator.type not in _LOGICAL:
            break
        node = node.field("right")
    return node
