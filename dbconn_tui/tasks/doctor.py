"""Doctor: what works here and what does not, each with its fix; read-only, and nothing of it is secret."""

from __future__ import annotations

import os
import platform
import stat
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from dbconn_tui.deploy.probe import PREFIX, Resent
from dbconn_tui.errors import AuthenticationError, DbconnError, ExitCode, ProjectError, UsageError
from dbconn_tui.events import OnEvent, ignore
from dbconn_tui.problems import Severity, count_problems
from dbconn_tui.project.overlay import connections_for
from dbconn_tui.project.read import find_project_file
from dbconn_tui.project.tenant_choice import choose_tenant
from dbconn_tui.project.values import Project, Tenant
from dbconn_tui.tasks.access import credentials_for, open_tenant
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.probe import known_tenant
from dbconn_tui.tasks.tenant_node import remember_node
from dbconn_tui.tasks.trust import is_trusted
from dbconn_tui.tasks.workspace import open_project
from dbconn_tui.tenant.client import TenantClient, require_options
from dbconn_tui.tenant.scopes import (
    CLIENT_SCOPES,
    CREATE_SCOPES,
    DEPLOY_SCOPES,
    GRANT_HINT,
    LOG_SCOPES,
    PLAN_SCOPES,
    PROBE_SCOPES,
    SETTINGS_SCOPE,
    missing_scopes,
)

LIBRARIES: Final = ("textual", "tree-sitter", "tree-sitter-javascript", "httpx", "keyring", "PyYAML", "cryptography")
"""The packages whose versions matter in a report."""

NETWORK_VARIABLES: Final = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")

MOST_SKEW: Final = 5.0
"""Seconds that this machine's clock may differ; an assertion signed for a minute leaves no more room (api.md §5.2)."""

_CONNECTIONS_LIMIT: Final = 1000
"""Where the API's plain paging ends (api.md §1.1)."""


class Mark(StrEnum):
    """How one check came out; `NOTE` is worth a look and stops nothing."""

    OK = "ok"
    NOTE = "note"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: a stable `name`, a sentence, how to put it right, and what a failure means for the exit code."""

    name: str
    mark: Mark
    text: str
    fix: str = ""
    exit_code: ExitCode = ExitCode.OK


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Every finding in the order it was made; `tenant` is None when none was chosen."""

    findings: tuple[Finding, ...]
    tenant: Tenant | None = None

    @property
    def exit_code(self) -> ExitCode:
        """The first of design §4's order that any finding calls for."""
        codes = {finding.exit_code for finding in self.findings}
        ordered = (ExitCode.AUTHENTICATION, ExitCode.UNREACHABLE, ExitCode.REFUSED, ExitCode.USAGE, ExitCode.FAILED)
        return next((code for code in ordered if code in codes), ExitCode.OK)


def _ok(name: str, text: str) -> Finding:
    return Finding(name, Mark.OK, text)


def _note(name: str, text: str, fix: str = "") -> Finding:
    return Finding(name, Mark.NOTE, text, fix)


def _failed(name: str, failure: DbconnError) -> Finding:
    return Finding(name, Mark.FAILED, failure.message, failure.hint, failure.exit_code)


async def diagnose(
    outside: Outside, *, config: Path | None = None, tenant: str | None = None, on_event: OnEvent = ignore
) -> Diagnosis:
    """Check this machine, the project and the chosen tenant; writes nothing to either. Raises nothing of DbconnError's.

    `tenant` is the name asked for. A token is fetched when none is kept, as by any verb.
    """
    findings = [*_machine(outside)]
    project = _project(outside, config, findings)
    chosen = _chosen(outside, project, tenant, findings)
    if chosen is not None:
        findings += [one async for one in _tenant(outside, project, chosen, on_event)]
    return Diagnosis(tuple(findings), chosen)


def _machine(outside: Outside) -> Iterator[Finding]:
    from importlib.metadata import PackageNotFoundError, version

    from dbconn_tui import __version__

    system = f"{platform.system()} {platform.machine()}"
    yield _ok("dbconn", f"dbconn {__version__}, Python {platform.python_version()}, {system}")
    found = []
    for library in LIBRARIES:
        try:
            found.append(f"{library} {version(library)}")
        except PackageNotFoundError:
            found.append(f"{library} unknown")
    yield _ok("libraries", ", ".join(found))
    yield _node(outside)
    yield _state_folder(outside)
    reason = outside.store.available()
    if reason:
        fix = "Give credentials and values by environment variables, or install and unlock a keyring."
        yield _note("keyring", reason, fix)
    else:
        yield _ok("keyring", "a keyring is there")
    set_here = [name for name in NETWORK_VARIABLES if any(map(outside.environment.get, (name, name.lower())))]
    if set_here:
        yield _ok("network", f"set in the environment: {', '.join(set_here)}")


def _node(outside: Outside) -> Finding:
    from dbconn_tui.errors import NodeError
    from dbconn_tui.runtime.node import find_node

    try:
        node = find_node(outside.environment)
    except NodeError as failure:
        return _note("node", f"{failure.message}; `try` and `test` need it, nothing else does", failure.hint)
    if not node.permission_flag:
        return _note("node", f"Node {node.version} has no permission model", "Install Node 20, 22 or newer.")
    return _ok("node", f"Node {node.version}, {node.permission_flag}")


def _state_folder(outside: Outside) -> Finding:
    folder = outside.state_folder
    shown = _at_home(folder, outside.home)
    fix = "Set DBCONN_STATE_DIR to a folder of your own that can be written."
    there = folder
    while not there.exists() and there.parent != there:
        there = there.parent
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return Finding("state folder", Mark.FAILED, f"{shown} cannot be written", fix, ExitCode.USAGE)
    if there != folder:
        return _ok("state folder", f"{shown} is made when it is needed")
    if os.name == "posix" and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        return _note("state folder", f"{shown} can be read by others", f"chmod 700 {shown}")
    return _ok("state folder", f"{shown} is writable and private")


def _project(outside: Outside, config: Path | None, findings: list[Finding]) -> Project | None:
    if config is None and find_project_file(outside.folder, outside.home) is None:
        findings.append(_note("project", "no dbconn.yaml here or in a folder above", "`dbconn init` makes one."))
        return None
    try:
        project, problems = open_project(outside, config)
    except ProjectError as failure:
        first = f" ({failure.problems[0]})" if failure.problems else ""
        hint = failure.hint or "`dbconn lint` shows them all."
        findings.append(Finding("project", Mark.FAILED, f"{failure.message}{first}", hint, failure.exit_code))
        return None
    connections = len(project.connection_keys)
    text = (
        f"{project.shown_file} is valid: {_count(connections, 'connection')}, {_count(len(project.tenants), 'tenant')}"
    )
    warnings = count_problems(problems)[Severity.WARNING]
    findings.append(
        _note("project", f"{text}, {_count(warnings, 'warning')}", "`dbconn lint` shows them.")
        if warnings
        else _ok("project", text)
    )
    if not project.project_key:
        fix = "`dbconn init` in the project's folder adds one."
        findings.append(_note("project key", "none: changed values are noticed on this machine only", fix))
    if project.secrets_from is not None:
        program = project.secrets_from.program
        if is_trusted(outside, project):
            findings.append(_ok("secrets_from", f"{program} is trusted on this machine"))
        else:
            fix = "Look at it and run `dbconn trust`; in CI set DBCONN_TRUST=1."
            findings.append(_note("secrets_from", f"{program} is not trusted on this machine and never runs", fix))
    return project


def _chosen(outside: Outside, project: Project | None, name: str | None, findings: list[Finding]) -> Tenant | None:
    if project is None:
        return None
    try:
        tenant = choose_tenant(project, name, outside.environment)
    except UsageError as failure:
        if name is not None:
            findings.append(_failed("tenant", failure))
        else:
            findings.append(_note("tenant", f"{failure.message}: no tenant was looked at", failure.hint))
        return None
    words = [word for word, said in (("protected", tenant.protected), ("read_only", tenant.read_only)) if said]
    findings.append(_ok("tenant", " ".join([f"{tenant.name} is {tenant.domain}", *words])))
    return tenant


async def _tenant(
    outside: Outside, project: Project | None, tenant: Tenant, on_event: OnEvent
) -> AsyncIterator[Finding]:
    try:
        credentials = credentials_for(outside, tenant)
    except DbconnError as failure:
        yield _failed("credentials", failure)
        return
    kind = (
        "a ready access token"
        if credentials.access_token is not None
        else "a signing key"
        if credentials.signing_key is not None
        else "a client secret"
    )
    yield _ok("credentials", f"{kind} was found")
    async with open_tenant(outside, tenant, on_event=on_event) as client:
        try:
            scopes = await client.scopes(PLAN_SCOPES)
        except AuthenticationError as failure:
            yield _failed("token", failure)
            return
        except DbconnError as failure:
            yield _failed("reachable", failure)
            return
        left = await client.token_expires_at() - outside.wall_clock()
        yield _ok("token", f"good for {_duration(left)}")
        for finding in _scopes(scopes, clients=_declares_clients(project, tenant)):
            yield finding
        async for finding in _reading(outside, client, scopes):
            yield finding
        for finding in _headers(client):
            yield finding
    yield _kept(outside, tenant)


def _scopes(scopes: Collection[str], *, clients: bool) -> Iterator[Finding]:
    works: list[tuple[str, Mapping[str, str], ExitCode]] = [
        ("plan", PLAN_SCOPES, ExitCode.AUTHENTICATION),
        ("deploy", DEPLOY_SCOPES, ExitCode.AUTHENTICATION),
        ("create", CREATE_SCOPES, ExitCode.OK),
        ("name who changed what", LOG_SCOPES, ExitCode.OK),
        ("probe", PROBE_SCOPES, ExitCode.OK),
    ]
    if clients:
        works.insert(3, ("enabled_clients", CLIENT_SCOPES, ExitCode.OK))
    said: set[str] = set()
    for work, needed, code in works:
        lacking = missing_scopes(needed, scopes)
        if not lacking:
            yield _ok(f"scopes to {work}", "all there")
            continue
        sentences = " ".join(f"{scope} {needed[scope]}" for scope in lacking if scope not in said)
        said.update(lacking)
        text = f"lacking {', '.join(lacking)}"
        mark = Mark.FAILED if code else Mark.NOTE
        yield Finding(f"scopes to {work}", mark, text, f"{sentences} {GRANT_HINT}".strip(), code)


async def _reading(outside: Outside, client: TenantClient, scopes: Collection[str]) -> AsyncIterator[Finding]:
    try:
        reading = await client.list_connections()
        require_options(reading)
    except DbconnError as failure:
        yield _failed("reachable", failure)
        return
    count = len(reading.connections)
    custom = sum(one.options.get("enabledDatabaseCustomization") is True for one in reading.connections)
    yield _ok("reachable", f"{_count(count, 'database connection')}, {custom} with scripts of their own")
    left = [one.name for one in reading.connections if one.name.startswith(PREFIX)]
    if left:
        yield _note("probes", f"left over from a probe: {', '.join(left)}", "Delete it in the dashboard.")
    if SETTINGS_SCOPE not in scopes:
        return
    try:
        version = (await client.tenant_settings()).get("sandbox_version")
    except DbconnError as failure:
        yield _note("runtime", failure.message, failure.hint)
        return
    if isinstance(version, str):
        remember_node(outside, client.tenant.domain, version)
        yield _ok("runtime", f"the tenant runs scripts on Node {version}")


def _headers(client: TenantClient) -> Iterator[Finding]:
    headers = client.last_headers
    if headers is None:
        return
    if headers.skew is None:
        yield _note("clock", "the tenant's answers say no time to compare with")
    elif abs(headers.skew) > MOST_SKEW:
        way = "ahead of" if headers.skew > 0 else "behind"
        fix = "Set the clock, or let the system set it (NTP); tokens and waits depend on it."
        yield _note("clock", f"this machine is {_duration(abs(headers.skew))} {way} the tenant", fix)
    else:
        yield _ok("clock", f"within {MOST_SKEW:g} s of the tenant")
    if headers.limit is None and headers.remaining is None:
        yield _note("rate limit", "the answers show none: 2 requests a second are sent at most after a refusal")
    else:
        limit = "?" if headers.limit is None else headers.limit
        yield _ok(
            "rate limit", f"{headers.remaining if headers.remaining is not None else '?'} of {limit} left at once"
        )


def _kept(outside: Outside, tenant: Tenant) -> Finding:
    known = known_tenant(outside.state_folder, tenant.domain)
    if known is None:
        fix = "`dbconn doctor --probe` finds out on a throw-away connection."
        return _ok("keep: live", f"not known whether the tenant keeps a value that is sent back. {fix}")
    age = _duration(max(0.0, outside.wall_clock() - known.time))
    if known.resent is Resent.KEPT:
        return _ok("keep: live", f"works here, as a probe showed {age} ago")
    return _ok("keep: live", f"refused here: a probe {age} ago showed that a value sent back is {known.resent.value}")


def _declares_clients(project: Project | None, tenant: Tenant) -> bool:
    if project is None:
        return False
    return any(one.enabled_clients is not None for one in connections_for(project, tenant.name)[0])


def _at_home(path: Path, home: Path) -> str:
    """The path with the home folder as `~`: a report need not say whose it is."""
    try:
        return str(Path("~") / path.relative_to(home))
    except ValueError:
        return str(path)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _duration(seconds: float) -> str:
    """Seconds in the largest unit that gives at least 2, e.g. `23 h`."""
    for unit, size in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
