"""Trust: whether the command of `secrets_from` may run for this project on this machine.

A cloned repository must not run a program because somebody typed `dbconn plan`. `dbconn trust` keeps the project
file's path with a digest of the command; a changed command, or a changed file of the project that it names, needs
trust again. DBCONN_TRUST=1 says the same for one run, in CI.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dbconn_tui.deploy.local_record import make_private_folder
from dbconn_tui.errors import ProjectError, UsageError
from dbconn_tui.project.values import Project, SecretCommand
from dbconn_tui.project.write import write_file
from dbconn_tui.secret_store.command_source import CommandSource
from dbconn_tui.tasks.outside import Outside

VARIABLE: Final = "DBCONN_TRUST"

_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class TrustState:
    """What `dbconn trust` is about: the command, the files of the project it names, and whether it is trusted."""

    command: SecretCommand
    files: tuple[str, ...]
    """Paths below the project folder, as the command writes them."""
    trusted: bool
    changed: bool
    """Whether an earlier form of it was trusted."""


def trust_state(outside: Outside, project: Project) -> TrustState:
    """The command of a project and how it stands. Raises UsageError when the project names none."""
    command = _command(project)
    kept = _read(outside.state_folder).get(_key(project))
    trusted = kept == digest_of(project, command)
    return TrustState(command, tuple(_own_files(project, command)), trusted, kept is not None and not trusted)


def is_trusted(outside: Outside, project: Project) -> bool:
    """Whether the project's command may run: kept by `dbconn trust`, or DBCONN_TRUST=1."""
    command = project.secrets_from
    if command is None:
        return False
    if outside.environment.get(VARIABLE) == "1":
        return True
    return _read(outside.state_folder).get(_key(project)) == digest_of(project, command)


def trust(outside: Outside, project: Project) -> None:
    """Trust the project's command as it is now. Raises UsageError when there is none, or it cannot be kept."""
    _keep(outside, project, digest_of(project, _command(project)))


def revoke_trust(outside: Outside, project: Project) -> bool:
    """Take the trust back; whether there was any. Raises UsageError when it cannot be written."""
    if _key(project) not in _read(outside.state_folder):
        return False
    _keep(outside, project, None)
    return True


def command_source(outside: Outside, project: Project, *, asks: bool = True) -> CommandSource | None:
    """The command of `secrets_from` as a source of values, refusing when it is not trusted; None without one."""
    command = project.secrets_from
    if command is None:
        return None
    refusal = ""
    if not is_trusted(outside, project):
        refusal = (
            f"The command of secrets_from ({command.program}) is not trusted on this machine: look at it and run "
            f"`dbconn trust` (in CI: {VARIABLE}=1)."
        )
    return CommandSource(command, project.root, outside.environment, outside.run_command, refusal=refusal, asks=asks)


def digest_of(project: Project, command: SecretCommand) -> str:
    """SHA-256 in hex over the command's words and the content of each file of the project that they name."""
    contents = {name: _digest_of_file(path) for name, path in _own_files(project, command).items()}
    return hashlib.sha256(json.dumps([command.words, contents], sort_keys=True).encode()).hexdigest()


def _command(project: Project) -> SecretCommand:
    if project.secrets_from is None:
        raise UsageError(
            f"{project.shown_file} names no command to trust", "`secrets_from: {command: […]}` would be one."
        )
    return project.secrets_from


def _own_files(project: Project, command: SecretCommand) -> Mapping[str, Path]:
    """The words that are files below the project folder, links followed only to name what is read."""
    found = {}
    for word in command.words:
        path = project.root / word
        try:
            if not os.path.isabs(word) and path.is_file():
                found[word] = path
        except (OSError, ValueError):
            continue
    return found


def _digest_of_file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _key(project: Project) -> str:
    return os.path.realpath(project.file)


def _path(state_folder: Path) -> Path:
    return state_folder / "trust.json"


def _read(state_folder: Path) -> dict[str, str]:
    """Project file → digest; empty when nothing is trusted or the file is damaged."""
    try:
        content = json.loads(_path(state_folder).read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict) or content.get("version") != _FORMAT:
        return {}
    trusted = content.get("trusted")
    return {str(file): str(digest) for file, digest in trusted.items()} if isinstance(trusted, dict) else {}


def _keep(outside: Outside, project: Project, digest: str | None) -> None:
    trusted = _read(outside.state_folder)
    trusted.pop(_key(project), None)
    if digest is not None:
        trusted[_key(project)] = digest
    text = json.dumps({"version": _FORMAT, "trusted": trusted}, indent=1, sort_keys=True)
    try:
        make_private_folder(outside.state_folder, outside.state_folder)
        write_file(_path(outside.state_folder), text.encode(), 0o600)
    except (OSError, ProjectError):
        raise UsageError(
            f"the state folder {outside.state_folder} cannot be written", "Set DBCONN_STATE_DIR to one that can."
        ) from None
