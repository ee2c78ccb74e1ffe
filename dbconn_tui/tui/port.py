"""Backend: the port through which the app reaches projects and tenants, and the frozen values that cross it.

Screens see only these values; `backend.py` is the real one, tests may script their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from dbconn_tui.errors import DbconnError, LintError, ProjectError
from dbconn_tui.problems import Problem

if TYPE_CHECKING:
    from dbconn_tui.deploy.plan import Choices
    from dbconn_tui.deploy.values import Outcome, Plan
    from dbconn_tui.events import OnEvent
    from dbconn_tui.lint.checklist import Item
    from dbconn_tui.project.cases import Case
    from dbconn_tui.project.settings import SettingPlan
    from dbconn_tui.project.values import Tenant
    from dbconn_tui.scaffold.catalogue import Catalogue
    from dbconn_tui.scaffold.template import Template
    from dbconn_tui.sensitive import Sensitive
    from dbconn_tui.tasks.add import Addition
    from dbconn_tui.tasks.connection_tests import BoardStep, ConnectionTest
    from dbconn_tui.tasks.doctor import Diagnosis
    from dbconn_tui.tasks.keymap import KeymapFile
    from dbconn_tui.tasks.login import Access
    from dbconn_tui.tasks.refill import Refill
    from dbconn_tui.tasks.secrets import StoredSecret
    from dbconn_tui.tasks.status import Status
    from dbconn_tui.tasks.try_script import Trial
    from dbconn_tui.tasks.watch import Look
    from dbconn_tui.tui.past import PastWrite
    from dbconn_tui.tui.recovery import Recovered
    from dbconn_tui.tui.runs import RunSetup, TestRequest, TryRequest
    from dbconn_tui.tui.script_files import ScriptFile, ScriptSet
    from dbconn_tui.tui.secret_table import SecretTable
    from dbconn_tui.tui.setting_sheet import SettingSheet


NO_ANSWER: Final = frozenset({"unreachable", "rate-limited", "answer-lost"})
"""Codes of failures that mean: the tenant did not answer."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure as people read it: `title` in a few words, what happened, what to do next."""

    title: str
    message: str
    hint: str = ""
    problems: tuple[Problem, ...] = ()
    code: str = ""

    @property
    def text(self) -> str:
        """Everything as plain text, for the clipboard."""
        lines = [self.message, *(f"  {problem}" for problem in self.problems), self.hint]
        return "\n".join(line for line in lines if line)


def describe_failure(error: DbconnError, title: str) -> Failure:
    """A DbconnError as a Failure, with the problems that it carries."""
    problems = error.problems if isinstance(error, (ProjectError, LintError)) else ()
    return Failure(title, error.message, error.hint, problems, error.code)


def offer_skipping(failure: Failure) -> Failure:
    """A refusal that only some connections cause, with the way round it."""
    if failure.code not in ("refused", "lint", "unresolved-value"):
        return failure
    way_out = "Or skip that connection with space; a skips all that are blocked."
    return replace(failure, hint=f"{failure.hint} {way_out}".strip())


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A project read from its files, seen for one tenant.

    `tenant` is None when none was chosen: `tenants` then says among which, and `reason` why. A tenant
    without a domain stands for "no tenant set up". `status` is of the files and the last reading.
    `look` is how the files were when they were read; `handle` is the backend's own.
    """

    file: str
    tenants: tuple[Tenant, ...]
    tenant: Tenant | None
    status: Status | None = None
    look: Look | None = None
    reason: str = ""
    problems: tuple[Problem, ...] = ()
    handle: Any = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Reviewed:
    """A reading of the tenant and the plan made from it, to be carried out exactly as shown."""

    status: Status | None
    plan: Plan
    problems: tuple[Problem, ...] = ()
    verb: str = "deploy"
    """"deploy" or "rollback"; a rollback's plan is of one connection and says nothing of the status."""
    handle: Any = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class FileDifference:
    """One file that would be written: its path for people, and both sides as texts that may be shown."""

    file: str
    before: str = field(repr=False)
    after: str = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Taking:
    """What taking the tenant's side into the files would write.

    `lost` are files with content that git could not bring back. `left` says what cannot be taken, and why.
    `paste` are lines for dbconn.yaml where dbconn does not edit it by itself.
    """

    files: tuple[FileDifference, ...]
    lost: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    paste: str = ""
    handle: Any = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A tenant whose credentials were tried and kept; `paste` are lines for dbconn.yaml where it was not edited."""

    tenant: Tenant
    access: Access
    paste: str = ""


class Backend(Protocol):
    """What the app asks for. Every method may raise DbconnError; none touches the screen."""

    def now(self) -> float:
        """Seconds since 1970."""

    def listen(self, on_event: OnEvent) -> None:
        """Tell every event of all work from now on, from any thread."""

    async def keymap(self) -> KeymapFile:
        """The user's own keys."""

    def new_project_folder(self) -> str:
        """Where `make_project` makes one."""

    async def make_project(self) -> tuple[str, ...]:
        """Make a project where there is none; the files that were written."""

    async def plan_import(self, path: str) -> Taking:
        """What importing an export of auth0-deploy-cli would write; writes nothing."""

    async def log_in(self, name: str, domain: str, client_id: str, secret: Sensitive) -> LoggedIn:
        """Try a tenant's credentials and keep them."""

    async def check_access(self, opened: Opened, name: str) -> Access:
        """What a tenant's credentials allow."""

    async def set_read_only(self, name: str, read_only: bool) -> str:
        """Lock a tenant against writes, or unlock it; lines to change by hand where that was not done."""

    async def open(self, tenant: str | None) -> Opened:
        """The project from its files, without a request. Raises ProjectError."""

    async def look(self, opened: Opened) -> Look | None:
        """How the files of an opened project are now; None where it holds none."""

    async def read(self, opened: Opened, choices: Choices | None, on_event: OnEvent) -> Reviewed:
        """Read the tenant and plan every connection with what was decided."""

    async def plan_taking(self, opened: Opened, names: Sequence[str], on_event: OnEvent) -> Taking:
        """What taking these `CONNECTION/ITEM` from the tenant into the files would write; writes nothing."""

    async def take(self, taking: Taking) -> None:
        """Write it."""

    async def history(self, opened: Opened) -> tuple[PastWrite, ...]:
        """What was written to the tenant from this machine, newest first."""

    async def plan_rollback(
        self, opened: Opened, key: str, to: str | None, allow: frozenset[str], on_event: OnEvent
    ) -> Reviewed:
        """The plan that takes a connection to a write of the history, None = to before the last one."""

    async def check(self, reviewed: Reviewed, keys: Sequence[str]) -> None:
        """Raise what stands in the way of deploying these connections."""

    async def deploy(
        self, reviewed: Reviewed, keys: Sequence[str], on_event: OnEvent, stop_requested: Callable[[], bool]
    ) -> tuple[Outcome, ...]:
        """Carry out the plan of these connections. `on_event` may be called from another thread."""

    async def secrets(self, opened: Opened) -> SecretTable:
        """Which values the project needs on each tenant, and whether they are here."""

    async def set_secret(self, opened: Opened, tenant: str, name: str, value: Sensitive) -> StoredSecret:
        """Store a value on this machine."""

    async def delete_secret(self, opened: Opened, tenant: str, name: str) -> None:
        """Take a stored value away."""

    async def templates(self) -> Catalogue:
        """The templates at hand."""

    async def plan_addition(self, name: str, template: Template, answers: Mapping[str, str]) -> Addition:
        """What adding a connection from a template would write."""

    async def write_addition(self, addition: Addition, *, overwrite: bool) -> None:
        """Write it."""

    async def open_scripts(self, opened: Opened, key: str) -> ScriptSet:
        """The scripts of a connection as they are on the disk."""

    async def moved_scripts(self, scripts: ScriptSet) -> tuple[ScriptFile, ...]:
        """Those that hold something else on the disk by now."""

    async def write_script(self, scripts: ScriptSet, file: ScriptFile, text: str) -> ScriptFile:
        """Write a script unless its file changed; the file as it is then."""

    async def lint_texts(self, scripts: ScriptSet, texts: Mapping[str, str]) -> Mapping[str, tuple[Problem, ...]]:
        """Kind → problems, of the connection with these texts."""

    async def fix_text(self, scripts: ScriptSet, kind: str, text: str) -> tuple[str, tuple[str, ...]]:
        """A script's text with what lint mends safely, and the rules that it mended."""

    async def keep_texts(self, scripts: ScriptSet, texts: Mapping[str, str]) -> None:
        """Keep unsaved texts by kind for the next start, and drop what was kept of the other scripts."""

    async def kept_texts(self, scripts: ScriptSet) -> tuple[Recovered, ...]:
        """What an earlier run kept and nobody saved."""

    def forget_texts(self, scripts: ScriptSet) -> None:
        """Drop what is kept; at once, as the app may be about to end."""

    async def template_texts(self, key: str) -> tuple[str, Mapping[str, str]]:
        """The name of a connection's template, and its scripts' texts by kind."""

    async def plan_refill(self, key: str) -> Refill:
        """What filling a connection's template again would do."""

    async def write_refill(self, refill: Refill) -> None:
        """Write it."""

    def editor_command(self, file: ScriptFile) -> list[str]:
        """The command that opens a file in the user's own editor."""

    async def diagnose(self, tenant: str | None) -> Diagnosis:
        """Check this machine, the project and a tenant; writes nothing."""

    async def checklist(self, opened: Opened, keys: Sequence[str]) -> tuple[Item, ...]:
        """What no file shows of these connections, all when empty."""

    async def write_new(self, file: str, text: str) -> None:
        """Write a new file; a relative name counts from the current folder."""

    async def read_settings(self, key: str, tenant: str) -> SettingSheet:
        """Every setting of a connection, as the files say them now."""

    async def plan_setting(self, sheet: SettingSheet, layer: str, path: tuple[str, ...], value: Any) -> SettingPlan:
        """What a change of dbconn.yaml would do; `value` may be REMOVED."""

    async def write_setting(self, sheet: SettingSheet, plan: SettingPlan) -> None:
        """Write it unless the file changed."""

    async def run_setup(self, opened: Opened, keys: Sequence[str]) -> RunSetup:
        """Which scripts of these connections can be run, and with whose values."""

    async def try_script(self, request: TryRequest) -> Trial:
        """Run one script on this machine; cancelling ends its process."""

    async def cases(self, key: str) -> tuple[tuple[Case, ...], tuple[Problem, ...]]:
        """The saved cases of a connection, and what is wrong with their files."""

    async def save_case(self, key: str, name: str, entry: Mapping[str, Any]) -> str:
        """Save a case; the name of the file that it is in."""

    async def play_tests(
        self, request: TestRequest, on_board: Callable[[BoardStep], None], stop_requested: Callable[[], bool]
    ) -> tuple[ConnectionTest, ...]:
        """Play the life cycle of connections. `on_board` may be called from another thread."""

    async def close(self) -> None:
        """Give back connections and threads."""
