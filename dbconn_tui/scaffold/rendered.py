"""Rendered: the texts as a template made them last, kept beside the project so that edits can be told from them.

They lie in `.dbconn/rendered/CONNECTION/`, belong into git, and are never deployed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dbconn_tui.action_scripts.kinds import BY_NAME
from dbconn_tui.errors import ProjectError

FOLDER: Final = ".dbconn/rendered"


def rendered_folder(root: Path, connection: str) -> Path:
    """Where the texts of one connection are kept; `root` is the folder of dbconn.yaml."""
    return root / FOLDER / connection


def read_rendered(root: Path, connection: str) -> dict[str, str]:
    """Kind → text as last rendered; empty when nothing was kept. Raises ProjectError for what cannot be read."""
    folder = rendered_folder(root, connection)
    texts: dict[str, str] = {}
    for name, kind in BY_NAME.items():
        path = folder / kind.file
        try:
            texts[name] = path.read_bytes().decode("utf-8").replace("\r\n", "\n")
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, UnicodeDecodeError) as failure:
            raise ProjectError(f"{FOLDER}/{connection}/{kind.file} cannot be read: {failure}") from None
    return texts


def rendered_files(root: Path, connection: str, texts: Mapping[str, str]) -> dict[Path, bytes | None]:
    """Path → bytes of what is to be kept; None for the text of a kind that is rendered no more."""
    folder = rendered_folder(root, connection)
    wanted: dict[Path, bytes | None] = {folder / BY_NAME[kind].file: text.encode() for kind, text in texts.items()}
    for kind in BY_NAME.values():
        if folder / kind.file not in wanted and (folder / kind.file).is_file():
            wanted[folder / kind.file] = None
    return wanted
