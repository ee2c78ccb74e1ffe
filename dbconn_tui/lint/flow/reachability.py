"""Reachability: the statements that no way leads to, by the shape of the code alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.expressions import Nodes
from dbconn_tui.lint.subject import ScriptSubject

_NOTHING: Final = frozenset(
    {"comment", "html_comment", "empty_statement", "function_declaration", "generator_function_declaration",
     "class_declaration", "break_statement"},
)  # fmt: skip
"""What may stand behind a return: hoisted, no code at all, or a `break` out of habit."""
_LEAVING: Final = frozenset({"return_statement", "throw_statement", "break_statement", "continue_statement"})
_LISTS: Final = ("program", "statement_block", "switch_case", "switch_default")
_DEEPEST: Final = 60


class DeadCode:
    """The first dead statement of each list of statements, and whether a node stands in dead code."""

    __slots__ = ("_ranges", "first")

    def __init__(self, subject: ScriptSubject) -> None:
        self.first: list[tuple[Node, Node]] = []
        """(dead statement, statement that ends the way before it), in the order of the text."""
        self._ranges: list[tuple[int, int]] = []
        for node in subject.shared(Nodes).of(*_LISTS):
            self._read(node)

    def holds(self, node: Node) -> bool:
        """Whether a node is part of dead code."""
        return any(start <= node.start < end for start, end in self._ranges)

    def _read(self, block: Node) -> None:
        leaving: Node | None = None
        for statement in _statements(block):
            if leaving is not None and statement.type not in _NOTHING and not _is_bare_var(statement):
                if not self.holds(statement):
                    self.first.append((statement, leaving))
                self._ranges.append((statement.start, block.end))
                return
            if leaving is None and never_ends(statement):
                leaving = statement


def _statements(block: Node) -> Iterator[Node]:
    for child in block.children:
        if child.named and (block.type in ("statement_block", "program") or child.field_name == "body"):
            yield child


def _is_bare_var(statement: Node) -> bool:
    """Whether a statement only declares `var` names, which are hoisted."""
    return statement.type == "variable_declaration" and all(
        declarator.field("value") is None for declarator in statement.named_children
    )


def never_ends(statement: Node, depth: int = 0) -> bool:
    """Whether no way leads to what stands behind a statement; False where that is not plain to see."""
    type = statement.type
    if type in _LEAVING:
        return True
    if depth > _DEEPEST:
        return False
    if type == "statement_block":
        return any(never_ends(child, depth + 1) for child in _statements(statement))
    if type == "if_statement":
        consequence, alternative = statement.field("consequence"), statement.field("alternative")
        if consequence is None or alternative is None or not alternative.named_children:
            return False
        return never_ends(consequence, depth + 1) and never_ends(alternative.named_children[-1], depth + 1)
    if type == "try_statement":
        return _try_never_ends(statement, depth)
    return False


def _try_never_ends(statement: Node, depth: int) -> bool:
    finalizer, handler, body = (statement.field(name) for name in ("finalizer", "handler", "body"))
    last = finalizer.field("body") if finalizer is not None else None
    if last is not None and never_ends(last, depth + 1):
        return True
    if body is None or not never_ends(body, depth + 1):
        return False
    caught = handler.field("body") if handler is not None else None
    return handler is None or (caught is not None and never_ends(caught, depth + 1))
