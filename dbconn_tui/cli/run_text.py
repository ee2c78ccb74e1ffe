"""A run of a script as lines for people and as a JSON object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dbconn_tui.cli.text import Span, Style

if TYPE_CHECKING:
    from dbconn_tui.cli.session import Session
    from dbconn_tui.runtime.verdict import Run
    from dbconn_tui.tasks.try_script import Trial


def show_run(session: Session, trial: Trial) -> None:
    """What came of a run, its findings with the lines they are in, and what the script logged."""
    import json

    from dbconn_tui.lint.reports import text_report
    from dbconn_tui.runtime.verdict import duration_words

    run = trial.run
    mark = Span("✓ ", Style.GREEN) if trial.passed else Span("✗ ", Style.RED)
    title = Span(f"{trial.connection} {run.kind}: {run.verdict}", Style.BOLD)
    session.out.line(mark, title, f" – {run.answer.words}, {duration_words(run.duration)} of {run.limit:g} s")
    if run.error is not None:
        session.out.line("  error     ", run.error_words)
    elif run.result is not None:
        text = json.dumps(run.result, indent=2, ensure_ascii=False)
        session.out.line("  result    ", text.replace("\n", "\n            "))
    if run.log_code is not None:
        unsure = "" if run.log_code.documented else " (not documented)"
        session.out.line(f"  log code  {run.log_code.code}: {run.log_code.meaning}{unsure}")
    if run.contacts:
        hosts = [f"{contact}{'' if contact.allowed else ' (stopped)'}" for contact in run.contacts]
        session.out.line(f"  hosts     {', '.join(hosts)}")
    if run.modules:
        session.out.line(f"  modules   {', '.join(run.modules)}")
    for line in run.logs:
        late = " after the callback" if line.after_callback else ""
        session.out.line(Span(f"  {line.level:<9} ", Style.DIM), line.text, Span(f"  {line.place}{late}", Style.DIM))
    if trial.difference:
        session.out.line(Span("  case      ", Style.RED), trial.difference)
    if run.problems:
        session.out.line("")
        session.out.painted(text_report(run.problems, {trial.file: trial.text}, colour=session.out.colour))
    if trial.note:
        session.progress.note(trial.note)


def run_object(run: Run) -> dict[str, Any]:
    """The run as JSON, masked."""
    from dbconn_tui.lint.reports import json_report

    code = run.log_code
    return {
        "kind": run.kind,
        "verdict": run.verdict.value,
        "kept": run.kept,
        "answer": run.answer.value,
        "result": run.result,
        "error": dict(run.error) if run.error is not None else None,
        "duration_ms": round(run.duration, 1),
        "limit_ms": round(run.limit * 1000),
        "log_code": {"code": code.code, "meaning": code.meaning, "documented": code.documented} if code else None,
        "hosts": [{"host": one.host, "port": one.port, "allowed": one.allowed} for one in run.contacts],
        "modules": list(run.modules),
        "logs": [
            {
                "level": line.level,
                "text": line.text,
                "at_ms": round(line.at, 1),
                "after_callback": line.after_callback,
                "line": line.place.line,
                "column": line.place.column,
            }
            for line in run.logs
        ],
        "node": run.node,
        "problems": json_report(run.problems)["problems"],
    }
