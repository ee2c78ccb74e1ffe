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
from dbconn_tui.scaffold.answers import check_answers, shown
from dbconn_tui.scaffold.document import RULE
from dbconn_tui.scaffold.filters import FILTERS
from dbconn_tui.scaffold.template import (
    IMPORT_MODE,
    ConfigurationEntry,
    FixedText,
    FromSecret,
    FromVariable,
    Json,
    Secret,
    Template,
    Value,
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


def render(template: Template, values: Mapping[str, Value]) -> Rendering:
    """Render a template with the given values and defaults for the rest.

    Raises UsageError when values do not fit (all mistakes at once), and ProjectError when a script
    source of the template is broken.
    """
    checked = check_answers(template, values)
    configuration = {
        entry.key: _configuration_value(entry, checked)
        for entry in template.configuration
        if holds(entry.when, checked)
    }
    options = {
        entry.name: checked[entry.value.name] if isinstance(entry.value, FromVariable) else entry.value
        for entry in template.options
        if holds(entry.when, checked)
    }
    mode = checked.get(IMPORT_MODE, template.import_mode)
    return Rendering(
        template=template.name,
        files=_render_scripts(template, checked),
        configuration=configuration,
        options=options,
        import_mode=mode if isinstance(mode, bool) else None,
        secrets=tuple(secret for secret in template.secrets if secret.configuration_key in configuration),
        modules=dict(template.modules),
        memory={"name": template.name, "version": template.version, "values": checked},
    )


def _configuration_value(entry: ConfigurationEntry, values: Mapping[str, Value]) -> str | Mapping[str, str]:
    match entry.value:
        case FixedText(text):
            return text
        case FromVariable(name):
            return shown(values[name])
        case FromSecret(name):
            return {"secret": name}


def _render_scripts(template: Template, values: Mapping[str, Value]) -> dict[str, str]:
    """Kind → text of every script whose condition holds."""
    import jinja2

    environment = _environment(template.folder)
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for entry in template.scripts:
        if not holds(entry.when, values):
            continue
        file = BY_NAME[entry.kind].file
        try:
            texts[entry.kind] = tidy(environment.get_template(file).render(values))
        except jinja2.TemplateSyntaxError as failure:
            problems.append(_problem(template, failure.name or file, failure.lineno, failure.message or ""))
        except jinja2.TemplateNotFound as failure:
            problems.append(_problem(template, file, 0, f"{failure.name} is not in the template's folder"))
        except RecursionError:
            problems.append(_problem(template, file, 0, "its includes go round in a circle"))
        except (jinja2.TemplateError, TypeError, ArithmeticError) as failure:
            problems.append(_problem(template, *_origin(failure, template.folder, file), str(failure)))
    if problems:
        raise ProjectError(f"template {template.name} cannot be rendered", "", sort_problems(problems))
    return texts


def tidy(text: str) -> str:
    """A text with LF line ends, without spaces at line ends, and with exactly one final newline."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip(" \t") for line in lines).rstrip("\n") + "\n"


def _environment(folder: Path) -> SandboxedEnvironment:
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
    environment.filters.update(FILTERS)

    def load(name: str) -> tuple[str, str, None]:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()) or not path.is_file():
            raise jinja2.TemplateNotFound(name)
        try:
            source = path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            raise jinja2.TemplateSyntaxError("cannot be read as UTF-8 text", 1, name) from None
        for line in _unfiltered(environment, source, name):
            raise jinja2.TemplateSyntaxError(f"a value must end in a filter: {', '.join(FILTERS)}", line, name)
        return source, str(path), None

    environment.loader = jinja2.FunctionLoader(load)
    return environment


def _unfiltered(environment: SandboxedEnvironment, source: str, name: str) -> Iterator[int]:
    """The lines of `<%= … %>` whose outermost step is not one of FILTERS."""
    from jinja2 import nodes

    for output in environment.parse(source, name).find_all(nodes.Output):
        for node in output.nodes:
            if isinstance(node, nodes.TemplateData):
                continue
            if not (isinstance(node, nodes.Filter) and node.name in FILTERS):
                yield node.lineno


def _origin(failure: BaseException, folder: Path, file: str) -> tuple[str, int]:
    """The source file and line where rendering failed, from the traceback that jinja2 rewrites."""
    found = (file, 0)
    traceback = failure.__traceback__
    while traceback is not None:
        source = Path(traceback.tb_frame.f_code.co_filename)
        if source.parent == folder.resolve():
            found = (source.name, traceback.tb_lineno)
        traceback = traceback.tb_next
    return found


def _problem(template: Template, file: str, line: int, message: str) -> Problem:
    place = Place(f"{template.name}/{file}", line, 1) if line else Place(f"{template.name}/{file}")
    return Problem(RULE, Severity.ERROR, message, place)
