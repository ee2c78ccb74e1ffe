"""Export files: an export of auth0-deploy-cli found and read: what it says of database connections, with places.

Two layouts (api.md §8.3): one `tenant.yaml` with a list `databases`, or a folder `database-connections` with
a `database.json` for each. Scripts are files beside them, never outside of the export.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NoReturn

from dbconn_tui.errors import ProjectError
from dbconn_tui.problems import Place, Problem, Severity
from dbconn_tui.project.document import place_at, read_document
from dbconn_tui.project.keywords import hide_keywords, quote_keywords, show_keywords
from dbconn_tui.project.nodes import ListNode, MapNode, Node, place_of, plain_value
from dbconn_tui.project.script_files import read_script
from dbconn_tui.project.values import Json

YAML_FILE: Final = "tenant.yaml"
FOLDER: Final = "database-connections"
JSON_FILE: Final = "database.json"

LARGEST_EXPORT: Final = 20_971_520
"""Bytes; an export holds a whole tenant, so it may be larger than a project."""

_MOST_VALUES: Final = 1_000_000
_DEEPEST: Final = 200
_YAML_ENDINGS: Final = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class ExportedDatabase:
    """One database connection as the export says it: raw values, and where they are.

    `folder` is what script paths are relative to, `root` what they must lie in. `beside` = scripts lie in
    `folder` and may be found there by name (directory layout).
    """

    values: Mapping[str, Json] = field(repr=False)
    places: Mapping[tuple[str, ...], Place] = field(repr=False)
    file: str
    folder: Path
    root: Path
    beside: bool

    def place(self, *path: str) -> Place:
        """Where a value is said, or the nearest one above it."""
        while path not in self.places and path:
            path = path[:-1]
        return self.places.get(path, Place(self.file))


@dataclass(slots=True)
class ExportReader:
    """Reads one export. `here` is the folder that shown paths are relative to."""

    here: Path
    problems: list[Problem] = field(default_factory=list)

    def read(self, path: Path) -> list[ExportedDatabase]:
        """The database connections of an export: a tenant.yaml, its folder, or one with `database-connections`.

        Raises ProjectError when there is no export or it cannot be read; mistakes inside are `problems`.
        """
        if path.is_file():
            if path.suffix.lower() in _YAML_ENDINGS:
                return self._yaml(path)
            if path.name == JSON_FILE:
                return list(self._json(path, path.parent))
            raise ProjectError(f"{self.shown(path)} is no export of auth0-deploy-cli", _LAYOUTS)
        if not path.is_dir():
            raise ProjectError(f"{self.shown(path)} does not exist", _LAYOUTS)
        yaml_file = path / YAML_FILE
        folder = path if path.name == FOLDER else path / FOLDER
        if yaml_file.is_file() and folder.is_dir():
            raise ProjectError(
                f"{self.shown(path)} holds both {YAML_FILE} and {FOLDER}", "Name the one that is meant as PATH."
            )
        if yaml_file.is_file():
            return self._yaml(yaml_file)
        if not folder.is_dir():
            raise ProjectError(f"{self.shown(path)} holds no export of auth0-deploy-cli", _LAYOUTS)
        try:
            below = sorted(entry for entry in folder.iterdir() if entry.is_dir())
        except OSError as failure:
            raise ProjectError(f"{self.shown(folder)} cannot be read: {failure.strerror}") from None
        return [database for one in below for database in self._json(one / JSON_FILE, path)]

    def script(self, database: ExportedDatabase, kind: str, file: str) -> str | None:
        """The text of a script file; None with a problem when it is missing, outside of the export or no text."""
        place = database.place("options", "customScripts", kind)
        path = database.folder / file.replace("\\", "/")
        if any(ord(character) < 32 for character in file):
            self._error("script-outside", f"the path of the script {kind} holds a control character", place)
            return None
        real = Path(os.path.realpath(path))
        if not real.is_relative_to(os.path.realpath(database.root)):
            self._error(
                "script-outside",
                f"{file}, the script {kind}, lies outside of the export",
                place,
                "Move the file into the export; links are followed to where they lead.",
            )
            return None
        if not real.exists():
            hint = "Put the file there, or take the entry out of customScripts."
            self._error("script-missing", f"the file {file} of the script {kind} does not exist", place, hint)
            return None
        text, problems = read_script(real, self.shown(path))
        self.problems.extend(problems)
        return text

    def shown(self, path: Path) -> str:
        """A path for people: relative to `here` where that is shorter than going far up."""
        relative = os.path.relpath(path, self.here)
        return (str(path) if relative.startswith(os.path.join("..", "..", "..")) else relative).replace(os.sep, "/")

    def _yaml(self, path: Path) -> list[ExportedDatabase]:
        shown = self.shown(path)
        text = self._text(path, shown)
        if text is None:
            return []
        document = read_document(hide_keywords(text), shown, most_nodes=_MOST_VALUES)
        if document.problems:
            # A comment may begin with a keyword, which is no comment any more once its marks are hidden.
            as_it_is = read_document(text, shown, most_nodes=_MOST_VALUES)
            document = document if as_it_is.problems else as_it_is
        self.problems.extend(document.problems)
        if not isinstance(document.root, MapNode):
            return []
        databases = next((value for key, value in document.root.every_pair() if key.text == "databases"), None)
        if databases is None or plain_value(databases) in (None, [], ""):
            return []
        if not isinstance(databases, ListNode):
            self._error("wrong-type", "databases must be a list of connections", place_of(databases, shown))
            return []
        return list(self._yaml_items(databases.items, path.parent, shown))

    def _yaml_items(self, items: Sequence[Node], folder: Path, shown: str) -> Iterator[ExportedDatabase]:
        for item in items:
            if not isinstance(item, MapNode):
                self._error("wrong-type", "a connection under databases must be a map", place_of(item, shown))
                continue
            places: dict[tuple[str, ...], Place] = {(): place_of(item, shown)}
            _collect_places(item, (), shown, places)
            yield ExportedDatabase(_shown_back(plain_value(item)), places, shown, folder, folder, beside=False)

    def _json(self, path: Path, root: Path) -> Iterator[ExportedDatabase]:
        shown = self.shown(path)
        if not path.is_file():
            message = f"{self.shown(path.parent)} holds no {JSON_FILE}"
            self._error("file-unreadable", message, Place(shown), "Put the file there, or take the folder away.")
            return
        text = self._text(path, shown)
        values = self._parsed(text, shown) if text is not None else None
        if text is None or values is None:
            return
        if not isinstance(values, dict):
            self._error("wrong-type", f"{shown} must hold one JSON object", Place(shown, 1, 1, 1, 2))
            return
        places: dict[tuple[str, ...], Place] = {}
        _guess_places(values, (), text, shown, places)
        yield ExportedDatabase(values, places, shown, path.parent, root, beside=True)

    def _parsed(self, text: str, shown: str) -> Json:
        try:
            return json.loads(quote_keywords(text), parse_constant=_refuse_constant)
        except RecursionError:
            self._error("json-syntax", "nested too deep to be read", Place(shown))
        except json.JSONDecodeError as fault:
            place = Place(shown, fault.lineno, fault.colno, fault.lineno, fault.colno + 1)
            self._error("json-syntax", f"not valid JSON: {fault.msg[:1].lower()}{fault.msg[1:]}", place)
        except ValueError as fault:
            self._error("json-syntax", f"not valid JSON: {fault}", Place(shown))
        return None

    def _text(self, path: Path, shown: str) -> str | None:
        try:
            with path.open("rb") as opened:
                data = opened.read(LARGEST_EXPORT + 1)
        except OSError as failure:
            self._error("file-unreadable", f"{shown} cannot be read: {failure.strerror}", Place(shown))
            return None
        if len(data) > LARGEST_EXPORT:
            self._error("yaml-too-large", f"{shown} is larger than 20 MB", Place(shown))
            return None
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as fault:
            before = data[: fault.start].decode("utf-8")
            message = f"not UTF-8: the byte 0x{data[fault.start]:02x} fits no character here"
            self._error("yaml-not-utf8", message, place_at(before, len(before), shown), "Save the file as UTF-8.")
            return None

    def _error(self, rule: str, message: str, place: Place, hint: str = "") -> None:
        self.problems.append(Problem(rule, Severity.ERROR, message, place, hint))


_LAYOUTS: Final = (
    f"PATH is what `a0deploy export` makes: a {YAML_FILE}, or a folder with one or with {FOLDER}/NAME/{JSON_FILE}."
)


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON number")


def _collect_places(node: Node, path: tuple[str, ...], file: str, places: dict[tuple[str, ...], Place]) -> None:
    """The place of every value below a map; a block map begins on the line below its key, so its key's counts."""
    if not isinstance(node, MapNode) or len(path) > _DEEPEST:
        return
    for key, value in node.every_pair():
        here = (*path, show_keywords(key.text))
        block = isinstance(value, MapNode | ListNode) and not value.flow and not value.alias
        places[here] = place_of(key if block else value, file)
        _collect_places(value, here, file, places)


def _shown_back(value: Json) -> Json:
    """A value with the marks of keywords back in every text and key."""
    if isinstance(value, str):
        return show_keywords(value)
    if isinstance(value, dict):
        return {show_keywords(key): _shown_back(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_shown_back(item) for item in value]
    return value


def _guess_places(
    values: Mapping[str, Json],
    path: tuple[str, ...],
    text: str,
    file: str,
    places: dict[tuple[str, ...], Place],
    start: int = 0,
) -> int:
    """The places of a JSON object's keys: each key's first mention behind the one before; returns where the last is."""
    for key, value in values.items():
        written = json.dumps(key, ensure_ascii=False)
        index = text.find(written, start)
        if index >= 0:
            places[(*path, key)] = place_at(text, index, file, len(written))
            start = index + len(written)
        if isinstance(value, dict):
            start = _guess_places(value, (*path, key), text, file, places, start)
    return start
