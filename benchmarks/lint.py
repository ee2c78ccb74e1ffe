"""Lint of one typical script, as at a keystroke, against Node's bare syntax check of the same file in a process."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from dbconn_tui.lint.check import lint_script

ROUNDS = 21

CALLS = "".join(
    f"    const answer{number} = await fetch(`${{configuration.API_URL}}/users/{number}`, {{\n"
    "      headers: { authorization: `Bearer ${configuration.TOKEN}` },\n"
    "      signal: AbortSignal.timeout(2000),\n"
    "    });\n"
    f"    if (!answer{number}.ok) throw new Error('the user store is not available');\n"
    for number in range(10)
)
SCRIPT = (
    "async function getUser(identifier, callback) {\n  let error = null;\n  let profile;\n  try {\n"
    + CALLS
    + "    profile = { user_id: String((await answer9.json()).id) };\n  } catch (cause) {\n    error = cause;\n  }\n"
    "  return error ? callback(error) : callback(null, profile);\n}\n"
)


def main() -> None:
    """Print the median milliseconds of both, and the ratio."""
    took = []
    for number in range(ROUNDS):
        text = f"{SCRIPT}// {number}\n"
        began = time.perf_counter()
        lint_script("get_user", text, file="get_user.js")
        took.append((time.perf_counter() - began) * 1000)
    ours = statistics.median(took[1:])
    lines = SCRIPT.count("\n")
    print(f"lint of {lines} lines     {ours:6.1f} ms    (parse and every rule, in a running process; goal ≤ 10)")
    node = shutil.which("node")
    if node is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "get_user.js"
        file.write_text(SCRIPT)
        checks = []
        for _ in range(7):
            began = time.perf_counter()
            subprocess.run([node, "--check", file], check=True)
            checks.append((time.perf_counter() - began) * 1000)
    bare = statistics.median(checks)
    print(f"node --check         {bare:6.1f} ms\nratio                {ours / bare:6.2f}")


if __name__ == "__main__":
    main()
