"""What the editor says beside the text: tab marks, the status line, settings, the first text of a new script. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from dbconn_tui.action_scripts.kinds import BY_NAME, LARGEST_SCRIPT
from dbconn_tui.problems import Problem, Severity, count_problems
from dbconn_tui.tui.port import Failure
from dbconn_tui.tui.script_files import ScriptFile, ScriptSet
from dbconn_tui.tui.widgets.line_view import Line
from dbconn_tui.tui.widgets.script_tabs import Tab

SETTINGS: Final = "settings"
"""The id of the tab that is no script."""

MORE: Final = "more"
"""The id of the tab that stands for the kinds that are not shown."""


def first_text(kind: str) -> str:
    """What a new script starts with: its signature, where the platform documents one."""
    known = BY_NAME.get(kind)
    if known is None or not known.documented:
        return ""
    return f"function {known.function}({', '.join(known.signature())}) {{\n\n}}\n"


def kind_words(kind: str) -> str:
    """When the platform runs a kind, for a list."""
    known = BY_NAME.get(kind)
    return known.called if known is not None else "no kind that dbconn knows"


def problem_words(problems: Sequence[Problem]) -> str:
    """`✗2 !1`, or `✓` for none that counts."""
    counts = count_problems(problems)
    words = [f"✗{counts[Severity.ERROR]}"] if counts[Severity.ERROR] else []
    words += [f"!{counts[Severity.WARNING]}"] if counts[Severity.WARNING] else []
    return " ".join(words) or "✓"


def tabs_of(
    scripts: ScriptSet,
    problems: Mapping[str, Sequence[Problem]],
    unsaved: frozenset[str],
    differing: frozenset[str] = frozenset(),
    active: str = "",
) -> tuple[Tab, ...]:
    """A tab for each script there is, each usual kind that is missing, and the settings; rarer kinds fold into `+N`.

    `differing` are kinds that say something else on the tenant.
    """
    tabs = [_tab(one.kind, problems.get(one.kind), one.kind in unsaved, one.kind in differing) for one in scripts.files]
    folded = 0
    for one in scripts.missing:
        touched = one.kind in unsaved
        if touched or one.kind == active or not is_rare(one.kind):
            tabs.append(Tab(one.kind, one.kind, "•" if touched else "–", "caution" if touched else "muted"))
        else:
            folded += 1
    tabs.append(Tab(SETTINGS, SETTINGS))
    return (*tabs, *([Tab(MORE, f"+{folded}")] if folded else []))


def is_rare(kind: str) -> bool:
    """Whether a kind is one that few connections have: the dashboard does not know it, or nothing documents it."""
    known = BY_NAME.get(kind)
    return known is None or known.dropped_by_dashboard or not known.documented


def _tab(kind: str, problems: Sequence[Problem] | None, unsaved: bool, differs: bool) -> Tab:
    mark = problem_words(problems) if problems is not None else "…"
    look = "bad" if "✗" in mark else "caution" if "!" in mark else "good" if mark == "✓" else "muted"
    return Tab(kind, kind, " ".join([mark, *(["~"] if differs else []), *(["•"] if unsaved else [])]), look)


def status_parts(
    file: ScriptFile,
    text: str,
    cursor: tuple[int, int],
    problems: Sequence[Problem] | None,
    *,
    unsaved: bool,
    coloured: bool,
    roomy: bool,
) -> list[str]:
    """The status line's parts, the weightiest first. `cursor` counts from 0; `problems` None = not linted yet."""
    state = " • not saved" if unsaved else " (new)" if file.data is None else ""
    return [
        f"{file.path.name}{state}",
        "…" if problems is None else problem_words(problems),
        f"Ln {cursor[0] + 1}, Col {cursor[1] + 1}",
        f"{len(text.encode()) / 1000:.1f} of {LARGEST_SCRIPT // 1000} kB",
        "JavaScript" if coloured else "no colours: long",
        file.file if roomy else "",
    ]


UNFAITHFUL: Final = Failure(
    "Read only", "it has unusual line ends, which this editor would change", "f4 opens it in your own editor."
)


def changed_outside(other: ScriptFile) -> Failure:
    """What to say when the disk holds something else and the text on screen is not saved."""
    gone = "is gone from the disk" if other.data is None else "changed on the disk"
    keys = "ctrl+r takes what the disk holds; ctrl+s writes yours over it. Both ask first."
    return Failure(f"{other.file} {gone}", "your text is not saved and stays as it is", keys)


def settings_lines(scripts: ScriptSet) -> Iterator[Line]:
    """What dbconn.yaml says of the connection beside its scripts; read only."""
    yield Line(f"{scripts.key} in dbconn.yaml", "title")
    yield Line()
    if not scripts.settings:
        yield Line("Nothing beside its scripts.", "muted")
    width = min(40, max((len(name) for name, _ in scripts.settings), default=0))
    for name, value in scripts.settings:
        yield Line(value, "", f"{name:<{width}}  ")
    yield Line()
    yield Line("enter shows every key with its layer, and changes them.", "muted")
