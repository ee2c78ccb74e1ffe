"""The way back on a machine that never deployed: a bare clone, a ready token, one command, nothing typed."""

from __future__ import annotations

import json
import ssl
import subprocess
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Project


def ready_token(project: Project) -> str:
    """An access token as a CI system would hand it on."""
    address = project.control.address
    body = {
        "grant_type": "client_credentials",
        "client_id": address.client_id,
        "client_secret": address.client_secret.reveal(),
        "audience": f"{address.url}/api/v2/",
    }
    request = urllib.request.Request(
        f"{address.url}/oauth/token",
        data=json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    context = ssl.create_default_context(cafile=str(address.ca_file))
    with urllib.request.urlopen(request, context=context) as answer:
        token: str = json.loads(answer.read())["access_token"]
    return token


@pytest.fixture
def git(project: Project) -> Any:
    """Runs git in the project with an author of its own."""

    def run(*words: str) -> None:
        author = ["-c", "user.name=Robin", "-c", "user.email=robin@example.com", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *author, *words], cwd=project.folder, check=True, capture_output=True)

    return run


def test_a_rollback_in_a_bare_clone_is_one_command(project: Project, git: Any, tmp_path: Path) -> None:
    project.write_scripts("healthy")
    project.write_yaml("  healthy: {}\n")
    project.write("dbconn.yaml", (project.folder / "dbconn.yaml").read_text().replace("'}", "', protected: true}", 1))
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "good")
    project.json("deploy", "--confirm", "local-dev")
    good = (project.folder / "scripts/healthy/verify.js").read_text()
    project.write("scripts/healthy/verify.js", good.replace("true", "false"))
    git("commit", "-qam", "bad")
    project.json("deploy", "--confirm", "local-dev")
    token = ready_token(project)
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(project.folder), str(clone)], check=True, capture_output=True)
    project.folder = clone
    for name in ("AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET"):
        del project.environment[name]
    project.environment |= {"AUTH0_ACCESS_TOKEN": token, "DBCONN_STATE_DIR": str(tmp_path / "another state")}
    project.control.forget()
    answer = project.json("rollback", "healthy", "--to", "HEAD~1", "--confirm", "local-dev")
    assert answer["summary"]["deployed"] == 1
    assert project.control.connections()["healthy"]["options"]["customScripts"]["verify"] == good
    assert project.control.counts() == {"GET /api/v2/connections": 2, "PATCH /api/v2/connections/{id}": 1}
