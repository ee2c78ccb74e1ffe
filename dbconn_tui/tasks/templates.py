"""Templates: those that come with dbconn, the user's own, and the project's."""

from __future__ import annotations

from pathlib import Path

from dbconn_tui.errors import ProjectError, UsageError
from dbconn_tui.project.read import find_project_file
from dbconn_tui.scaffold.catalogue import (
    Catalogue,
    find_template,
    read_catalogue,
    read_template,
    template_folders,
)
from dbconn_tui.scaffold.template import MANIFEST, Template
from dbconn_tui.scaffold.template_check import TemplateCheck, check_template
from dbconn_tui.tasks.outside import Outside


def all_templates(outside: Outside, config: Path | None = None) -> Catalogue:
    """Every usable template by name, and the problems of the others."""
    return read_catalogue(_folders(outside, config))


def one_template(outside: Outside, name: str, config: Path | None = None) -> Template:
    """The template of that name. Raises UsageError when there is none, ProjectError when it is broken."""
    return find_template(name, _folders(outside, config))


def check_folder(outside: Outside, folder: Path) -> TemplateCheck:
    """What a template of one's own lacks; its template.yaml's mistakes too. Raises UsageError for a folder without."""
    whole = (outside.folder / folder).resolve()
    if not (whole / MANIFEST).is_file():
        raise UsageError(f"{folder} has no {MANIFEST}", "Name the folder of one template, such as templates/our-store.")
    try:
        return check_template(read_template(whole))
    except ProjectError as failure:
        return TemplateCheck(whole.name, (), tuple(failure.problems))


def _folders(outside: Outside, config: Path | None) -> tuple[Path, ...]:
    file = outside.folder / config if config is not None else find_project_file(outside.folder, outside.home)
    project = file.parent if file is not None else None
    return template_folders(project, user_folder(outside))


def user_folder(outside: Outside) -> Path:
    """Where a user keeps templates of their own: DBCONN_TEMPLATES_DIR, else the platform's configuration folder."""
    if outside.environment.get("DBCONN_TEMPLATES_DIR"):
        return outside.folder / Path(outside.environment["DBCONN_TEMPLATES_DIR"]).expanduser()
    import platformdirs

    return Path(platformdirs.user_config_dir("dbconn", appauthor=False)) / "templates"
