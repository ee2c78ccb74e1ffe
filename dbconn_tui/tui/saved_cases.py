"""Saved cases in the app: those of a connection, what one asks for in words, and saving the arguments of a run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dbconn_tui.errors import ProjectError, RefusedError
from dbconn_tui.project.cases import FOLDER, Case, read_cases
from dbconn_tui.project.edit import set_value
from dbconn_tui.project.values import EnvironmentReference, SecretReference
from dbconn_tui.project.write import write_file
from dbconn_tui.runtime.arguments import PASSWORDS
from dbconn_tui.tui.wording import plural

if TYPE_CHECKING:
    from dbconn_tui.problems import Problem
    from dbconn_tui.tasks.outside import Outside

TEST_PASSWORD: Final = "test_password"
"""The secret that stands in a saved case where a password was typed."""


def cases_of(outside: Outside, config: Path | None, key: str) -> tuple[tuple[Case, ...], tuple[Problem, ...]]:
    """The cases of a connection as its files say them now, and what is wrong with them. Raises ProjectError."""
    from dbconn_tui.tasks.workspace import open_project

    project, _ = open_project(outside, config, partial=True)
    return read_cases(project, key)


def argument_words(value: Any) -> str:
    """An argument as it stands in a field; empty for one that is looked up."""
    if isinstance(value, SecretReference | EnvironmentReference):
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def reference_words(value: Any) -> str:
    """`{secret: NAME}` for an argument that is looked up, else nothing."""
    match value:
        case SecretReference(name):
            return f"{{secret: {name}}}"
        case EnvironmentReference(name):
            return f"{{env: {name}}}"
        case _:
            return ""


def case_words(case: Case) -> str:
    """What a case asks for, in a few words."""
    parts = [case.answer or "", plural(len(case.profile), "profile field") if case.profile else "", case.error or ""]
    return ", ".join(part for part in parts if part) or "keeps the contract"


def case_entry(kind: str, given: Mapping[str, Any], answer: str | None) -> dict[str, Any]:
    """A case as its file says it; a password is a reference, never what was typed."""
    arguments = {name: {"secret": TEST_PASSWORD} if name in PASSWORDS else value for name, value in given.items()}
    return {"kind": kind, "args": arguments, **({"answer": answer} if answer else {})}


def save_case(outside: Outside, config: Path | None, key: str, name: str, entry: Mapping[str, Any]) -> str:
    """Put a case into tests/KEY/KIND.yaml and give that file's name; comments there stay.

    Raises RefusedError with the lines to paste where only a person can put it in, ProjectError.
    """
    from dbconn_tui.tasks.workspace import open_project

    project, _ = open_project(outside, config, partial=True)
    file = f"{FOLDER}/{key}/{entry['kind']}.yaml"
    path = project.root / file
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        path.parent.mkdir(parents=True, exist_ok=True)
    except (OSError, UnicodeDecodeError) as failure:
        raise ProjectError(f"{file} cannot be read: {failure}") from None
    edit = set_value(text, (name,), dict(entry))
    if edit.text is None:
        raise RefusedError(f"{file} stays as it is: {edit.reason}", f"Put these lines in by hand:\n{edit.paste}")
    write_file(path, edit.text.encode())
    return file
