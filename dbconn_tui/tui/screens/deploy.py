"""DeployScreen: a deploy as it goes on; every line stays after the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import ProgressBar

from dbconn_tui.tui.actions import bindings
from dbconn_tui.tui.progress import DeployProgress, LineState, as_text, summary
from dbconn_tui.tui.screens.frame import FrameScreen
from dbconn_tui.tui.state import AppState
from dbconn_tui.tui.widgets.context_bar import ContextBar
from dbconn_tui.tui.widgets.key_bar import KeyBar
from dbconn_tui.tui.widgets.line_view import Line, LineView
from dbconn_tui.tui.widgets.status_line import StatusLine
from dbconn_tui.tui.wording import plural

_LOOKS: Final = {
    LineState.DONE: "good",
    LineState.UNCHANGED: "muted",
    LineState.FAILED: "bad",
    LineState.WRITING: "caution",
    LineState.WAITING: "muted",
    LineState.NOT_DONE: "caution",
}


def deploy_lines(progress: DeployProgress, now: float) -> Iterator[Line]:
    """One line a connection with its seconds, hints below, then what goes on beside them, then the summary."""
    names = max((len(line.key) for line in progress.lines), default=0)
    for line in progress.lines:
        seconds = f"  {line.seconds:.1f} s" if line.seconds else ""
        words = line.message or line.state.value
        yield Line(f"{line.key:<{names}}  {words}{seconds}", _LOOKS.get(line.state, ""), f"{line.state.symbol} ")
        if line.hint:
            yield Line(line.hint, "", f"  {' ' * names}  → ")
    for note in progress.notes:
        yield Line(note, "", "i ")
    if progress.waiting:
        yield Line(f"{progress.step or 'waiting'}: {progress.waiting:.0f} s", "caution", "⏸ ")
    elif progress.step:
        yield Line(progress.step, "muted", "… ")
    if progress.stopping and progress.running:
        yield Line("stopping after this step", "caution", "■ ")
    if not progress.running:
        yield Line()
        yield Line(summary(progress, now), "good" if progress.succeeded else "bad")
        yield Line(_next_step(progress), "", "→ ")


def _next_step(progress: DeployProgress) -> str:
    if progress.succeeded:
        return "esc leaves. The tenant was read back and holds what was sent."
    undone = sum(line.state in (LineState.FAILED, LineState.NOT_DONE) for line in progress.lines)
    return (
        f"{plural(undone, 'connection')} not done. esc goes back to the plan, which is being read again; "
        "deploying once more does what is left."
    )


class DeployScreen(FrameScreen):
    """Shows the progress in the app's state; starts and stops nothing by itself."""

    PLACE = "deploy"
    BINDINGS = bindings("deploy")

    def __init__(self, title: str = "Deploy") -> None:
        super().__init__()
        self._crumbs = title

    def compose(self) -> ComposeResult:
        """The frame and its parts."""
        yield ContextBar(self._crumbs)
        with Vertical(id="deploy-body"):
            yield ProgressBar(id="deploy-bar", show_eta=False)
            yield LineView(id="deploy-lines")
        yield StatusLine(id="summary")
        yield KeyBar()

    def show(self, state: AppState) -> None:
        """Show the deploy of this state."""
        progress = state.deploy
        if progress is None:
            return
        now = self.dbconn.now()
        total = max(1, len(progress.lines))
        self.query_one(ProgressBar).update(total=total, progress=progress.settled if progress.lines else total)
        view = self.query_one(LineView)
        lines = tuple(deploy_lines(progress, now))
        if lines != view.lines:
            view.show_lines(lines, keep_place=True)
            running = next((i for i, line in enumerate(progress.lines) if line.state is LineState.WRITING), None)
            if running is not None:
                view.scroll_to(y=max(0, running - view.size.height // 2), animate=False)
            elif not progress.running:
                view.scroll_end(animate=False)

    def tick(self, state: AppState) -> None:
        """The seconds so far."""
        progress = state.deploy
        if progress is None:
            return
        words = summary(progress, self.dbconn.now())
        keys = "ctrl+c stops safely after this step" if progress.running else ""
        self.query_one(StatusLine).show_parts([words, keys])

    def action_stop(self) -> None:
        """Ask the deploy to stop after the write under way."""
        self.dbconn.stop_deploy()

    def action_copy(self) -> None:
        """Copy all lines."""
        progress = self.dbconn.state.deploy
        if progress is not None:
            self.dbconn.copy(as_text(progress, self.dbconn.now()), "lines")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing to stop after the end."""
        if action == "stop":
            return self.dbconn.state.deploying
        return True
