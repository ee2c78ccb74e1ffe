"""The real auth0-deploy-cli, installed once a machine by npm, to measure against and to judge the local tenant."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from dbconn_tui.local_tenant.server import Address

VERSION = "8.44.0"
INSTALL_SECONDS = 600


def install_deploy_cli() -> Path | None:
    """The command's path in a cache folder (npm, without install scripts); None when npm is missing."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "dbconn-tests" / f"auth0-deploy-cli-{VERSION}"
    command = folder / "node_modules" / ".bin" / "a0deploy"
    if not command.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", f"auth0-deploy-cli@{VERSION}"],
            cwd=folder,
            check=True,
            timeout=INSTALL_SECONDS,
            stdout=subprocess.DEVNULL,
        )
    return command


def deploy_cli_environment(address: Address, home: Path, values: dict[str, str]) -> dict[str, str]:
    """What it needs to work on the databases of a tenant over HTTPS; `values` fill its ##KEYWORDS##."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "AUTH0_DOMAIN": address.domain,
        "AUTH0_CLIENT_ID": address.client_id,
        "AUTH0_CLIENT_SECRET": address.client_secret.reveal(),
        "AUTH0_INCLUDED_ONLY": '["databases"]',
        "NODE_EXTRA_CA_CERTS": str(address.ca_file),
        **values,
    }
