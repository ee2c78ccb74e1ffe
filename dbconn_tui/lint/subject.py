"""What rules look at: one script, or one connection with its scripts; both keep what analyses found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final, TypeVar

from dbconn_tui.action_scripts.kinds import BY_NAME, LARGEST_SCRIPT, Kind
from dbconn_tui.action_scripts.source import ParsedScript, parse
from dbconn_tui.lint.ignores import Ignore, read_ignores
from dbconn_tui.project.values import Connection

Result = TypeVar("Result")

_LARGEST_PARSED: Final = 10 * LARGEST_SCRIPT
"""Bytes; a larger text is no action script by any measure, and parsing it would only take time."""


class ScriptSubject:
    """One script under lint. `context` says whether `context` is passed; None when nobody knows."""

    def __init__(self, kind: str, text: str, *, context: bool | None, rule_ids: frozenset[str]) -> None:
        self.kind = kind
        self.text = text
        self.context = context
        self.rule_ids = rule_ids
        """The ids of all rules, for what names one."""
        self.size = len(text.encode(errors="surrogatepass"))
        """Bytes of UTF-8."""
        self._results: dict[object, Any] = {}

    @property
    def known_kind(self) -> Kind | None:
        """The kind's contract; None for a kind dbconn does not know."""
        return BY_NAME.get(self.kind)

    @property
    def is_parsed(self) -> bool:
        """Whether the text is small enough to be parsed."""
        return self.size <= _LARGEST_PARSED

    @cached_property
    def parsed(self) -> ParsedScript:
        """The parsed script; an empty one when the text is too large."""
        return parse(self.text if self.is_parsed else "")

    @property
    def is_whole(self) -> bool:
        """Whether the script was parsed and has no syntax error."""
        return self.is_parsed and self.parsed.syntax_error is None

    @cached_property
    def ignores(self) -> tuple[Ignore, ...]:
        """The `dbconn-ignore` comments."""
        return read_ignores(self.parsed)

    def shared(self, analysis: Callable[[ScriptSubject], Result]) -> Result:
        """The result of an analysis that several rules use; worked out once a script."""
        if analysis not in self._results:
            self._results[analysis] = analysis(self)
        result: Result = self._results[analysis]
        return result


class ConnectionSubject:
    """One connection under lint. `live_keys` are configuration keys that exist on the tenant."""

    def __init__(
        self,
        connection: Connection,
        *,
        live_keys: frozenset[str],
        rule_ids: frozenset[str],
    ) -> None:
        self.connection = connection
        self.live_keys = live_keys
        self.rule_ids = rule_ids
        context = connection.options.get("enable_script_context")
        self.context: bool | None = context if isinstance(context, bool) else None
        self.scripts: Mapping[str, ScriptSubject] = {
            kind: ScriptSubject(kind, script.text, context=self.context, rule_ids=rule_ids)
            for kind, script in connection.scripts.items()
        }
        self._results: dict[object, Any] = {}

    def shared(self, analysis: Callable[[ConnectionSubject], Result]) -> Result:
        """The result of an analysis that several rules use; worked out once a connection."""
        if analysis not in self._results:
            self._results[analysis] = analysis(self)
        result: Result = self._results[analysis]
        return result
