"""ESLint with its plugins for Node and promises, installed once a machine by npm, to measure lint against."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

PACKAGES: Final = ("eslint@10.15.0", "@eslint/js@10.0.1", "eslint-plugin-n@18.5.0", "eslint-plugin-promise@7.3.0")
INSTALL_SECONDS: Final = 600

CONFIGURATION: Final = """\
import js from '@eslint/js';
import n from 'eslint-plugin-n';
import promise from 'eslint-plugin-promise';

export default [
  js.configs.recommended,
  n.configs['flat/recommended-script'],
  promise.configs['flat/recommended'],
];
"""
"""What each of the three recommends, nothing more."""


def install_eslint() -> Path | None:
    """The folder of ESLint in a cache (npm, without install scripts); None when Node or npm is missing."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return None
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "dbconn-tests" / f"eslint-{PACKAGES[0].partition('@')[2]}"
    if not eslint_script(folder).exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", *PACKAGES],
            cwd=folder,
            check=True,
            timeout=INSTALL_SECONDS,
            stdout=subprocess.DEVNULL,
        )
    (folder / "eslint.config.mjs").write_text(CONFIGURATION, encoding="utf-8")
    return folder


def eslint_script(folder: Path) -> Path:
    """What Node runs."""
    return folder / "node_modules" / "eslint" / "bin" / "eslint.js"


def eslint_command(folder: Path, scripts: Path) -> list[str]:
    """Lint every .js file below `scripts`. It must run in that folder or above; exits 1 on errors."""
    node = shutil.which("node")
    assert node is not None
    configuration = str(folder / "eslint.config.mjs")
    return [node, str(eslint_script(folder)), "--config", configuration, "--format", "json", str(scripts)]
