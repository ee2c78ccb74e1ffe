"""ChoiceField: one line that holds one of a few words; the arrows, space and a click go on to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.style import Style
from rich.text import Text
from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget


class ChoiceField(Widget, can_focus=True):
    """Shows `‹ word ›`; posts Changed when another word was chosen by hand."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES = {"choice--arrow"}
    DEFAULT_CSS = """
    ChoiceField { height: 1; padding: 0 1; background: $surface; }
    ChoiceField:focus { background: $cursor; }
    ChoiceField > .choice--arrow { color: $text-muted; }
    """
    BINDINGS = [
        Binding("right,space,down", "step(1)", "Next", show=False),
        Binding("left,up", "step(-1)", "Before", show=False),
    ]

    @dataclass
    class Changed(Message):
        """Another word was chosen."""

        field: ChoiceField

        @property
        def control(self) -> ChoiceField:
            """The field."""
            return self.field

    def __init__(self, words: Sequence[str], value: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._words = tuple(words)
        self.value = value or (self._words[0] if self._words else "")

    def offer(self, words: Sequence[str], value: str) -> None:
        """Offer these words, one of them chosen."""
        self._words, self.value = tuple(words), value
        self.refresh()

    def action_step(self, by: int) -> None:
        """Go on to another word."""
        if len(self._words) > 1:
            index = self._words.index(self.value) if self.value in self._words else -1
            self.value = self._words[(index + by) % len(self._words)]
            self.refresh()
            self.post_message(self.Changed(self))

    def on_click(self) -> None:
        """As space."""
        self.action_step(1)

    def render(self) -> Text:
        """`‹ dev ›`, without arrows where there is no choice."""
        arrow = self.get_component_rich_style("choice--arrow") if len(self._words) > 1 else Style()
        text = Text(no_wrap=True, overflow="ellipsis", end="")
        if len(self._words) > 1:
            text.append("‹ ", arrow)
        text.append(self.value)
        if len(self._words) > 1:
            text.append(" ›", arrow)
        return text
