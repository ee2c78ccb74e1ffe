"""A run of a script in words: the outcome, its time against the limit, the result, problems, console. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from dbconn_tui.action_scripts.kinds import BY_NAME
from dbconn_tui.deploy.diff import diff_texts
from dbconn_tui.problems import Problem, Severity
from dbconn_tui.runtime.job import LIMIT
from dbconn_tui.runtime.verdict import duration_words
from dbconn_tui.tui.bars import timeline
from dbconn_tui.tui.plan_lines import diff_lines
from dbconn_tui.tui.widgets.line_view import Line

if TYPE_CHECKING:
    from dbconn_tui.runtime.verdict import Run
    from dbconn_tui.tasks.try_script import Trial

TIMELINE: Final = 32
"""Cells."""

PROBLEM_LOOKS: Final = {
    Severity.ERROR: ("✗ ", "bad"),
    Severity.WARNING: ("! ", "caution"),
    Severity.INFO: ("i ", "muted"),
}


def before_lines(kind: str, values: str, unsaved: bool) -> Iterator[Line]:
    """What a run of this kind is, before there was one."""
    known = BY_NAME.get(kind)
    text = "the text in the editor, saved or not" if unsaved else "the file as it is saved"
    yield Line(f"f5 runs {kind}: {text}, with the values of {values}.", "title")
    yield Line()
    if known is not None:
        yield Line(f"Auth0 calls it {known.called}.")
        yield Line(f"It must call back with {known.result}.")
        yield Line()
    yield Line(
        "It runs in a Node process of its own, shut off from this machine's files; it reaches only the hosts that "
        "the configuration names.",
        "muted",
    )


def running_lines(kind: str, seconds: float) -> Iterator[Line]:
    """A run under way; `seconds` since it began."""
    yield Line(f"running {kind}: {seconds:.0f} s of {LIMIT:g} s", "title", "… ")
    yield Line(timeline(seconds, LIMIT, TIMELINE), "caution", "  ")
    yield Line()
    yield Line("ctrl+c stops it.", "muted", "  ")


def trial_lines(trial: Trial, values: str, before: Run | None) -> Iterator[Line]:
    """What came of a run; `before` is the run of the same script before it, to say what changed."""
    run = trial.run
    symbol, look = ("✓ ", "good") if trial.passed else ("✗ ", "bad")
    yield Line(f"{run.kind}: {run.verdict} – {run.answer.words}", look, symbol)
    if trial.difference:
        yield Line(f"the case asks for something else: {trial.difference}", "bad", "✗ ")
    share = f"{duration_words(run.duration)} of {run.limit:g} s"
    yield Line(f"{timeline(run.duration, run.limit * 1000, TIMELINE)} {share}", "", "  ")
    if not run.kept:
        yield from _problem_lines(trial)
    yield from _answer_lines(run)
    if before is not None and before.result != run.result:
        yield Line()
        yield Line("Result against the run before", "title")
        yield from diff_lines(diff_texts(_json(before.result), _json(run.result), context=1))
    yield from _console_lines(run)
    if run.kept and run.problems:
        yield from _problem_lines(trial)
    yield Line()
    yield from _surroundings(trial, values)


def _answer_lines(run: Run) -> Iterator[Line]:
    yield Line()
    if run.error is not None:
        yield Line("Error", "title")
        yield Line(run.error_words, "", "  ")
    elif run.result is not None:
        yield Line("Result", "title")
        yield from (Line(text, "", "  ") for text in _json(run.result).splitlines())
    else:
        yield Line("No result", "title")
    if run.log_code is not None:
        unsure = "" if run.log_code.documented else " (not documented)"
        yield Line(f"The tenant's log would say {run.log_code.code}: {run.log_code.meaning}{unsure}", "muted", "  ")


def _console_lines(run: Run) -> Iterator[Line]:
    if not run.logs:
        return
    yield Line()
    yield Line("Console", "title")
    for line in run.logs:
        late = "  after the callback" if line.after_callback else ""
        place = f"  line {line.place.line}" if line.place.line else ""
        look = "bad" if line.level == "error" else "caution" if line.level == "warn" else ""
        yield Line(f"{line.level:<5} {line.text}{place}{late}", look, f"{duration_words(line.at):>8}  ")


def _problem_lines(trial: Trial) -> Iterator[Line]:
    source = trial.text.splitlines()
    yield Line()
    yield Line("Problems", "title")
    for problem in trial.run.problems:
        symbol, look = PROBLEM_LOOKS[problem.effective_severity]
        yield Line(f"{_place(problem)}{problem.message}", look, symbol)
        if 0 < problem.place.line <= len(source):
            yield Line(source[problem.place.line - 1], "", f"{problem.place.line:>5} ")
        if problem.hint:
            yield Line(problem.hint, "", "  → ")


def _place(problem: Problem) -> str:
    place = problem.place
    return f"line {place.line}: " if place.line else ""


def _surroundings(trial: Trial, values: str) -> Iterator[Line]:
    run = trial.run
    hosts = ", ".join(f"{one}{'' if one.allowed else ' (stopped)'}" for one in run.contacts) or "none"
    yield Line(hosts, "", "Hosts    ")
    if run.modules:
        yield Line(", ".join(run.modules), "", "Modules  ")
    yield Line(values, "", "Values   ")
    yield Line(trial.note or f"Node {run.node}, as tenants do", "caution" if trial.note else "", "Node     ")


def _json(value: object) -> str:
    return "" if value is None else json.dumps(value, indent=2, ensure_ascii=False)
