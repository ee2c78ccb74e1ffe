"""TemplateCheck: what an author's template lacks, found by rendering and linting every two answers together."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dbconn_tui.action_scripts.kinds import BY_NAME
from dbconn_tui.errors import ProjectError
from dbconn_tui.lint.check import lint_connection
from dbconn_tui.lint.module_tables import BUILT_IN
from dbconn_tui.lint.modules import Modules
from dbconn_tui.lint.rules import BY_ID
from dbconn_tui.lint.severities import STRICT
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Place, Problem, Severity, sort_problems
from dbconn_tui.project.values import Connection, Script, SecretReference, TextValue
from dbconn_tui.scaffold.combinations import answer_combinations
from dbconn_tui.scaffold.conversion import shown
from dbconn_tui.scaffold.document import RULE
from dbconn_tui.scaffold.render import Rendering, render
from dbconn_tui.scaffold.sources import Uses, uses_of
from dbconn_tui.scaffold.template import (
    IMPORT_MODE,
    MANIFEST,
    README,
    SAMPLE_CONNECTION,
    SHARED,
    FromVariable,
    Template,
    Value,
    When,
)

LARGEST: Final = 6_000
"""Bytes of a rendered script; more is hard to read in the dashboard."""

_ADVICE: Final = frozenset({"direct-database-access", "db-connection-per-run"})
"""Rules that advise against what a template for a database is there for, or what its user chose."""


@dataclass(frozen=True, slots=True)
class TemplateCheck:
    """`problems` by place; `combinations` are the answers that were rendered and linted, the first all defaults."""

    name: str
    combinations: tuple[Mapping[str, Value], ...]
    problems: tuple[Problem, ...]


def check_template(template: Template) -> TemplateCheck:
    """Everything that is missing or wrong in a template that can be read. Writes nothing, runs no script."""
    combinations = answer_combinations(template)
    problems = list(_readme_problems(template))
    renderings: list[tuple[Mapping[str, Value], Rendering]] = []
    for answers in combinations:
        try:
            renderings.append((answers, render(template, answers)))
        except ProjectError as failure:
            problems += failure.problems
    problems += _lint_problems(template, renderings)
    if len(renderings) == len(combinations):
        # What is never used can only be told when every source could be rendered.
        uses = uses_of(template)
        problems += _unused(template, uses)
        problems += _module_problems(template, [rendering for _, rendering in renderings])
    return TemplateCheck(template.name, combinations, sort_problems(problems))


def connection_of(rendering: Rendering) -> Connection:
    """The connection that a rendering describes, as if it were read from its files."""
    return Connection(
        key=SAMPLE_CONNECTION,
        name=SAMPLE_CONNECTION,
        scripts={
            kind: Script(kind, Path(BY_NAME[kind].file), BY_NAME[kind].file, text)
            for kind, text in rendering.files.items()
        },
        import_mode=rendering.import_mode,
        configuration={
            key: TextValue(value) if isinstance(value, str) else SecretReference(value["secret"])
            for key, value in rendering.configuration.items()
        },
        options=rendering.options,
    )


def _problem(template: Template, file: str, message: str, hint: str = "") -> Problem:
    return Problem(RULE, Severity.ERROR, message, Place(f"{template.name}/{file}"), hint)


def _readme_problems(template: Template) -> Iterator[Problem]:
    if not template.readme.strip():
        yield _problem(template, README, "README.md is missing", "Say what the scripts expect of the store.")
    elif not template.readme.startswith("# "):
        yield _problem(template, README, "README.md does not start with a heading", "# What this template is for")
    for what, name, help_ in (
        *(("variable", variable.name, variable.help) for variable in template.variables),
        *(("secret", secret.name, secret.help) for secret in template.secrets),
        ("template", template.name, template.description),
    ):
        if not help_.endswith((".", "?", "!")):
            yield _problem(template, MANIFEST, f"what is said of the {what} {name} is not a sentence", "End it with .")


def _lint_problems(
    template: Template, renderings: Iterable[tuple[Mapping[str, Value], Rendering]]
) -> Iterator[Problem]:
    """Each kind of finding once a script, with the first answers that lead to it."""
    seen: set[tuple[str, str, str]] = set()
    for answers, rendering in renderings:
        linted = lint_connection(connection_of(rendering), preset=STRICT)
        found = [problem for problem in linted if problem.rule not in _ADVICE and not _is_left_out(problem)]
        for kind, text in rendering.files.items():
            file = BY_NAME[kind].file
            size = len(text.encode())
            if size > LARGEST:
                message = f"the script is {size:,} bytes, more than {LARGEST:,}"
                found.append(Problem(RULE, Severity.ERROR, message, Place(file)))
            if "dbconn-ignore" in text:
                hint = "Write it so that lint has nothing to say."
                found.append(Problem(RULE, Severity.ERROR, "the script excuses a finding", Place(file), hint))
        for problem in found:
            key = (problem.place.file, problem.rule, problem.message if problem.rule == RULE else "")
            if key not in seen:
                seen.add(key)
                yield _in_rendering(template, problem, answers)


def _is_left_out(problem: Problem) -> bool:
    """Whether a script is missing that a store may do without, as its `when` says."""
    return problem.rule == "scripts-required" and problem.severity is not Severity.ERROR


def _in_rendering(template: Template, problem: Problem, answers: Mapping[str, Value]) -> Problem:
    """A finding in a rendered script, told with the answers that made it. Its line is that of the rendering."""
    line = f" (line {problem.place.line} as rendered)" if problem.place.line and problem.place.file else ""
    given = " ".join(f"--set {name}={shlex.quote(shown(value))}" for name, value in answers.items())
    file = problem.place.file or MANIFEST
    rule = f" [{problem.rule}]" if problem.rule != RULE else ""
    return _problem(
        template, file, f"{problem.message}{rule}{line}", f"with {given}" if given else problem.hint or "by default"
    )


def _unused(template: Template, uses: Uses) -> Iterator[Problem]:
    named = set(uses.variables)
    values = [one.value for one in template.configuration] + [one.value for one in template.options]
    named |= {value.name for value in values if isinstance(value, FromVariable)}
    conditions: list[When] = [one.when for one in template.configuration]
    for holders in (template.options, template.scripts, template.modules, template.variables):
        conditions += [one.when for one in holders]
    named |= {condition.variable for when in conditions for condition in when}
    for variable in template.variables:
        if variable.name not in named and variable.name != IMPORT_MODE:
            yield _problem(template, MANIFEST, f"nothing uses the variable {variable.name}", "Use it, or take it out.")
    for path in sorted(template.folder.rglob("*.js")):
        file = path.relative_to(template.folder).as_posix()
        if file not in uses.files:
            yield _problem(template, file, "no script includes this file", "Include it, or take it out.")
    for file in sorted(path.name for path in template.folder.iterdir() if path.name == SHARED):
        hint = f"{SHARED}/ in an include means the parts that come with dbconn."
        yield _problem(template, file, "the template's own folder cannot have this name", hint)


def _module_problems(template: Template, renderings: Iterable[Rendering]) -> Iterator[Problem]:
    """Modules that are listed and never required, required and not listed, or listed in another version."""
    never = {module.name for module in template.modules}
    told: set[tuple[str, str]] = set()
    for rendering in renderings:
        for kind, text in rendering.files.items():
            subject = ScriptSubject(kind, text, context=None, rule_ids=frozenset(BY_ID))
            for require in subject.shared(Modules).requires if subject.is_whole else ():
                name, version = require.name, require.version.text
                never.discard(name)
                if not name or name in BUILT_IN or (kind, name) in told:
                    continue
                message = _module_message(name, version, rendering.modules)
                if message:
                    told.add((kind, name))
                    yield _problem(template, BY_NAME[kind].file, message, f"modules: {{{name}: {version or '1.2.3'}}}")
    for name in sorted(never):
        yield _problem(template, MANIFEST, f"no script requires the module {name}", "Take it out of modules.")


def _module_message(name: str, version: str, listed: Mapping[str, str]) -> str:
    if name not in listed:
        return f"the script requires {name}, which modules does not list for these answers"
    if version and listed[name] != version:
        return f"the script requires {name}@{version}, and modules says {listed[name]}"
    return ""
