"""Document: template.yaml as plain values, with the place of each, before anything is made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from dbconn_tui.problems import Place, Problem, Severity
from dbconn_tui.scaffold.template import Json

if TYPE_CHECKING:
    import yaml

RULE: Final = "template"
"""The rule id of every problem in a template."""

LARGEST_MANIFEST: Final = 64_000
"""Bytes of a template.yaml."""

DEEPEST: Final = 20
"""Levels of lists and maps in a template.yaml."""

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


def read_document(text: str, file: str) -> Document:
    """The values and places of a template.yaml text; what cannot be read is a problem, never an exception."""
    import yaml

    document = Document(file)
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST_MANIFEST:
        document.complain((), f"template.yaml is larger than {LARGEST_MANIFEST:,} bytes")
        return document
    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                document.places[()] = _place(file, event)
                document.complain((), f"nested more than {DEEPEST} levels deep")
                return document
            if isinstance(event, yaml.AliasEvent):
                document.places[()] = _place(file, event)
                document.complain((), "anchors and aliases are not read in template.yaml", "write the value out")
                return document
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is not None:
            document.value = _Reader(document, yaml.SafeLoader("")).read(node, ())
    except yaml.MarkedYAMLError as failure:
        mark = failure.problem_mark or failure.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        document.problems.append(Problem(RULE, Severity.ERROR, f"not valid YAML: {failure.problem}", place))
    except yaml.YAMLError as failure:
        first = str(failure).partition("\n")[0]
        document.problems.append(Problem(RULE, Severity.ERROR, f"not valid YAML: {first}", Place(file)))
    return document


class _Reader:
    """Walks composed nodes; scalars become values as YAML's safe schema says."""

    def __init__(self, document: Document, constructor: yaml.SafeLoader) -> None:
        self._document = document
        self._constructor = constructor

    def read(self, node: yaml.Node, path: Path) -> Json:
        import yaml

        self._document.places[path] = _place(self._document.file, node)
        if isinstance(node, yaml.MappingNode):
            return dict(self._entries(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
        try:
            value = self._constructor.construct_object(node)
        except (yaml.YAMLError, ValueError):
            value = object()
        if value is None or isinstance(value, str | bool | int | float):
            return value
        self._document.complain(path, f"{node.value!r} is not text, a number or true/false", "put it in quotes")
        return str(node.value)

    def _entries(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, Json]]:
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value) if isinstance(key.value, str) else ""
            here = (*path, name)
            if not name or name in seen:
                self._document.places[here] = _place(self._document.file, key)
                self._document.complain(here, f"{name} is written twice" if name else "a key must be text")
                continue
            seen.add(name)
            yield name, self.read(value, here)


def _place(file: str, marked: yaml.Node | yaml.Event) -> Place:
    start, end = marked.start_mark, marked.end_mark
    if start is None or end is None:
        return Place(file)
    return Place(file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)
