"""What a pull or an import would write, as lines for people and as a JSON answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from dbconn_tui.cli.plan_text import Line, diff_lines, item_words
from dbconn_tui.cli.text import Span, Style, counted
from dbconn_tui.project.placement import Placed
from dbconn_tui.tasks.incoming import FileChange, FileState, Incoming, IncomingConnection

_MOST_IN_FULL: Final = 20
"""New connections that are shown with their entries; of more, each gets one line unless --verbose."""
_LONGEST_VALUE: Final = 100
"""Characters of a value shown within its line."""

_HIDDEN: Final = "…"
"""Stands for a configuration value, which is never printed."""


def incoming_lines(incoming: Incoming, *, verbose: bool) -> Iterator[Line]:
    """Every line: each connection with its files, its part of dbconn.yaml and what is left, then the count."""
    new = [one for one in incoming.connections if one.new]
    brief = len(new) > _MOST_IN_FULL and not verbose
    for one in incoming.connections:
        yield from _new_lines(one, brief=brief) if one.new else _known_lines(one, incoming)
    for skipped in incoming.skipped:
        yield [Span("·", Style.DIM), " ", Span(skipped.name, Style.BOLD), f"  not taken: {skipped.reason}"]
    if incoming.edit.text is None:
        yield [f"Change {incoming.project.shown_file} by hand, it stays as it is: {incoming.edit.reason}."]
        for line in incoming.edit.paste.splitlines():
            yield ["    ", line]
    yield [Span(_summary(incoming), Style.BOLD)]


def _summary(incoming: Incoming) -> str:
    changes = incoming.changes
    if not changes:
        return "Nothing to write: the files say it already."
    new = sum(change.state is FileState.NEW for change in changes)
    return f"Files: {new} new, {len(changes) - new} changed."


def _new_lines(one: IncomingConnection, *, brief: bool) -> Iterator[Line]:
    kinds = ", ".join(change.kind for change in one.files)
    folder = one.files[0].file.rpartition("/")[0] if one.files else ""
    yield [Span("+", Style.GREEN), " ", Span(one.key, Style.BOLD), f"  new, {folder}/: {kinds}"]
    if not brief:
        for line in _entry_text(one.entry or {}):
            yield ["    ", Span(f"+ {line}", Style.GREEN)]
    for change in one.files:
        if change.before is not None:
            yield from _file_lines(change, str)
    yield from _rest(one)


def _entry_text(entry: Mapping[str, Any]) -> list[str]:
    from dbconn_tui.project.rendering import block_lines

    shown = dict(entry)
    if "configuration" in shown:
        shown["configuration"] = {key: _shown_value(value) for key, value in shown["configuration"].items()}
    return block_lines(shown)


def _shown_value(value: Any) -> Any:
    return value if isinstance(value, dict) else _HIDDEN


def _known_lines(one: IncomingConnection, incoming: Incoming) -> Iterator[Line]:
    if not (one.writes or one.left):
        return
    called = "" if one.name == one.key else f" (named {one.name} on the tenant)"
    words = counted(len(one.items), "item") if one.writes else "nothing to take"
    symbol = Span("~", Style.YELLOW) if one.writes else Span("·", Style.DIM)
    yield [symbol, " ", Span(one.key, Style.BOLD), called, f"  {words}"]
    for change in one.files:
        yield from _file_lines(change, incoming.mask)
    for placed in one.placed:
        yield ["    ", Span("~", Style.YELLOW), f" {incoming.project.shown_file}  {_placed_words(placed)}"]
    yield from _rest(one)


def _file_lines(change: FileChange, mask: Any) -> Iterator[Line]:
    before, after = (mask(text) for text in change.texts())
    if change.state is FileState.SAME:
        return
    if change.state is FileState.NEW:
        yield ["    ", Span("+", Style.GREEN), f" {change.file}  new, {counted(len(after.splitlines()), 'line')}"]
        return
    yield ["    ", Span("~", Style.YELLOW), f" {change.file}"]
    yield from diff_lines(before, after)


def _placed_words(placed: Placed) -> str:
    from dbconn_tui.project.rendering import inline

    path = ".".join(placed.path)
    hidden = "configuration" in placed.path[2:5]

    def said(value: Any) -> str:
        text = inline(_shown_value(value) if hidden else value)
        return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"

    before = "" if placed.before is None else f"{said(placed.before)} → "
    if placed.removes:
        return f"{path}: {said(placed.before)} → (taken away)"
    return f"{path}: {before}{said(placed.value)}"


def _rest(one: IncomingConnection) -> Iterator[Line]:
    for left in one.left:
        yield ["    ", Span("·", Style.DIM), f" {item_words(left.item)}  left: {left.reason}"]
    for note in one.notes:
        yield ["    ", Span("note: ", Style.DIM), note]


def incoming_answer(incoming: Incoming, *, written: bool) -> dict[str, Any]:
    """`{"connections": [{name, state, files, items, secrets, left, notes, written}], "skipped": […]}`."""
    project = incoming.project_change
    connections = [
        {
            "name": one.key,
            "state": "new" if one.new else "changed" if one.writes else "unchanged",
            "files": [
                *({"file": change.file, "state": change.state.value} for change in one.files),
                *({"file": project.file, "state": project.state.value} for _ in one.placed[:1] if project),
            ],
            "items": list(one.items),
            "secrets": [{"name": secret.name, "key": secret.key} for secret in one.secrets],
            "left": [{"item": left.item, "reason": left.reason} for left in one.left],
            "notes": list(one.notes),
            "written": written and one.writes,
        }
        for one in incoming.connections
    ]
    skipped = [{"name": one.name, "reason": one.reason} for one in incoming.skipped]
    return {"connections": connections, "skipped": skipped}
