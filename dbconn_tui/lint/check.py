"""Run the rules: over one script (stdin, a keystroke), one connection, or several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from types import MappingProxyType
from typing import Final

from dbconn_tui.lint.checked import Checked
from dbconn_tui.lint.processes import spread
from dbconn_tui.lint.rule import Finding, Needs, Rule
from dbconn_tui.lint.rules import BY_ID, RULES, ignore_unused
from dbconn_tui.lint.severities import OFF, RECOMMENDED, severity_of
from dbconn_tui.lint.subject import ConnectionSubject, ScriptSubject
from dbconn_tui.problems import Place, Problem, sort_problems
from dbconn_tui.project.values import Connection

_NOTHING_CHOSEN: Final[Mapping[str, str]] = MappingProxyType({})
_RULE_IDS: Final = frozenset(BY_ID)
_SCRIPTS_WORTH_A_FORK: Final = 40
"""With so many scripts, linting takes longer than starting other processes."""


@dataclass(frozen=True, slots=True)
class _Found:
    rule: Rule
    finding: Finding


def lint_script(
    kind: str,
    text: str,
    *,
    file: str,
    context: bool | None = None,
    severities: Mapping[str, str] = _NOTHING_CHOSEN,
    preset: str = RECOMMENDED,
) -> tuple[Problem, ...]:
    """The problems of one script by itself, sorted by place. Takes any text and never raises.

    `kind` is its key in `customScripts`; `file` is shown in places. `context`: whether the connection
    passes `context` to its scripts; None accepts both. `severities` maps rule ids to "error",
    "warning", "info" or "off". Rules that compare the script with its connection are not run.
    """
    subject = ScriptSubject(kind, text, context=context, rule_ids=_RULE_IDS)
    found = _without_ignored(subject, _memory.findings(subject), severities, alone=True)
    return sort_problems(_script_problems(file, "", found, severities, preset))


def shown_findings(
    kind: str,
    text: str,
    *,
    context: bool | None = None,
    severities: Mapping[str, str] = _NOTHING_CHOSEN,
    preset: str = RECOMMENDED,
) -> tuple[tuple[Rule, Finding], ...]:
    """What `lint_script` reports, as the rules found it, in the order of the rules."""
    subject = ScriptSubject(kind, text, context=context, rule_ids=_RULE_IDS)
    found = _without_ignored(subject, _memory.findings(subject), severities, alone=True)
    return tuple(
        (one.rule, one.finding) for one in found if severity_of(one.rule, one.finding, severities, preset) is not None
    )


def check_connection(
    connection: Connection,
    *,
    live_keys: frozenset[str] = frozenset(),
    preset: str = RECOMMENDED,
) -> Checked:
    """`lint_connection` and `hard_problems` in one pass over the scripts."""
    subject = ConnectionSubject(connection, live_keys=live_keys, rule_ids=_RULE_IDS)
    return Checked(_all_problems(connection, subject, preset), _hard_problems(connection, subject))


def lint_connection(
    connection: Connection,
    *,
    live_keys: frozenset[str] = frozenset(),
    preset: str = RECOMMENDED,
) -> tuple[Problem, ...]:
    """The problems of a connection and all its scripts, sorted by place. Never raises.

    Findings in a script have places in its file, all others in dbconn.yaml. `live_keys` are
    configuration keys known to exist on the tenant; they count as declared.
    """
    subject = ConnectionSubject(connection, live_keys=live_keys, rule_ids=_RULE_IDS)
    return _all_problems(connection, subject, preset)


def _all_problems(connection: Connection, subject: ConnectionSubject, preset: str) -> tuple[Problem, ...]:
    by_script: dict[str, list[_Found]] = {
        kind: list(_memory.findings(script)) for kind, script in subject.scripts.items()
    }
    elsewhere: list[_Found] = []
    for found in _run_connection_rules(subject, RULES):
        (by_script[found.finding.script] if found.finding.script else elsewhere).append(found)
    problems = list(_connection_problems(connection, elsewhere, connection.lint, preset))
    for kind, script in subject.scripts.items():
        kept = _without_ignored(script, by_script[kind], connection.lint, alone=False)
        problems += _script_problems(connection.scripts[kind].file, connection.key, kept, connection.lint, preset)
    return sort_problems(problems)


def lint_connections(
    connections: Iterable[Connection],
    *,
    live_keys: Mapping[str, frozenset[str]] = MappingProxyType({}),
    preset: str = RECOMMENDED,
) -> tuple[Problem, ...]:
    """The problems of several connections, sorted by place; `live_keys` by connection key.

    An ignore comment in a file that several connections share is unused only when none of them uses it.
    """
    linted = tuple(connections)

    def problems_of(connection: Connection) -> tuple[Problem, ...]:
        known = live_keys.get(connection.key, frozenset())
        return lint_connection(connection, live_keys=known, preset=preset)

    pays = sum(len(connection.scripts) for connection in linted) >= _SCRIPTS_WORTH_A_FORK
    problems = [problem for found in spread(problems_of, linted, pays=pays) for problem in found]
    users = Counter(file for connection in linted for file in {script.file for script in connection.scripts.values()})
    unused = Counter((problem.place, problem.message) for problem in problems if problem.rule == ignore_unused.RULE.id)
    return sort_problems(
        problem
        for problem in problems
        if problem.rule != ignore_unused.RULE.id or unused[problem.place, problem.message] == users[problem.place.file]
    )


def hard_problems(connection: Connection) -> tuple[Problem, ...]:
    """What a deploy refuses whatever lint is told: no severity, comment or `--skip-lint` lifts it (design §5.1).

    A script that is not one JavaScript function, is empty, too large or the dashboard's placeholder;
    a script that is missing though the platform needs it.
    """
    return _hard_problems(connection, ConnectionSubject(connection, live_keys=frozenset(), rule_ids=_RULE_IDS))


def _hard_problems(connection: Connection, subject: ConnectionSubject) -> tuple[Problem, ...]:
    rules = tuple(rule for rule in RULES if rule.refuses)
    elsewhere = _run_connection_rules(subject, rules)
    problems = list(_connection_problems(connection, elsewhere, _NOTHING_CHOSEN, RECOMMENDED))
    for kind, script in subject.scripts.items():
        found = [one for one in _memory.findings(script) if one.rule.refuses]
        file = connection.scripts[kind].file
        problems += _script_problems(file, connection.key, found, _NOTHING_CHOSEN, RECOMMENDED)
    return sort_problems(problem for problem in problems if problem.blocks)


class _Memory:
    """What was found in the scripts looked at last, by content: a change in one script runs no rule on the others."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: dict[tuple[str, str, bool | None], tuple[_Found, ...]] = {}
        self._lock = Lock()

    def findings(self, subject: ScriptSubject) -> tuple[_Found, ...]:
        """What the rules find in one script by itself. Only this caller's subject is touched, by this thread."""
        key = subject.kind, subject.text, subject.context
        with self._lock:
            known = self._found.get(key)
        if known is None:
            known = tuple(_run_script_rules(subject))
            with self._lock:
                self._found[key] = known
                if len(self._found) > self._most:
                    self._found.pop(next(iter(self._found)))
        return known


_memory: Final = _Memory(most=512)


def _run_script_rules(subject: ScriptSubject) -> Iterator[_Found]:
    available = Needs.WHOLE if subject.is_whole else Needs.TREE if subject.is_parsed else Needs.TEXT
    for rule in RULES:
        if rule.script is not None and rule.needs <= available:
            for finding in rule.script(subject):
                yield _Found(rule, finding)


def _run_connection_rules(subject: ConnectionSubject, rules: Iterable[Rule]) -> Iterator[_Found]:
    for rule in rules:
        if rule.connection is not None:
            for finding in rule.connection(subject):
                yield _Found(rule, finding)


def _without_ignored(
    subject: ScriptSubject,
    found: Iterable[_Found],
    severities: Mapping[str, str],
    *,
    alone: bool,
) -> list[_Found]:
    """The findings that no comment silences, and one more for every comment that silences nothing.

    `alone`: connection rules were not run, so nothing is said about comments that name one.
    """
    used: set[tuple[int, str]] = set()
    kept = []
    for one in found:
        covering = [
            (index, one.rule.id)
            for index, ignore in enumerate(subject.ignores)
            if ignore.covers(one.rule.id, one.finding.span)
        ]
        if covering and one.rule.ignorable:
            used.update(covering)
        else:
            kept.append(one)
    if not subject.is_whole:
        return kept
    for index, ignore in enumerate(subject.ignores):
        for name in ignore.rules:
            rule = BY_ID.get(name)
            if rule is None or not ignore.reason or (index, name) in used or severities.get(name) == OFF:
                continue
            if not (alone and rule.connection is not None):
                kept.append(_Found(ignore_unused.RULE, ignore_unused.unused(ignore, name)))
    return kept


def _script_problems(
    file: str,
    connection: str,
    found: Iterable[_Found],
    severities: Mapping[str, str],
    preset: str,
) -> Iterator[Problem]:
    for one in found:
        span = one.finding.span
        place = Place(file)
        if span is not None:
            place = Place(file, span.line, span.column, span.end_line, span.end_column)
        yield from _problem(one, place, connection, severities, preset)


def _connection_problems(
    connection: Connection,
    found: Iterable[_Found],
    severities: Mapping[str, str],
    preset: str,
) -> Iterator[Problem]:
    for one in found:
        place = connection.places.get(one.finding.item, connection.place)
        yield from _problem(one, place, connection.key, severities, preset)


def _problem(
    found: _Found,
    place: Place,
    connection: str,
    severities: Mapping[str, str],
    preset: str,
) -> Iterator[Problem]:
    severity = severity_of(found.rule, found.finding, severities, preset)
    if severity is not None:
        yield Problem(
            rule=found.rule.id,
            severity=severity,
            message=found.finding.message,
            place=place,
            hint=found.finding.hint,
            certainty=found.finding.certainty,
            connection=connection,
        )
