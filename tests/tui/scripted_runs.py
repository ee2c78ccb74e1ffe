"""The part of the scripted backend that runs scripts: it answers what a test says, when a test says so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dbconn_tui.errors import DbconnError, ExitCode
from dbconn_tui.lint.checklist import ITEMS, Item
from dbconn_tui.problems import Place, Problem, Severity
from dbconn_tui.project.cases import Case
from dbconn_tui.project.settings import SettingPlan
from dbconn_tui.project.values import Tenant
from dbconn_tui.runtime.checks import Check, State
from dbconn_tui.runtime.verdict import Answer, Contact, LogLine, Run, Verdict
from dbconn_tui.secret_store.memory_store import MemoryStore
from dbconn_tui.tasks.connection_tests import BoardStep, ConnectionTest, Durations
from dbconn_tui.tasks.doctor import Diagnosis, Finding, Mark
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.try_script import Trial
from dbconn_tui.tui.port import Opened
from dbconn_tui.tui.runs import RunSetup, TestRequest, TryRequest
from dbconn_tui.tui.setting_sheet import SettingSheet, read_sheet

TEXT = "function login(email, password, callback) {\n  callback(null, {});\n}\n"
FAULT = Problem(
    "profile-user-id-missing",
    Severity.ERROR,
    "the profile has no user_id",
    Place("scripts/partner-portal/login.js", 2, 3),
    "Give a stable one.",
)


def run(kind: str = "login", *, result: Any = None, problems: Sequence[Problem] = ()) -> Run:
    """A run that gave a profile, or (with problems) a bad one."""
    return Run(
        kind,
        Verdict.BAD_PROFILE if problems else Verdict.OK,
        Answer.PROFILE,
        tuple(problems),
        412.0,
        500.0,
        20.0,
        "22.3.0",
        result if result is not None else {"user_id": "u1", "email": "robin@example.com"},
        logs=(LogLine("warn", "slow store", 12.0, False, Place("login.js", 2, 3)),),
        contacts=(Contact("users.example.com", 443, True),),
    )


def check(name: str, state: State = State.PASSED, message: str = "", milliseconds: float = 5.0) -> Check:
    """A check of one run."""
    played = (Run("login", Verdict.OK, Answer.DONE, (), milliseconds, 9.0, 20.0, "22.3.0"),)
    return Check(name, state, message, (), () if state is State.SKIPPED else played)


CHECKS = (
    check("sign-up", milliseconds=40.0),
    check("login", State.FAILED, "login gave another user_id the second time"),
    check("verify", State.SKIPPED, "there is no script verify"),
)


@dataclass
class ScriptedRuns:
    """Runs scripts as told; `run_gate` holds a run back, `check_gate` each check of a test."""

    calls: list[tuple[str, object]] = field(default_factory=list)
    requests: list[TryRequest | TestRequest] = field(default_factory=list)
    kinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=lambda: [run()])
    run_error: DbconnError | None = None
    checks: tuple[Check, ...] = CHECKS
    run_gate: asyncio.Event = field(default_factory=asyncio.Event)
    check_gate: asyncio.Event = field(default_factory=asyncio.Event)

    saved: tuple[Case, ...] = ()
    case_problems: tuple[Problem, ...] = ()
    config: Path | None = None
    """The dbconn.yaml that the settings are of."""

    findings: tuple[Finding, ...] = (
        Finding("node", Mark.OK, "Node 22.3.0"),
        Finding("scopes", Mark.FAILED, "update:connections is missing", "Grant it in the dashboard.", ExitCode.REFUSED),
        Finding("clock", Mark.NOTE, "no time to compare with"),
    )

    def __post_init__(self) -> None:
        self.run_gate.set()
        self.check_gate.set()

    async def run_setup(self, opened: Opened, keys: Sequence[str]) -> RunSetup:
        tenants = {one.name: one for one in opened.tenants}
        chosen = opened.tenant or Tenant("local", "")
        kinds = {key: self.kinds.get(key, ("login", "get_user", "create", "change_email")) for key in keys}
        protected = frozenset(name for name, one in tenants.items() if one.protected)
        return RunSetup(kinds, ("local", *tenants), chosen.name, protected)

    async def try_script(self, request: TryRequest) -> Trial:
        self.calls.append(("try_script", request.kind))
        self.requests.append(request)
        await self.run_gate.wait()
        if self.run_error is not None:
            raise self.run_error
        made = self.runs.pop(0) if len(self.runs) > 1 else self.runs[0]
        different = "the answer is profile, not refused" if request.case == "is refused" else ""
        file = f"scripts/{request.key}/{request.kind}.js"
        return Trial(request.key, file, TEXT, made, difference=different)

    async def cases(self, key: str) -> tuple[tuple[Case, ...], tuple[Problem, ...]]:
        self.calls.append(("cases", key))
        return self.saved, self.case_problems

    async def save_case(self, key: str, name: str, entry: Mapping[str, Any]) -> str:
        self.calls.append(("save_case", (key, name, dict(entry))))
        if self.run_error is not None:
            raise self.run_error
        return f"tests/{key}/{entry['kind']}.yaml"

    async def play_tests(
        self, request: TestRequest, on_board: Callable[[BoardStep], None], stop_requested: Callable[[], bool]
    ) -> tuple[ConnectionTest, ...]:
        self.calls.append(("play_tests", request.keys))
        self.requests.append(request)
        if self.run_error is not None:
            raise self.run_error
        tests = []
        for key in request.keys:
            on_board(BoardStep(key, "", tuple(one.name for one in self.checks)))
            played = []
            for one in self.checks:
                await self.check_gate.wait()
                skipped = Check(one.name, State.SKIPPED, "stopped before it")
                played.append(skipped if stop_requested() else one)
                on_board(BoardStep(key, "", (), played[-1]))
            table = (Durations("login", 3, 12.0, 31.0),)
            tests.append(ConnectionTest(key, False, "", tuple(played), table, "22.3.0"))
        return tuple(tests)

    async def read_settings(self, key: str, tenant: str) -> SettingSheet:
        self.calls.append(("read_settings", (key, tenant)))
        assert self.config is not None
        folder = self.config.parent
        return read_sheet(Outside({}, folder, folder, folder / "state", MemoryStore()), self.config, key, tenant)

    async def plan_setting(self, sheet: SettingSheet, layer: str, path: tuple[str, ...], value: Any) -> SettingPlan:
        return sheet.plan(layer, path, value)

    async def write_setting(self, sheet: SettingSheet, plan: SettingPlan) -> None:
        self.calls.append(("write_setting", plan.possible))
        sheet.write(plan)

    async def diagnose(self, tenant: str | None) -> Diagnosis:
        self.calls.append(("diagnose", tenant))
        return Diagnosis(self.findings)

    async def checklist(self, opened: Opened, keys: Sequence[str]) -> tuple[Item, ...]:
        self.calls.append(("checklist", tuple(keys)))
        return ITEMS[:4]
