"""Evaluation: whether a text is what the platform evaluates: one function, as one expression (rules.md §0)."""

from __future__ import annotations

from dbconn_tui.action_scripts.kinds import BY_NAME
from dbconn_tui.action_scripts.source import ParsedScript, parse
from dbconn_tui.problems import Place, Problem, Severity
from dbconn_tui.runtime.job import Job
from dbconn_tui.runtime.node import Node
from dbconn_tui.runtime.verdict import Answer, Run, Verdict


def script_text(text: str) -> str:
    """The text as it is evaluated: without the `;` behind the function, which a problem tells of."""
    trailing = parse(text).trailing_semicolon
    if trailing is None:
        return text
    lines = text.split("\n")
    line = lines[trailing.line - 1]
    lines[trailing.line - 1] = f"{line[: trailing.column - 1]} {line[trailing.column :]}"
    return "\n".join(lines)


def refused_script(job: Job, node: Node) -> Run | None:
    """The run of a script that cannot be run at all; None when it can."""
    parsed = parse(job.text)
    fault = parsed.syntax_error
    if fault is not None:
        place = Place(job.file, fault.line, fault.column)
        problem = Problem("script-syntax", Severity.ERROR, f"not JavaScript: {fault.message}", place)
        return _refused(job, node, Verdict.SYNTAX_ERROR, problem)
    if parsed.function is not None and len(parsed.statements) == 1:
        return None
    span = parsed.statements[-1].span if len(parsed.statements) > 1 else None
    place = Place(job.file, span.line, span.column) if span else Place(job.file, 1, 1)
    said = "code stands beside the script's function" if parsed.functions else "the script is not a function"
    hint = "The platform evaluates `(SCRIPT)(arguments…, callback)`: move everything into one function."
    problem = Problem("script-single-function", Severity.ERROR, said, place, hint)
    return _refused(job, node, Verdict.NOT_ONE_FUNCTION, problem)


def parameter_problem(job: Job, parsed: ParsedScript) -> Problem | None:
    """A warning when the function does not take what it is called with: what else goes wrong follows from it."""
    function = parsed.function
    kind = BY_NAME.get(job.kind)
    if function is None or kind is None or not kind.parameters or function.uses_arguments or function.has_rest:
        return None
    signature = kind.signature(context=job.context)
    if len(function.parameters) == len(signature):
        return None
    head = function.head
    said = f"{job.kind} is called with ({', '.join(signature)}), but takes {len(function.parameters)} parameters"
    hint = "options.enable_script_context says whether context is passed; dbconn explain script-params"
    place = Place(job.file, head.line, head.column, head.end_line, head.end_column)
    return Problem("script-params", Severity.WARNING, said, place, hint)


def _refused(job: Job, node: Node, verdict: Verdict, problem: Problem) -> Run:
    return Run(job.kind, verdict, Answer.NONE, (problem,), 0.0, 0.0, job.limit, node.version)
