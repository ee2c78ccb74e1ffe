"""DbconnApp: the screens and the ways between them; what it reads and writes is in reading.py and deploying.py.

Every screen but the first is imported where it is pushed: they and the rooms behind them would double the start.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.command import CommandPalette
from textual.screen import Screen

from dbconn_tui.tui import messages
from dbconn_tui.tui.access import AccessApp
from dbconn_tui.tui.actions import bindings
from dbconn_tui.tui.colours import readable_variables
from dbconn_tui.tui.go_to import PlaceProvider
from dbconn_tui.tui.keys import all_keys, keys_in_force
from dbconn_tui.tui.palette import ActionProvider
from dbconn_tui.tui.port import Failure
from dbconn_tui.tui.screens.frame import FrameScreen, is_at
from dbconn_tui.tui.screens.home import HomeScreen

if TYPE_CHECKING:
    from dbconn_tui.problems import Problem
    from dbconn_tui.tasks.outside import Outside


class DbconnApp(AccessApp):
    """The app over a Backend. `tenant` is the name asked for, None = as the project and environment say."""

    TITLE = "dbconn"
    CSS_PATH = Path(__file__).parent / "styles" / "app.tcss"
    COMMANDS = {ActionProvider}
    BINDINGS = bindings("everywhere")

    def get_css_variables(self) -> dict[str, str]:
        """The theme's colours, readable."""
        return readable_variables(super().get_css_variables(), dark=self.current_theme.dark)

    def get_default_screen(self) -> Screen[None]:
        """Home is always at the bottom."""
        return HomeScreen()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a deploy goes on, nothing else is read and no other tenant chosen; in an editor, r is a letter."""
        if action == "reread" and is_at(self.screen, "editor"):
            return False
        if action == "demo":
            return self.lacks_project
        return not (self.state.deploying and action in ("reread", "tenants", "home"))

    @property
    def reads_files_itself(self) -> bool:
        """An editor looks after its files by itself, and says what it wrote when it is left."""
        return any(is_at(screen, "editor") for screen in self.screen_stack)

    def action_jump(self) -> None:
        """Show a letter on everything that can be gone to, and go where one is pressed."""
        from dbconn_tui.tui.screens.jump import JumpScreen, jump_targets

        targets = jump_targets(self.screen)
        if targets:
            self.push_screen(JumpScreen(targets), lambda go: go() if go is not None else None)

    def action_go_to(self) -> None:
        """Find a connection or a script by its name."""
        self.push_screen(CommandPalette([PlaceProvider], placeholder="Connection or script …"))

    def go_to_script(self, key: str, kind: str) -> None:
        """To the scripts of a connection, from wherever it is."""
        from dbconn_tui.tui.screens.editor import EditorScreen

        self._go_from_home(lambda: self.push_screen(EditorScreen(key, kind)))

    def action_go(self, place: str) -> None:
        """To one of the main screens, from wherever it is."""
        ways: dict[str, Callable[[], object]] = {
            "scripts": self._edit_current,
            "plan": self.action_plan,
            "secrets": self.action_secrets,
            "history": self.action_history,
        }
        self._go_from_home(ways[place])

    def _edit_current(self) -> None:
        if isinstance(self.screen, HomeScreen):
            self.screen.action_edit()

    def _go_from_home(self, then: Callable[[], object]) -> None:
        """Leave everything for home, after a question where something would be lost, and go on from there."""

        def leave() -> None:
            self._leave_screens()
            then()

        if not self.state.deploying:
            self._when_sure(self.screen_stack, leave)

    def action_home(self) -> None:
        """Back to the table."""
        if not self.state.deploying:
            self._when_sure(self.screen_stack, self._leave_screens)

    def _leave_screens(self) -> None:
        while len(self.screen_stack) > 1:
            self._leave_screen()

    def _leave_screen(self) -> None:
        closed = self.screen
        if isinstance(closed, FrameScreen):
            closed.left()
        self.pop_screen()
        if is_at(closed, "plan"):
            self.state = replace(self.state, rollback=None)
        if isinstance(closed, FrameScreen) and closed.wrote:
            self.action_reread()

    def _when_sure(self, screens: Sequence[Screen[Any]], then: Callable[[], None]) -> None:
        """Go on at once, or after a question when something of these screens would be lost."""
        lost = [one for screen in screens if isinstance(screen, FrameScreen) for one in screen.loses]
        if not lost:
            then()
            return
        from dbconn_tui.tui.screens.ask import AskScreen
        from dbconn_tui.tui.widgets.line_view import Line

        lines = tuple(Line(one, "bad", "! ") for one in lost)
        screen = AskScreen("Leave now?", lines, "Leave", danger=True)
        self.push_screen(screen, lambda yes: then() if yes else None)

    def action_go_back(self) -> None:
        """One screen back; at home, everything is shown again. A deploy under way is not left."""
        if isinstance(self.screen, FrameScreen) and self.screen.closes_first():
            return
        if len(self.screen_stack) > 1 and not self.state.deploying:
            self._when_sure([self.screen], self._leave_screen)

    def action_edit(self, key: str) -> None:
        """To the scripts of a connection."""
        from dbconn_tui.tui.screens.editor import EditorScreen

        self.push_screen(EditorScreen(key))

    def action_new(self) -> None:
        """Choose a template for a new connection; where there is no project, make one first."""
        from dbconn_tui.tui.screens.templates import TemplatesScreen

        if self.lacks_project:
            self.action_make_project()
        if self.state.opened is not None and not self.state.deploying:
            self.push_screen(TemplatesScreen())

    def action_secrets(self) -> None:
        """Which values the project needs and where they are."""
        from dbconn_tui.tui.screens.secrets import SecretsScreen

        if self.state.opened is not None and self.state.opened.handle is not None:
            self.push_screen(SecretsScreen())

    def action_log(self) -> None:
        """Every request of this session."""
        from dbconn_tui.tui.screens.log import LogScreen

        if not is_at(self.screen, "log"):
            self.push_screen(LogScreen())

    def action_history(self, key: str = "") -> None:
        """What was written from this machine, of one connection or of all."""
        from dbconn_tui.tui.screens.history import HistoryScreen

        if self.state.opened is not None and self.state.opened.handle is not None:
            self.push_screen(HistoryScreen(key))

    def action_plan(self, key: str = "") -> None:
        """To the plan, at this connection."""
        from dbconn_tui.tui.screens.plan import PlanScreen

        self.push_screen(PlanScreen(key))

    def on_tenant_wanted(self, message: messages.TenantWanted) -> None:
        """Ask for a tenant."""
        self.action_tenants()

    def action_doctor(self) -> None:
        """What works here and what does not."""
        from dbconn_tui.tui.screens.doctor import DoctorScreen

        if not self.state.deploying and not is_at(self.screen, "doctor"):
            self.push_screen(DoctorScreen())

    def action_checklist(self, keys: Sequence[str] = ()) -> None:
        """What no file shows, of these connections or of all."""
        from dbconn_tui.tui.screens.checklist import ChecklistScreen

        opened = self.state.opened
        if opened is not None and opened.handle is not None and not is_at(self.screen, "checklist"):
            self.push_screen(ChecklistScreen(keys))

    def tick_item(self, rule: str) -> None:
        """Tick an item of the checklist off, or take the tick back."""
        self.state = replace(self.state, ticked=self.state.ticked ^ {rule})

    def show_problem(self, problem: Problem, keys: Sequence[str]) -> None:
        """To the script that a finding of one of these connections is in, at its line; else to the settings."""
        from dbconn_tui.tui.screens.editor import EditorScreen
        from dbconn_tui.tui.screens.settings import SettingsScreen

        key = problem.connection if problem.connection in keys else keys[0]
        place = problem.place
        if place.file.endswith(".js"):
            self.push_screen(EditorScreen(key, file=place.file, place=place))
        else:
            self.push_screen(SettingsScreen(key))

    def action_switch_tenant(self, name: str) -> None:
        """See the project for another tenant."""
        if not self.state.deploying:
            self._when_sure(self.screen_stack, lambda: self._switch_tenant(name))

    def _switch_tenant(self, name: str) -> None:
        self._wanted_tenant = name
        self._leave_screens()
        self.action_reread()

    def action_help(self) -> None:
        """The keys that work here."""
        from dbconn_tui.tui.screens.help import HelpScreen

        place = self.screen.PLACE if isinstance(self.screen, FrameScreen) else ""
        self.push_screen(HelpScreen(place, all_keys(self) | keys_in_force(self, self.screen)))

    def action_leave(self) -> None:
        """Quit, except in the middle of a write."""
        if self.state.deploying:
            words = "Leaving now would cut off a write."
            hint = "ctrl+c stops safely after this step; ctrl+q leaves then."
            self.show_failure(Failure("A deploy is under way", words, hint))
        else:
            self._when_sure(self.screen_stack, self._end)

    def _end(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, FrameScreen):
                screen.left()
        self.exit()


def run_app(
    outside: Outside,
    *,
    config: Path | None = None,
    tenant: str | None = None,
    on_wish: Callable[[str], int] | None = None,
) -> int:
    """Open the app on a project until the user leaves; the process's exit code. Raises nothing of DbconnError's.

    `on_wish` is called with what somebody left the app for (`access.DEMO`), and gives the exit code then.
    """
    from dbconn_tui.tui.backend import TaskBackend

    app = DbconnApp(TaskBackend(outside, config), tenant)
    wish = app.run()
    if wish is not None and on_wish is not None:
        return on_wish(wish)
    return app.return_code or 0
