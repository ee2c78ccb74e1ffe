"""A scripted backend and the values it gives: states of the app that a real tenant shows rarely."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from scripted_runs import ScriptedRuns

from dbconn_tui.deploy.plan import Choices
from dbconn_tui.deploy.values import (
    Blocker,
    Change,
    ConnectionPlan,
    ConnectionState,
    ItemState,
    Outcome,
    OutcomeState,
    Plan,
)
from dbconn_tui.errors import DbconnError, RefusedError, UsageError
from dbconn_tui.events import Event, EventKind, OnEvent, ignore
from dbconn_tui.problems import Place, Problem, Severity
from dbconn_tui.project.values import Tenant
from dbconn_tui.scaffold.catalogue import Catalogue, read_catalogue, shipped_folder
from dbconn_tui.scaffold.template import Template
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tasks.add import Addition
from dbconn_tui.tasks.keymap import KeymapFile
from dbconn_tui.tasks.login import Access
from dbconn_tui.tasks.refill import Refill
from dbconn_tui.tasks.secrets import StoredSecret
from dbconn_tui.tasks.status import Status, StatusRow, StatusState
from dbconn_tui.tasks.watch import Look
from dbconn_tui.tui.past import PastWrite
from dbconn_tui.tui.port import FileDifference, LoggedIn, Opened, Reviewed, Taking
from dbconn_tui.tui.recovery import Recovered
from dbconn_tui.tui.script_files import ScriptFile, ScriptSet
from dbconn_tui.tui.secret_table import SecretRow, SecretTable

NOW = 1_800_000_000.0

LOGIN_BEFORE = """function login(email, password, callback) {
  const client = connect(configuration.PG_URL);
  client.connect();
  const query = 'SELECT id FROM users WHERE email = ' + email;
  client.query(query, (err, result) => {
    if (err) return callback(err);
    callback(null, { user_id: result.rows[0].id });
  });
}
"""
LOGIN_AFTER = LOGIN_BEFORE.replace("email = ' + email", "email = $1'").replace("query(query,", "query(query, [email],")

DEV = Tenant("dev", "acme-dev.eu.auth0.com", "8dKq")
PROD = Tenant("prod", "acme.eu.auth0.com", "Zk31", protected=True)
AUDIT = Tenant("audit", "acme-audit.eu.auth0.com", "Au11", read_only=True)
TENANTS = (DEV, PROD, AUDIT)

CHANGED = ConnectionPlan(
    "partner-portal",
    "partner-portal",
    ConnectionState.CHANGE,
    (
        Change("script:login", ItemState.YOUR_CHANGE, LOGIN_BEFORE, LOGIN_AFTER),
        Change("option:mfa.active", ItemState.YOUR_CHANGE, "false", "true"),
        Change("configuration:PG_URL", ItemState.YOUR_CHANGE),
        Change("script:change_email", ItemState.FOREIGN, "function changeEmail() {}\n", ""),
    ),
    live_id="con_1",
    live_fingerprint="ab",
    in_sync=5,
    kept=12,
)
CREATED = ConnectionPlan(
    "staging-sql",
    "staging-sql",
    ConnectionState.CREATE,
    (Change("script:login", ItemState.NEW, "", LOGIN_AFTER), Change("configuration:API_KEY", ItemState.NEW)),
)
BLOCKED = ConnectionPlan(
    "crm-import",
    "crm-import",
    ConnectionState.DRIFT,
    (Change("script:login", ItemState.DRIFT, LOGIN_AFTER, LOGIN_BEFORE),),
    (
        Blocker(
            "script:login was changed on the tenant since the last deploy",
            "Look at the difference, or pass --overwrite-drift=crm-import/script:login",
            item="script:login",
        ),
    ),
    live_id="con_2",
)
UNCHANGED = ConnectionPlan("legacy-users", "legacy-users", ConnectionState.UNCHANGED, live_id="con_3", in_sync=9)
FOREIGN = ConnectionPlan("old-intranet", "old-intranet", ConnectionState.ONLY_ON_TENANT, live_id="con_4")

FINDING = Problem(
    "configuration-unused",
    Severity.WARNING,
    "configuration.API_URL is never read",
    Place("scripts/crm-import/login.js", 3, 5),
    "Take it away, or read it.",
)


def row(plan: ConnectionPlan, state: StatusState, **more: object) -> StatusRow:
    """A row of the table for a plan."""
    values: dict[str, object] = {
        "scripts": 7,
        "scripts_expected": 7,
        "values": 2,
        "values_needed": 2,
        "plan": plan,
        "kinds": ("login", "get_user"),
    }
    return StatusRow(plan.key, plan.name, state, **(values | more))  # type: ignore[arg-type]


ROWS = (
    row(UNCHANGED, StatusState.IN_SYNC, deployed=NOW - 7_300),
    row(CHANGED, StatusState.CHANGED, changes=3, deployed=NOW - 260_000),
    row(BLOCKED, StatusState.DRIFT, changes=1, warnings=1, problems=(FINDING,), deployed=NOW - 60),
    row(CREATED, StatusState.NEW),
    StatusRow("old-intranet", "old-intranet", StatusState.ONLY_ON_TENANT, plan=FOREIGN),
)
PLAN = Plan("dev", DEV.domain, (UNCHANGED, CHANGED, BLOCKED, CREATED, FOREIGN))


PAST = (
    PastWrite(
        "20270115-080000-0000000b",
        NOW - 60,
        "partner-portal",
        "changed",
        (Change("script:login", ItemState.YOUR_CHANGE, LOGIN_BEFORE, LOGIN_AFTER),),
        last=True,
        before='{"name": "partner-portal"}\n',
    ),
    PastWrite(
        "20270114-080000-0000000a",
        NOW - 90_000,
        "partner-portal",
        "created",
        (
            Change("script:login", ItemState.NEW, "", LOGIN_BEFORE),
            Change("option:mfa.active", ItemState.NEW, "", "false"),
            Change("configuration:PG_URL", ItemState.NEW),
        ),
    ),
    PastWrite("20270113-080000-00000009", NOW - 180_000, "legacy-users", "created", (), last=True),
)
SECRETS = (
    SecretRow("env", "PG_HOST", ("crm-import.PG_HOST",), {"prod": "environment variable PG_HOST"}),
    SecretRow(
        "secret",
        "api_key",
        ("staging-sql.API_KEY", "crm-import.API_KEY"),
        {"dev": "keyring", "prod": ""},
        {"prod": "dbconn secrets set api_key --tenant prod"},
    ),
)
TAKING = Taking((FileDifference("scripts/crm-import/login.js", LOGIN_BEFORE, LOGIN_AFTER),))


def decided(plan: Plan, choices: Choices | None) -> Plan:
    """The plan as the planner would make it with these choices, in what the screens look at."""
    if choices is None:
        return plan
    return replace(plan, connections=tuple(_decided(one, choices) for one in plan.connections))


def _decided(one: ConnectionPlan, choices: Choices) -> ConnectionPlan:
    changes = tuple(
        replace(change, state=ItemState.YOUR_CHANGE, note=f"{change.state.value}, overwritten as asked")
        if change.state.refuses and choices.overwrites(one.key, change.item)
        else change
        for change in one.changes
    )
    kept = {change.item for change in changes if change.note}
    lifted = tuple(blocker for blocker in one.blocked if blocker.brake and choices.allows(blocker.brake, one.key))
    blocked = tuple(
        blocker
        for blocker in one.blocked
        if blocker not in lifted
        and blocker.item not in kept
        and not choices.drops(one.key, blocker.item.partition(":")[2])
    )
    state = one.state if blocked or not one.blocked else ConnectionState.CHANGE
    return replace(one, changes=changes, blocked=blocked, brakes=(*one.brakes, *lifted), state=state)


def find_marks(file: str, text: str) -> Iterator[Problem]:
    """A problem for every BAD in a text, a warning for every HMM."""
    for number, line in enumerate(text.split("\n"), start=1):
        for word, severity in (("BAD", Severity.ERROR), ("HMM", Severity.WARNING)):
            column = line.find(word) + 1
            if column:
                place = Place(file, number, column, number, column + len(word))
                yield Problem("no-such-word", severity, f"{word} stands here", place, "Take it away.")


@dataclass
class ScriptedBackend(ScriptedRuns):
    """A Backend that answers what a test says; `gate` holds the tenant's answers back until it is set."""

    tenants: tuple[Tenant, ...] = TENANTS
    tenant: Tenant | None = DEV
    rows: tuple[StatusRow, ...] = ROWS
    plan: Plan = PLAN
    last_read: float | None = NOW - 7_300
    project_error: DbconnError | None = None
    read_error: DbconnError | None = None
    check_error: DbconnError | None = None
    taking_error: DbconnError | None = None
    fault: Exception | None = None
    events: tuple[Event, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    deploy_gate: asyncio.Event = field(default_factory=asyncio.Event)
    taking: Taking = field(default_factory=lambda: TAKING)
    choices: Choices | None = None
    stop_requested: Callable[[], bool] = lambda: False
    clock: float = NOW

    past: tuple[PastWrite, ...] = field(default_factory=lambda: PAST)
    rollback_error: DbconnError | None = None
    export_error: DbconnError | None = None
    secret_rows: tuple[SecretRow, ...] = field(default_factory=lambda: SECRETS)
    no_store: str = ""
    addition_error: DbconnError = field(default_factory=lambda: UsageError("the name is taken", "Take another."))
    secret_error: DbconnError | None = None
    stored: dict[tuple[str, str], Sensitive] = field(default_factory=dict)
    tell: OnEvent = ignore
    going_back: ConnectionPlan = field(default_factory=lambda: CHANGED)
    disk: dict[str, bytes] = field(
        default_factory=lambda: {"login": LOGIN_BEFORE.encode(), "get_user": b"function getUser() {}\n"}
    )
    lint_gate: asyncio.Event = field(default_factory=asyncio.Event)
    kept: dict[str, str] = field(default_factory=dict)
    """Unsaved texts that an earlier run left."""
    template: str = ""
    access: Access = field(
        default_factory=lambda: Access(("read:connections",), {}, {"update:connections": "to write"})
    )
    access_error: DbconnError | None = None
    paste: str = ""
    own_keys: KeymapFile = field(default_factory=lambda: KeymapFile("keys.yaml"))
    files: Look = field(default_factory=lambda: Look({"dbconn.yaml": (1, 1)}))

    def __post_init__(self) -> None:
        super().__post_init__()
        self.lint_gate.set()
        self.gate.set()
        self.deploy_gate.set()

    def now(self) -> float:
        return self.clock

    def new_project_folder(self) -> str:
        return "/home/robin/users"

    async def make_project(self) -> tuple[str, ...]:
        self.calls.append(("make", "project"))
        self.project_error = None
        return ("dbconn.yaml", "scripts/.gitkeep")

    async def plan_import(self, path: str) -> Taking:
        self.calls.append(("plan import", path))
        if self.taking_error is not None:
            raise self.taking_error
        return self.taking

    async def log_in(self, name: str, domain: str, client_id: str, secret: Sensitive) -> LoggedIn:
        self.calls.append(("log in", f"{name} {domain} {client_id} {len(secret.reveal())}"))
        if self.access_error is not None:
            raise self.access_error
        tenant = Tenant(name, domain, client_id)
        self.tenants = (*self.tenants, tenant)
        return LoggedIn(tenant, self.access, self.paste)

    async def check_access(self, opened: Opened, name: str) -> Access:
        self.calls.append(("check access", name))
        if self.access_error is not None:
            raise self.access_error
        return self.access

    async def set_read_only(self, name: str, read_only: bool) -> str:
        self.calls.append(("read only" if read_only else "writable", name))
        return self.paste

    async def keymap(self) -> KeymapFile:
        return self.own_keys

    async def look(self, opened: Opened) -> Look | None:
        return self.files

    async def open(self, tenant: str | None) -> Opened:
        self.calls.append(("open", tenant))
        if self.project_error is not None:
            raise self.project_error
        chosen = next((one for one in self.tenants if one.name == tenant), self.tenant)
        if chosen is None:
            return Opened("dbconn.yaml", self.tenants, None, reason="There are 3 tenants and none was chosen.")
        offline = tuple(replace(one, plan=None) for one in self.rows if one.scripts)
        status = Status(chosen.name, chosen.domain, offline, self.last_read)
        return Opened("dbconn.yaml", self.tenants, chosen, status, self.files, handle=self)

    async def read(self, opened: Opened, choices: Choices | None, on_event: OnEvent) -> Reviewed:
        self.calls.append(("read", opened.tenant.name if opened.tenant else None))
        self.choices = choices
        on_event(Event(EventKind.STEP, "reading the connections"))
        await self.gate.wait()
        if self.fault is not None:
            raise self.fault
        if self.read_error is not None:
            raise self.read_error
        assert opened.tenant is not None
        status = Status(opened.tenant.name, opened.tenant.domain, self.rows, self.clock, live=True)
        plan = decided(self.plan, choices)
        return Reviewed(status, replace(plan, tenant=opened.tenant.name, domain=opened.tenant.domain))

    async def plan_taking(self, opened: Opened, names: Sequence[str], on_event: OnEvent) -> Taking:
        self.calls.append(("plan_taking", tuple(names)))
        await self.gate.wait()
        if self.taking_error is not None:
            raise self.taking_error
        return self.taking

    async def take(self, taking: Taking) -> None:
        self.calls.append(("take", tuple(one.file for one in taking.files)))

    async def check(self, reviewed: Reviewed, keys: Sequence[str]) -> None:
        self.calls.append(("check", tuple(keys)))
        if self.check_error is not None:
            raise self.check_error

    async def deploy(
        self, reviewed: Reviewed, keys: Sequence[str], on_event: OnEvent, stop_requested: Callable[[], bool]
    ) -> tuple[Outcome, ...]:
        self.calls.append(("deploy", tuple(keys)))
        self.stop_requested = stop_requested
        for event in self.events:
            on_event(event)
        await self.deploy_gate.wait()
        return self.outcomes or tuple(Outcome(key, key, OutcomeState.DEPLOYED, seconds=0.4) for key in keys)

    async def history(self, opened: Opened) -> tuple[PastWrite, ...]:
        self.calls.append(("history", None))
        return self.past

    async def plan_rollback(
        self, opened: Opened, key: str, to: str | None, allow: frozenset[str], on_event: OnEvent
    ) -> Reviewed:
        self.calls.append(("plan_rollback", (key, to, allow)))
        await self.gate.wait()
        if self.rollback_error is not None:
            raise self.rollback_error
        plan = decided(Plan("dev", DEV.domain, (self.going_back,)), Choices(allow=allow))
        return Reviewed(None, plan, verb="rollback")

    def listen(self, on_event: OnEvent) -> None:
        self.tell = on_event

    async def write_new(self, file: str, text: str) -> None:
        self.calls.append(("write_new", (file, text)))
        if self.export_error is not None:
            raise self.export_error

    async def secrets(self, opened: Opened) -> SecretTable:
        self.calls.append(("secrets", None))
        return SecretTable(self.secret_rows, tuple(one.name for one in self.tenants), self.no_store)

    async def set_secret(self, opened: Opened, tenant: str, name: str, value: Sensitive) -> StoredSecret:
        self.calls.append(("set_secret", (tenant, name)))
        if self.secret_error is not None:
            raise self.secret_error
        self.stored[tenant, name] = value
        return StoredSecret(name, tenant, False, ())

    async def delete_secret(self, opened: Opened, tenant: str, name: str) -> None:
        self.calls.append(("delete_secret", (tenant, name)))

    async def templates(self) -> Catalogue:
        return read_catalogue((shipped_folder(),))

    async def plan_addition(self, name: str, template: Template, answers: Mapping[str, str]) -> Addition:
        self.calls.append(("plan_addition", (name, dict(answers))))
        raise self.addition_error

    async def write_addition(self, addition: Addition, *, overwrite: bool) -> None:
        raise self.addition_error

    async def open_scripts(self, opened: Opened, key: str) -> ScriptSet:
        self.calls.append(("open_scripts", key))
        kinds = ("login", "get_user", "verify")
        every = [
            ScriptFile(kind, f"scripts/{key}/{kind}.js", Path(f"/{kind}.js"), self.disk.get(kind)) for kind in kinds
        ]
        return ScriptSet(
            key,
            tuple(one for one in every if one.data is not None),
            tuple(one for one in every if one.data is None),
            (("import_mode", "false"), ("configuration.PG_URL", "{secret: pg_url}")),
        )

    async def moved_scripts(self, scripts: ScriptSet) -> tuple[ScriptFile, ...]:
        every = [replace(one, data=self.disk.get(one.kind)) for one in (*scripts.files, *scripts.missing)]
        return tuple(one for one in every if one != scripts.file(one.kind))

    async def write_script(self, scripts: ScriptSet, file: ScriptFile, text: str) -> ScriptFile:
        self.calls.append(("write_script", file.file))
        if self.disk.get(file.kind) != file.data:
            raise RefusedError(f"{file.file} changed on the disk since it was opened; it was not written")
        self.disk[file.kind] = text.encode()
        return replace(file, data=text.encode())

    async def lint_texts(self, scripts: ScriptSet, texts: Mapping[str, str]) -> Mapping[str, tuple[Problem, ...]]:
        self.calls.append(("lint_texts", tuple(texts)))
        await self.lint_gate.wait()
        return {kind: tuple(find_marks(f"scripts/{scripts.key}/{kind}.js", text)) for kind, text in texts.items()}

    async def fix_text(self, scripts: ScriptSet, kind: str, text: str) -> tuple[str, tuple[str, ...]]:
        self.calls.append(("fix_text", kind))
        return text.replace("BAD", "GOOD"), ("no-such-word",)

    async def keep_texts(self, scripts: ScriptSet, texts: Mapping[str, str]) -> None:
        self.calls.append(("keep_texts", dict(texts)))
        self.kept = dict(texts)

    async def kept_texts(self, scripts: ScriptSet) -> tuple[Recovered, ...]:
        return tuple(Recovered(kind, f"scripts/{kind}.js", text, NOW - 180) for kind, text in self.kept.items())

    def forget_texts(self, scripts: ScriptSet) -> None:
        self.kept = {}

    async def template_texts(self, key: str) -> tuple[str, Mapping[str, str]]:
        if not self.template:
            raise UsageError("it has no template")
        return self.template, {"verify": "function verify(email, callback) {\n  callback(null, true);\n}\n"}

    async def plan_refill(self, key: str) -> Refill:
        raise UsageError("dbconn.yaml does not say which template it was made from", "`dbconn add` remembers it.")

    async def write_refill(self, refill: Refill) -> None:
        raise UsageError("nothing was written")

    def editor_command(self, file: ScriptFile) -> list[str]:
        raise UsageError("no editor is set", "Set VISUAL or EDITOR, for example EDITOR=nano.")

    async def close(self) -> None:
        self.calls.append(("close", None))
