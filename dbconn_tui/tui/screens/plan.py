"""PlanScreen: what a deploy would do, the list left and the difference right (below it when narrow)."""

from __future__ import annotations

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from dbconn_tui.deploy.values import ConnectionState
from dbconn_tui.tui.actions import bindings
from dbconn_tui.tui.decisions import (
    give_up_keys,
    holding_brakes,
    keep_mine,
    kept_items,
    lift_brakes,
    undecide,
    undecided_items,
    unknown_keys,
)
from dbconn_tui.tui.plan_lines import (
    LEAST_CONTEXT,
    PlanEntry,
    brake_lines,
    entry_lines,
    entry_title,
    give_up_lines,
    plan_entries,
)
from dbconn_tui.tui.port import Failure, Reviewed
from dbconn_tui.tui.screens.ask import AskScreen
from dbconn_tui.tui.screens.frame import FrameScreen
from dbconn_tui.tui.state import AppState
from dbconn_tui.tui.widgets.context_bar import ContextBar
from dbconn_tui.tui.widgets.entry_list import EntryList
from dbconn_tui.tui.widgets.key_bar import KeyBar
from dbconn_tui.tui.widgets.line_view import Line, LineView, plain_text
from dbconn_tui.tui.widgets.notice import Notice
from dbconn_tui.tui.widgets.status_line import StatusLine
from dbconn_tui.tui.wording import plan_summary

MOST_CONTEXT = 300
MOST_NAME = 22
"""Cells: longer names push their words to the right."""


def _name_width(entry: PlanEntry) -> int:
    """Cells that the name column must have for it; an option's long path may push its words to the right."""
    if entry.change is None:
        return len(entry.name)
    return len(entry.name) + 2 if entry.change.item.startswith("script:") else 0


class PlanScreen(FrameScreen):
    """Shows the plan of the last reading, or with `rollback` that of going back; deploys only one just made."""

    PLACE = "plan"
    BINDINGS = bindings("plan")

    def __init__(self, key: str = "", *, rollback: bool = False) -> None:
        super().__init__()
        self._wanted = key
        self._rollback = rollback
        self._entries: tuple[PlanEntry, ...] = ()
        self._around = 3

    def compose(self) -> ComposeResult:
        """The frame and its parts."""
        yield ContextBar("Rollback" if self._rollback else "Plan")
        yield Notice(id="notice")
        with Container(id="plan-body", classes="two-panes"):
            yield EntryList(id="plan-list", classes="pane-list")
            yield LineView(id="plan-text")
        yield StatusLine(id="summary")
        yield KeyBar()

    def on_mount(self) -> None:
        """The list has the focus."""
        super().on_mount()
        self.query_one(EntryList).focus()

    def repaint(self) -> None:
        """The list in the colours of the theme."""
        self._fill()

    def show(self, state: AppState) -> None:
        """Show the plan of this state, or what is missing for one."""
        failure = state.project_failure or state.tenant_failure
        doubt = Failure("Decide anew", state.doubt) if state.doubt else None
        self.query_one(Notice).show_failure(failure or doubt, error=failure is not None)
        reviewed = self._reviewed(state)
        skipped = frozenset[str]() if self._rollback else state.skipped
        entries = plan_entries(reviewed.plan, skipped, None if self._rollback else state.choices) if reviewed else ()
        if entries != self._entries:
            self._entries = entries
            self._fill()
        if not entries:
            under_way = state.reading or state.opening or state.rollback is not None
            words = "" if failure else "Reading …" if under_way else "The files name no connection."
            self.query_one(LineView).show_lines([Line(words, "muted")])
        self.query_one(EntryList).border_title = "Changes"
        self._show_summary(state)

    def _reviewed(self, state: AppState) -> Reviewed | None:
        if self._rollback:
            return state.rollback.reviewed if state.rollback else None
        return state.reviewed

    @property
    def _deployable(self) -> bool:
        return self.dbconn.can_roll_back_now if self._rollback else self.dbconn.can_deploy

    def tick(self, state: AppState) -> None:
        """The plan's age."""
        self._show_summary(state)

    def _show_summary(self, state: AppState) -> None:
        reviewed = self._reviewed(state)
        if reviewed is None:
            self.query_one(StatusLine).show_parts([])
            return
        skipped = 0 if self._rollback else len(state.skipped)
        self.query_one(StatusLine).show_parts(
            [
                plan_summary(reviewed.plan),
                f"○ {skipped} skipped" if skipped else "",
                *reviewed.plan.notes[:1],
            ]
        )

    def _fill(self) -> None:
        """Fill the list; the cursor stays on its entry, at first it is on what wants attention."""
        options = self.query_one(EntryList)
        current = options.highlighted_option.id if options.highlighted_option else None
        names = max((_name_width(entry) for entry in self._entries), default=0)
        options.clear_options()
        options.add_options([Option(self._prompt(entry, names), id=entry.id) for entry in self._entries])
        ids = [entry.id for entry in self._entries]
        if current in ids:
            options.highlighted = ids.index(current)
        elif self._entries:
            options.highlighted = self._first_interesting()
        self._show_entry()

    def _first_interesting(self) -> int:
        for index, entry in enumerate(self._entries):
            if entry.plan.key == self._wanted:
                return index
        for index, entry in enumerate(self._entries):
            if entry.plan.blocked:
                return index
        for index, entry in enumerate(self._entries):
            if entry.plan.writes:
                return index
        return 0

    def _prompt(self, entry: PlanEntry, names: int) -> Text:
        look = self.query_one("#plan-text", LineView).look(entry.look, partial=True)
        indent = "  " if entry.change else ""
        text = Text(no_wrap=True, overflow="ellipsis")
        text.append(f"{indent}{entry.symbol} ", look)
        text.append(f"{entry.name:<{min(names, MOST_NAME) - len(indent)}}", "bold" if entry.change is None else "")
        text.append(f"  {entry.words}", look)
        return text

    @property
    def entry(self) -> PlanEntry | None:
        """The entry under the cursor."""
        index = self.query_one(EntryList).highlighted
        return self._entries[index] if index is not None and index < len(self._entries) else None

    @on(OptionList.OptionHighlighted)
    def _show_entry(self) -> None:
        self._draw(keep_place=False)

    def _draw(self, *, keep_place: bool) -> None:
        entry = self.entry
        if entry is None:
            return
        view = self.query_one("#plan-text", LineView)
        view.border_title = Text(entry_title(entry))
        lines = entry_lines(entry, context=self._around)
        if lines != view.lines:
            view.show_lines(lines, keep_place=keep_place)

    @on(OptionList.OptionSelected)
    def _read_text(self) -> None:
        self.query_one("#plan-text", LineView).focus()

    def action_deploy(self) -> None:
        """Deploy what is not skipped, or roll back."""
        if self._rollback:
            self.dbconn.begin_rollback()
        else:
            self.dbconn.begin_deploy()

    def action_skip(self) -> None:
        """Leave the connection of the entry out, or take it in again."""
        if self.entry is not None and self.entry.plan.state is not ConnectionState.ONLY_ON_TENANT:
            self.dbconn.skip(self.dbconn.state.skipped ^ {self.entry.plan.key})

    def action_skip_blocked(self) -> None:
        """Leave out all that is blocked; when that is so already, take everything in."""
        blocked = frozenset(entry.plan.key for entry in self._entries if entry.plan.blocked)
        self.dbconn.skip(frozenset() if blocked <= self.dbconn.state.skipped else blocked)

    def action_mine(self) -> None:
        """Keep the files' side of the entry's undecided items, or take that back."""
        entry = self.entry
        if entry is None:
            return
        one, choices = entry.plan, self.dbconn.state.choices
        undecided, kept = undecided_items(one, entry.change), kept_items(one, entry.change, choices)
        if undecided:
            self.dbconn.choose(keep_mine(choices, one.key, undecided))
        elif kept:
            self.dbconn.choose(undecide(choices, one.key, kept))

    def action_theirs(self) -> None:
        """Take the tenant's side of the entry's undecided items into the files."""
        entry = self.entry
        if entry is not None:
            items = (
                *undecided_items(entry.plan, entry.change),
                *kept_items(entry.plan, entry.change, self.dbconn.state.choices),
            )
            self.dbconn.plan_taking(tuple(f"{entry.plan.key}/{item}" for item in items))

    def action_lift(self) -> None:
        """Show what the entry's brakes are there for, then lift them."""
        entry = self.entry
        if entry is None:
            return
        one, brakes = entry.plan, holding_brakes(entry.plan, entry.change)

        def lift(yes: bool | None) -> None:
            if yes and self._rollback:
                self.dbconn.allow_rollback(frozenset(f"{brake.brake}:{one.key}" for brake in brakes))
            elif yes:
                self.dbconn.choose(lift_brakes(self.dbconn.state.choices, one.key, brakes))

        self.app.push_screen(AskScreen(f"Lift for {one.key}?", brake_lines(brakes), "Lift", danger=True), lift)

    def action_give_up(self) -> None:
        """Give up configuration keys that only the tenant has, after asking."""
        entry = self.entry
        if entry is None:
            return
        one, names = entry.plan, unknown_keys(entry.plan, entry.change)

        def give_up(yes: bool | None) -> None:
            if yes:
                self.dbconn.choose(give_up_keys(self.dbconn.state.choices, one.key, names))

        title = f"Give up on {one.key}?"
        self.app.push_screen(AskScreen(title, give_up_lines(one.key, names), "Give up", danger=True), give_up)

    def action_next_change(self, step: int) -> None:
        """Go to the next entry that is written or refused, in the direction of `step`."""
        options = self.query_one(EntryList)
        index = (options.highlighted if options.highlighted is not None else -1) + step
        while 0 <= index < len(self._entries):
            change = self._entries[index].change
            if change is not None and (change.state.writes or change.state.refuses):
                options.highlighted = index
                return
            index += step

    def action_context(self, step: int) -> None:
        """More or fewer unchanged lines."""
        self._around = max(LEAST_CONTEXT, min(MOST_CONTEXT, self._around + step))
        self._draw(keep_place=True)

    def action_enlarge(self) -> None:
        """The difference takes the whole screen, or gives it back."""
        self.toggle_class("-enlarged")
        target = self.query_one("#plan-text", LineView) if self.has_class("-enlarged") else self.query_one(EntryList)
        target.focus()

    def action_copy(self) -> None:
        """Copy the text on the right."""
        view = self.query_one("#plan-text", LineView)
        self.dbconn.copy(plain_text(view.lines), "text")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a plan that was just made can be deployed or decided on, and only where there is something to decide."""
        if action == "deploy":
            return True if self._deployable else None
        if action in ("skip", "skip_blocked") and self._rollback:
            return False
        if action in ("mine", "theirs", "lift", "give_up"):
            return True if self._deployable and self._decidable(action) else None
        return True

    def _decidable(self, action: str) -> bool:
        entry = self.entry
        if entry is None:
            return False
        one, change = entry.plan, entry.change
        if action == "lift":
            return bool(holding_brakes(one, change))
        if self._rollback:
            return False
        if action == "give_up":
            return bool(unknown_keys(one, change))
        return bool(undecided_items(one, change) or kept_items(one, change, self.dbconn.state.choices))
