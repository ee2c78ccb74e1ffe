"""JumpScreen: a letter on everything on screen that a key can go to; two keys to anywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from textual.app import ComposeResult
from textual.events import Key
from textual.geometry import Offset
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from dbconn_tui.tui.widgets.script_tabs import ScriptTabs

LETTERS: Final = "asdfghjklqwertyuiopzxcvbnm"


@dataclass(frozen=True, slots=True)
class JumpTarget:
    """Something to go to: where its letter is drawn, and what going there does."""

    at: Offset
    go: Callable[[], object]


def jump_targets(screen: Screen[object]) -> tuple[JumpTarget, ...]:
    """What can be gone to on a screen: the tabs of scripts, then whatever takes the focus, in the order of tab."""
    tabs = [
        JumpTarget(Offset(bar.region.x + column, bar.region.y), go)
        for bar in screen.query(ScriptTabs)
        if bar.display
        for column, go in bar.jumps()
    ]
    focusable = [
        JumpTarget(widget.region.offset, widget.focus) for widget in screen.focus_chain if widget.region.area > 0
    ]
    return tuple([*tabs, *focusable][: len(LETTERS)])


class JumpScreen(ModalScreen[Callable[[], object] | None]):
    """Answers with what to do, None when another key was pressed."""

    def __init__(self, targets: Sequence[JumpTarget]) -> None:
        super().__init__()
        self._targets = dict(zip(LETTERS, targets, strict=False))

    def compose(self) -> ComposeResult:
        """The letters, each where its target is."""
        for letter, target in self._targets.items():
            label = Static(f" {letter} ", classes="jump", markup=False)
            label.absolute_offset = target.at
            yield label

    def on_key(self, event: Key) -> None:
        """A letter goes there; every other key closes."""
        event.stop()
        event.prevent_default()
        target = self._targets.get(event.character or "")
        self.dismiss(target.go if target is not None else None)
