"""Answers: the values given for a template's variables, checked against their types, all mistakes at once."""

from __future__ import annotations

from collections.abc import Mapping

from dbconn_tui.errors import UsageError
from dbconn_tui.project.near_names import nearest
from dbconn_tui.scaffold.conversion import brief, convert, shown
from dbconn_tui.scaffold.template import CONNECTION, SAMPLE_CONNECTION, Template, Value, Variable, words_of


def check_answers(
    template: Template,
    given: Mapping[str, Value],
    connection: str = SAMPLE_CONNECTION,
    *,
    drop_unasked: bool = False,
) -> dict[str, Value]:
    """The value of every variable: the given ones, converted to the variable's type, and defaults for the rest.

    `--set` hands over text, a form may hand over booleans and integers; both are taken. `connection` is the
    connection's name, which defaults can hold. An answer to a variable that the others rule out is a mistake
    unless it is the default; `drop_unasked` lets the default stand instead. Raises UsageError with every
    mistake at once and the `--set` that would mend it.
    """
    mistakes: list[str] = []
    mends: list[str] = []
    values = template.defaults(connection)
    for name, answer in given.items():
        variable = template.variable(name)
        if variable is None:
            mistakes.append(unknown_variable(template, name))
            continue
        try:
            values[name] = convert(variable, _with_connection(variable, answer, connection))
        except ValueError as reason:
            mistakes.append(f"{name} {reason}")
            mends.append(f"--set {name}={shown(variable.default_for(connection))}")
    if not mistakes:
        mistakes.extend(_take_unasked_away(template, given, values, connection, drop_unasked=drop_unasked))
    if not mistakes:
        return values
    message = f"template {template.name}: {'; '.join(mistakes)}"
    hint = f"for example {' '.join(mends)}" if mends else f"dbconn templates {template.name} lists the variables"
    raise UsageError(message, hint)


def _with_connection(variable: Variable, answer: Value, connection: str) -> Value:
    """The answer with the connection's name in it where the default has it, too."""
    if isinstance(answer, str) and isinstance(variable.default, str) and CONNECTION in variable.default:
        return answer.replace(CONNECTION, connection)
    return answer


def _take_unasked_away(
    template: Template, given: Mapping[str, Value], values: dict[str, Value], connection: str, *, drop_unasked: bool
) -> list[str]:
    """Set what is not asked back to its default; the sentences for answers that nobody asked for."""
    mistakes = []
    for variable in template.variables:
        if variable.name not in given or template.is_asked(variable, values):
            continue
        default = variable.default_for(connection)
        if values[variable.name] != default and not drop_unasked:
            mistakes.append(f"{variable.name} is asked only when {words_of(variable.when)}")
        values[variable.name] = default
    return mistakes


def unknown_variable(template: Template, name: str) -> str:
    """The sentence for a variable that the template does not have."""
    names = [variable.name for variable in template.variables]
    near = nearest(name, names)
    if near:
        return f"there is no variable {brief(name)}; did you mean {near}?"
    known = f"its variables are {', '.join(names)}" if names else "it has no variables"
    return f"there is no variable {brief(name)}; {known}"
