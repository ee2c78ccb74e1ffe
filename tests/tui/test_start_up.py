"""What the first frame costs: it loads the table's screen, and nothing that only other screens or the reading need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOMS = ("action_scripts", "deploy", "lint", "local_tenant", "project", "runtime", "sample_store", "scaffold", "tenant")
HEAVY = ("httpx", "keyring", "tree_sitter", "quickjs", "jinja2", "starlette", "yaml", "cryptography")
CODE = """
import asyncio, sys
from pathlib import Path
from dbconn_tui.tasks.outside import real_outside
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.backend import TaskBackend

class FirstFrame(DbconnApp):
    def _read_first(self):
        print(*sorted(sys.modules))
        self.exit()

folder = Path(sys.argv[1])
outside = real_outside({"DBCONN_STATE_DIR": str(folder / "state"), "HOME": str(folder)}, folder)
app = FirstFrame(TaskBackend(outside), None)

async def show():
    async with app.run_test() as pilot:
        await pilot.pause()

asyncio.run(show())
"""


def test_the_first_frame_loads_no_other_screen_and_no_room_behind_one(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(tmp_path)], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "dbconn_tui.tui.screens.home" in loaded
    screens = {name.rpartition(".")[2] for name in loaded if name.startswith("dbconn_tui.tui.screens.")}
    assert screens == {"frame", "home"}
    assert loaded & set(HEAVY) == set()
    rooms = {name for name in loaded if name.startswith(tuple(f"dbconn_tui.{room}." for room in ROOMS))}
    assert rooms <= {"dbconn_tui.deploy.values"}
