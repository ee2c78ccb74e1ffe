"""Binding: what is known after a pattern, a name or a loop's variable got a value."""

from __future__ import annotations

from dbconn_tui.action_scripts.scopes import pattern_names
from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.flow.paths import Path
from dbconn_tui.lint.flow.run import Frame, Run
from dbconn_tui.lint.flow.values import FALSY, TRUTHY, UNDEFINED, UNKNOWN, Elements, Members, Value


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


def knowing_length(run: Run, looped: Node | None, path: Path, *, there: bool) -> Path:
    """The path on which what is gone through has elements, or has none."""
    fact = run.fact_of(looped) if looped is not None else None
    if fact is None:
        return path
    length = (fact[0], f"{fact[1]}.length") if isinstance(fact, tuple) else (fact, ".length")
    return path.with_fact(length, TRUTHY if there else FALSY) if length in run.relevance.tracked else path
