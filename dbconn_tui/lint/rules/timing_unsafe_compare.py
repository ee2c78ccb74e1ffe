"""`timing-unsafe-compare`: hashes are compared in constant time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, method_of, operator, path_of
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_NAME: Final = re.compile(r"(?:hash|digest|hmac|signature|mac)(?:ed)?(?:password)?\Z", re.IGNORECASE)
_EQUAL: Final = frozenset({"===", "==", "!==", "!="})


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a comparison of two hashes by their names."""
    for node in subject.shared(Nodes).of("binary_expression"):
        left, right = node.field("left"), node.field("right")
        if operator(node) in _EQUAL and left is not None and right is not None and _is_hash(left) and _is_hash(right):
            yield Finding(
                "hashes are compared character by character, which takes longer the more of them is right",
                subject.parsed.span(node),
                "Use `crypto.timingSafeEqual` on two buffers of the same length.",
            )


def _is_hash(node: Node) -> bool:
    if node.type == "call_expression" and method_of(node) == "digest":
        return True
    path = path_of(node)
    return bool(path) and _NAME.search(path[-1]) is not None


RULE = Rule(
    id="timing-unsafe-compare",
    severity=Severity.INFO,
    title="Hashes are compared in constant time.",
    why="`===` stops at the first difference. The time it takes says how much of a guess is right.",
    source="dbconn; Node.js documentation (crypto.timingSafeEqual)",
    bad=(example("login", "if (digest === row.hash) return callback(null, row.id);"),),
    good=(
        example("login", "if (crypto.timingSafeEqual(digest, stored)) return callback(null, row.id);"),
        example("login", "if (row.hash === undefined) return callback(null);"),
    ),
    script=check,
)
