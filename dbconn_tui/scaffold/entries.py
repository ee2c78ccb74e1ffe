"""Entries: reading maps, sentences and conditions out of a template.yaml, noting what is wrong on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dbconn_tui.project.near_names import nearest
from dbconn_tui.scaffold.conversion import convert
from dbconn_tui.scaffold.document import Document
from dbconn_tui.scaffold.document import Path as At
from dbconn_tui.scaffold.template import ALWAYS, Condition, Json, Value, Variable, VariableType, When


class Entries:
    """Reads the parts of one document; every method returns something usable and notes what is wrong."""

    def __init__(self, document: Document) -> None:
        self.complain = document.complain

    def known_keys(self, at: At, entry: Mapping[Any, Json], known: tuple[str, ...]) -> None:
        """Complain about keys that mean nothing here."""
        for key in entry:
            if key not in known:
                near = nearest(key, known)
                hint = f"did you mean {near}?" if near else f"the keys here are {', '.join(known)}"
                self.complain((*at, key), f"{key} is not a key of template.yaml here", hint)

    def mapping(self, at: At, value: Json) -> dict[str, Json]:
        """A map; nothing at all is an empty one."""
        if value is None:
            return {}
        if isinstance(value, dict):
            return value
        self.complain(at, f"{at[-1]} must be a map")
        return {}

    def sentence(self, at: At, value: Json) -> str:
        """Text on one line."""
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())
        self.complain(at, f"{at[-1]} must be text")
        return ""

    def flag(self, at: At, value: Json) -> bool:
        """True or false."""
        if isinstance(value, bool):
            return value
        self.complain(at, f"{at[-1]} must be true or false")
        return False

    def when(self, at: At, entry: Mapping[Any, Json], variables: Mapping[str, Variable]) -> When:
        """The condition of an entry; `entry` is what is left of it beside its value."""
        self.known_keys(at, entry, ("when",))
        if "when" not in entry:
            return ALWAYS
        conditions = []
        for name, expected in self.mapping((*at, "when"), entry["when"]).items():
            here = (*at, "when", name)
            variable = self.known_variable(here, name, variables)
            condition = self._condition(here, variable, expected) if variable is not None else None
            if condition is not None:
                conditions.append(condition)
        return tuple(conditions)

    def _condition(self, at: At, variable: Variable, expected: Json) -> Condition | None:
        """One value, a list of values of which one must be, or true and false for "given" and "empty"."""
        if isinstance(expected, bool) and variable.type is not VariableType.BOOLEAN:
            return Condition(variable.name, filled=expected)
        if variable.type in (VariableType.LIST, VariableType.FIELDS):
            self.complain(at, f"{variable.name} can only be true (given) or false (empty) in a condition")
            return None
        values: list[Value] = []
        for one in expected if isinstance(expected, list) else [expected]:
            try:
                values.append(convert(variable, one))
            except ValueError as reason:
                self.complain(at, f"{variable.name} {reason}")
        return Condition(variable.name, tuple(values)) if values else None

    def known_variable(self, at: At, name: str, variables: Mapping[str, Variable]) -> Variable | None:
        """The variable of that name, or None with a complaint."""
        if name not in variables:
            near = nearest(name, variables)
            self.complain(at, f"there is no variable {name}", f"did you mean {near}?" if near else "")
        return variables.get(name)
