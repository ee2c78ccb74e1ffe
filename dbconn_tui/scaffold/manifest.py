"""Manifest: template.yaml checked and turned into a Template, every mistake with its line and column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dbconn_tui.action_scripts.kinds import BY_NAME
from dbconn_tui.project.near_names import nearest
from dbconn_tui.scaffold.document import Document
from dbconn_tui.scaffold.entries import Entries
from dbconn_tui.scaffold.identifiers import DIALECTS, PLAIN, Dialect
from dbconn_tui.scaffold.template import (
    IMPORT_MODE,
    ConfigurationEntry,
    FixedText,
    FromSecret,
    FromVariable,
    Json,
    Module,
    OptionEntry,
    ScriptEntry,
    Secret,
    Template,
    Variable,
)
from dbconn_tui.scaffold.variable_entries import VariableEntries

_TOP: Final = (
    "version",
    "title",
    "description",
    "needs",
    "dialect",
    "import_mode",
    "modules",
    "variables",
    "secrets",
    "configuration",
    "options",
    "scripts",
)
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
    dialect = builder.dialect(top.get("dialect"))
    variables = VariableEntries(builder, dialect).read(top.get("variables"))
    configuration, keys_of_secrets = builder.configuration(top.get("configuration"), variables)
    template = Template(
        name=name,
        folder=folder,
        version=builder.version(top.get("version")),
        title=builder.sentence(("title",), top.get("title")),
        description=builder.sentence(("description",), top.get("description")),
        needs=builder.needs(top.get("needs")),
        modules=builder.modules(top.get("modules"), variables),
        variables=tuple(variables.values()),
        secrets=builder.secrets(top.get("secrets"), keys_of_secrets),
        configuration=configuration,
        options=builder.options(top.get("options"), variables),
        scripts=builder.scripts(top.get("scripts"), variables, folder),
        readme=readme,
        dialect=dialect,
        import_mode=builder.import_mode(top, variables),
    )
    return None if document.problems else template


class _Builder(Entries):
    """Reads the parts of one template.yaml beside its variables."""

    def version(self, value: Json) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            return value
        self.complain(("version",), "version must be a whole number from 1 on, counted up when the scripts change")
        return 1

    def needs(self, value: Json) -> tuple[str, ...]:
        if value is None:
            return ()
        if not isinstance(value, list):
            self.complain(("needs",), "needs must be a list of sentences")
            return ()
        return tuple(self.sentence(("needs", index), need) for index, need in enumerate(value))

    def dialect(self, value: Json) -> Dialect:
        if value is None:
            return PLAIN
        if isinstance(value, str) and value in DIALECTS:
            return DIALECTS[value]
        self.complain(("dialect",), f"dialect must be one of {', '.join(DIALECTS)}")
        return PLAIN

    def import_mode(self, top: Mapping[str, Json], variables: Mapping[str, Variable]) -> bool | None:
        if IMPORT_MODE not in top:
            return None
        if IMPORT_MODE in variables:
            self.complain((IMPORT_MODE,), "import_mode is a variable already; leave one of the two out")
        return self.flag((IMPORT_MODE,), top[IMPORT_MODE])

    def modules(self, value: Json, variables: Mapping[str, Variable]) -> tuple[Module, ...]:
        modules = []
        for name, given in self.mapping(("modules",), value).items():
            at = ("modules", name)
            entry = dict(given) if isinstance(given, dict) else {"version": given}
            version = entry.pop("version", None)
            if not isinstance(version, str) or not _EXACT_VERSION.fullmatch(version):
                self.complain(at, f"{name} needs an exact version such as 8.16.3", "no ^, ~ or ranges")
            modules.append(Module(name, str(version), self.when(at, entry, variables)))
        return tuple(modules)

    def secrets(self, value: Json, keys: Mapping[str, str]) -> tuple[Secret, ...]:
        entries = self.mapping(("secrets",), value)
        found: list[Secret] = []
        for name, help_ in entries.items():
            at = ("secrets", name)
            if not _SECRET.fullmatch(name):
                self.complain(at, f"{name} must be up to 64 letters, digits and _, starting with a letter")
            if name not in keys:
                self.complain(at, f"no configuration key uses the secret {name}", f"KEY: {{secret: {name}}}")
            found.append(Secret(name, self.sentence(at, help_), keys.get(name, "")))
        for name, key in keys.items():
            if name not in entries:
                self.complain(("configuration", key), f"the secret {name} is not listed under secrets")
        return tuple(found)

    def configuration(
        self, value: Json, variables: Mapping[str, Variable]
    ) -> tuple[tuple[ConfigurationEntry, ...], dict[str, str]]:
        entries: list[ConfigurationEntry] = []
        keys_of_secrets: dict[str, str] = {}
        for key, given in self.mapping(("configuration",), value).items():
            at = ("configuration", key)
            if not _KEY.fullmatch(key):
                self.complain(at, f"{key} is not usable as configuration.KEY in a script")
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
                    self.complain(at, f"{key} must be text, {{variable: NAME}} or {{secret: NAME}}")
        return tuple(entries), keys_of_secrets

    def options(self, value: Json, variables: Mapping[str, Variable]) -> tuple[OptionEntry, ...]:
        entries: list[OptionEntry] = []
        for name, given in self.mapping(("options",), value).items():
            at = ("options", name)
            if name in _NOT_OPTIONS:
                self.complain(at, f"{name} is not set through options")
            match given:
                case {"variable": str(variable), **rest}:
                    self.known_variable((*at, "variable"), variable, variables)
                    entries.append(OptionEntry(name, FromVariable(variable), self.when(at, rest, variables)))
                case {"value": fixed, **rest}:
                    entries.append(OptionEntry(name, fixed, self.when(at, rest, variables)))
                case _:
                    self.complain(
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
                self.complain(at, f"{kind} is not a kind of script", hint)
            elif not (folder / BY_NAME[kind].file).is_file():
                self.complain(at, f"its source {BY_NAME[kind].file} is not in the template's folder")
            entries.append(ScriptEntry(kind, self.when(at, self.mapping(at, given), variables)))
        if not any(entry.kind == "login" for entry in entries):
            self.complain(("scripts",), "scripts must list login: a connection cannot do without it")
        return tuple(entries)
