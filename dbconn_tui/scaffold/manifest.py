"""Manifest: template.yaml checked and turned into a Template, every mistake with its line and column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from dbconn_tui.action_scripts.kinds import BY_NAME
from dbconn_tui.project.near_names import nearest
from dbconn_tui.scaffold.answers import convert
from dbconn_tui.scaffold.document import Document
from dbconn_tui.scaffold.document import Path as At
from dbconn_tui.scaffold.template import (
    ALWAYS,
    IMPORT_MODE,
    ConfigurationEntry,
    FixedText,
    FromSecret,
    FromVariable,
    Json,
    OptionEntry,
    ScriptEntry,
    Secret,
    Template,
    Value,
    Variable,
    VariableType,
    When,
)

_TOP: Final = (
    "version",
    "title",
    "description",
    "needs",
    "modules",
    "import_mode",
    "variables",
    "secrets",
    "configuration",
    "options",
    "scripts",
)
_VARIABLE: Final = ("type", "default", "help", "choices", "pattern", "minimum", "maximum")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_SECRET: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,127}")
_EXACT_VERSION: Final = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?")
_NOT_OPTIONS: Final = frozenset({"customScripts", "configuration", "import_mode", "enabledDatabaseCustomization"})
"""Options that dbconn.yaml keeps elsewhere (design §3)."""


def build_template(document: Document, name: str, folder: Path, readme: str = "") -> Template | None:
    """The template a document describes, or None with the document's problems filled in.

    Looks into `folder` only to see that each script's source is there.
    """
    if document.problems or not isinstance(document.value, dict):
        return None
    builder = _Builder(document)
    top: dict[str, Json] = document.value
    builder.known_keys((), top, _TOP)
    variables = builder.variables(top.get("variables"))
    configuration, keys_of_secrets = builder.configuration(top.get("configuration"), variables)
    template = Template(
        name=name,
        folder=folder,
        version=builder.version(top.get("version")),
        title=builder.sentence(("title",), top.get("title")),
        description=builder.sentence(("description",), top.get("description")),
        needs=builder.needs(top.get("needs")),
        modules=builder.modules(top.get("modules")),
        import_mode=builder.import_mode(top.get("import_mode"), variables),
        variables=tuple(variables.values()),
        secrets=builder.secrets(top.get("secrets"), keys_of_secrets),
        configuration=configuration,
        options=builder.options(top.get("options"), variables),
        scripts=builder.scripts(top.get("scripts"), variables, folder),
        readme=readme,
    )
    return None if document.problems else template


class _Builder:
    """Reads the parts of one document; every method returns something usable and notes what is wrong."""

    def __init__(self, document: Document) -> None:
        self._complain = document.complain

    def known_keys(self, at: At, entry: Mapping[Any, Json], known: tuple[str, ...]) -> None:
        for key in entry:
            if key not in known:
                near = nearest(key, known)
                hint = f"did you mean {near}?" if near else f"the keys here are {', '.join(known)}"
                self._complain((*at, key), f"{key} is not a key of template.yaml here", hint)

    def mapping(self, at: At, value: Json) -> dict[str, Json]:
        if value is None:
            return {}
        if isinstance(value, dict):
            return value
        self._complain(at, f"{at[-1]} must be a map")
        return {}

    def sentence(self, at: At, value: Json) -> str:
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())
        self._complain(at, f"{at[-1]} must be text")
        return ""

    def version(self, value: Json) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            return value
        self._complain(("version",), "version must be a whole number from 1 on, counted up when the scripts change")
        return 1

    def needs(self, value: Json) -> tuple[str, ...]:
        if value is None:
            return ()
        if not isinstance(value, list):
            self._complain(("needs",), "needs must be a list of sentences")
            return ()
        return tuple(self.sentence(("needs", index), need) for index, need in enumerate(value))

    def modules(self, value: Json) -> dict[str, str]:
        modules = self.mapping(("modules",), value)
        for name, version in modules.items():
            if not isinstance(version, str) or not _EXACT_VERSION.fullmatch(version):
                self._complain(("modules", name), f"{name} needs an exact version such as 8.16.3", "no ^, ~ or ranges")
        return {name: str(version) for name, version in modules.items()}

    def import_mode(self, value: Json, variables: Mapping[str, Variable]) -> bool | None:
        """The mode that the template fixes; None leaves it to its variable, or to dbconn.yaml."""
        at = ("import_mode",)
        if value is not None and not isinstance(value, bool):
            self._complain(at, "import_mode must be true or false")
            return None
        if value is not None and IMPORT_MODE in variables:
            self._complain(at, "import_mode is a variable already; leave one of the two out")
        return None if value is None else bool(value)

    def variables(self, value: Json) -> dict[str, Variable]:
        found: dict[str, Variable] = {}
        for name, entry in self.mapping(("variables",), value).items():
            at = ("variables", name)
            if not _NAME.fullmatch(name):
                self._complain(at, f"{name} must be lower-case letters, digits and _, starting with a letter")
            variable = self.variable(at, name, entry)
            if variable is not None:
                found[name] = variable
        return found

    def variable(self, at: At, name: str, entry: Json) -> Variable | None:
        if not isinstance(entry, dict):
            self._complain(at, f"{name} must be a map with type, default and help")
            return None
        self.known_keys(at, entry, _VARIABLE)
        try:
            type_ = VariableType(entry.get("type", ""))
        except ValueError:
            self._complain((*at, "type"), f"type must be one of {', '.join(VariableType)}")
            return None
        choices = entry.get("choices", [])
        if not isinstance(choices, list) or not all(isinstance(choice, str) for choice in choices):
            self._complain((*at, "choices"), "choices must be a list of texts")
            choices = []
        if bool(choices) is not (type_ is VariableType.CHOICE):
            self._complain(at, "choices belong to type choice, and it needs them")
        variable = Variable(
            name=name,
            type=type_,
            default=entry.get("default", ""),
            help=self.sentence((*at, "help"), entry.get("help")),
            choices=tuple(choices),
            pattern=self.pattern((*at, "pattern"), entry.get("pattern", "")),
            minimum=self.bound((*at, "minimum"), entry.get("minimum")),
            maximum=self.bound((*at, "maximum"), entry.get("maximum")),
        )
        return self.with_default(at, variable, entry)

    def with_default(self, at: At, variable: Variable, entry: Mapping[str, Json]) -> Variable | None:
        """The variable with its default converted, so that rendering without any answer works."""
        default = entry.get("default")
        if not isinstance(default, str | bool | int):
            self._complain((*at, "default"), f"{variable.name} needs a default")
            return None
        try:
            return replace(variable, default=convert(variable, default))
        except ValueError as reason:
            self._complain((*at, "default"), f"default {reason}")
            return None

    def pattern(self, at: At, value: Json) -> str:
        try:
            re.compile(value)
        except (re.error, TypeError) as failure:
            self._complain(at, f"pattern is not a regular expression: {failure}")
            return ""
        return str(value)

    def bound(self, at: At, value: Json) -> int | None:
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        self._complain(at, f"{at[-1]} must be a whole number")
        return None

    def secrets(self, value: Json, keys: Mapping[str, str]) -> tuple[Secret, ...]:
        entries = self.mapping(("secrets",), value)
        found: list[Secret] = []
        for name, help_ in entries.items():
            at = ("secrets", name)
            if not _SECRET.fullmatch(name):
                self._complain(at, f"{name} must be up to 64 letters, digits and _, starting with a letter")
            if name not in keys:
                self._complain(at, f"no configuration key uses the secret {name}", f"KEY: {{secret: {name}}}")
            found.append(Secret(name, self.sentence(at, help_), keys.get(name, "")))
        for name, key in keys.items():
            if name not in entries:
                self._complain(("configuration", key), f"the secret {name} is not listed under secrets")
        return tuple(found)

    def configuration(
        self, value: Json, variables: Mapping[str, Variable]
    ) -> tuple[tuple[ConfigurationEntry, ...], dict[str, str]]:
        entries: list[ConfigurationEntry] = []
        keys_of_secrets: dict[str, str] = {}
        for key, given in self.mapping(("configuration",), value).items():
            at = ("configuration", key)
            if not _KEY.fullmatch(key):
                self._complain(at, f"{key} is not usable as configuration.KEY in a script")
            match given:
                case str():
                    entries.append(ConfigurationEntry(key, FixedText(given)))
                case {"variable": str(name), **rest}:
                    self.known_variable((*at, "variable"), name, variables)
                    entries.append(ConfigurationEntry(key, FromVariable(name), self.when(at, rest, variables)))
                case {"secret": str(name), **rest}:
                    keys_of_secrets[name] = key
                    entries.append(ConfigurationEntry(key, FromSecret(name), self.when(at, rest, variables)))
                case _:
                    self._complain(at, f"{key} must be text, {{variable: NAME}} or {{secret: NAME}}")
        return tuple(entries), keys_of_secrets

    def options(self, value: Json, variables: Mapping[str, Variable]) -> tuple[OptionEntry, ...]:
        entries: list[OptionEntry] = []
        for name, given in self.mapping(("options",), value).items():
            at = ("options", name)
            if name in _NOT_OPTIONS:
                self._complain(at, f"{name} is not set through options")
            match given:
                case {"variable": str(variable), **rest}:
                    self.known_variable((*at, "variable"), variable, variables)
                    entries.append(OptionEntry(name, FromVariable(variable), self.when(at, rest, variables)))
                case {"value": fixed, **rest}:
                    entries.append(OptionEntry(name, fixed, self.when(at, rest, variables)))
                case _:
                    self._complain(
                        at, f"{name} must be {{value: …}} or {{variable: NAME}}, with `when` where it applies"
                    )
        return tuple(entries)

    def scripts(self, value: Json, variables: Mapping[str, Variable], folder: Path) -> tuple[ScriptEntry, ...]:
        entries: list[ScriptEntry] = []
        for kind, given in self.mapping(("scripts",), value).items():
            at = ("scripts", kind)
            if kind not in BY_NAME:
                near = nearest(kind, BY_NAME)
                hint = f"did you mean {near}?" if near else f"the kinds are {', '.join(BY_NAME)}"
                self._complain(at, f"{kind} is not a kind of script", hint)
            elif not (folder / BY_NAME[kind].file).is_file():
                self._complain(at, f"its source {BY_NAME[kind].file} is not in the template's folder")
            entries.append(ScriptEntry(kind, self.when(at, self.mapping(at, given), variables)))
        if not any(entry.kind == "login" for entry in entries):
            self._complain(("scripts",), "scripts must list login: a connection cannot do without it")
        return tuple(entries)

    def when(self, at: At, entry: Mapping[Any, Json], variables: Mapping[str, Variable]) -> When:
        """The condition of an entry; `entry` is what is left of it beside its value."""
        self.known_keys(at, entry, ("when",))
        if "when" not in entry:
            return ALWAYS
        when: list[tuple[str, Value]] = []
        for name, expected in self.mapping((*at, "when"), entry["when"]).items():
            here = (*at, "when", name)
            variable = self.known_variable(here, name, variables)
            if variable is None:
                continue
            try:
                when.append((name, convert(variable, expected)))
            except ValueError as reason:
                self._complain(here, f"{name} {reason}")
        return tuple(when)

    def known_variable(self, at: At, name: str, variables: Mapping[str, Variable]) -> Variable | None:
        if name not in variables:
            near = nearest(name, variables)
            self._complain(at, f"there is no variable {name}", f"did you mean {near}?" if near else "")
        return variables.get(name)
