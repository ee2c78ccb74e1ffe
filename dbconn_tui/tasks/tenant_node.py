"""Which Node a tenant runs scripts on, as `dbconn doctor` read it, beside the one that they run on here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from dbconn_tui.deploy.local_record import domain_folder
from dbconn_tui.errors import ProjectError
from dbconn_tui.project.values import Project, Tenant
from dbconn_tui.project.write import write_file
from dbconn_tui.runtime.node import PLATFORM_MAJORS
from dbconn_tui.tasks.outside import Outside

_FORMAT: Final = 1


def remember_node(outside: Outside, domain: str, version: str) -> None:
    """Keep a tenant's `sandbox_version`, e.g. "22" (runtime.md §1), where something of that tenant is kept already."""
    if not domain_folder(outside.state_folder, domain).is_dir():
        return
    content = {"version": _FORMAT, "domain": domain, "node": version}
    try:
        write_file(_path(outside.state_folder, domain), json.dumps(content).encode(), 0o600)
    except (OSError, ProjectError):
        return


def node_note(outside: Outside, project: Project, tenant: Tenant, version: str) -> str:
    """What differs between the Node of a run and the tenant's, one sentence; empty when nothing does.

    For the values of `local` every tenant of the project counts that is known.
    """
    tenants = [tenant] if tenant.domain else list(project.tenants.values())
    known = {one.name: node for one in tenants if (node := _remembered(outside.state_folder, one.domain))}
    major = version.partition(".")[0]
    differing = [f"{name} runs {node}" for name, node in known.items() if node.partition(".")[0] != major]
    if differing:
        return f"ran on Node {version}; {', '.join(differing)}"
    if known or int(major) in PLATFORM_MAJORS:
        return ""
    majors = " or ".join(map(str, reversed(PLATFORM_MAJORS)))
    return f"ran on Node {version}; a tenant runs {majors} (`dbconn doctor` reads which)"


def _remembered(state_folder: Path, domain: str) -> str:
    try:
        content = json.loads(_path(state_folder, domain).read_bytes())
        node = content["node"] if content["version"] == _FORMAT and content["domain"] == domain else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return node if isinstance(node, str) else ""


def _path(state_folder: Path, domain: str) -> Path:
    return domain_folder(state_folder, domain) / "node.json"
