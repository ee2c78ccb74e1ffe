"""Template: what a template folder says about itself, as frozen values.

`manifest.py` makes them from `template.yaml`; `render.py` turns them, with values, into files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

Value = str | bool | int
"""What a variable can hold."""

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict of these."""

When = tuple[tuple[str, Value], ...]
"""A condition: pairs of a variable and the value it must have; all must match, an empty one always does."""

ALWAYS: Final[When] = ()

MANIFEST: Final = "template.yaml"
README: Final = "README.md"

IMPORT_MODE: Final = "import_mode"
"""The variable that also sets the connection's `import_mode`."""


class VariableType(StrEnum):
    """What kind of answer a variable takes; `answers.py` says what each accepts."""

    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    IDENTIFIER = "identifier"
    """The name of a table, collection or column."""
    URL = "url"
    """An https:// address, or http:// on this machine; without a final slash."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One question a template asks. `minimum` and `maximum` bound an integer's value, or a text's length."""

    name: str
    type: VariableType
    default: Value
    help: str
    choices: tuple[str, ...] = ()
    pattern: str = ""
    """A regular expression that the whole text must match; empty = any."""
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret the scripts need; its value is never a template value."""

    name: str
    help: str
    configuration_key: str


@dataclass(frozen=True, slots=True)
class FixedText:
    """A configuration value that is the same for every rendering."""

    text: str


@dataclass(frozen=True, slots=True)
class FromVariable:
    """A configuration or option value taken from a variable."""

    name: str


@dataclass(frozen=True, slots=True)
class FromSecret:
    """A configuration value that dbconn.yaml names as `{secret: NAME}`."""

    name: str


@dataclass(frozen=True, slots=True)
class ConfigurationEntry:
    """One key that the scripts read as `configuration.KEY`."""

    key: str
    value: FixedText | FromVariable | FromSecret
    when: When = ALWAYS


@dataclass(frozen=True, slots=True)
class OptionEntry:
    """One connection option, in the API's own name. `value` is JSON or FromVariable."""

    name: str
    value: Json
    when: When = ALWAYS


@dataclass(frozen=True, slots=True)
class ScriptEntry:
    """One script the template makes; its source is `<kind>.js` in the template's folder."""

    kind: str
    when: When = ALWAYS


@dataclass(frozen=True, slots=True)
class Template:
    """One template: a folder with template.yaml, script sources and a README.

    `version` counts up when the scripts change; `modules` maps an npm name to its exact version.
    A boolean variable called `import_mode` also sets the connection's `import_mode`; a template that makes sense in
    one mode only fixes it with its own `import_mode` instead.
    """

    name: str
    folder: Path
    version: int
    title: str
    description: str
    needs: tuple[str, ...]
    modules: Mapping[str, str]
    variables: tuple[Variable, ...]
    secrets: tuple[Secret, ...]
    configuration: tuple[ConfigurationEntry, ...]
    options: tuple[OptionEntry, ...]
    scripts: tuple[ScriptEntry, ...]
    readme: str = field(default="", repr=False)
    import_mode: bool | None = None

    def variable(self, name: str) -> Variable | None:
        """The variable of that name."""
        return next((variable for variable in self.variables if variable.name == name), None)

    @property
    def defaults(self) -> dict[str, Value]:
        """Variable name → default, in the template's order."""
        return {variable.name: variable.default for variable in self.variables}


def holds(when: When, values: Mapping[str, Value]) -> bool:
    """Whether a condition matches the values of a rendering."""
    return all(values[name] == expected for name, expected in when)
