"""Render: a template and values become script texts and what dbconn.yaml says about them.

The only module with jinja2. A value reaches a script through a filter of `filters.py` and in no other way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dbconn_tui.action_scripts.kinds import BY_NAME
from dbconn_tui.errors import ProjectError
from dbconn_tui.problems import Place, Problem, Severity, sort_problems
from dbconn_tui.scaffold.answers import check_answers
from dbconn_tui.scaffold.catalogue import shipped_folder
from dbconn_tui.scaffold.conversion import shown
from dbconn_tui.scaffold.document import RULE
from dbconn_tui.scaffold.filters import FILTER_NAMES, filters_for
from dbconn_tui.scaffold.profile_fields import group_fields
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

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment


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

    environment = _environment(template)
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
            problems.append(_problem(template, file, 0, f"{failure.name} is not in {_whose(failure.name)}"))
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


def _whose(name: object) -> str:
    return "the parts that come with dbconn" if str(name).startswith(f"{SHARED}/") else "the template's folder"


def _source(name: str, folder: Path) -> Path | None:
    """The file of a script source or a part: in the template's folder, or `_shared/…` among those shipped."""
    home = shipped_folder() / SHARED if name.startswith(f"{SHARED}/") else folder
    path = (home / name.removeprefix(f"{SHARED}/")).resolve()
    return path if path.is_relative_to(home.resolve()) and path.is_file() else None


def _environment(template: Template) -> SandboxedEnvironment:
    """A sandboxed environment over one template folder: our delimiters, our filters, nothing else."""
    import jinja2
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<%=",
        variable_end_string="%>",
        comment_start_string="<%#",
        comment_end_string="%>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals.clear()
    environment.filters.clear()
    environment.filters.update(filters_for(template.dialect))

    def load(name: str) -> tuple[str, str, None]:
        path = _source(name, template.folder)
        if path is None:
            raise jinja2.TemplateNotFound(name)
        try:
            source = path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            raise jinja2.TemplateSyntaxError("cannot be read as UTF-8 text", 1, name) from None
        for line in _unfiltered(environment, source, name):
            raise jinja2.TemplateSyntaxError(f"a value must end in a filter: {', '.join(FILTER_NAMES)}", line, name)
        return source, str(path), None

    environment.loader = jinja2.FunctionLoader(load)
    return environment


def _unfiltered(environment: SandboxedEnvironment, source: str, name: str) -> Iterator[int]:
    """The lines of `<%= … %>` whose outermost step is not a filter of ours."""
    from jinja2 import nodes

    for output in environment.parse(source, name).find_all(nodes.Output):
        for node in output.nodes:
            if isinstance(node, nodes.TemplateData):
                continue
            if not (isinstance(node, nodes.Filter) and node.name in FILTER_NAMES):
                yield node.lineno


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
