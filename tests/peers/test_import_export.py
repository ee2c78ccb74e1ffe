"""Exports that the real auth0-deploy-cli makes of a tenant, imported: a plan finds nothing that differs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.deploy_cli import deploy_cli_environment, install_deploy_cli
from dbconn_tui.local_tenant.server import LocalTenant
from dbconn_tui.local_tenant.settings import Settings

RUN_SECONDS = 300
SCRIPTS = {
    "login": "function login(identifier, password, callback) {\n  return callback(new Error('closed ✓'));\n}\n\n",
    "get_user": "function getUser(identifier, callback) {\r\n  return callback(null);\r\n}",
    "change_username": "function changeUsername(old, name, callback) {\n  return callback(null, true);\n}\n",
}
PROJECT = """\
version: 1
project_key: 00112233445566778899aabbccddeeff
connections:
  legacy-users:
    import_mode: true
    configuration: {API_KEY: {env: THE_KEY}}
    options:
      disable_signup: true
      mfa: {active: false}
"""


def deploy_cli(folder: Path, tenant: LocalTenant, *arguments: str) -> None:
    """Run the real command. Skips where npm is missing."""
    command = install_deploy_cli()
    if command is None:
        pytest.skip("npm is not on this machine")
    done = subprocess.run(
        [command, *arguments],
        cwd=folder,
        env=deploy_cli_environment(tenant.address, folder, {}),
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def dbconn(folder: Path, tenant: LocalTenant, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "dbconn_tui", *arguments],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "AUTH0_DOMAIN": tenant.domain,
            "AUTH0_CLIENT_ID": tenant.client_id,
            "AUTH0_CLIENT_SECRET": tenant.client_secret.reveal(),
            "SSL_CERT_FILE": str(tenant.ca_file),
            "DBCONN_STATE_DIR": str(folder / "state"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "THE_KEY": "a-value-that-must-never-show",
        },
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )


@pytest.mark.peers
@pytest.mark.parametrize(("form", "path"), [("yaml", "tenant.yaml"), ("directory", "")])
def test_what_deploy_cli_exports_is_imported_whole(tmp_path: Path, form: str, path: str) -> None:
    source, export = tmp_path / "source", tmp_path / "export"
    for kind, text in SCRIPTS.items():
        file = source / "scripts" / "legacy-users" / f"{kind}.js"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    (source / "dbconn.yaml").write_text(PROJECT, encoding="utf-8")
    with LocalTenant(Settings()) as tenant:
        deployed = dbconn(source, tenant, "deploy", "--yes", "--skip-lint")
        assert deployed.returncode == 0, deployed.stdout + deployed.stderr
        state = tenant.state
        key, stored = next(iter(state.connections.items()))
        default = replace(stored, id="con_default", name="Username-Password-Authentication", options={"mfa": {}})
        state.connections["con_default"] = default
        export.mkdir()
        deploy_cli(tmp_path, tenant, "export", "--format", form, "--output_folder", str(export))
        assert state.connections == {key: stored, "con_default": default}

        result = dbconn(
            tmp_path, tenant, "import", str(export / path), "--config", "new/dbconn.yaml", "--yes", "--json"
        )
        assert result.returncode == 0, result.stderr
        answer: Any = json.loads(result.stdout)
        assert [one["name"] for one in answer["connections"]] == ["legacy-users"]
        assert [one["name"] for one in answer["skipped"]] == ["Username-Password-Authentication"]
        scripts = {
            file.stem: file.read_bytes() for file in (tmp_path / "new" / "scripts" / "legacy-users").glob("*.js")
        }
        assert scripts == {kind: text.encode() for kind, text in SCRIPTS.items()}

        plan = dbconn(tmp_path / "new", tenant, "plan", "--json")
        assert plan.returncode == 0, plan.stderr
        [users] = [one for one in json.loads(plan.stdout)["connections"] if one["name"] == "legacy-users"]
        # The export leaves configuration out; only the tenant knows its keys.
        assert [(change["item"], change["state"]) for change in users["changes"]] == [
            ("configuration:API_KEY", "foreign")
        ]
        shown = result.stdout + result.stderr + plan.stdout + plan.stderr
        assert "a-value-that-must-never-show" not in shown
