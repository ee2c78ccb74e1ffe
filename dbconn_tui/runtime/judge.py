"""Judge: the verdict on one run, from what was observed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from dbconn_tui.action_scripts.source import parse
from dbconn_tui.lint.runtime_globals import MAGIC_GLOBALS
from dbconn_tui.problems import Place, Problem, Severity, sort_problems
from dbconn_tui.runtime import reach
from dbconn_tui.runtime.evaluation import parameter_problem
from dbconn_tui.runtime.job import Job
from dbconn_tui.runtime.log_codes import log_code
from dbconn_tui.runtime.masks import SHORTEST, Mask
from dbconn_tui.runtime.node import Node
from dbconn_tui.runtime.observation import CallbackCall, Ending, Noted, Observation, ScriptError
from dbconn_tui.runtime.places import Places
from dbconn_tui.runtime.results import Judged, judge_call
from dbconn_tui.runtime.verdict import Answer, LogLine, Run, Verdict

Found = reach.Found

_ORDER: Final = {verdict: index for index, verdict in enumerate(Verdict)}
_ELSEWHERE: Final = frozenset({"MODULE_NOT_FOUND", "ERR_ACCESS_DENIED"})
"""Codes of errors whose cause is told already, as a missing module or a refusal."""

_FIXED_WORDS: Final = ("WrongUsernameOrPasswordError", "wrongusernameorpassword", "ValidationError", "user_exists")
_HANDLES: Final = {
    "TCPSocketWrap": "a TCP connection",
    "TCPConnectWrap": "a TCP connection",
    "TCPWRAP": "a TCP connection",
    "TLSWrap": "a TLS connection",
    "TLSWRAP": "a TLS connection",
    "PipeWrap": "a local socket",
    "GetAddrInfoReqWrap": "a look-up of a host name",
    "FSReqCallback": "a file operation",
    "FSReqPromise": "a file operation",
    "Timeout": "a timer",
    "Immediate": "an immediate",
}
_NO_MEMORY: Final = re.compile(r"allocat(?:ion|e)|Invalid typed array length|value of \"size\"", re.IGNORECASE)
_TIMERS: Final = frozenset({"Timeout", "Immediate"})


def judge(job: Job, observation: Observation, node: Node) -> Run:
    """The run that an observation of a job makes."""
    places = Places.of(job.file, job.text)
    mask = Mask(job.hidden)
    passwords = tuple(text for one in job.passwords if (text := one.reveal()))
    first = observation.calls[0] if observation.calls else None
    judged = judge_call(job.kind, first, passwords) if first else Judged(Answer.NONE)
    found = [*_find(job, observation, places, mask, judged)]
    errors = [verdict for verdict, problem in found if verdict and problem.severity is Severity.ERROR]
    problems = sort_problems(
        replace(problem, message=mask.text(problem.message), hint=mask.text(problem.hint)) for _, problem in found
    )
    error = first.error if first and not first.falsy else None
    return Run(
        kind=job.kind,
        verdict=min(errors, key=_ORDER.__getitem__, default=Verdict.OK),
        answer=judged.answer,
        problems=problems,
        duration=first.at if first else observation.elapsed,
        wall=observation.wall,
        limit=job.limit,
        node=node.version,
        result=mask.json(first.result) if first else None,
        error=_masked_error(error, mask) if error else None,
        error_class=error.name if error else "",
        logs=tuple(_log_line(noted, places, mask) for noted in observation.of("log")),
        contacts=reach.contacts(observation),
        modules=reach.modules(observation),
        log_code=log_code(job.kind, judged.answer, error.name if error else "", error and error.fields.get("user_id")),
        raw_result=first.result if first else None,
        ranges=observation.ranges,
    )


def _masked_error(error: ScriptError, mask: Mask) -> dict[str, Any]:
    """The error's fields; class and code are words of the platform, even when a password is one of them."""
    return {
        name: value if name in ("name", "code") and value in _FIXED_WORDS else mask.json(value)
        for name, value in error.fields.items()
    }


def _find(job: Job, observation: Observation, places: Places, mask: Mask, judged: Judged) -> Iterator[Found]:
    yield from _process_end(observation, places)
    yield from reach.denials(observation, places)
    yield from reach.refused_hosts(observation, places)
    yield from reach.magic_globals(observation, places)
    yield from reach.module_problems(observation, places)
    yield from _calls(observation, places)
    yield from _failures(observation, places)
    yield from _no_answer(job, observation, places)
    yield from _result(observation, places, judged)
    yield from _left_open(observation, places)
    yield from _late(observation, places)
    yield from _leaks(job, observation, places, mask)
    yield from reach.configuration_problems(observation, places)
    yield from _duration(job, observation, places)
    parameters = parameter_problem(job, places.parsed)
    if parameters is not None:
        yield None, parameters
    trailing = parse(job.text).trailing_semicolon
    if trailing is not None:
        place = Place(job.file, trailing.line, trailing.column)
        message = "a semicolon follows the script's function; the platform puts parentheses around the whole text"
        yield None, Problem("script-single-function", Severity.WARNING, message, place, "Delete it.")


def _process_end(observation: Observation, places: Places) -> Iterator[Found]:
    """The process itself came to an end."""
    if observation.ending is Ending.FLOOD:
        message = "the script said so much that it was stopped"
        yield Verdict.TOO_MUCH_OUTPUT, Problem("too-much-output", Severity.ERROR, message, places.function)
    elif observation.ending is Ending.DIED:
        left = observation.of("exit")
        if left:
            message = "the script ended its process; on the platform every user of the container is cut off"
            hint = "Call the callback instead."
            yield Verdict.EXITED, Problem("process-exit", Severity.ERROR, message, places.at(left[0].site), hint)
        elif "heap out of memory" in observation.stderr or "Allocation failed" in observation.stderr:
            message = "the script used up its memory and was stopped"
            yield Verdict.OUT_OF_MEMORY, Problem("out-of-memory", Severity.ERROR, message, places.function)
        else:
            message = f"the script's process ended unexpectedly (exit code {observation.exit_code})"
            yield Verdict.EXITED, Problem("process-exit", Severity.ERROR, message, places.function)


def _calls(observation: Observation, places: Places) -> Iterator[Found]:
    """More than one call of the callback."""
    if len(observation.calls) > 1:
        first, second = (places.callback(call.site) for call in observation.calls[:2])
        where = f"at {first.line}:{first.column}"
        message = f"the callback is called a second time; the first call was {where}"
        hint = "Return after calling it; every path must call it once."
        yield Verdict.CALLED_TWICE, Problem("callback-multiple", Severity.ERROR, message, second, hint)
    for noted in observation.of("stale_callback")[:1]:
        message = "the callback of an earlier run was called during this one"
        yield Verdict.CALLED_TWICE, Problem("callback-multiple", Severity.ERROR, message, places.at(noted.site))


def _failures(observation: Observation, places: Places) -> Iterator[Found]:
    """What was thrown, or rejected, and caught by nobody."""
    for noted in observation.of("not_evaluated"):
        error = _error_of(noted)
        message = f"the script threw before its function was called: {_words(error)}"
        yield Verdict.THREW, Problem("throw-in-script", Severity.ERROR, message, places.at(error.site))
    for noted in observation.of("not_a_function"):
        message = f"the script is a {noted.text('is')}, not a function"
        yield Verdict.NOT_ONE_FUNCTION, Problem("script-single-function", Severity.ERROR, message, places.function)
    for noted in observation.of("threw", "unhandled_rejection"):
        error = _error_of(noted)
        if error.fields.get("code") in _ELSEWHERE:
            continue
        after = " after the callback" if noted.after else ""
        place = places.at(error.site)
        if error.name == "RangeError" and _NO_MEMORY.search(error.message):
            message = f"the script asked for more memory than it may have: {error.message}"
            yield Verdict.OUT_OF_MEMORY, Problem("out-of-memory", Severity.ERROR, message, place)
            continue
        if noted.type == "unhandled_rejection":
            message = f"a promise was rejected{after} and nobody caught it: {_words(error)}"
            hint = "Catch it and pass the error to the callback."
            yield Verdict.UNHANDLED_REJECTION, Problem("async-unhandled", Severity.ERROR, message, place, hint)
        else:
            rule = "throw-in-script" if noted.details.get("direct") else "throw-in-callback"
            message = f"the script threw{after}: {_words(error)}"
            yield Verdict.THREW, Problem(rule, Severity.ERROR, message, place, _throw_hint(error))


def _error_of(noted: Noted) -> ScriptError:
    assert noted.error is not None
    return noted.error


def _words(error: ScriptError) -> str:
    return f"{error.name}: {error.message}" if error.name else error.message


def _throw_hint(error: ScriptError) -> str:
    missing = error.message.partition(" is not defined")[0]
    if error.name == "ReferenceError" and missing in MAGIC_GLOBALS:
        gone = f"Auth0 took the global `{missing}` away after Node 12: require the module with its exact version."
        return f"{gone} Old scripts can be run with --compat."
    return "Pass errors to the callback; throwing stalls the login."


def _no_answer(job: Job, observation: Observation, places: Places) -> Iterator[Found]:
    """The callback was not called, or the time ran out."""
    if observation.ending in (Ending.LIMIT, Ending.BLOCKED):
        after = " after its callback" if observation.calls else ""
        if observation.ending is Ending.BLOCKED:
            message = f"stopped after {job.limit:g} s: the script kept the processor to itself{after}"
            hint = "Look for a loop that never ends."
            yield Verdict.TIMEOUT, Problem("runtime-budget", Severity.ERROR, message, places.function, hint)
            return
        waiting = next((one for one in observation.open), None)
        what = f"for {waiting.target}" if waiting else f"for {_handles(observation.resources) or 'something'}"
        place = places.at(waiting.site if waiting else None)
        message = f"stopped after {job.limit:g} s: the callback was not called, the script was waiting {what}"
        hint = "Give every request and query a timeout below 10 s, and call back with an error when it is over."
        yield Verdict.TIMEOUT, Problem("runtime-budget", Severity.ERROR, message, place, hint)
        return
    told = observation.of("threw", "unhandled_rejection", "not_evaluated", "not_a_function", "exit")
    if not observation.calls and not told and observation.ending is Ending.DRAINED:
        message = "the callback is never called: nothing is left to wait for"
        hint = "The platform waits 20 s and then fails; call the callback on every path."
        yield Verdict.NEVER_CALLED, Problem("callback-missing", Severity.ERROR, message, places.function, hint)


def _result(observation: Observation, places: Places, judged: Judged) -> Iterator[Found]:
    """What is wrong with the callback's arguments."""
    if not observation.calls:
        return
    place = places.callback(observation.calls[0].site)
    for verdict, flaws in ((Verdict.WRONG_RESULT, judged.flaws), (Verdict.BAD_PROFILE, judged.profile_flaws)):
        for flaw in flaws:
            yield verdict, Problem(flaw.rule, flaw.severity, flaw.message, place, flaw.hint)


def _left_open(observation: Observation, places: Places) -> Iterator[Found]:
    """What still kept the process busy when the time to look on after the callback was over."""
    if observation.ending is not Ending.GRACE:
        return
    kept = ", ".join(one.name for one in observation.kept if one.live)
    serious = [one for one in observation.resources if one not in _TIMERS]
    for one in observation.open:
        message = f"the connection to {one.target} is still open after the callback"
        yield _open_problem(message, places.at(one.site), kept)
    if serious and not observation.open:
        message = f"{_handles(tuple(serious))} is still open after the callback"
        yield _open_problem(message, places.callback(observation.calls[0].site), kept)
    if not serious:
        message = "a timer is still running after the callback"
        place = places.callback(observation.calls[0].site)
        hint = "Clear timers before calling back."
        yield None, Problem("callback-then-continue", Severity.WARNING, message, place, hint)


def _open_problem(message: str, place: Place, kept: str) -> Found:
    if kept:
        return None, Problem("db-connection-leak", Severity.INFO, f"{message} (global keeps {kept})", place)
    hint = "Close it before calling back, or keep one pool in `global`."
    return Verdict.OPEN_HANDLES, Problem("db-connection-leak", Severity.ERROR, message, place, hint)


def _late(observation: Observation, places: Places) -> Iterator[Found]:
    """What the script did after its callback."""
    words = {
        "host": "connects to a host",
        "fetch": "fetches",
        "module": "loads a module",
        "denied": "reaches for something refused",
    }
    seen = set()
    for noted in observation.noted:
        if not noted.after or noted.type in seen:
            continue
        if noted.type == "host" and noted.site is not None and not noted.site.current:
            continue  # fetch connects when it likes, also anew after it was given up
        if noted.type == "log":
            message = "the script logs after its callback; the platform may have stopped it by then"
            yield None, Problem("callback-then-continue", Severity.WARNING, message, places.at(noted.site))
        elif noted.type in words:
            message = f"the script {words[noted.type]} after its callback; the platform may have stopped it by then"
            hint = "Call the callback last."
            problem = Problem("callback-then-continue", Severity.ERROR, message, places.at(noted.site), hint)
            yield Verdict.LATE_WORK, problem
        seen.add(noted.type)


def _leaks(job: Job, observation: Observation, places: Places, mask: Mask) -> Iterator[Found]:
    """Passwords and secrets that were logged, left in an error or kept in a global."""
    lines = set()
    for noted in observation.of("log"):
        place = places.at(noted.site)
        if place.line in lines:
            continue
        if mask.finds(noted.text("text")):
            lines.add(place.line)
            message = "a password or secret is logged (masked here)"
            yield (
                Verdict.LEAKED,
                Problem("log-sensitive", Severity.ERROR, message, place, "Log what happened, not who."),
            )
        elif job.identifier and len(job.identifier) >= SHORTEST and job.identifier in noted.text("text"):
            lines.add(place.line)
            yield None, Problem("log-sensitive", Severity.WARNING, "the user's identifier is logged", place)
    yield from _leaking_error(job, observation.calls[:1], places, mask)
    for one in observation.kept:
        if one.holds:
            secret = any(name.startswith("password") for name in one.holds)
            message = (
                f"global.{one.name} keeps the user's {'password' if secret else 'identifier'} for other users' runs"
            )
            severity = Severity.ERROR if secret else Severity.WARNING
            yield Verdict.LEAKED, Problem("global-user-data", severity, message, places.function)


def _leaking_error(job: Job, calls: tuple[CallbackCall, ...], places: Places, mask: Mask) -> Iterator[Found]:
    for call in calls:
        if call.error is None:
            continue
        place = places.callback(call.site)
        if mask.finds(call.error.message):
            message = "the error's message holds a password or secret; it reaches the tenant's log"
            yield Verdict.LEAKED, Problem("pii-in-error", Severity.ERROR, message, place)
        elif job.identifier and len(job.identifier) >= SHORTEST and job.identifier in call.error.message:
            message = "the error's message holds the user's identifier; it reaches the tenant's log"
            yield None, Problem("pii-in-error", Severity.WARNING, message, place)


def _duration(job: Job, observation: Observation, places: Places) -> Iterator[Found]:
    """A run that came in time here and may not on the platform."""
    if observation.calls and observation.calls[0].at > job.limit * 500:
        message = f"the callback came after {observation.calls[0].at / 1000:.1f} s of {job.limit:g} s"
        yield None, Problem("runtime-budget", Severity.WARNING, message, places.function)
    if observation.of("cut"):
        message = "the script logged and did so much that the rest was left out"
        yield None, Problem("too-much-output", Severity.WARNING, message, places.function)


def _handles(resources: tuple[str, ...]) -> str:
    return " and ".join(dict.fromkeys(_HANDLES.get(one, one) for one in resources))


def _log_line(noted: Noted, places: Places, mask: Mask) -> LogLine:
    return LogLine(noted.text("level"), mask.text(noted.text("text")), noted.at, noted.after, places.at(noted.site))
