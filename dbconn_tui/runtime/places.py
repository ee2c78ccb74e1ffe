"""Places: what the harness says about lines and columns, as places in the script that people and editors use."""

from __future__ import annotations

from dataclasses import dataclass

from dbconn_tui.action_scripts.source import ParsedScript, parse
from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.problems import Place
from dbconn_tui.runtime.observation import Site


@dataclass(frozen=True, slots=True)
class Places:
    """The places of one script."""

    file: str
    parsed: ParsedScript

    @classmethod
    def of(cls, file: str, text: str) -> Places:
        """Those of a script text."""
        return cls(file, parse(text))

    def at(self, site: Site | None) -> Place:
        """The place of a site; the script's function where there is none."""
        if site is None:
            return self.function
        # V8 counts UTF-16 units, people count characters.
        lines = self.parsed.text.split("\n")
        line = lines[site.line - 1] if site.line <= len(lines) else ""
        before = line.encode("utf-16-le", "surrogatepass")[: 2 * (site.column - 1)]
        column = len(before.decode("utf-16-le", "ignore")) + 1
        return Place(self.file, site.line, column, site.line, column + 1)

    @property
    def function(self) -> Place:
        """The beginning of the script's function."""
        function = self.parsed.function
        if function is None:
            return Place(self.file, 1, 1)
        span = function.head
        return Place(self.file, span.line, span.column, span.end_line, span.end_column)

    def callback(self, site: Site | None) -> Place:
        """Where the callback was called; where it was handed on, when code outside the script called it."""
        if site is not None:
            return self.at(site)
        handed_on = self._handed_on()
        if len(handed_on) != 1:
            return self.function
        span = self.parsed.span(handed_on[0])
        return Place(self.file, span.line, span.column, span.end_line, span.end_column)

    def _handed_on(self) -> list[Node]:
        """The uses of the callback as an argument of something else."""
        function = self.parsed.function
        if function is None or not function.parameters or function.parameters[-1].name is None:
            return []
        name = function.parameters[-1].name
        own = [node for node in function.node.walk() if node.type == "identifier" and node.text == name]
        binding = self.parsed.scopes.binding(own[0]) if own else None
        if binding is None:
            return []
        return [node for node in binding.references if node.parent is not None and node.parent.type == "arguments"]
