"""Render: a template and values become script texts and what dbconn.yaml says about them.

A value reaches a script through a filter of `filters.py` and in no other way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dbconn_tui.action_scripts.kinds import BY_NAME
from dbconn_tui.errors import ProjectError
from dbconn_tui.problems import Place, Problem, Severity, sort_problems
from dbconn_tui.scaffold.answers import check_answers
from dbconn_tui.scaffold.catalogue import shipped_folder
from dbconn_tui.scaffold.conversion import shown
from dbconn_tui.scaffold.document import RULE
from dbconn_tui.scaffold.profile_fields import group_fields
from dbconn_tui.scaffold.sources import environment_of, whose
from dbconn_tui.scaffold.template import (
    IMPORT_MODE,
    SAMPLE_CONNECTION,
    SHARED,
    Answer,
    ConfigurationEntry,
    FixedText,
    FromSecret,
    FromVariable,
    Json,
    Secret,
    Template,
    Value,
    VariableType,
    holds,
)


@dataclass(frozen=True, slots=True)
class Rendering:
    """What a template makes of given values.

    `files` maps kind → script text (LF, one final newline, no trailing spaces). `configuration` and
    `options` are in the shape dbconn.yaml writes: text or `{"secret": NAME}`, and JSON.
    `import_mode` None = the template does not say. `memory` is what dbconn.yaml keeps under `template:`:
    `{"name": …, "version": …, "values": {…}}`.
    """

    template: str
    files: Mapping[str, str] = field(repr=False)
    configuration: Mapping[str, str | Mapping[str, str]]
    options: Mapping[str, Json]
    import_mode: bool | None
    secrets: tuple[Secret, ...]
    modules: Mapping[str, str]
    memory: Mapping[str, Json]


def render(
    template: Template,
    values: Mapping[str, Value],
    connection: str = SAMPLE_CONNECTION,
    *,
    drop_unasked: bool = False,
) -> Rendering:
    """Render a template with the given values and defaults for the rest, for a connection of that name.

    `drop_unasked` is check_answers's. Raises UsageError when values do not fit (all mistakes at once), and
    ProjectError when a script source of the template is broken.
    """
    checked = check_answers(template, values, connection, drop_unasked=drop_unasked)
    answers = template.asked(checked)
    configuration = {
        entry.key: _configuration_value(entry, answers)
        for entry in template.configuration
        if holds(entry.when, answers) and _has_value(entry, template, answers)
    }
    options = {
        entry.name: answers[entry.value.name] if isinstance(entry.value, FromVariable) else entry.value
        for entry in template.options
        if holds(entry.when, answers)
    }
    mode = answers.get(IMPORT_MODE)
    asked = {one.name: checked[one.name] for one in template.variables if holds(one.when, answers)}
    return Rendering(
        template=template.name,
        files=_render_scripts(template, answers),
        configuration=configuration,
        options=options,
        import_mode=mode if isinstance(mode, bool) else template.import_mode,
        secrets=tuple(secret for secret in template.secrets if secret.configuration_key in configuration),
        modules={module.name: module.version for module in template.modules if holds(module.when, answers)},
        memory={"name": template.name, "version": template.version, "values": asked},
    )


def _has_value(entry: ConfigurationEntry, template: Template, answers: Mapping[str, Answer]) -> bool:
    """Whether there is anything to configure: a variable that is not asked, or optional and empty, gives nothing."""
    if not isinstance(entry.value, FromVariable):
        return True
    answer = answers[entry.value.name]
    variable = template.variable(entry.value.name)
    return answer is not None and not (answer == "" and variable is not None and variable.optional)


def _configuration_value(entry: ConfigurationEntry, answers: Mapping[str, Answer]) -> str | Mapping[str, str]:
    match entry.value:
        case FixedText(text):
            return text
        case FromVariable(name):
            answer = answers[name]
            return "" if answer is None else shown(answer)
        case FromSecret(name):
            return {"secret": name}


def _render_scripts(template: Template, answers: Mapping[str, Answer]) -> dict[str, str]:
    """Kind → text of every script whose condition holds."""
    import jinja2

    environment = environment_of(template)
    fields = {variable.name for variable in template.variables if variable.type is VariableType.FIELDS}
    context = {
        name: group_fields(answer) if name in fields and isinstance(answer, Mapping) else answer
        for name, answer in answers.items()
    }
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for entry in template.scripts:
        if not holds(entry.when, answers):
            continue
        file = BY_NAME[entry.kind].file
        try:
            texts[entry.kind] = tidy(environment.get_template(file).render(context))
        except jinja2.TemplateSyntaxError as failure:
            problems.append(_problem(template, failure.name or file, failure.lineno, failure.message or ""))
        except jinja2.TemplateNotFound as failure:
            problems.append(_problem(template, file, 0, f"{failure.name} is not in {whose(failure.name)}"))
        except RecursionError:
            problems.append(_problem(template, file, 0, "its includes go round in a circle"))
        except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError) as failure:
            problems.append(
                _problem(template, *_origin(failure, (template.folder, shipped_folder()), file), str(failure))
            )
    if problems:
        raise ProjectError(f"template {template.name} cannot be rendered", "", sort_problems(problems))
    return texts


def tidy(text: str) -> str:
    """A text with LF line ends, without spaces at line ends, and with exactly one final newline."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip(" \t") for line in lines).rstrip("\n") + "\n"


def _origin(failure: BaseException, folders: tuple[Path, Path], file: str) -> tuple[str, int]:
    """The source file and line where rendering failed, from the traceback that jinja2 rewrites.

    `folders` are the template's and that of the shipped templates.
    """
    own, shipped = (folder.resolve() for folder in folders)
    found = (file, 0)
    traceback = failure.__traceback__
    while traceback is not None:
        source = Path(traceback.tb_frame.f_code.co_filename)
        if source.is_relative_to(shipped / SHARED):
            found = (source.relative_to(shipped).as_posix(), traceback.tb_lineno)
        elif source.is_relative_to(own):
            found = (source.relative_to(own).as_posix(), traceback.tb_lineno)
        traceback = traceback.tb_next
    return found


def _problem(template: Template, file: str, line: int, message: str) -> Problem:
    shown_file = file if file.startswith(f"{SHARED}/") else f"{template.name}/{file}"
    place = Place(shown_file, line, 1) if line else Place(shown_file)
    return Problem(RULE, Severity.ERROR, message, place)
