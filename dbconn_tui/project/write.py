"""Write: a file is written beside its place and renamed into it, so that a reader never sees half of one."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path

from dbconn_tui.errors import ProjectError


def write_file(path: Path, data: bytes, mode: int | None = None, *, flush: bool = True) -> None:
    """Make `path` hold exactly `data`: written to a new file in the same folder, flushed to the disk, renamed.

    `mode` sets the permission bits, e.g. 0o600, from the first byte on; None keeps those of the file that is
    there, or takes the process's default for a new one. Where `path` is a link, the file that it points to is
    replaced and the link stays. `flush` False leaves the flushing to the system: for a new file among many,
    whose content could be had again. On failure the old file is untouched and nothing is left behind. Raises
    ProjectError when the folder is missing or cannot be written to.
    """
    target = Path(os.path.realpath(path))
    beside = target.with_name(f".{target.name[:60]}.{secrets.token_hex(6)}.new")
    try:
        if mode is None:
            mode = _permission_bits(target)
        _write_new(beside, data, mode, flush=flush)
        try:
            os.replace(beside, target)
        except OSError:
            _remove_quietly(beside)
            raise
        if flush:
            _flush_folder(target.parent)
    except OSError as failure:
        raise ProjectError(
            f"{path} could not be written: {failure.strerror or failure}.",
            "Check that its folder exists and may be written to, and that the disk is not full.",
        ) from failure


def _permission_bits(path: Path) -> int | None:
    """The permission bits of an existing file; None when there is none."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return None


def _write_new(path: Path, data: bytes, mode: int | None, *, flush: bool) -> None:
    """Make a new file with `data` and perhaps flush it to the disk; removes it again when that fails."""
    # A mode is opened as 0o600 first, so that nobody else can read the bytes before it is set.
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _binary_flag(), 0o666 if mode is None else 0o600)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
            file.flush()
            if flush:
                os.fsync(file.fileno())
        if mode is not None:
            path.chmod(mode)
    except BaseException:
        _remove_quietly(path)
        raise


def _binary_flag() -> int:
    """What keeps Windows from translating line ends; 0 elsewhere."""
    return int(getattr(os, "O_BINARY", 0))


def _remove_quietly(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def _flush_folder(folder: Path) -> None:
    """Make the rename itself durable where the platform allows opening a folder; it has happened either way."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
