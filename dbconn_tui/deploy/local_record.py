"""Records kept on this machine: one small file a connection in the state folder, and the machine's own key."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from dbconn_tui.deploy.fingerprint import Fingerprints, utf8
from dbconn_tui.deploy.record import Record, decode_text, encode_text
from dbconn_tui.project.write import write_file

KEY_SIZE: Final = 32


def machine_key(state_folder: Path, random_bytes: Callable[[int], bytes]) -> bytes:
    """This machine's key (KEY_SIZE bytes, file mode 0600), made at the first call. Raises OSError."""
    path = state_folder / "machine.key"
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        key = b""
    if len(key) == KEY_SIZE:
        return key
    key = random_bytes(KEY_SIZE)
    make_private_folder(state_folder, state_folder)
    write_file(path, key, 0o600)
    return key


def read_local_record(state_folder: Path, fingerprints: Fingerprints, *, domain: str, name: str) -> Record | None:
    """What this machine remembers of a connection; None when nothing, or the file is damaged."""
    try:
        text = _path(state_folder, domain, name).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return None
    return decode_text(text.strip(), fingerprints, domain=domain, name=name)


def write_local_record(
    state_folder: Path, record: Record, fingerprints: Fingerprints, *, domain: str, name: str
) -> None:
    """Remember a record (folders 0700, file 0600). Raises OSError."""
    path = _path(state_folder, domain, name)
    make_private_folder(state_folder, path.parent)
    write_file(path, (encode_text(record, fingerprints, domain=domain, name=name) + "\n").encode(), 0o600)


def domain_folder(state_folder: Path, domain: str) -> Path:
    """The state folder of one tenant domain; the name stays readable and safe on every file system."""
    safe = "".join(character if character.isalnum() or character in ".-" else "_" for character in domain)
    return state_folder / safe


def make_private_folder(state_folder: Path, folder: Path) -> None:
    """Make `folder` and what lies between it and the state folder, all 0700. Raises OSError."""
    for one in (state_folder, *reversed(folder.relative_to(state_folder).parents[:-1]), folder):
        path = state_folder / one
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        if os.name == "posix":
            path.chmod(0o700)


def _path(state_folder: Path, domain: str, name: str) -> Path:
    return domain_folder(state_folder, domain) / "records" / file_name(name)


def file_name(name: str) -> str:
    """A file name for a live name: those are case-sensitive (api.md §2) and file systems may not be."""
    return f"{name}-{hashlib.sha256(utf8(name)).hexdigest()[:12]}"
