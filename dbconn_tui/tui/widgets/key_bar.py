"""KeyBar: the last line: the keys that work here, as one widget (one for each key would cost a third of a screen)."""

from __future__ import annotations

from rich.style import Style
from rich.text import Text
from textual.screen import Screen
from textual.widget import Widget


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

    def render(self) -> Text:
        """` p Plan  r Read again …`"""
        text = Text(no_wrap=True, overflow="ellipsis", end="")
        seen: set[str] = set()
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if not binding.show or binding.action in seen:
                continue
            seen.add(binding.action)
            click = Style.from_meta({"@click": f"app.simulate_key({binding.key!r})"}) if active.enabled else Style()
            off = self.get_component_rich_style("keys--off")
            key = self.get_component_rich_style("keys--key") if active.enabled else off
            text.append(f" {self.app.get_key_display(binding)}", key + click)
            text.append(f" {binding.description} ", click if active.enabled else off)
        return text
