"""Re-filling: a connection's scripts follow its template's newer text or changed answers; edits of one's own stay.

What the template made last lies in `.dbconn/rendered/`. It is the base of a three-way merge; without it nothing is
written but a difference is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import unified_diff
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from dbconn_tui.action_scripts.conflict_marks import find_conflict_mark
from dbconn_tui.action_scripts.kinds import BY_NAME, order_of
from dbconn_tui.errors import ProjectError, UsageError
from dbconn_tui.project.edit import Edit, set_values
from dbconn_tui.project.values import Project
from dbconn_tui.project.write import write_file
from dbconn_tui.scaffold.answers import unknown_variable
from dbconn_tui.scaffold.conversion import brief
from dbconn_tui.scaffold.render import Rendering, render
from dbconn_tui.scaffold.rendered import FOLDER, read_rendered
from dbconn_tui.scaffold.template import Template, Value, words_of
from dbconn_tui.scaffold.three_way import merge
from dbconn_tui.tasks.add import SCRIPTS, connection_entry
from dbconn_tui.tasks.editor_files import refresh_editor_files
from dbconn_tui.tasks.keep_rendering import keep_rendering, make_folder
from dbconn_tui.tasks.save_project import save_project

OURS: Final = "yours"
"""What stands behind the first mark of a conflict."""


class RefillState(StrEnum):
    """What becomes of one script."""

    UNCHANGED = "unchanged"
    """The template's text is the same as last time, or the script says it already."""
    UPDATED = "updated"
    """The newer text takes the place of the last one, which nobody had edited."""
    MERGED = "merged"
    """The newer text and the user's edits, both."""
    CONFLICT = "conflict"
    """Both changed the same place: the file holds marks."""
    NEW = "new"
    REMOVED = "removed"
    """The template makes it no more, and nobody had edited it."""
    KEPT = "kept"
    """It stays as it is, for the reason in the note."""
    DIFFERS = "differs"
    """Nobody knows what was edited: only the difference is shown."""


@dataclass(frozen=True, slots=True)
class RefilledFile:
    """One script: `data` are the bytes to write, None to leave it alone; `difference` is a unified diff."""

    kind: str
    path: Path
    file: str
    state: RefillState
    data: bytes | None = field(default=None, repr=False)
    difference: str = field(default="", repr=False)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Refill:
    """What filling a connection's template again would do.

    `from_version` is the template's at the last filling. `without_base` says why nothing can be merged; empty when
    it can. `edit` is dbconn.yaml as it would be, or the lines to paste. `notes` are what the user should look at.
    """

    name: str
    project: Project
    template: Template
    from_version: int
    rendering: Rendering = field(repr=False)
    files: tuple[RefilledFile, ...]
    edit: Edit
    changed_keys: tuple[str, ...]
    notes: tuple[str, ...]
    without_base: str = ""

    @property
    def conflicts(self) -> tuple[RefilledFile, ...]:
        """Scripts that will hold marks."""
        return tuple(file for file in self.files if file.state is RefillState.CONFLICT)

    @property
    def changes(self) -> bool:
        """Whether anything would be written."""
        return any(file.data is not None or file.state is RefillState.REMOVED for file in self.files) or (
            self.edit.text != self.project.text
        )


def template_memory(project: Project, name: str) -> Mapping[str, Any]:
    """What dbconn.yaml remembers of a connection's template. Raises UsageError when there is nothing."""
    if name not in project.connection_keys:
        known = ", ".join(project.connection_keys) or "none yet"
        raise UsageError(f"there is no connection {name} in {project.shown_file}", f"It has: {known}.")
    memory = (project.document["connections"][name] or {}).get("template")
    if not isinstance(memory, Mapping):
        raise UsageError(
            f"{project.shown_file} does not say which template {name} was made from",
            "`dbconn add` makes a connection that remembers its template.",
        )
    return memory


def plan_refill(project: Project, name: str, template: Template, changed: Mapping[str, Value]) -> Refill:
    """What filling the template of a connection again would do, with some answers changed; writes nothing.

    Raises UsageError for answers that do not fit, ProjectError for files that cannot be read or scripts with marks.
    """
    memory = template_memory(project, name)
    remembered: dict[str, Value] = dict(memory.get("values") or {})
    known = {key: value for key, value in remembered.items() if template.variable(key) is not None}
    before = render(template, known, name, drop_unasked=True)
    rendering = render(template, {**known, **changed}, name, drop_unasked=True)
    _refuse_unasked(template, rendering, changed)
    from_version = memory.get("version", template.version)
    base = read_rendered(project.root, name)
    without_base = ""
    if not base and from_version == template.version:
        # The same version with the same answers made the same text.
        base = dict(before.files)
    elif not base:
        without_base = f"{FOLDER}/{name} is missing, so nobody can tell what was edited since version {from_version}"
    files = _Files(project, name, template, base, without_base).plan(rendering)
    changes, notes = _entry_changes(project, name, before, rendering)
    notes += _shared_with(project, name, files)
    dropped = [key for key in remembered if key not in known]
    if dropped:
        notes.append(f"the template no longer asks for {', '.join(dropped)}")
    return Refill(
        name,
        project,
        template,
        from_version,
        rendering,
        files,
        set_values(project.text, changes),
        tuple(".".join(path[2:]) for path, _ in changes if path[2] != "template"),
        tuple(notes),
        without_base,
    )


def _shared_with(project: Project, name: str, files: tuple[RefilledFile, ...]) -> list[str]:
    """A file may serve several connections: a sentence for each that would change for the others, too."""
    changing = {file.path: file.file for file in files if file.data is not None or file.state is RefillState.REMOVED}
    notes = []
    for other, scripts in project.scripts.items():
        shared = [changing[script.path] for script in scripts.values() if script.path in changing]
        if other != name and shared:
            notes.append(f"{', '.join(shared)} also serves the connection {other}")
    return notes


def _refuse_unasked(template: Template, rendering: Rendering, changed: Mapping[str, Value]) -> None:
    """An answer that was changed and is not asked for is a mistake, one that was remembered is not."""
    for key in changed:
        variable = template.variable(key)
        if variable is None:
            raise UsageError(f"template {template.name}: {unknown_variable(template, key)}")
        if key not in rendering.memory["values"]:
            raise UsageError(f"template {template.name}: {key} is asked only when {words_of(variable.when)}")


@dataclass(frozen=True, slots=True)
class _Files:
    """Works out what becomes of each script of one connection."""

    project: Project
    name: str
    template: Template
    base: Mapping[str, str]
    without_base: str

    def plan(self, rendering: Rendering) -> tuple[RefilledFile, ...]:
        kinds = sorted({*rendering.files, *self.base}, key=order_of)
        return tuple(self._file(kind, rendering.files.get(kind)) for kind in kinds)

    def _file(self, kind: str, new: str | None) -> RefilledFile:
        script = self.project.scripts.get(self.name, {}).get(kind)
        if script is not None:
            path, shown, now = script.path, script.file, script.text
            if find_conflict_mark(now) is not None:
                raise ProjectError(
                    f"{shown} holds the marks of a merge that nobody resolved", "Resolve it first; nothing was written."
                )
            if new is None:
                return self._no_longer_made(kind, path, shown, now)
            return self._present(kind, path, shown, now, new)
        folder = self._folder()
        if folder is None:
            note = "its scripts are named one by one; name this one, too, and run the command again"
            return RefilledFile(kind, Path(), BY_NAME[kind].file, RefillState.KEPT, note=note)
        shown, path = f"{folder}/{BY_NAME[kind].file}", self.project.root / folder / BY_NAME[kind].file
        if new is None:
            return RefilledFile(kind, path, shown, RefillState.UNCHANGED)
        if kind in self.base:
            note = "" if self.base[kind] == new else "you removed it, and its newer text is not written"
            return RefilledFile(kind, path, shown, RefillState.KEPT if note else RefillState.UNCHANGED, note=note)
        return RefilledFile(kind, path, shown, RefillState.NEW, new.encode(), _difference(shown, "", new))

    def _folder(self) -> str | None:
        """The folder that new scripts go to, as dbconn.yaml writes it; None when it names files."""
        entries = (self.project.document["connections"][self.name], self.project.document.get("defaults"))
        said = next((entry["scripts"] for entry in entries if entry and entry.get("scripts") is not None), None)
        return f"{SCRIPTS}/{self.name}" if said is None else said.rstrip("/") if isinstance(said, str) else None

    def _no_longer_made(self, kind: str, path: Path, shown: str, now: str) -> RefilledFile:
        if _same(now, self.base[kind]):
            return RefilledFile(kind, path, shown, RefillState.REMOVED, None, _difference(shown, now, ""))
        note = "the template makes it no more; it has edits of yours, stays, and will be deployed"
        return RefilledFile(kind, path, shown, RefillState.KEPT, note=note)

    def _present(self, kind: str, path: Path, shown: str, now: str, new: str) -> RefilledFile:
        if _same(now, new):
            return RefilledFile(kind, path, shown, RefillState.UNCHANGED)
        base = self.base.get(kind)
        if base is None:
            note = "" if self.without_base else "it was there before, and is not the template's"
            return RefilledFile(kind, path, shown, RefillState.DIFFERS, None, _difference(shown, now, new), note)
        if _same(base, new):
            return RefilledFile(kind, path, shown, RefillState.UNCHANGED)
        theirs = f"{self.template.name} {self.template.version}"
        merged = merge(base, now, new, our_name=OURS, their_name=theirs)
        state = RefillState.UPDATED if _same(now, base) else RefillState.MERGED
        if merged.conflicts:
            state = RefillState.CONFLICT
        return RefilledFile(kind, path, shown, state, merged.text.encode(), _difference(shown, now, merged.text))


def _same(one: str, other: str) -> bool:
    return one.replace("\r\n", "\n").rstrip("\n") == other.replace("\r\n", "\n").rstrip("\n")


def _difference(shown: str, before: str, after: str) -> str:
    lines = unified_diff(_lines(before), _lines(after), shown, shown, lineterm="")
    return "\n".join([*lines, ""])


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").split("\n")


Change = tuple[tuple[str, ...], Any]


def _entry_changes(project: Project, name: str, before: Rendering, after: Rendering) -> tuple[list[Change], list[str]]:
    """What dbconn.yaml is to say otherwise, and what the user should look at.

    A key that the template gives newly is added; one that holds what the last answers made follows the new ones;
    what somebody wrote otherwise stays. Nothing is taken away.
    """
    home = ("connections", name)
    entry: Mapping[str, Any] = project.document["connections"][name] or {}
    old, new = connection_entry(before), connection_entry(after)
    changes: list[Change] = [((*home, "template"), _plain(new["template"]))]
    notes: list[str] = []
    for holder in ("configuration", "options"):
        said = entry.get(holder) or {}
        was, wanted = old.get(holder, {}), new.get(holder, {})
        for key, value in wanted.items():
            if key not in said or (said[key] != value and said[key] == was.get(key)):
                changes.append(((*home, holder, key), value))
            elif said[key] != value and value != was.get(key):
                notes.append(f"{holder}.{key} stays as you wrote it; the template would write {brief(str(value))}")
        for key in was:
            if key not in wanted and key in said:
                notes.append(f"{holder}.{key} is the template's no more; take it out if nothing else needs it")
    mode = new.get("import_mode")
    if mode is not None and mode != entry.get("import_mode") and mode != old.get("import_mode"):
        changes.append(((*home, "import_mode"), mode))
    return changes, notes


def _plain(memory: Mapping[str, Any]) -> dict[str, Any]:
    return {**memory, "values": dict(memory["values"])}


def write_refill(refill: Refill, *, keep_mine: bool = False) -> None:
    """Write the scripts, dbconn.yaml and the new base; every file beside its place, then renamed.

    `keep_mine` leaves the scripts as they are, as taken over by hand. Raises UsageError when there is no base
    to merge with, ProjectError when something cannot be written.
    """
    if refill.without_base and not keep_mine:
        raise UsageError(f"nothing was written: {refill.without_base}")
    for file in () if keep_mine else refill.files:
        if file.data is not None:
            make_folder(file.path.parent)
            write_file(file.path, file.data)
        elif file.state is RefillState.REMOVED:
            file.path.unlink(missing_ok=True)
    if refill.edit.text is not None:
        refused = f"the template's values do not fit into {refill.project.shown_file}, which stays as it was"
        save_project(refill.project, refill.edit.text, refused)
    keep_rendering(refill.project, refill.name, refill.rendering)
    refresh_editor_files(refill.project)
