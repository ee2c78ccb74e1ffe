"""Document: template.yaml as plain values, with the place of each, before anything is made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from dbconn_tui.problems import Place, Problem, Severity
from dbconn_tui.project.document import decode
from dbconn_tui.project.document import read_document as read_yaml
from dbconn_tui.project.nodes import ListNode, MapNode, Node, place_of, plain_value
from dbconn_tui.scaffold.template import Json

RULE: Final = "template"
"""The rule id of what is wrong with a template beside its YAML."""

Path = tuple[str | int, ...]


@dataclass(slots=True)
class Document:
    """A parsed template.yaml: `value` (None when it could not be read), places by path, problems so far."""

    file: str
    value: Json = None
    places: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def complain(self, path: Path, message: str, hint: str = "") -> None:
        """Note a problem at a path, or at the nearest place above it."""
        place = next((self.places[path[:end]] for end in range(len(path), -1, -1) if path[:end] in self.places), None)
        self.problems.append(Problem(RULE, Severity.ERROR, message, place or Place(self.file), hint))


def read_document(data: bytes, file: str) -> Document:
    """The values and places of a template.yaml; what cannot be read is a problem, never an exception."""
    text, problems = decode(data, file)
    if text is None:
        return Document(file, problems=list(problems))
    parsed = read_yaml(text, file)
    if parsed.root is None:
        return Document(file, problems=list(parsed.problems))
    return Document(file, plain_value(parsed.root), dict(_places(parsed.root, file, ())), list(parsed.problems))


def _places(node: Node, file: str, path: Path) -> Iterator[tuple[Path, Place]]:
    yield path, place_of(node, file)
    if isinstance(node, MapNode):
        for key, value in node.every_pair():
            yield from _places(value, file, (*path, key.text))
    elif isinstance(node, ListNode):
        for index, item in enumerate(node.items):
            yield from _places(item, file, (*path, index))
