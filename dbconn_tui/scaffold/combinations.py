"""Combinations: the answers with which a template is worth trying out, so that every two of them meet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dbconn_tui.scaffold.conversion import convert
from dbconn_tui.scaffold.pairwise import pairwise
from dbconn_tui.scaffold.template import Condition, Template, Value, Variable, VariableType, holds

_SAMPLES: Final[Mapping[VariableType, Value]] = {
    VariableType.IDENTIFIER: "sample",
    VariableType.URL: "https://sample.example.com",
    VariableType.FIELDS: "nickname: nickname, user_metadata.theme: theme, app_metadata.plan: plan",
}
"""What an answer looks like where the default is none."""


def dimension(variable: Variable) -> list[Value]:
    """The answers of a variable that make scripts differ in kind, the default first; one where there is no choice."""
    default = variable.default
    match variable.type:
        case VariableType.BOOLEAN:
            return [default, not default]
        case VariableType.CHOICE:
            return [default, *(choice for choice in variable.choices if choice != default)]
        case VariableType.IDENTIFIER | VariableType.URL:
            return [default, "" if default else _SAMPLES[variable.type]] if variable.optional else [default]
        case VariableType.FIELDS:
            return [default, {} if default else convert(variable, _SAMPLES[variable.type])]
        case VariableType.TEXT | VariableType.LIST:
            return [default, ""] if default and _may_be_empty(variable) else [default]
        case VariableType.INTEGER:
            return [default]


def _may_be_empty(variable: Variable) -> bool:
    try:
        convert(variable, "")
    except ValueError:
        return False
    return True


def answer_combinations(
    template: Template, dimensions: Mapping[str, list[Value]] | None = None
) -> tuple[dict[str, Value], ...]:
    """Answers in which every two values of every two variables meet that can; the first is all defaults.

    `dimensions` are the values to try, by variable; left out, those of `dimension`. What is not asked in a
    combination is not in it, and neither is a variable with one value only.
    """
    chosen = {variable.name: dimension(variable) for variable in template.variables}
    chosen |= dimensions or {}
    # Places instead of values: maps and lists have no hash.
    places = {name: range(len(values)) for name, values in chosen.items()}

    def values_at(combination: Mapping[str, int]) -> dict[str, Value]:
        return {name: chosen[name][place] for name, place in combination.items()}

    def settle(combination: Mapping[str, int]) -> dict[str, int]:
        """Without what is not asked. What is not chosen yet counts as its first value."""
        values = {**{name: each[0] for name, each in chosen.items()}, **values_at(combination)}
        answers = template.asked(values)
        asked = {variable.name for variable in template.variables if holds(variable.when, answers)}
        return {name: place for name, place in combination.items() if name in asked}

    def require(combination: Mapping[str, int]) -> dict[str, int] | None:
        """With the values that make the given variables be asked."""
        needed = dict(combination)
        waiting = list(combination)
        while waiting:
            variable = template.variable(waiting.pop())
            for condition in variable.when if variable is not None else ():
                if condition.variable in needed:
                    if not condition.met(chosen[condition.variable][needed[condition.variable]]):
                        return None
                    continue
                place = _first_that_meets(condition, chosen[condition.variable])
                if place is None:
                    return None
                needed[condition.variable] = place
                waiting.append(condition.variable)
        return needed

    varied = {name for name, values in chosen.items() if len(values) > 1}
    return tuple(
        {name: value for name, value in values_at(settle(each)).items() if name in varied}
        for each in pairwise(places, settle, require)
    )


def _first_that_meets(condition: Condition, values: list[Value]) -> int | None:
    return next((place for place, value in enumerate(values) if condition.met(value)), None)
