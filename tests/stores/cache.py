"""The cache of the tests outside git: what is costly to unpack or to fetch, kept from one run to the next."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path


def cache_folder() -> Path:
    """A folder of this user's own that others may read: servers run as another user when this one is root."""
    user = os.getuid() if hasattr(os, "getuid") else "user"
    folder = Path(os.environ.get("DBCONN_TEST_CACHE") or Path(tempfile.gettempdir()) / f"dbconn-tests-{user}")
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
        raise RuntimeError(f"{folder} belongs to somebody else: name another folder in DBCONN_TEST_CACHE")
    return folder


def cached(name: str, fill: Callable[[Path], None]) -> Path:
    """The folder `name` of the cache, made by `fill` when it is not there. The first process to finish counts."""
    target = cache_folder() / name
    if target.is_dir():
        return target
    made = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=cache_folder()))
    try:
        made.chmod(0o755)
        fill(made)
        made.rename(target)
    except OSError:
        if not target.is_dir():
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return target
