"""VariableEntries: the variables of a template.yaml, each with a default that its own type takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from dbconn_tui.scaffold.conversion import convert
from dbconn_tui.scaffold.document import Path as At
from dbconn_tui.scaffold.entries import Entries
from dbconn_tui.scaffold.identifiers import Dialect
from dbconn_tui.scaffold.template import CONNECTION, SAMPLE_CONNECTION, Json, Value, Variable, VariableType

_KEYS: Final = (
    *("type", "default", "help", "choices", "pattern", "minimum", "maximum"),
    *("optional", "qualified", "when"),
)
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_MAY_BE_EMPTY: Final = frozenset({VariableType.IDENTIFIER, VariableType.URL})
LONGEST_CONNECTION: Final = "c" * 128
"""A name as long as a tenant takes (api.md §2 "Name")."""


class VariableEntries:
    """Reads `variables`; a variable's condition may name those above it."""

    def __init__(self, entries: Entries, dialect: Dialect) -> None:
        self._entries = entries
        self._complain = entries.complain
        self._dialect = dialect

    def read(self, value: Json) -> dict[str, Variable]:
        """Every variable that can be used, by name."""
        found: dict[str, Variable] = {}
        entries = self._entries.mapping(("variables",), value)
        for name, entry in entries.items():
            at = ("variables", name)
            self._look_above(at, entry, found, entries)
            if not _NAME.fullmatch(name):
                self._complain(at, f"{name} must be lower-case letters, digits and _, starting with a letter")
            variable = self._variable(at, name, entry, found)
            if variable is not None:
                found[name] = variable
        return found

    def _look_above(self, at: At, entry: Json, above: Mapping[str, Variable], every: Mapping[str, Json]) -> None:
        """A condition on a variable that comes later would make a circle possible."""
        when = entry.get("when") if isinstance(entry, dict) else None
        for name in when if isinstance(when, dict) else ():
            if name in every and name not in above:
                self._complain((*at, "when", name), f"{at[-1]} can depend on variables above it only, not on {name}")

    def _variable(self, at: At, name: str, entry: Json, above: Mapping[str, Variable]) -> Variable | None:
        if not isinstance(entry, dict):
            self._complain(at, f"{name} must be a map with type, default and help")
            return None
        self._entries.known_keys(at, entry, _KEYS)
        try:
            type_ = VariableType(entry.get("type", ""))
        except ValueError:
            self._complain((*at, "type"), f"type must be one of {', '.join(VariableType)}")
            return None
        variable = Variable(
            name=name,
            type=type_,
            default=entry.get("default", ""),
            help=self._entries.sentence((*at, "help"), entry.get("help")),
            choices=self._choices(at, type_, entry.get("choices", [])),
            pattern=self._pattern((*at, "pattern"), entry.get("pattern", "")),
            minimum=self._bound((*at, "minimum"), entry.get("minimum")),
            maximum=self._bound((*at, "maximum"), entry.get("maximum")),
            when=self._entries.when(at, {key: entry[key] for key in ("when",) if key in entry}, above),
            optional=self._switch((*at, "optional"), entry, type_ in _MAY_BE_EMPTY, "identifiers and addresses"),
            qualified=self._switch((*at, "qualified"), entry, type_ is VariableType.IDENTIFIER, "identifiers"),
            dialect=self._dialect,
        )
        return self._with_default(at, variable, entry)

    def _switch(self, at: At, entry: Mapping[str, Json], allowed: bool, for_what: str) -> bool:
        key = str(at[-1])
        if key not in entry:
            return False
        if not allowed:
            self._complain(at, f"{key} is for {for_what} only")
        return self._entries.flag(at, entry[key])

    def _choices(self, at: At, type_: VariableType, value: Json) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(choice, str) for choice in value):
            self._complain((*at, "choices"), "choices must be a list of texts")
            value = []
        if bool(value) is not (type_ is VariableType.CHOICE):
            self._complain(at, "choices belong to type choice, and it needs them")
        return tuple(value)

    def _with_default(self, at: At, variable: Variable, entry: Mapping[str, Json]) -> Variable | None:
        """The variable with its default converted, so that rendering without any answer works."""
        default = entry.get("default")
        if not isinstance(default, str | bool | int | list | dict):
            self._complain((*at, "default"), f"{variable.name} needs a default")
            return None
        try:
            if isinstance(default, str) and CONNECTION in default and variable.type is VariableType.TEXT:
                for name in (SAMPLE_CONNECTION, LONGEST_CONNECTION):
                    convert(variable, default.replace(CONNECTION, name))
                return replace(variable, default=default)
            return replace(variable, default=_convert_default(variable, default))
        except ValueError as reason:
            self._complain((*at, "default"), f"default {reason}")
            return None

    def _pattern(self, at: At, value: Json) -> str:
        try:
            re.compile(value)
        except (re.error, TypeError) as failure:
            self._complain(at, f"pattern is not a regular expression: {failure}")
            return ""
        return str(value)

    def _bound(self, at: At, value: Json) -> int | None:
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        self._complain(at, f"{at[-1]} must be a whole number")
        return None


def _convert_default(variable: Variable, default: Json) -> Value:
    """The default as a value. Raises ValueError also for a map or list where the type takes none."""
    shape = {VariableType.LIST: list, VariableType.FIELDS: dict}.get(variable.type)
    if not isinstance(default, shape or str | bool | int):
        raise ValueError(f"must fit type {variable.type}")
    return convert(variable, default)
