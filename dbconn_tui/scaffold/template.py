"""Template: what a template folder says about itself, as frozen values.

`manifest.py` makes them from `template.yaml`; `render.py` turns them, with values, into files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from dbconn_tui.scaffold.identifiers import PLAIN, Dialect

Value = str | bool | int | Sequence[str] | Mapping[str, str]
"""What a variable can hold: the last two for the types list and fields."""

Answer = Value | None
"""What a variable holds in one rendering; None where it is not asked and has no neutral value."""

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict of these."""

SAMPLE_CONNECTION: Final = "legacy-users"
"""The connection's name where a template is rendered for none."""

CONNECTION: Final = "{connection}"
"""Stands for the connection's name in the default of a text."""

SHARED: Final = "_shared"
"""The folder beside the shipped templates with the parts that any template may include."""

IMPORT_MODE: Final = "import_mode"
"""The variable that also sets the connection's `import_mode`."""

MANIFEST: Final = "template.yaml"
README: Final = "README.md"


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
    LIST = "list"
    """Texts; `--set` separates them by commas."""
    FIELDS = "fields"
    """Profile field → column, e.g. `nickname: nick_name, app_metadata.plan: plan_code`."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What one variable must hold: one of some values, or (`filled`) anything at all, or nothing."""

    variable: str
    one_of: tuple[Value, ...] = ()
    filled: bool | None = None

    def met(self, answer: Answer) -> bool:
        """Whether the variable's answer in a rendering meets it."""
        if self.filled is not None:
            return bool(answer) is self.filled
        return any(answer == value and type(answer) is type(value) for value in self.one_of)

    def __str__(self) -> str:
        """In words, to follow "when"."""
        if self.filled is not None:
            return f"{self.variable} is {'given' if self.filled else 'empty'}"
        words = ["true" if value is True else "false" if value is False else str(value) for value in self.one_of]
        return f"{self.variable} is {' or '.join(words)}"


When = tuple[Condition, ...]
"""Conditions that must all be met; an empty one always is."""

ALWAYS: Final[When] = ()


def holds(when: When, values: Mapping[str, Answer]) -> bool:
    """Whether a condition matches the values of a rendering."""
    return all(condition.met(values[condition.variable]) for condition in when)


@dataclass(frozen=True, slots=True)
class Variable:
    """One question a template asks.

    `minimum` and `maximum` bound an integer's value, a text's length, or how many a list holds.
    """

    name: str
    type: VariableType
    default: Value
    help: str
    choices: tuple[str, ...] = ()
    pattern: str = ""
    """A regular expression that the whole text must match; empty = any."""
    minimum: int | None = None
    maximum: int | None = None
    when: When = ALWAYS
    """When it is asked. It may look at variables above it only."""
    optional: bool = False
    """Whether an identifier or an address may be empty, e.g. for a column that this store does not have."""
    qualified: bool = False
    """Whether an identifier may have parts with dots in between, e.g. a schema and a table."""
    dialect: Dialect = PLAIN

    @property
    def takes(self) -> str:
        """Which answers it takes, in a few words."""
        match self.type:
            case VariableType.BOOLEAN:
                return "true or false"
            case VariableType.CHOICE:
                return ", ".join(self.choices)
            case VariableType.INTEGER if self.minimum is not None and self.maximum is not None:
                return f"integer, {self.minimum} to {self.maximum}"
            case VariableType.FIELDS:
                return "pairs field: column"
            case VariableType.LIST:
                return "texts with commas in between"
            case VariableType.TEXT if isinstance(self.default, str) and CONNECTION in self.default:
                return f"text; {CONNECTION} is the connection's name"
            case _:
                return f"{self.type}, or nothing" if self.optional else self.type.value

    @property
    def neutral(self) -> Answer:
        """What a rendering holds when it is not asked: false, none of them, or nothing."""
        match self.type:
            case VariableType.BOOLEAN:
                return False
            case VariableType.LIST:
                return ()
            case VariableType.FIELDS:
                return {}
            case _:
                return None

    def default_for(self, connection: str) -> Value:
        """The default in a connection of that name."""
        if isinstance(self.default, str):
            return self.default.replace(CONNECTION, connection)
        return self.default


@dataclass(frozen=True, slots=True)
class Module:
    """An npm module the scripts require, in an exact version."""

    name: str
    version: str
    when: When = ALWAYS

    def __str__(self) -> str:
        """In words: `argon2 0.44.0, when password_scheme is argon2`."""
        return f"{self.name} {self.version}" + (f", when {words_of(self.when)}" if self.when else "")


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

    `version` counts up when the scripts change.
    A boolean variable called `import_mode` also sets the connection's `import_mode`.
    """

    name: str
    folder: Path
    version: int
    title: str
    description: str
    needs: tuple[str, ...]
    modules: tuple[Module, ...]
    variables: tuple[Variable, ...]
    secrets: tuple[Secret, ...]
    configuration: tuple[ConfigurationEntry, ...]
    options: tuple[OptionEntry, ...]
    scripts: tuple[ScriptEntry, ...]
    readme: str = field(default="", repr=False)
    dialect: Dialect = PLAIN
    import_mode: bool | None = None
    """The connection's import_mode where there is nothing to choose."""

    def variable(self, name: str) -> Variable | None:
        """The variable of that name."""
        return next((variable for variable in self.variables if variable.name == name), None)

    def defaults(self, connection: str = SAMPLE_CONNECTION) -> dict[str, Value]:
        """Variable name → default in a connection of that name, in the template's order, asked or not."""
        return {variable.name: variable.default_for(connection) for variable in self.variables}

    def asked(self, values: Mapping[str, Value]) -> dict[str, Answer]:
        """The values of the variables that are asked, and the neutral ones of the others."""
        answers: dict[str, Answer] = {}
        for variable in self.variables:
            answers[variable.name] = values[variable.name] if holds(variable.when, answers) else variable.neutral
        return answers

    def is_asked(self, variable: Variable, values: Mapping[str, Value]) -> bool:
        """Whether these values lead to a variable."""
        return holds(variable.when, self.asked(values))


def words_of(conditions: Iterable[Condition]) -> str:
    """A condition as people read it: `import_mode is false and scheme is bcrypt or argon2`."""
    return " and ".join(map(str, conditions))
