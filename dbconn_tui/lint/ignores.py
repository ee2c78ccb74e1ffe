"""`// dbconn-ignore: rule -- reason`: how a line says that a finding is known and meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dbconn_tui.action_scripts.positions import Span
from dbconn_tui.action_scripts.source import ParsedScript

_IGNORE: Final = re.compile(r"(?://+|/\*+)\s*dbconn-ignore(?![\w-])\s*:?\s*(?P<rest>[^\n]*?)\s*(?:\*/)?\s*\Z")
_REASON: Final = re.compile(r"(?:^|\s)(?:--|—)(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Ignore:
    """One comment. `line` is the line it speaks of; `whole_file`: also of what has no line.

    It works only with at least one rule and a reason.
    """

    rules: tuple[str, ...]
    reason: str
    span: Span
    line: int
    whole_file: bool

    def covers(self, rule: str, span: Span | None) -> bool:
        """Whether a finding of `rule` at `span` (None: the whole file) is meant."""
        if not self.reason or rule not in self.rules:
            return False
        return self.whole_file if span is None else span.line in (self.line, self.span.line)


def read_ignores(parsed: ParsedScript) -> tuple[Ignore, ...]:
    """The ignore comments of a script, in text order.

    A comment behind code speaks of its own line; one alone on its line, of the next line that is
    not a comment. One above the first statement also speaks of the file as a whole.
    """
    return tuple(_ignores(parsed))


def _ignores(parsed: ParsedScript) -> Iterator[Ignore]:
    if "dbconn-ignore" not in parsed.text:
        return
    comment_lines = {
        line
        for comment in parsed.comments
        if comment.alone
        for line in range(comment.span.line, comment.span.end_line + 1)
    }
    first_code = parsed.statements[0].span if parsed.statements else None
    for comment in parsed.comments:
        match = _IGNORE.match(comment.text)
        if match is None:
            continue
        names, *reason = _REASON.split(match["rest"], maxsplit=1)
        line = comment.span.line
        while comment.alone and line in comment_lines:
            line += 1
        yield Ignore(
            rules=tuple(re.findall(r"[^\s,]+", names)),
            reason=reason[0].strip() if reason else "",
            span=comment.span,
            line=line,
            whole_file=first_code is None or comment.span < first_code,
        )
