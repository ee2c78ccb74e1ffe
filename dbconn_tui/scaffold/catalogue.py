"""Catalogue: the templates at hand, found in the package, in a user's folder and in the project."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dbconn_tui.errors import ProjectError, UsageError
from dbconn_tui.problems import Place, Problem, Severity, sort_problems
from dbconn_tui.project.near_names import nearest
from dbconn_tui.scaffold.document import RULE, Document, read_document
from dbconn_tui.scaffold.manifest import build_template
from dbconn_tui.scaffold.template import MANIFEST, README, Template

PROJECT_FOLDER: Final = "templates"
"""A project's own templates, beside its dbconn.yaml."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every usable template by name, and what is wrong with the others."""

    templates: tuple[Template, ...]
    problems: tuple[Problem, ...] = ()


def shipped_folder() -> Path:
    """The templates that come with dbconn: packed into the wheel, or at the top of a source tree."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "_templates"
    return packed if packed.is_dir() else package.parent / "templates"


def template_folders(project: Path | None = None, user: Path | None = None) -> tuple[Path, ...]:
    """Where templates are looked for, the first folder winning: the project's, the user's, the shipped.

    `project` is the folder of dbconn.yaml, `user` the user's own template folder; either may be missing on disk.
    """
    own = (project / PROJECT_FOLDER,) if project is not None else ()
    users = (user,) if user is not None else ()
    folders = dict.fromkeys(folder.resolve() for folder in (*own, *users, shipped_folder()))
    return tuple(folders)


def read_catalogue(folders: Iterable[Path]) -> Catalogue:
    """All templates of the folders, by name; a name in an earlier folder hides the same name in a later one.

    A template that cannot be read is left out and its problems are listed.
    """
    templates: list[Template] = []
    problems: list[Problem] = []
    for _name, folder in sorted(_named(folders).items()):
        read = _read(folder)
        if isinstance(read, Template):
            templates.append(read)
        else:
            problems.extend(read.problems)
    return Catalogue(tuple(templates), sort_problems(problems))


def list_templates(folders: Iterable[Path]) -> tuple[Template, ...]:
    """As read_catalogue, for callers that want all or nothing. Raises ProjectError with every problem."""
    catalogue = read_catalogue(folders)
    if catalogue.problems:
        raise ProjectError("some templates cannot be used", "mend their template.yaml", catalogue.problems)
    return catalogue.templates


def find_template(name: str, folders: Iterable[Path]) -> Template:
    """The template of that name.

    Raises UsageError when there is none, with the nearest name, and ProjectError when its template.yaml
    has problems; a broken template elsewhere does not matter.
    """
    named = _named(folders)
    if name not in named:
        near = nearest(name, named)
        hint = f"did you mean {near}?" if near else f"there are {', '.join(sorted(named)) or 'no templates at all'}"
        raise UsageError(f"there is no template called {name!r}", hint)
    return read_template(named[name])


def read_template(folder: Path) -> Template:
    """The template in a folder; its name is the folder's. Raises ProjectError with every problem."""
    read = _read(folder)
    if isinstance(read, Template):
        return read
    problems = sort_problems(read.problems)
    raise ProjectError(f"template {folder.name} cannot be used", f"mend {folder / MANIFEST}", problems)


def _named(folders: Iterable[Path]) -> dict[str, Path]:
    """Template name → folder, the earlier folder winning. Only folders with a template.yaml count."""
    named: dict[str, Path] = {}
    for folder in folders:
        if not folder.is_dir():
            continue
        for candidate in folder.iterdir():
            if (candidate / MANIFEST).is_file():
                named.setdefault(candidate.name, candidate)
    return named


def _read(folder: Path) -> Template | Document:
    """The template, or the document with its problems."""
    file = f"{folder.name}/{MANIFEST}"
    try:
        data = (folder / MANIFEST).read_bytes()
        readme = (folder / README).read_bytes().decode("utf-8", "replace") if (folder / README).is_file() else ""
    except OSError as failure:
        problem = Problem(RULE, Severity.ERROR, f"the template cannot be read: {failure.strerror}", Place(file))
        return Document(file, problems=[problem])
    document = read_document(data, file)
    return build_template(document, folder.name, folder, readme) or document
