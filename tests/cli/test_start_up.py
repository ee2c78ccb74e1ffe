"""What starting costs: help, completion and mistakes load nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "textual", "rich", "httpx", "keyring", "tree_sitter", "quickjs", "jinja2", "starlette", "uvicorn", "yaml",
    "asyncio", "cryptography", "platformdirs",
)  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["help", "plan"],
        ["deploy", "--help"],
        ["help", "exit-codes"],
        ["completion", "bash"],
        ["completion", "fish"],
        ["--version"],
        ["no-such-verb"],
    ],
)
def test_nothing_heavy_is_loaded(words: list[str]) -> None:
    code = (
        "import sys\nfrom dbconn_tui.cli import main\nmain(sys.argv[1:])\n"
        f"loaded = sorted(set({HEAVY!r}) & set(sys.modules))\nsys.stderr.write('loaded=' + ','.join(loaded) + '\\n')"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "loaded="
