"""`dbconn templates`: the templates at hand, or one of them in full."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session
    from dbconn_tui.scaffold.template import Template, Value

USAGE: Final = "[NAME]"
ABOUT: Final = """\
Lists the templates that `dbconn add` can use, or shows one: what it needs, its variables with their defaults,
and its secrets. Templates come with dbconn, from the project's templates/ folder and from the user's own."""
EXAMPLES: Final = """\
dbconn templates             # the list
dbconn templates rest-api    # variables, secrets and scripts of one"""

_WIDTH: Final = 90
"""Characters of a line of help."""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("name", metavar="NAME", nargs="?", help="show this template")


def run(session: Session, arguments: Namespace) -> int:
    """Print the list, or one template."""
    from dbconn_tui.tasks.templates import all_templates, one_template

    outside = session.outside
    if arguments.name:
        template = one_template(outside, arguments.name, session.config)
        if session.json:
            session.out.answer({"templates": [template_object(template)]})
        else:
            _write_template(session, template)
        return 0
    catalogue = all_templates(outside, session.config)
    for problem in catalogue.problems:
        session.progress.say(str(problem))
    if session.json:
        session.out.answer({"templates": [template_object(template) for template in catalogue.templates]})
        return 0
    from dbconn_tui.cli.text import Part, Span, Style, columns

    rows: list[list[Part]] = [[Span(one.name, Style.BOLD), one.title, one.description] for one in catalogue.templates]
    for line in columns(rows):
        session.out.line(*line)
    session.progress.note("Next: dbconn templates NAME, or dbconn add CONNECTION --template NAME")
    return 0


def template_object(template: Template) -> dict[str, Any]:
    """A template as JSON."""
    from dbconn_tui.scaffold.template import words_of

    return {
        "name": template.name,
        "version": template.version,
        "title": template.title,
        "description": template.description,
        "needs": list(template.needs),
        "modules": [
            {"name": module.name, "version": module.version, "when": words_of(module.when)}
            for module in template.modules
        ],
        "variables": [
            {
                "name": variable.name,
                "type": variable.type.value,
                "default": variable.default,
                "help": variable.help,
                "choices": list(variable.choices),
                "when": words_of(variable.when),
                "optional": variable.optional,
                "pattern": variable.pattern,
                "minimum": variable.minimum,
                "maximum": variable.maximum,
            }
            for variable in template.variables
        ],
        "secrets": [
            {"name": secret.name, "help": secret.help, "configuration_key": secret.configuration_key}
            for secret in template.secrets
        ],
        "scripts": [script.kind for script in template.scripts],
    }


def _write_template(session: Session, template: Template) -> None:
    import textwrap

    from dbconn_tui.cli.text import Span, Style, columns
    from dbconn_tui.scaffold.template import words_of

    out = session.out
    out.line(Span(f"{template.name} {template.version}: {template.title}", Style.BOLD))
    out.line(template.description)
    out.line()
    out.line(Span("Needs", Style.BOLD))
    for need in template.needs:
        out.line(f"  {need}")
    if template.variables:
        out.line()
        out.line(Span("Variables (--set NAME=VALUE; the default is shown)", Style.BOLD))
        for one in template.variables:
            out.line("  ", Span(f"{one.name}={_default(one.default)}", Style.CYAN), f"  ({one.takes})")
            asked = f" Asked when {words_of(one.when)}." if one.when else ""
            for text in textwrap.wrap(one.help + asked, _WIDTH):
                out.line(f"      {text}")
    for heading, entries in (
        ("Secrets (dbconn secrets set NAME)", [[f"  {one.name}", one.help] for one in template.secrets]),
        ("npm modules", [[f"  {module}"] for module in template.modules]),
        ("Scripts", [["  " + ", ".join(script.kind for script in template.scripts)]]),
    ):
        if entries:
            out.line()
            out.line(Span(heading, Style.BOLD))
            for line in columns(entries):
                out.line(*line)
    if template.readme:
        out.line()
        out.text(template.readme.rstrip())
    first = next(iter(template.variables), None)
    setting = f" --set {first.name}={_default(first.default)}" if first else ""
    session.progress.note(f"Next: dbconn add NAME --template {template.name}{setting}")


def _default(value: Value) -> str:
    import shlex

    from dbconn_tui.scaffold.conversion import shown

    return shlex.quote(shown(value))
