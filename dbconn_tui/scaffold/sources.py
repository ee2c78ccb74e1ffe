"""Sources: the script sources and parts of a template, through jinja2 with our delimiters and filters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dbconn_tui.action_scripts.kinds import BY_NAME
from dbconn_tui.scaffold.catalogue import shipped_folder
from dbconn_tui.scaffold.filters import FILTER_NAMES, filters_for
from dbconn_tui.scaffold.template import SHARED, Template

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment


def whose(name: object) -> str:
    return "the parts that come with dbconn" if str(name).startswith(f"{SHARED}/") else "the template's folder"


def _source(name: str, folder: Path) -> Path | None:
    """The file of a script source or a part: in the template's folder, or `_shared/…` among those shipped."""
    home = shipped_folder() / SHARED if name.startswith(f"{SHARED}/") else folder
    path = (home / name.removeprefix(f"{SHARED}/")).resolve()
    return path if path.is_relative_to(home.resolve()) and path.is_file() else None


def environment_of(template: Template) -> SandboxedEnvironment:
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


@dataclass(frozen=True, slots=True)
class Uses:
    """The variables that a template's sources name, and the files they are made of, as an include writes them."""

    variables: frozenset[str]
    files: frozenset[str]


def uses_of(template: Template) -> Uses:
    """What the sources use, parts included. Raises jinja2.TemplateError for a source that cannot be parsed."""
    from jinja2 import meta

    environment = environment_of(template)
    waiting = [BY_NAME[entry.kind].file for entry in template.scripts]
    variables: set[str] = set()
    files: set[str] = set()
    while waiting:
        file = waiting.pop()
        path = _source(file, template.folder)
        if file in files or path is None:
            continue
        files.add(file)
        tree = environment.parse(path.read_text("utf-8"), file)
        variables |= meta.find_undeclared_variables(tree)
        waiting += [name for name in meta.find_referenced_templates(tree) if name is not None]
    return Uses(frozenset(variables), frozenset(files))
