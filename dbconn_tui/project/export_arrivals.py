"""Export arrivals: the connections of an auth0-deploy-cli export as they come into dbconn.yaml.

Nothing is substituted: a keyword in the configuration becomes a reference, in a script it stays with a
warning, anywhere else the value is left out with a warning. What deploy-cli would do is api.md §8.2, §8.3.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from dbconn_tui.problems import Place, Problem, Severity
from dbconn_tui.project.arrival import Arrival, LeftOut, admitted, name_fault
from dbconn_tui.project.document import place_at
from dbconn_tui.project.export_files import ExportedDatabase, ExportReader
from dbconn_tui.project.keywords import find_keywords, sole_keyword
from dbconn_tui.project.nodes import brief
from dbconn_tui.project.schema import SCRIPT_KINDS
from dbconn_tui.project.secret_names import SecretNames
from dbconn_tui.project.values import Json

CUSTOM_DATABASE: Final = "enabledDatabaseCustomization"

_TAKEN: Final = frozenset({"id", "name", "strategy", "display_name", "enabled_clients", "options", "customScripts"})
"""Top-level keys that are read, and `id`, which means nothing elsewhere."""
_OWN_OPTIONS: Final = frozenset({"customScripts", "configuration", "import_mode", CUSTOM_DATABASE})
_OLDER_PASSWORDS: Final = (
    "passwordPolicy",
    "password_complexity_options",
    "password_history",
    "password_dictionary",
    "password_no_personal_info",
)
"""What `password_options` replaces; the platform takes one group (api.md §2.4)."""

_SECRET_WORD: Final = re.compile(r"secret|passw|pwd|token|credential|private|api_?key|_key$|^key$|pepper|salt", re.I)
_CREDENTIAL: Final = re.compile(r"://[^/\s:@]*:[^/\s@]+@")
_NOT_SHOWN: Final = "_VALUE_NOT_SHOWN_"
"""What deploy-cli writes in place of a value that it hides."""
_ID: Final = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")


class KeywordUse(StrEnum):
    """What a configuration value that is one keyword becomes."""

    SECRET = "secret"
    """`{secret: key}`: kept apart for each tenant, in the keyring or DBCONN_SECRET_…"""
    ENVIRONMENT = "env"
    """`{env: KEY}`: the variable that deploy-cli read."""


@dataclass(frozen=True, slots=True)
class ExportSecret:
    """A secret that a configuration key needs; `note` says what its value is made of."""

    name: str
    key: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ExportedConnection:
    """A connection ready for the files, the secrets it needs, and what of it was left out."""

    arrival: Arrival
    secrets: tuple[ExportSecret, ...] = ()
    left: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A connection of the export that does not come into the files, and why."""

    name: str
    reason: str


@dataclass(slots=True)
class ExportArrivals:
    """Makes arrivals of the databases of one export; what is wrong in them are `problems`, the reader's aside."""

    reader: ExportReader
    names: SecretNames
    keywords: KeywordUse
    problems: list[Problem] = field(default_factory=list)
    _words: dict[str, str] = field(default_factory=dict)
    _seen: dict[str, Place] = field(default_factory=dict)

    def take(self, database: ExportedDatabase) -> ExportedConnection | NotTaken | None:
        """One database as it comes in, or why it stays out; None when it has a mistake, which is a problem."""
        values = database.values
        name = self._name(database)
        if name is None:
            return None
        strategy = values.get("strategy", "auth0")
        if strategy != "auth0":
            return NotTaken(name, f"its strategy is {brief(str(strategy))}; only auth0 has action scripts")
        options = values.get("options") or {}
        if not isinstance(options, dict):
            self._problem("wrong-type", "options must be a map", database.place("options"))
            return None
        listed = self._listed_scripts(database, options)
        custom = options.get(CUSTOM_DATABASE)
        if custom is not True and not (custom is None and listed):
            said = "is off" if custom in (False, None) else "is no plain true"
            return NotTaken(name, f"{CUSTOM_DATABASE} {said}, so it has no database of its own")
        left: list[LeftOut] = []
        scripts = self._scripts(database, listed, left)
        configuration, secrets = self._configuration(name, database, options, left)
        arrival, refused = admitted(
            Arrival(
                name,
                scripts,
                self._display_name(name, database, left),
                self._import_mode(database, options, left),
                configuration,
                self._clients(database, left),
                self._options(database, options, left),
            )
        )
        usual = {"realms": [name], "is_domain_connection": False}
        ignored = sorted(key for key, value in values.items() if key not in _TAKEN and usual.get(key) != value)
        if ignored:
            left.append(LeftOut(", ".join(ignored), "dbconn does not manage it; the tenant keeps its own"))
        secrets = [secret for secret in secrets if secret.key in arrival.configuration]
        return ExportedConnection(arrival, tuple(secrets), (*left, *refused))

    def _name(self, database: ExportedDatabase) -> str | None:
        """The connection's name; None, and a problem, when it cannot name one."""
        name, place = database.values.get("name"), database.place("name")
        if not isinstance(name, str) or not name:
            self._problem("missing-key", "a connection has no name", place, "Every connection needs its live name.")
            return None
        if any(find_keywords(name)):
            message = f"the name {brief(name)!r} holds a keyword, and dbconn substitutes nothing"
            hint = "Write one name into the export; where it differs, `tenants.TENANT.name` says so in dbconn.yaml."
            self._problem("export-keyword", message, place, hint)
            return None
        if fault := name_fault(name):
            self._problem("connection-name", f"{brief(name)!r} cannot name a connection: {fault}", place)
            return None
        first = self._seen.setdefault(name, place)
        if first is not place:
            self._problem("connection-name-taken", f"the export has {name} twice; the first is at {first}", place)
            return None
        return name

    def _listed_scripts(self, database: ExportedDatabase, options: Mapping[str, Json]) -> dict[str, Json]:
        """Kind → file as the export lists them, a legacy map at the top level over the one in options.

        In the directory layout, scripts that nothing lists are found by their names, as deploy-cli once did.
        """
        listed: dict[str, Json] = {}
        for holder, path in ((options, ("options", "customScripts")), (database.values, ("customScripts",))):
            scripts = holder.get("customScripts")
            if isinstance(scripts, dict):
                listed |= scripts
            elif scripts is not None:
                self._problem("wrong-type", "customScripts must be a map from kind to file", database.place(*path))
        if listed or not database.beside:
            return listed
        return {kind: f"./{kind}.js" for kind in SCRIPT_KINDS if (database.folder / f"{kind}.js").is_file()}

    def _scripts(self, database: ExportedDatabase, listed: Mapping[str, Json], left: list[LeftOut]) -> dict[str, str]:
        scripts: dict[str, str] = {}
        for kind, file in listed.items():
            place = database.place("options", "customScripts", kind)
            if file is None:
                continue
            if not isinstance(file, str) or any(find_keywords(file)):
                message = f"the script {kind} must be the path of a file, without keywords"
                self._problem("wrong-type", message, place, "Write the path of the file into the export.")
                continue
            text = self.reader.script(database, kind, file)
            if text is None:
                continue
            scripts[kind] = text
            shown = self.reader.shown(database.folder / file.replace("\\", "/"))
            for keyword in find_keywords(text):
                message = f"{keyword.written} stays in the script {kind} as it is: nothing is substituted in scripts"
                hint = f"Read the value as configuration.{keyword.name} instead, and give it in dbconn.yaml."
                at = place_at(text, keyword.start, shown, len(keyword.written))
                self._problem("export-keyword", message, at, hint, Severity.WARNING)
        if database.beside:
            files = {str(file).replace("\\", "/").rpartition("/")[2] for file in listed.values()}
            for path in sorted(database.folder.glob("*.js")):
                if path.name not in files:
                    left.append(LeftOut(f"script:{path.stem}", f"{self.reader.shown(path)} is not in customScripts"))
        return scripts

    def _configuration(
        self, name: str, database: ExportedDatabase, options: Mapping[str, Json], left: list[LeftOut]
    ) -> tuple[dict[str, Json], list[ExportSecret]]:
        given = options.get("configuration")
        if given is None:
            return {}, []
        if not isinstance(given, dict):
            message = "configuration is no map of single values and is left out"
            hint = "Add its keys under `configuration` in dbconn.yaml."
            self._problem("export-keyword", message, database.place("options", "configuration"), hint, Severity.WARNING)
            return {}, []
        configuration: dict[str, Json] = {}
        secrets: list[ExportSecret] = []
        for key, value in given.items():
            if isinstance(value, bool) or not isinstance(value, (str, int, float)):
                place = database.place("options", "configuration", key)
                left.append(LeftOut(f"configuration:{key}", f"{place}: it is no text"))
                continue
            reference, secret = self._value(name, key, str(value), database)
            configuration[key] = reference
            if secret is not None:
                secrets.append(secret)
        return configuration, secrets

    def _value(self, name: str, key: str, text: str, database: ExportedDatabase) -> tuple[Json, ExportSecret | None]:
        """What dbconn.yaml says for one value, and the secret it needs."""
        place = database.place("options", "configuration", key)
        word = sole_keyword(text)
        if word is not None and self.keywords is KeywordUse.ENVIRONMENT:
            return {"env": word}, None
        if word is not None:
            secret = ExportSecret(self._secret_of(word), key, f"what {word} was for deploy-cli")
        elif any(find_keywords(text)):
            secret = ExportSecret(self.names.of_key(name, key), key, f"what {place} says, its keywords filled in")
        elif text == _NOT_SHOWN or _SECRET_WORD.search(key) or _CREDENTIAL.search(text):
            secret = ExportSecret(self.names.of_key(name, key), key, f"what {place} says")
        else:
            return text, None
        return {"secret": secret.name}, secret

    def _secret_of(self, word: str) -> str:
        """The secret of a keyword: the same one wherever the keyword occurs, another for each other keyword."""
        if word not in self._words:
            name = self.names.of_word(word)
            self._words[word] = name if name not in self._words.values() else self.names.of_key("", word)
        return self._words[word]

    def _display_name(self, name: str, database: ExportedDatabase, left: list[LeftOut]) -> str | None:
        value = database.values.get("display_name")
        if value is None or value == name:
            return None
        if isinstance(value, str) and not any(find_keywords(value)):
            return value
        self._left_out("display_name", database.place("display_name"), left)
        return None

    def _import_mode(self, database: ExportedDatabase, options: Mapping[str, Json], left: list[LeftOut]) -> bool | None:
        value = options.get("import_mode")
        if value is None or isinstance(value, bool):
            return value
        self._left_out("option:import_mode", database.place("options", "import_mode"), left)
        return None

    def _clients(self, database: ExportedDatabase, left: list[LeftOut]) -> tuple[str, ...] | None:
        """The enabled clients; None for an empty list, which deploy-cli ignores (api.md §8.3)."""
        value = database.values.get("enabled_clients")
        if not value:
            return None
        texts = [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
        if not texts or len(texts) != len(value) or any(keyword for text in texts for keyword in find_keywords(text)):
            self._left_out("enabled_clients", database.place("enabled_clients"), left)
            return None
        return tuple(dict.fromkeys(texts))

    def _options(self, database: ExportedDatabase, options: Mapping[str, Json], left: list[LeftOut]) -> dict[str, Json]:
        taken = {key: value for key, value in options.items() if key not in _OWN_OPTIONS}
        if "password_options" in taken:
            for key in _OLDER_PASSWORDS:
                if taken.pop(key, None) is not None:
                    left.append(LeftOut(f"option:{key}", "password_options says it, and the platform takes one group"))
        action = taken.get("custom_password_hash")
        if isinstance(action, dict) and not _ID.fullmatch(str(action.get("action_id"))):
            del taken["custom_password_hash"]
            left.append(LeftOut("option:custom_password_hash", "it names an action, and the platform takes its id"))
        return self._without_keywords(database, taken, (), left)

    def _without_keywords(
        self, database: ExportedDatabase, tree: Mapping[str, Json], path: tuple[str, ...], left: list[LeftOut]
    ) -> dict[str, Json]:
        kept: dict[str, Json] = {}
        for key, value in tree.items():
            here = (*path, key)
            if isinstance(value, dict) and value:
                if below := self._without_keywords(database, value, here, left):
                    kept[key] = below
            elif any(keyword for text in (key, *_texts(value)) for keyword in find_keywords(text)):
                self._left_out("option:" + ".".join(here), database.place("options", *here), left)
            else:
                kept[key] = value
        return kept

    def _left_out(self, item: str, place: Place, left: list[LeftOut]) -> None:
        """Leave out a value that deploy-cli would make of a keyword, or that is none of the right kind."""
        left.append(LeftOut(item, f"{place}: its value is a keyword or of another kind; write it into dbconn.yaml"))

    def _problem(
        self, rule: str, message: str, place: Place, hint: str = "", severity: Severity = Severity.ERROR
    ) -> None:
        self.problems.append(Problem(rule, severity, message, place, hint))


def _texts(value: Json) -> Sequence[str]:
    """Every text inside a value that is no map."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if isinstance(value, dict):
        return [text for key, below in value.items() for text in (key, *_texts(below))]
    return ()
