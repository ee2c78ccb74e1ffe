"""Analysis: which expressions a script looks at before it relies on them."""

from __future__ import annotations

import re
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.expressions import Nodes, is_tested
from dbconn_tui.lint.subject import ScriptSubject

_COUNTS: Final = frozenset({"length", "rowCount", "count", "size", "rowsAffected", "affectedRows", "totalCount"})
_BLANKS: Final = re.compile(r"\s+")
_ANNOUNCED: Final = re.compile(r"/\*\s*globals?\s+(.*?)\*/", re.DOTALL)
_CANDIDATES: Final = ("identifier", "member_expression", "subscript_expression")


class Tested:
    """Texts of expressions that stand in a test somewhere in the script, and of those whose size is read."""

    __slots__ = ("counted", "texts")

    def __init__(self, subject: ScriptSubject) -> None:
        self.texts: set[str] = set()
        self.counted: set[str] = set()
        for node in subject.shared(Nodes).of(*_CANDIDATES):
            if is_tested(node):
                self.texts.add(plain(node))
            member = node.field("property")
            holder = node.field("object")
            if member is not None and holder is not None and member.text in _COUNTS:
                self.counted.add(plain(holder))

    def knows(self, node: Node) -> bool:
        """Whether the script looks whether `node` is there."""
        return plain(node) in self.texts


def plain(node: Node) -> str:
    """An expression's text without blanks and `?.`."""
    text = node.text
    return _BLANKS.sub("", text).replace("?.[", "[").replace("?.", ".")


def announced_globals(subject: ScriptSubject) -> frozenset[str]:
    """The names that `/* global a, b */` comments announce."""
    return frozenset(
        word.split(":")[0].strip()
        for comment in subject.parsed.comments
        for found in _ANNOUNCED.finditer(comment.text)
        for word in re.split(r"[,\s]+", found[1])
    )
