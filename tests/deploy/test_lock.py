"""Two deploys to one domain on one machine exclude each other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dbconn_tui.deploy.lock import deploy_lock
from dbconn_tui.errors import RefusedError, UsageError

HOLD = """
import sys
from pathlib import Path
from dbconn_tui.deploy.lock import deploy_lock
with deploy_lock(Path(sys.argv[1]), "acme.eu.auth0.com"):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_second_process_is_refused_until_the_first_has_ended(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    with holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(RefusedError), deploy_lock(tmp_path, "acme.eu.auth0.com"):
            pass
        with deploy_lock(tmp_path, "another.eu.auth0.com"):
            pass
        holder.kill()
        holder.wait()
    with deploy_lock(tmp_path, "acme.eu.auth0.com"):
        pass


def test_a_failure_inside_frees_the_lock(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), deploy_lock(tmp_path, "acme.eu.auth0.com"):
        _ = 1 / 0
    with deploy_lock(tmp_path, "acme.eu.auth0.com"):
        pass


def test_a_state_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UsageError), deploy_lock(tmp_path / "file", "acme.eu.auth0.com"):
        pass
