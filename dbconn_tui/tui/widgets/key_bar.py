"""KeyBar: the last line: the keys that work here, as one widget (one for each key would cost a third of a screen)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.style import Style
from rich.text import Text
from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget

from dbconn_tui.tui.actions import ACTIONS

_ORDER: Final = {action.id: index for index, action in enumerate(ACTIONS)}


class KeyBar(Widget):
    """Shows the bindings that ask to be shown, in the table's order; a click does what the key does."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES = {"keys--key", "keys--off"}
    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: 1; background: $panel; color: $foreground; }
    KeyBar > .keys--key { color: $text-accent; text-style: bold; }
    KeyBar > .keys--off { color: $text-disabled; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.auto_links = False

    def on_mount(self) -> None:
        """Follow the screen's bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, screen: Screen[object]) -> None:
        self.refresh()

    def shown(self) -> Iterator[tuple[Binding, bool]]:
        """The bindings that are shown, in the table's order, and whether each can be used now."""
        seen: set[str] = set()
        # A priority binding takes the place of the focused widget's own, so the order given is not the table's.
        active = sorted(self.screen.active_bindings.values(), key=lambda one: _ORDER.get(one.binding.id or "", -1))
        for one in active:
            binding = one.binding
            if binding.show and binding.action not in seen and not self._typed(binding):
                seen.add(binding.action)
                yield binding, one.enabled

    def render(self) -> Text:
        """` p Plan  r Read again …`"""
        text = Text(no_wrap=True, overflow="ellipsis", end="")
        for binding, enabled in self.shown():
            click = Style.from_meta({"@click": f"app.simulate_key({binding.key!r})"}) if enabled else Style()
            off = self.get_component_rich_style("keys--off")
            key = self.get_component_rich_style("keys--key") if enabled else off
            text.append(f" {self.app.get_key_display(binding)}", key + click)
            text.append(f" {binding.description} ", click if enabled else off)
        return text

    def _typed(self, binding: Binding) -> bool:
        """Whether the focused field would take the key as a letter."""
        focused = self.screen.focused
        letter = self.app.get_key_display(binding)
        return (
            not binding.priority
            and focused is not None
            and len(letter) == 1
            and focused.check_consume_key(binding.key, letter)
        )
