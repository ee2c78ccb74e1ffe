"""A plan as Markdown for a pull request: the summary first, then a section a connection, credentials masked. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from dbconn_tui.cli.plan_text import item_words, plan_summary
from dbconn_tui.cli.text import clean
from dbconn_tui.deploy.diff import DiffLine, LineKind, diff_texts
from dbconn_tui.deploy.values import Change, ConnectionPlan, ConnectionState, Plan

LONGEST: Final = 60_000
"""Characters; a comment of a pull request takes some more (65,536)."""

_ROOM_FOR_THE_REST: Final = 200

Mask = Callable[[str], str]


def plan_markdown(plan: Plan, mask: Mask) -> str:
    """The whole text; `mask` takes secrets out of diffs, since pages like these are public to many."""
    lines = [f"### dbconn plan for `{plan.tenant}`", "", f"**{plan_summary(plan)}**", ""]
    rows = [one for one in plan.connections if one.state is not ConnectionState.UNCHANGED]
    if rows:
        lines += ["| connection | state | changes |", "|---|---|---|"]
        lines += [f"| {_code(one.key)} | {one.state.value} | {_count(one)} |" for one in rows]
        lines.append("")
    for note in plan.notes:
        lines.append(f"> {clean(note)}")
    room = LONGEST - sum(len(line) + 1 for line in lines) - _ROOM_FOR_THE_REST
    left_out = 0
    for one in rows:
        section = list(_section(one, mask))
        length = sum(len(line) + 1 for line in section)
        if left_out or length > room:
            left_out += 1
            continue
        room -= length
        lines += section
    if left_out:
        lines.append(f"*{left_out} more not shown here, for length; `dbconn plan NAME` shows each.*")
    return "\n".join(lines).rstrip() + "\n"


def _code(text: str) -> str:
    return "`" + clean(text).replace("`", "'").replace("|", "\\|") + "`"


def _count(one: ConnectionPlan) -> str:
    return str(sum(change.state.writes or change.state.refuses for change in one.changes))


def _section(one: ConnectionPlan, mask: Mask) -> Iterator[str]:
    if not (one.changes or one.blocked or one.notes):
        return
    yield f"#### {_code(one.key)}: {one.state.value}"
    yield ""
    for blocker in one.blocked:
        label = f"brake {blocker.brake}" if blocker.brake else "blocked"
        yield f"- **{label}**: {_plain(blocker.reason)} {_plain(blocker.hint)}".rstrip()
    for brake in one.brakes:
        yield f"- **allowed**: {_plain(brake.reason)}"
    for note in one.notes:
        yield f"- note: {_plain(note)}"
    for change in one.changes:
        yield from _change(change, mask)
    yield ""


def _change(change: Change, mask: Mask) -> Iterator[str]:
    note = f" ({_plain(change.note)})" if change.note else ""
    yield f"- {_code(item_words(change.item))}: {change.state.value}{note}"
    before, after = mask(change.before), mask(change.after)
    if change.item.startswith("configuration:") or (not change.state.writes and not change.state.refuses):
        return
    body = [_diff_line(line) for line in diff_texts(before, after).lines]
    if not body:
        return
    fence = "`" * (max((len(run) for run in re.findall(r"`+", before + after)), default=0) + 3)
    yield ""
    yield f"  {fence}diff"
    yield from (f"  {line}" for line in body)
    yield f"  {fence}"


def _diff_line(line: DiffLine) -> str:
    if line.kind is LineKind.GAP:
        return f"@@ {line.number} unchanged @@"
    return f"{line.kind.value}{clean(line.text)}"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return re.sub(r"([\\`*_<>|\[\]])", r"\\\1", clean(text).replace("\n", " "))
