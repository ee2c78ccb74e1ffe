"""ScriptBackend: the half of the Backend that needs no tenant: scripts read, linted, written, run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dbconn_tui.errors import UsageError
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tui.background import Background

if TYPE_CHECKING:
    from dbconn_tui.lint.checklist import Item
    from dbconn_tui.problems import Problem
    from dbconn_tui.project.cases import Case
    from dbconn_tui.project.settings import SettingPlan
    from dbconn_tui.tasks.connection_tests import BoardStep, ConnectionTest
    from dbconn_tui.tasks.doctor import Diagnosis
    from dbconn_tui.tasks.refill import Refill
    from dbconn_tui.tasks.try_script import Trial
    from dbconn_tui.tui.port import Opened
    from dbconn_tui.tui.recovery import Recovered
    from dbconn_tui.tui.runs import RunSetup, TestRequest, TryRequest
    from dbconn_tui.tui.script_files import ScriptFile, ScriptSet
    from dbconn_tui.tui.setting_sheet import SettingSheet


class ScriptBackend:
    """Works in a background thread of its own; `config` names the project, else it is found from `outside.folder`."""

    def __init__(self, outside: Outside, config: Path | None = None) -> None:
        self._outside = outside
        self._config = config
        self._background = Background()

    async def open_scripts(self, opened: Opened, key: str) -> ScriptSet:
        """The scripts of a connection. Raises ProjectError."""
        from dbconn_tui.tui.script_files import open_scripts

        return await self._background.call(open_scripts, opened.handle, key)

    async def moved_scripts(self, scripts: ScriptSet) -> tuple[ScriptFile, ...]:
        """Those that changed on the disk. Raises ProjectError."""
        from dbconn_tui.tui.script_files import moved

        return await self._background.call(moved, scripts)

    async def write_script(self, scripts: ScriptSet, file: ScriptFile, text: str) -> ScriptFile:
        """Write a script. Raises RefusedError, ProjectError."""
        from dbconn_tui.tui.script_files import write_script

        return await self._background.call(write_script, scripts, file, text)

    async def lint_texts(self, scripts: ScriptSet, texts: Mapping[str, str]) -> Mapping[str, tuple[Problem, ...]]:
        """Lint the connection with these texts."""
        from dbconn_tui.tui.script_files import lint_texts

        return await self._background.call(lint_texts, scripts, texts)

    async def fix_text(self, scripts: ScriptSet, kind: str, text: str) -> tuple[str, tuple[str, ...]]:
        """The text with lint's safe fixes."""
        from dbconn_tui.tui.script_files import fix_text

        return await self._background.call(fix_text, scripts, kind, text)

    async def keep_texts(self, scripts: ScriptSet, texts: Mapping[str, str]) -> None:
        """Into the state folder."""
        from dbconn_tui.tui.recovery import keep_texts

        await self._background.call(keep_texts, self._outside.state_folder, scripts, texts, self._outside.wall_clock())

    async def kept_texts(self, scripts: ScriptSet) -> tuple[Recovered, ...]:
        """From the state folder."""
        from dbconn_tui.tui.recovery import find_texts

        return await self._background.call(find_texts, self._outside.state_folder, scripts)

    def forget_texts(self, scripts: ScriptSet) -> None:
        """Out of the state folder."""
        from dbconn_tui.tui.recovery import keep_texts

        keep_texts(self._outside.state_folder, scripts, {}, 0.0)

    async def template_texts(self, key: str) -> tuple[str, Mapping[str, str]]:
        """From the template that dbconn.yaml names. Raises UsageError where it names none."""
        from dbconn_tui.tui.filling import template_texts

        return await self._background.call(template_texts, self._outside, self._config, key)

    async def plan_refill(self, key: str) -> Refill:
        """Against the files as they are now. Raises UsageError, ProjectError."""
        from dbconn_tui.tui.filling import plan_refill_of

        return await self._background.call(plan_refill_of, self._outside, self._config, key)

    async def write_refill(self, refill: Refill) -> None:
        """Write it. Raises UsageError, ProjectError."""
        from dbconn_tui.tasks.refill import write_refill

        await self._background.call(write_refill, refill)

    def editor_command(self, file: ScriptFile) -> list[str]:
        """From VISUAL or EDITOR. Raises UsageError."""
        from dbconn_tui.tui.script_files import editor_command

        return editor_command(self._outside.environment, file)

    async def diagnose(self, tenant: str | None) -> Diagnosis:
        """What `dbconn doctor` finds."""
        from dbconn_tui.tasks.doctor import diagnose

        return await self._background.run(diagnose(self._outside, config=self._config, tenant=tenant))

    async def checklist(self, opened: Opened, keys: Sequence[str]) -> tuple[Item, ...]:
        """The items of `dbconn lint --checklist`."""
        from dbconn_tui.lint.checklist import checklist

        chosen = [one for one in opened.handle.connections if not keys or one.key in keys]
        return await self._background.call(checklist, chosen)

    async def write_new(self, file: str, text: str) -> None:
        """Write a file that only its owner can read. Raises UsageError when it is there, ProjectError."""
        await self._background.call(_write_new, self._outside.folder / file, text)

    async def read_settings(self, key: str, tenant: str) -> SettingSheet:
        """A connection's settings. Raises ProjectError."""
        from dbconn_tui.tui.setting_sheet import read_sheet

        return await self._background.call(read_sheet, self._outside, self._config, key, tenant)

    async def plan_setting(self, sheet: SettingSheet, layer: str, path: tuple[str, ...], value: Any) -> SettingPlan:
        """What a change would do; writes nothing."""
        return await self._background.call(sheet.plan, layer, path, value)

    async def write_setting(self, sheet: SettingSheet, plan: SettingPlan) -> None:
        """Write a change. Raises RefusedError, ProjectError."""
        await self._background.call(sheet.write, plan)

    async def run_setup(self, opened: Opened, keys: Sequence[str]) -> RunSetup:
        """What can be run of these connections."""
        from dbconn_tui.tui.runs import run_setup

        return await self._background.call(run_setup, opened.handle.project, keys, opened.tenant)

    async def try_script(self, request: TryRequest) -> Trial:
        """Run one script. Raises UsageError, UnresolvedValueError, NodeError, ProjectError, RefusedError."""
        from dbconn_tui.tui.runs import try_text

        return await self._background.run(try_text(self._outside, self._config, request))

    async def cases(self, key: str) -> tuple[tuple[Case, ...], tuple[Problem, ...]]:
        """From the files as they are now. Raises ProjectError."""
        from dbconn_tui.tui.saved_cases import cases_of

        return await self._background.call(cases_of, self._outside, self._config, key)

    async def save_case(self, key: str, name: str, entry: Mapping[str, Any]) -> str:
        """Into tests/KEY. Raises RefusedError, ProjectError."""
        from dbconn_tui.tui.saved_cases import save_case

        return await self._background.call(save_case, self._outside, self._config, key, name, entry)

    async def play_tests(
        self, request: TestRequest, on_board: Callable[[BoardStep], None], stop_requested: Callable[[], bool]
    ) -> tuple[ConnectionTest, ...]:
        """Play the life cycle. Raises as `try_script`."""
        from dbconn_tui.tui.runs import play_tests

        work = play_tests(self._outside, self._config, request, on_board, stop_requested)
        return await self._background.run(work)


def _write_new(path: Path, text: str) -> None:
    from dbconn_tui.project.write import write_file

    if path.exists():
        raise UsageError(f"{path} is there already; nothing was written", "Choose another name.")
    write_file(path, text.encode(), 0o600)
