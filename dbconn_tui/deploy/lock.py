"""The lock that keeps two deploys to one domain on one machine apart; the system frees it with the process."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dbconn_tui.deploy.local_record import domain_folder, make_private_folder
from dbconn_tui.errors import RefusedError, UsageError


@contextmanager
def deploy_lock(state_folder: Path, domain: str) -> Iterator[None]:
    """Hold the lock of a domain. Raises RefusedError when another process holds it, UsageError without a folder."""
    path = domain_folder(state_folder, domain) / "lock"
    try:
        make_private_folder(state_folder, path.parent)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise UsageError(
            f"the state folder {path.parent} cannot be written: {error.strerror}",
            "Set DBCONN_STATE_DIR to a folder that can be written.",
        ) from None
    try:
        if not _take(descriptor):
            raise RefusedError(
                f"another dbconn on this machine is deploying to {domain}",
                "Wait until it has ended, then run this again.",
            )
        yield
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
