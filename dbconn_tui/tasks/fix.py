"""Mending what lint finds where that is safe: each script file once, shown before it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dbconn_tui.lint.fix import apply, fixes_for
from dbconn_tui.project.values import Connection
from dbconn_tui.project.write import write_file


@dataclass(frozen=True, slots=True)
class Mended:
    """One script file before and after, and the rules that were mended in it."""

    path: Path
    file: str
    before: str = field(repr=False)
    after: str = field(repr=False)
    rules: tuple[str, ...]


def plan_fixes(
    connections: Sequence[Connection], preset: str, asked: frozenset[str] = frozenset()
) -> tuple[Mended, ...]:
    """What would be mended; `asked` names rules whose edits may change what a script does. Nothing is written."""
    return tuple(_mended(connections, preset, asked))


def _mended(connections: Sequence[Connection], preset: str, asked: frozenset[str]) -> Iterator[Mended]:
    seen: set[Path] = set()
    for connection in connections:
        context = connection.options.get("enable_script_context")
        for kind, script in connection.scripts.items():
            if script.path in seen:
                continue
            seen.add(script.path)
            edits = fixes_for(
                kind,
                script.text,
                context=context if isinstance(context, bool) else False,
                severities=connection.lint,
                preset=preset,
                asked=asked,
            )
            after = apply(script.text, edits)
            if after != script.text:
                rules = tuple(dict.fromkeys(edit.rule for edit in edits))
                yield Mended(script.path, script.file, script.text, after, rules)


def write_fixes(mended: Sequence[Mended]) -> None:
    """Write the mended files, each beside and renamed. Raises ProjectError when one cannot be written."""
    for one in mended:
        write_file(one.path, one.after.encode("utf-8"))
