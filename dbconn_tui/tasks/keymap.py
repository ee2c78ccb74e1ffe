"""The user's own keys for the app: `keys.yaml` in the configuration folder, an action's id and its keys a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dbconn_tui.problems import Place, Problem, Severity
from dbconn_tui.project.document import decode, read_document
from dbconn_tui.project.nodes import MapNode, place_of, plain_value
from dbconn_tui.tasks.outside import Outside

RULE: Final = "keys"


@dataclass(frozen=True, slots=True)
class KeymapFile:
    """What the file says: action id → keys as written, where each id stands, and what is wrong with the file."""

    file: str
    keys: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def keymap_path(outside: Outside) -> Path:
    """DBCONN_KEYS, else `keys.yaml` in the platform's configuration folder."""
    if outside.environment.get("DBCONN_KEYS"):
        return outside.folder / Path(outside.environment["DBCONN_KEYS"]).expanduser()
    import platformdirs

    return Path(platformdirs.user_config_dir("dbconn", appauthor=False)) / "keys.yaml"


def read_keymap(outside: Outside) -> KeymapFile:
    """The file as it is; without one there are no keys. What cannot be read is a problem, never an exception."""
    path = keymap_path(outside)
    shown = str(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return KeymapFile(shown)
    except OSError as failure:
        return KeymapFile(shown, problems=(_problem(f"cannot be read: {failure.strerror}", Place(shown)),))
    text, problems = decode(data, shown)
    document = read_document(text, shown) if text is not None else None
    if document is None or document.root is None or document.problems:
        return KeymapFile(shown, problems=(*problems, *(document.problems if document else ())))
    if not isinstance(document.root, MapNode):
        problem = _problem("must be a map of action ids and keys", place_of(document.root, shown), "home.plan: P")
        return KeymapFile(shown, problems=(problem,))
    keys: dict[str, str] = {}
    places: dict[str, Place] = {}
    wrong: list[Problem] = []
    for key, node in document.root.every_pair():
        value, name = plain_value(node), key.text
        places[name] = place_of(key, shown)
        if isinstance(value, str | int) and not isinstance(value, bool):
            keys[name] = str(value)
        else:
            message = f"the keys of {name} must be text"
            wrong.append(_problem(message, place_of(node, shown), 'Quote them: "P" or "ctrl+l,f7"'))
    return KeymapFile(shown, keys, places, tuple(wrong))


def _problem(message: str, place: Place, hint: str = "") -> Problem:
    return Problem(RULE, Severity.ERROR, message, place, hint)
