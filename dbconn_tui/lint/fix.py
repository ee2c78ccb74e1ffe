"""Safe edits: what the findings of a script offer to mend by themselves. Pure: text in, edits and text out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dbconn_tui.lint.check import shown_findings
from dbconn_tui.lint.edits import Edit, apply, without_overlaps
from dbconn_tui.lint.severities import RECOMMENDED

__all__ = ["apply", "fixes_for"]

_NOTHING_CHOSEN: Final[Mapping[str, str]] = MappingProxyType({})


def fixes_for(
    kind: str,
    text: str,
    *,
    context: bool | None = None,
    severities: Mapping[str, str] = _NOTHING_CHOSEN,
    preset: str = RECOMMENDED,
    asked: frozenset[str] = frozenset(),
) -> tuple[Edit, ...]:
    """The edits that mend what lint reports of one script, sorted and without overlaps; () for a broken script.

    Only findings that are reported are mended: not those that a comment or severity "off" silences.
    `asked` names rules whose edits may change what the script does, e.g. `insecure-http`; without it
    they are left alone. Each edit carries its rule. `apply(text, edits)` makes them.
    """
    groups = []
    for rule, finding in shown_findings(kind, text, context=context, severities=severities, preset=preset):
        edits = tuple(
            Edit(edit.start, edit.end, edit.replacement, rule.id, edit.asked)
            for edit in finding.edits
            if not edit.asked or rule.id in asked
        )
        if edits and len(edits) == len(finding.edits):
            groups.append(edits)
    return without_overlaps(groups)
