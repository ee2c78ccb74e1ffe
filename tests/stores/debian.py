"""Programs from the packages of this Debian or Ubuntu, unpacked into the cache without being installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from stores.cache import cached


def unpacked(name: str, *packages: str, any_of: tuple[str, ...] = ()) -> Path | None:
    """A folder with the packages' files, and with those of the first of `any_of` that is known here.

    None where that cannot be done: no apt-get, no package lists, no network.
    """
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        return None

    def unpack(folder: Path) -> None:
        names = [*packages, *([next(one for one in any_of if _is_known(one))] if any_of else [])]
        subprocess.run(["apt-get", "download", *names], cwd=folder, check=True, capture_output=True, timeout=120)
        for package in folder.glob("*.deb"):
            subprocess.run(["dpkg", "-x", package, folder], check=True, capture_output=True)
            package.unlink()

    try:
        return cached(name, unpack)
    except (subprocess.SubprocessError, StopIteration):
        return None


def _is_known(package: str) -> bool:
    done = subprocess.run(["apt-cache", "show", package], capture_output=True, check=False)
    return done.returncode == 0 and bool(done.stdout)
