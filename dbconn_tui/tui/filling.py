"""Filling: what a connection's template has for it: the text of a script that is missing, and newer ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dbconn_tui.tui.widgets.line_view import Line

if TYPE_CHECKING:
    from dbconn_tui.project.values import Project
    from dbconn_tui.scaffold.template import Template
    from dbconn_tui.tasks.outside import Outside
    from dbconn_tui.tasks.refill import Refill

_SYMBOLS: Final = {
    "new": "+",
    "updated": "~",
    "merged": "~",
    "conflict": "≠",
    "removed": "-",
    "kept": "·",
    "differs": "≠",
}


def _template_of(outside: Outside, config: Path | None, key: str) -> tuple[Project, Template]:
    from dbconn_tui.tasks.refill import template_memory
    from dbconn_tui.tasks.templates import one_template
    from dbconn_tui.tasks.workspace import open_project

    project, _ = open_project(outside, config, partial=True)
    memory = template_memory(project, key)
    return project, one_template(outside, str(memory.get("name", "")), config)


def template_texts(outside: Outside, config: Path | None, key: str) -> tuple[str, Mapping[str, str]]:
    """The name of a connection's template and its scripts' texts by kind. Raises UsageError where it has none."""
    from dbconn_tui.tasks.refill import plan_refill

    project, template = _template_of(outside, config, key)
    return template.name, plan_refill(project, key, template, {}).rendering.files


def plan_refill_of(outside: Outside, config: Path | None, key: str) -> Refill:
    """What filling a connection's template again would do. Raises UsageError, ProjectError."""
    from dbconn_tui.tasks.refill import plan_refill

    project, template = _template_of(outside, config, key)
    return plan_refill(project, key, template, {})


def refill_lines(refill: Refill) -> Iterator[Line]:
    """What would be written, file by file with its difference, and what stays the user's to look at."""
    versions = (
        f"{refill.from_version} → {refill.template.version}" if refill.from_version != refill.template.version else ""
    )
    yield Line(f"{refill.template.name} {versions}".strip(), "title")
    if refill.without_base:
        yield Line(refill.without_base, "bad", "! ")
    for file in refill.files:
        if file.state.value == "unchanged":
            continue
        symbol = _SYMBOLS.get(file.state.value, " ")
        yield Line(f"{file.file}: {file.state}{f' – {file.note}' if file.note else ''}", "title", f"{symbol} ")
        for text in file.difference.splitlines()[2:]:
            yield Line(text, "added" if text.startswith("+") else "removed" if text.startswith("-") else "muted")
    for key in refill.changed_keys:
        yield Line(f"dbconn.yaml: {key}", "", "~ ")
    if refill.edit.text is None:
        yield Line(f"dbconn.yaml stays as it is: {refill.edit.reason}. Add these lines:", "caution", "! ")
        yield from (Line(text, "", "  ") for text in refill.edit.paste.splitlines())
    for note in refill.notes:
        yield Line(note, "caution", "i ")
