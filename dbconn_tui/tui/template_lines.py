"""A template in words, and what adding a connection from it would write; for the template screens. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dbconn_tui.deploy.diff import diff_texts
from dbconn_tui.scaffold.conversion import convert, shown
from dbconn_tui.scaffold.file_plan import FileState, PlannedFile
from dbconn_tui.scaffold.template import Template, Variable, VariableType, holds, words_of
from dbconn_tui.tui.plan_lines import diff_lines
from dbconn_tui.tui.widgets.line_view import Line

if TYPE_CHECKING:
    from dbconn_tui.tasks.add import Addition


def template_lines(template: Template) -> Iterator[Line]:
    """What a template is for, needs and makes, then its own page."""
    yield Line(template.title, "title")
    yield Line(template.description)
    for heading, entries in (
        ("Needs", template.needs),
        ("Scripts", (", ".join(script.kind for script in template.scripts),)),
        ("Secrets", tuple(f"{secret.name}: {secret.help}" for secret in template.secrets)),
        ("npm modules", tuple(map(str, template.modules))),
        ("Asks for", tuple(f"{one.name}: {one.help}" for one in template.variables)),
    ):
        if any(entries):
            yield Line()
            yield Line(heading, "title")
            yield from (Line(entry, "", "  ") for entry in entries)
    if template.readme:
        yield Line()
        yield from (Line(text) for text in template.readme.rstrip().splitlines())


def asked(template: Template, answers: Mapping[str, str]) -> frozenset[str]:
    """The variables that a template asks with these answers; one that cannot be read counts as its default."""
    values: dict[str, Any] = {}
    names = []
    for variable in template.variables:
        if not holds(variable.when, values):
            values[variable.name] = variable.neutral
            continue
        names.append(variable.name)
        try:
            values[variable.name] = convert(variable, answers.get(variable.name, ""))
        except ValueError:
            values[variable.name] = variable.default
    return frozenset(names)


def offered(variable: Variable) -> tuple[str, ...]:
    """The answers to choose among; empty where one is typed."""
    if variable.type is VariableType.BOOLEAN:
        return ("true", "false")
    return variable.choices if variable.type is VariableType.CHOICE else ()


def variable_help(variable: Variable) -> str:
    """What an answer means and which ones are taken."""
    condition = f" Asked when {words_of(variable.when)}." if variable.when else ""
    return f"{variable.help}{condition} ({variable.takes})"


def variable_text(variable: Variable) -> str:
    """The default as it stands in a field."""
    return shown(variable.default)


def addition_lines(addition: Addition) -> Iterator[Line]:
    """What would be written: dbconn.yaml as a difference, then every script."""
    project = addition.project
    for file in addition.differing:
        yield Line(f"{file.file} is there with other content; adding asks before it is replaced", "bad", "! ")
    for other in addition.others:
        yield Line(f"{other} was there before, is not the template's, and will be deployed, too", "caution", "! ")
    yield Line(f"~ {project.shown_file}", "title")
    if addition.edit.text is None:
        yield Line(f"It stays as it is: {addition.edit.reason}. Add these lines to it:", "caution")
        yield from (Line(text, "", "  ") for text in addition.edit.paste.splitlines())
    else:
        yield from diff_lines(diff_texts(project.text, addition.edit.text, context=1))
    for file in addition.files:
        yield Line()
        yield from _file_lines(file)


def _file_lines(file: PlannedFile) -> Iterator[Line]:
    words = {FileState.NEW: "+", FileState.SAME: "=", FileState.DIFFERS: "!"}
    note = "   there already, the same" if file.state is FileState.SAME else ""
    yield Line(f"{words[file.state]} {file.file}{note}", "title")
    if file.state is FileState.DIFFERS:
        for text in file.difference.splitlines():
            yield Line(text, "added" if text.startswith("+") else "removed" if text.startswith("-") else "")
    elif file.state is FileState.NEW:
        for number, text in enumerate(file.data.decode().splitlines(), start=1):
            yield Line(text, "", f"{number:>3}  ")


def next_steps(addition: Addition) -> str:
    """What the user does after adding, in one sentence."""
    secrets = ", ".join(secret.name for secret in addition.rendering.secrets)
    return f"s sets {secrets}; then p plans it." if secrets else "p plans it."
