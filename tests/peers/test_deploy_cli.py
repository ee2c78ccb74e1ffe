"""The real auth0-deploy-cli against the local tenant over HTTPS: a judge that is not our own client."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from benchmarks.deploy_cli import deploy_cli_environment, install_deploy_cli
from dbconn_tui.local_tenant.server import LocalTenant
from dbconn_tui.local_tenant.settings import Settings
from dbconn_tui.local_tenant.state import configuration_values

RUN_SECONDS = 300

SCRIPTS = {
    kind: f"function {kind}(a, b, callback) {{\n  // ✓ {kind}\n\tcallback(null, {{ user_id: 'ü' }});\n}}\n\n"
    for kind in ("login", "get_user", "create", "verify", "change_password", "delete", "change_email")
}
CONFIGURATION = {"API_URL": "https://users.example.test/v1?a=b", "API_CLIENT_SECRET": "s3cr3t # with: signs"}
OPTIONS = {"enabledDatabaseCustomization": True, "import_mode": False, "brute_force_protection": True}


@pytest.fixture(scope="session")
def deploy_cli() -> Path:
    """The command, installed once a machine."""
    command = install_deploy_cli()
    if command is None:
        pytest.skip("npm is not on this machine")
    return command


def run(command: Path, tenant: LocalTenant, folder: Path, *arguments: str) -> str:
    """Runs the command with the tenant's credentials in its environment; returns what it printed."""
    environment = deploy_cli_environment(tenant.address, folder, CONFIGURATION)
    done = subprocess.run(
        [command, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    shown = done.stdout + done.stderr
    assert done.returncode == 0, shown
    return shown


@pytest.mark.peers
def test_deploy_cli_imports_and_exports_the_same_scripts(deploy_cli: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    folder = source / "database-connections" / "legacy-users"
    folder.mkdir(parents=True)
    target.mkdir()
    for kind, text in SCRIPTS.items():
        (folder / f"{kind}.js").write_bytes(text.encode())
    connection = {
        "name": "legacy-users",
        "strategy": "auth0",
        "options": {
            **OPTIONS,
            "customScripts": {kind: f"./{kind}.js" for kind in SCRIPTS},
            "configuration": {key: f"##{key}##" for key in CONFIGURATION},
        },
    }
    (folder / "database.json").write_text(json.dumps(connection), encoding="utf-8")

    with LocalTenant(Settings()) as tenant:
        run(deploy_cli, tenant, tmp_path, "import", "--input_file", str(source))
        [held] = tenant.state.connections.values()
        assert held.name == "legacy-users"
        assert held.options["customScripts"] == SCRIPTS
        assert {key: held.options[key] for key in OPTIONS} == OPTIONS
        assert dict(configuration_values(held, tenant.state.vault)) == CONFIGURATION
        assert all(value not in json.dumps(held.body()) for value in CONFIGURATION.values())

        run(deploy_cli, tenant, tmp_path, "export", "--format", "directory", "--output_folder", str(target))
        assert tenant.state.connections == {held.id: held}
        print(dict(tenant.state.counts))

    exported = {
        path.stem: path.read_bytes() for path in (target / "database-connections" / "legacy-users").glob("*.js")
    }
    assert exported == {kind: text.encode() for kind, text in SCRIPTS.items()}
