"""The built wheel works by itself: templates inside, the command there."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from dbconn_tui import __version__

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was built out of it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


def test_wheel_and_sdist_carry_the_templates(distributions: Path) -> None:
    (wheel,) = distributions.glob("*.whl")
    assert __version__ in wheel.name
    names = zipfile.ZipFile(wheel).namelist()
    for template in ("generic", "rest-api"):
        assert f"dbconn_tui/_templates/{template}/template.yaml" in names
    assert not [name for name in names if name.startswith(("tests/", "templates/", "benchmarks/"))]


def test_the_wheel_runs_in_a_clean_environment(distributions: Path, tmp_path: Path) -> None:
    (wheel,) = distributions.glob("*.whl")
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=False, symlinks=True)
    python = environment / "bin" / "python"
    # The dependencies are those this test runs with; only dbconn itself comes from the wheel.
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(python),
            "install",
            "--quiet",
            "--no-deps",
            "--no-index",
            str(wheel),
        ],
        check=True,
        capture_output=True,
    )
    site = next((environment / "lib").glob("python*/site-packages"))
    here = next(Path(entry) for entry in sys.path if entry.endswith("site-packages"))
    for entry in here.iterdir():
        if "dbconn" not in entry.name and not (site / entry.name).exists():
            (site / entry.name).symlink_to(entry)
    done = subprocess.run(
        [environment / "bin" / "dbconn", "templates"], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert "rest-api" in done.stdout
    assert "generic" in done.stdout
    asking = [python, "-c", "import dbconn_tui; print(dbconn_tui.__file__)"]
    where = subprocess.run(asking, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert str(environment) in where.stdout
