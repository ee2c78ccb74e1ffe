"""Making a project: dbconn.yaml with a fresh project_key, a scripts folder, line ends for git."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from dbconn_tui.errors import ProjectError, UsageError
from dbconn_tui.problems import has_errors
from dbconn_tui.project.domain import canonical_domain
from dbconn_tui.project.edit import Edit, set_value
from dbconn_tui.project.read import read_project
from dbconn_tui.project.write import write_file
from dbconn_tui.tasks.editor_files import write_editor_files
from dbconn_tui.tasks.outside import Outside

PROJECT_FILE: Final = "dbconn.yaml"
SCRIPTS_FOLDER: Final = "scripts"
KEY_SIZE: Final = 16
"""Bytes of a project_key."""

ATTRIBUTES: Final = "*.js text eol=lf"
"""The line of .gitattributes that keeps line ends as they are deployed."""

_TEXT: Final = """\
# The custom database connections of this project. `dbconn schema` prints the JSON Schema of this file.
version: 1
# Keys the fingerprints of configuration values. Keep it in git, and never change it.
project_key: {key}
"""
_TENANTS: Final = """
# The tenants to deploy to; `dbconn login NAME` adds one and keeps its secret in the keyring.
"""
_TENANTS_EXAMPLE: Final = """# tenants:
#   dev:
#     domain: your-dev-tenant.eu.auth0.com
#     client_id: the client id of a machine-to-machine application
#   prod:
#     domain: your-tenant.eu.auth0.com
#     client_id: its own application
#     protected: true        # a deploy needs the tenant's name typed
"""


class FileOutcome(StrEnum):
    """What became of one file."""

    WRITTEN = "written"
    EXTENDED = "extended"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class FirstTenant:
    """The tenant to write into a new project."""

    name: str
    domain: str
    client_id: str = ""


@dataclass(frozen=True, slots=True)
class NewProject:
    """A project folder after `make_project`, and what became of each file by its name."""

    root: Path
    files: tuple[tuple[str, FileOutcome], ...]


def make_project(outside: Outside, folder: Path, tenant: FirstTenant | None = None) -> NewProject:
    """Make a project in a folder, which is made too; what is there already stays as it is.

    A dbconn.yaml without a project_key gets one. Raises UsageError when a tenant is given and there is a
    dbconn.yaml already, or its domain is none; ProjectError when something cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is not a folder", "`dbconn init DIR` takes a folder, new or not.")
    file = folder / PROJECT_FILE
    if file.is_file() and tenant is not None:
        raise UsageError(
            f"{file} is there already and stays as it is",
            f"`dbconn login {tenant.name}` adds a tenant to a project that exists.",
        )
    text = new_project_text(outside, tenant) if not file.is_file() else ""
    _make_folder(folder / SCRIPTS_FOLDER)
    outcomes = [(PROJECT_FILE, _write_project(file, text, lambda: outside.random_bytes(KEY_SIZE).hex()))]
    outcomes.append((f"{SCRIPTS_FOLDER}/.gitkeep", _write_new(folder / SCRIPTS_FOLDER / ".gitkeep", "")))
    outcomes.append((".gitattributes", _add_line(folder / ".gitattributes", ATTRIBUTES)))
    project, _ = read_project(file, partial=True)
    outcomes += [(name, FileOutcome.WRITTEN) for name in write_editor_files(folder, project)]
    return NewProject(folder, tuple(outcomes))


def new_project_text(outside: Outside, tenant: FirstTenant | None) -> str:
    """The dbconn.yaml of a new project, with a fresh project_key. Raises UsageError when the tenant does not fit."""
    text = _TEXT.format(key=outside.random_bytes(KEY_SIZE).hex()) + _TENANTS
    if tenant is None:
        return text + _TENANTS_EXAMPLE
    edit = add_tenant(text, tenant)
    if edit.text is None:
        raise UsageError(
            f"the tenant {tenant.name} cannot be written: {edit.reason}", "`dbconn init` without it works."
        )
    return edit.text


def add_tenant(text: str, tenant: FirstTenant) -> Edit:
    """The text of a dbconn.yaml with one tenant more. Raises UsageError for a domain that is none."""
    try:
        domain = canonical_domain(tenant.domain)
    except ValueError as fault:
        raise UsageError(str(fault), "--domain takes the tenant's own domain.") from None
    entry = {"domain": domain, **({"client_id": tenant.client_id} if tenant.client_id else {})}
    return set_value(text, ("tenants", tenant.name), entry)


def _write_project(file: Path, text: str, new_key: Callable[[], str]) -> FileOutcome:
    if text:
        write_file(file, text.encode())
        project, problems = read_project(file)
        if project is None or has_errors(problems):
            file.unlink()
            first = next(problem for problem in problems if problem.blocks)
            raise UsageError(f"the tenant cannot be written: {first.message}", first.hint)
        return FileOutcome.WRITTEN
    project, problems = read_project(file)
    if project is None or has_errors(problems):
        raise ProjectError(f"{file} is there already, and has errors", "", problems)
    if project.project_key:
        return FileOutcome.KEPT
    edit = set_value(project.text, ("project_key",), new_key())
    if edit.text is None:
        raise ProjectError(
            f"{file} cannot be given a project_key: {edit.reason}", f"Add this line: {edit.paste.strip()}"
        )
    write_file(file, edit.text.encode())
    return FileOutcome.EXTENDED


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise ProjectError(
            f"{folder} cannot be made: {failure.strerror}", "Choose a folder that you may write to."
        ) from None


def _write_new(file: Path, text: str) -> FileOutcome:
    if file.exists() or any(file.parent.iterdir()):
        return FileOutcome.KEPT
    write_file(file, text.encode())
    return FileOutcome.WRITTEN


def _add_line(file: Path, line: str) -> FileOutcome:
    """Make sure that a text file holds a line; its other lines stay."""
    try:
        before = file.read_text(encoding="utf-8") if file.exists() else ""
    except (OSError, UnicodeDecodeError):
        return FileOutcome.KEPT
    if line in before.splitlines():
        return FileOutcome.KEPT
    joint = "" if not before or before.endswith("\n") else "\n"
    write_file(file, f"{before}{joint}{line}\n".encode())
    return FileOutcome.EXTENDED if before else FileOutcome.WRITTEN
