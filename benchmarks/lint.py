"""Lint at a keystroke, and of 700 scripts in one run against ESLint on the same files, start-up included."""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import cycle
from pathlib import Path
from typing import Final

from benchmarks.eslint import eslint_command, install_eslint
from benchmarks.lint_corpus import Specimen, specimens
from dbconn_tui.action_scripts.kinds import BY_NAME
from dbconn_tui.lint.check import lint_script

CONNECTIONS: Final = 100
KINDS: Final = ("login", "get_user", "create", "verify", "change_password", "delete", "change_email")
PAIRS: Final = 5
KEYSTROKES: Final = 21
KEYSTROKE_GOAL: Final = 10.0
"""Milliseconds."""
PEER_GOAL: Final = 3.0

CALLS: Final = "".join(
    f"    const answer{number} = await fetch(`${{configuration.API_URL}}/users/{number}`, {{\n"
    "      headers: { authorization: `Bearer ${configuration.TOKEN}` },\n"
    "      signal: AbortSignal.timeout(2000),\n"
    "    });\n"
    f"    if (!answer{number}.ok) throw new Error('the user store is not available');\n"
    for number in range(10)
)
SCRIPT: Final = (
    "async function getUser(identifier, callback) {\n  let error = null;\n  let profile;\n  try {\n"
    + CALLS
    + "    profile = { user_id: String((await answer9.json()).id) };\n  } catch (cause) {\n    error = cause;\n  }\n"
    "  return error ? callback(error) : callback(null, profile);\n}\n"
)


def keystroke(kind: str, text: str) -> float:
    """Median milliseconds of linting a script that was never seen before, in a process that runs already."""
    took = []
    for number in range(KEYSTROKES):
        changed = f"{text}// {number}\n"
        began = time.perf_counter()
        lint_script(kind, changed, file="script.js")
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took[1:])


def whole_scripts() -> list[Specimen]:
    """The scripts of real size in the corpus."""
    found = [*specimens("right"), *specimens("broken")]
    return [specimen for specimen in found if specimen.name.startswith("whole/")]


def write_project(folder: Path) -> int:
    """A project of CONNECTIONS connections with a script of every kind, no two alike; the bytes of all scripts."""
    found = whole_scripts()
    by_kind = {kind: cycle([one for one in found if one.kind == kind]) for kind in KINDS}
    size = 0
    connections = {}
    for number in range(CONNECTIONS):
        name = f"users-{number}"
        scripts = folder / "scripts" / name
        scripts.mkdir(parents=True)
        for kind in KINDS:
            text = f"{next(by_kind[kind]).text}// {kind} of {name}\n"
            size += len(text.encode())
            (scripts / f"{kind}.js").write_text(text, encoding="utf-8")
        connections[name] = {"import_mode": False}
    # JSON is YAML.
    document = {"version": 1, "project_key": "0" * 32, "connections": connections}
    (folder / "dbconn.yaml").write_text(json.dumps(document, indent=1), encoding="utf-8")
    return size


def seconds(command: list[str], folder: Path) -> tuple[float, float]:
    """Wall and processor time of one run, start-up included. Raises RuntimeError when it gave no report."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    took = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1) or not json.loads(done.stdout):
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the milliseconds of a keystroke, and the seconds and the ratio of the project."""
    lines = SCRIPT.count("\n")
    print(f"lint of {lines} lines       {keystroke('get_user', SCRIPT):7.1f} ms   (goal ≤ {KEYSTROKE_GOAL:.0f})")
    typical = sorted(keystroke(one.kind, one.text) for one in whole_scripts() if one.kind in BY_NAME)
    print(f"lint of real scripts   {statistics.median(typical):7.1f} ms   (median; the slowest {typical[-1]:.1f})")
    eslint = install_eslint()
    if eslint is None:
        print("ESLint: not compared, Node or npm is missing")
        return
    with tempfile.TemporaryDirectory(dir=eslint) as name:
        # Below ESLint's own folder: it takes no files from outside the one it runs in.
        folder = Path(name)
        size = write_project(folder)
        mine = [sys.executable, "-m", "dbconn_tui", "lint", "--json", "--config", str(folder / "dbconn.yaml")]
        peer = eslint_command(eslint, folder)
        pairs = [(seconds(mine, Path.cwd()), seconds(peer, eslint)) for _ in range(PAIRS)]
    print(f"{CONNECTIONS * len(KINDS)} scripts, {size // 1000} kB, start-up included; median of {PAIRS} pairs")
    print("                          wall  processor")
    for number, who in enumerate(("dbconn lint", "ESLint with plugins")):
        wall, processor = (statistics.median(pair[number][kind] for pair in pairs) for kind in (0, 1))
        print(f"{who:<22} {wall:7.2f} {processor:10.2f}   s")
    wall, processor = (statistics.median(theirs[kind] / ours[kind] for ours, theirs in pairs) for kind in (0, 1))
    print(f"faster by              {wall:7.2f} {processor:10.2f}   (goal ≥ {PEER_GOAL:.0f} in wall time)")


if __name__ == "__main__":
    main()
