"""Check: a tree of nodes against the shapes of the schema: plain values out, and every problem at its place.

Nothing is repaired: a value with a problem comes out as None, and the project is not used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from dbconn_tui.problems import Place, Problem, Severity
from dbconn_tui.project.near_names import nearest
from dbconn_tui.project.nodes import (
    BrokenNode,
    ListNode,
    MapNode,
    Node,
    ScalarNode,
    brief,
    place_of,
)
from dbconn_tui.project.option_schema import OPTIONS
from dbconn_tui.project.scalars import ScalarKind, read_plain
from dbconn_tui.project.shapes import (
    Anything,
    Choice,
    Either,
    Flag,
    Group,
    Key,
    ListOf,
    MapOf,
    Measure,
    Number,
    Shape,
    Text,
)
from dbconn_tui.project.values import Json

Path = tuple[str | int, ...]

_OTHER_KINDS: Final = {
    ScalarKind.EMPTY: "nothing",
    ScalarKind.NULL: "null",
    ScalarKind.BOOLEAN: "true or false",
    ScalarKind.INTEGER: "a number",
    ScalarKind.DECIMAL: "a number",
    ScalarKind.TEXT: "text",
}


@dataclass(slots=True)
class Check:
    """One run over one file: collects problems, and the place of every value by its path.

    A block map or list begins on the line below its key, so its place is its key's.
    """

    file: str
    problems: list[Problem] = field(default_factory=list)
    places: dict[Path, Place] = field(default_factory=dict)

    def value(self, node: Node, shape: Shape, path: Path, nullable: bool = False) -> Json:
        """The plain value of `node`, which must have `shape`; `nullable` lets null take keys away below."""
        if isinstance(node, BrokenNode):
            return None
        match shape:
            case Text():
                return self._text(node, shape, path)
            case Flag():
                return self._flag(node, path)
            case Group():
                return self._group(node, shape, path, (nullable or shape.layered) and not shape.one_of)
            case MapOf():
                return self._map(node, shape, path, nullable)
            case Either():
                if isinstance(node, MapNode):
                    return self.value(node, shape.map, path, nullable)
                return self._text(node, shape.single, path, " or a map")
            case Choice():
                return self._choice(node, shape, path)
            case Number():
                return self._number(node, shape, path)
            case Measure():
                return self._measure(node, shape, path)
            case ListOf():
                return self._list(node, shape, path)
            case Anything():
                return self._anything(node, path, nullable)

    def _text(self, node: Node, shape: Text, path: Path, otherwise: str = "") -> Json:
        if not isinstance(node, ScalarNode):
            return self._wrong(node, path, f"text{otherwise}")
        if not node.style and (kind := read_plain(node.text)[0]) is not ScalarKind.TEXT:
            return self._not_text(node, kind, shape, path, f"text{otherwise}")
        if shape.pattern and not _compiled(shape.pattern).fullmatch(node.text):
            found = "" if shape.hidden else f", not {brief(node.text)!r}"
            return self._problem("wrong-value", f"{spell(path)} must be {shape.says}{found}", node, path)
        if len(node.text) < shape.shortest or (shape.longest is not None and len(node.text) > shape.longest):
            return self._problem("wrong-value", f"{spell(path)} {_length(shape, len(node.text))}", node, path)
        return node.text

    def _not_text(self, node: ScalarNode, kind: ScalarKind, shape: Text, path: Path, meant: str) -> Json:
        """An unquoted word that is something else than text where text is meant."""
        word = "…" if shape.hidden else brief(node.text)
        quoted = f'Put it in quotes if text is meant: "{word}".'
        if kind in _OTHER_KINDS and kind not in _NOTHING:
            found = f", not {_OTHER_KINDS[kind]}" if shape.hidden else f", not {_what_is(node)}"
            return self._problem(shape.rule, f"{spell(path)} must be {meant}{found}", node, path, quoted)
        if kind is ScalarKind.EMPTY:
            message = f"{spell(path)} has no value, which YAML reads as null"
            hint = 'Give a value; write "" for an empty text, or null to take away what a lower layer gives.'
            return self._problem("yaml-surprise", message, node, path, hint)
        what = "this word" if shape.hidden and kind is ScalarKind.SURPRISE else ""
        message = f"{spell(path)}: {_surprise(node.text, kind, what)}"
        return self._problem("yaml-surprise", message, node, path, quoted)

    def _flag(self, node: Node, path: Path) -> Json:
        if isinstance(node, ScalarNode) and not node.style:
            kind, value = read_plain(node.text)
            if kind in (ScalarKind.BOOLEAN, ScalarKind.SWITCH):
                return value
        hint = "Write it without quotes." if isinstance(node, ScalarNode) and node.text in ("true", "false") else ""
        return self._wrong(node, path, "true or false", hint)

    def _number(self, node: Node, shape: Number, path: Path) -> Json:
        meant = "a whole number" if shape.whole else "a number"
        if not isinstance(node, ScalarNode) or node.style:
            hint = "Write it without quotes." if isinstance(node, ScalarNode) and node.text.isdecimal() else ""
            return self._wrong(node, path, meant, hint)
        kind, value = read_plain(node.text)
        if kind is ScalarKind.SURPRISE:
            message = f"{spell(path)}: {_surprise(node.text, kind)}"
            return self._problem("yaml-surprise", message, node, path, "Write plain digits, such as 12.")
        if kind is not ScalarKind.INTEGER and (shape.whole or kind is not ScalarKind.DECIMAL):
            return self._wrong(node, path, meant)
        too_small = shape.least is not None and (value < shape.least or (shape.above and value == shape.least))
        if too_small or (shape.most is not None and value > shape.most):
            message = f"{spell(path)} must be {_range(shape)}, not {value}"
            return self._problem("wrong-value", message, node, path)
        return value

    def _measure(self, node: Node, shape: Measure, path: Path) -> Json:
        if isinstance(node, ScalarNode) and (node.style or read_plain(node.text)[0] is ScalarKind.TEXT):
            if node.text in shape.names:
                return node.text
            near = nearest(node.text, shape.names)
            message = f"{spell(path)} must be a number or one of {', '.join(shape.names)}, not {brief(node.text)!r}"
            return self._problem("wrong-value", message, node, path, f"Did you mean {near}?" if near else "")
        return self._number(node, shape.number, path)

    def _choice(self, node: Node, shape: Choice, path: Path) -> Json:
        if isinstance(node, ScalarNode):
            kind, value = (ScalarKind.TEXT, node.text) if node.style else read_plain(node.text)
            found = value if kind is ScalarKind.INTEGER else node.text
            if found in shape.values:
                return found
        words = [str(value) for value in shape.values]
        meant = words[0] if len(words) == 1 else f"one of {', '.join(words)}"
        if not isinstance(node, ScalarNode):
            return self._wrong(node, path, meant)
        near = nearest(node.text, words)
        message = f"{spell(path)} must be {meant}, not {brief(node.text)!r}"
        return self._problem("wrong-value", message, node, path, f"Did you mean {near}?" if near else "")

    def _list(self, node: Node, shape: ListOf, path: Path) -> Json:
        if not isinstance(node, ListNode):
            return self._wrong(node, path, "a list")
        values: list[Json] = []
        for index, item in enumerate(node.items):
            value = self.value(item, shape.item, (*path, index))
            self.places[(*path, index)] = place_of(item, self.file)
            if shape.unique and value is not None and value in values:
                self._problem("wrong-value", f"{spell(path)} holds {brief(str(value))!r} twice", item, path)
            values.append(value)
        if len(values) < shape.least or (shape.most is not None and len(values) > shape.most):
            message = f"{spell(path)} must have {_amount(shape)}, not {len(values)}"
            return self._problem("wrong-value", message, node, path)
        return values

    def _map(self, node: Node, shape: MapOf, path: Path, nullable: bool) -> Json:
        values: dict[str, Json] = {}
        for key, value in self._pairs(node, path):
            if not self._key(key, path):
                continue
            here = (*path, key.text)
            if shape.name.pattern and not _compiled(shape.name.pattern).fullmatch(key.text):
                message = f"the {shape.noun} {brief(key.text)!r} must be {shape.name.says}"
                self._problem("wrong-key", message, key, here)
            elif len(key.text) < shape.name.shortest or len(key.text) > (shape.name.longest or len(key.text)):
                message = f"the {shape.noun} {brief(key.text)!r} {_length(shape.name, len(key.text))}"
                self._problem("wrong-key", message, key, here)
            values[key.text] = self._pair(key, value, shape.value, here, nullable)
        return values

    def _group(self, node: Node, shape: Group, path: Path, nullable: bool) -> Json:
        known = _keys_of(shape)
        values: dict[str, Json] = {}
        if shape.hidden and not isinstance(node, MapNode):
            ways = " or ".join(f"{{{name}: NAME}}" for name in known)
            self._problem("wrong-type", f"{spell(path)} must be {ways}: it never stands in the file", node, path)
            return values
        for key, value in self._pairs(node, path):
            entry = known.get(key.text)
            if entry is not None:
                values[key.text] = self._pair(key, value, entry.shape, (*path, key.text), nullable)
            elif self._key(key, path) and self._unknown(key, shape, path):
                values[key.text] = self._pair(key, value, _ANYTHING, (*path, key.text), nullable)
        for entry in shape.keys:
            if entry.required and entry.name not in values:
                message = f"{spell(path)} lacks the key {entry.name!r}"
                self._problem("missing-key", message, self.places.get(path) or node, path, entry.sentence)
        if shape.one_of and len(values) != 1 and isinstance(node, MapNode) and len(node.pairs) != 1:
            ways = ", ".join(f"{{{name}: …}}" for name in known)
            text = "" if shape.hidden else "text or "
            self._problem("wrong-type", f"{spell(path)} must be {text}exactly one of {ways}", node, path)
        return values

    def _unknown(self, key: ScalarNode, shape: Group, path: Path) -> bool:
        """Report a key that the table lacks; whether its value is taken all the same."""
        where = f" in {spell(path)}" if path else ""
        name = brief(key.text)
        if key.text in shape.reserved:
            message = f"{name!r} cannot stand{where}: {shape.reserved[key.text]}"
            self._problem("option-reserved", message, key, (*path, key.text))
            return False
        near = nearest(key.text, [*_keys_of(shape), *shape.reserved])
        if near is not None and near in shape.reserved:
            message = f"unknown option {name!r}{where}; did you mean {near!r}? Then {shape.reserved[near]}"
            self._problem("option-unknown", message, key, (*path, key.text))
            return False
        if shape.open:
            if near:
                message = f"unknown option {name!r}{where}; did you mean {near!r}?"
                self._problem("option-unknown", message, key, (*path, key.text))
                return False
            message = f"unknown option {name!r}{where}; it is sent as it stands"
            self._problem("option-unknown", message, key, (*path, key.text), severity=Severity.WARNING)
            return True
        message = f"unknown key {name!r}{where}"
        hint = f"Known keys: {', '.join(_keys_of(shape))}."
        if near:
            message += f"; did you mean {near!r}?"
        elif "options" in _keys_of(shape) and (key.text in _keys_of(OPTIONS) or nearest(key.text, _keys_of(OPTIONS))):
            message += f"; did you mean 'options.{nearest(key.text, _keys_of(OPTIONS)) or key.text}'?"
        self._problem("unknown-key", message, key, (*path, key.text), hint)
        return False

    def _pairs(self, node: Node, path: Path) -> list[tuple[ScalarNode, Node]]:
        """The pairs of a map; none, and a problem, when it is something else. Nothing at all is an empty map."""
        if isinstance(node, MapNode):
            return node.every_pair()
        empty = isinstance(node, ScalarNode) and not node.style and read_plain(node.text)[0] in _NOTHING
        if not empty:
            self._wrong(node, path, "a map")
        return []

    def _pair(self, key: ScalarNode, value: Node, shape: Shape, path: Path, nullable: bool) -> Json:
        block = isinstance(value, MapNode | ListNode) and not value.flow and not value.alias
        self.places[path] = place_of(key if block else value, self.file)
        plain = nullable and isinstance(value, ScalarNode) and not value.style
        if plain and isinstance(value, ScalarNode) and read_plain(value.text)[0] is ScalarKind.NULL:
            return None
        return self.value(value, shape, path, nullable)

    def _key(self, key: ScalarNode, path: Path) -> bool:
        """Whether a key is text; reports those that YAML takes for something else."""
        if key.style or (kind := read_plain(key.text)[0]) is ScalarKind.TEXT:
            return True
        what = _surprise(key.text, kind) if kind not in _OTHER_KINDS else f"it is {_OTHER_KINDS[kind]} to YAML"
        hint = f'Put it in quotes: "{brief(key.text)}".' if key.text else "Give the key a name."
        message = f"the key {brief(key.text)!r} is not text: {what}"
        self._problem("yaml-surprise", message, key, (*path, key.text), hint)
        return False

    def _anything(self, node: Node, path: Path, nullable: bool) -> Json:
        """Any JSON value; words that YAML's versions disagree about and nulls in lists are problems."""
        if isinstance(node, MapNode):
            return self._map(node, _ANY_MAP, path, nullable)
        if isinstance(node, ListNode):
            return self._list(node, _ANY_LIST, path)
        if not isinstance(node, ScalarNode) or node.style:
            return node.text if isinstance(node, ScalarNode) else None
        kind, value = read_plain(node.text)
        if kind in (ScalarKind.SURPRISE, ScalarKind.SWITCH):
            message = f"{spell(path)}: {_surprise(node.text, kind)}"
            hint = f'Put it in quotes for text: "{brief(node.text)}"; or write true, false or plain digits.'
            return self._problem("yaml-surprise", message, node, path, hint)
        if kind in _NOTHING:
            message = f"{spell(path)} has no value, and null is never sent"
            return self._problem("yaml-surprise", message, node, path, 'Give a value, or write "" for an empty text.')
        return value

    def _wrong(self, node: Node, path: Path, meant: str, hint: str = "") -> None:
        self._problem("wrong-type", f"{spell(path)} must be {meant}, not {_what_is(node)}", node, path, hint)

    def _problem(
        self,
        rule: str,
        message: str,
        at: Node | Place,
        path: Path,
        hint: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:
        place = at if isinstance(at, Place) else place_of(at, self.file)
        connection = str(path[1]) if len(path) > 1 and path[0] == "connections" else ""
        self.problems.append(Problem(rule, severity, message, place, hint, connection=connection))


def spell(path: Path) -> str:
    """A path as people write it: `connections.users.only[0]`."""
    words = "".join(f"[{part}]" if isinstance(part, int) else f".{brief(part)}" for part in path)
    return words.removeprefix(".") or "the file"


_NOTHING: Final = (ScalarKind.EMPTY, ScalarKind.NULL)
_ANYTHING: Final = Anything()
_ANY_MAP: Final = MapOf(_ANYTHING)
_ANY_LIST: Final = ListOf(_ANYTHING)
_KEYS: Final[dict[int, dict[str, Key]]] = {}


def _keys_of(group: Group) -> dict[str, Key]:
    """The keys of a group by name; the groups are those of the schema, which live as long as the program."""
    if (known := _KEYS.get(id(group))) is None:
        known = _KEYS[id(group)] = {key.name: key for key in group.keys}
    return known


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


def _what_is(node: Node) -> str:
    """A node in words, to follow "not"."""
    if isinstance(node, MapNode):
        return "a map"
    if isinstance(node, ListNode):
        return "a list"
    if not isinstance(node, ScalarNode):
        return "this"
    kind = ScalarKind.TEXT if node.style else read_plain(node.text)[0]
    if kind in (ScalarKind.EMPTY, ScalarKind.NULL):
        return _OTHER_KINDS[kind]
    return f"the text {brief(node.text)!r}" if kind is ScalarKind.TEXT else brief(node.text)


def _surprise(word: str, kind: ScalarKind, instead: str = "") -> str:
    """Why an unquoted word is no text; `instead` stands in for a word that must not be repeated."""
    if kind is ScalarKind.NULL:
        return f"`{word}` means null, not text"
    if kind is ScalarKind.SWITCH:
        meaning = str(read_plain(word)[1]).lower()
        return f"`{word}` without quotes means {meaning} to some YAML programs and text to others"
    return f"{instead or f'`{brief(word)}`'} without quotes means different things to different YAML programs"


def _length(shape: Text, length: int) -> str:
    if shape.longest is not None and length > shape.longest:
        return f"has {length} characters; at most {shape.longest} are possible"
    return "must not be empty" if shape.shortest == 1 else f"needs at least {shape.shortest} characters"


def _range(shape: Number) -> str:
    if shape.least is None:
        return f"at most {shape.most}"
    least = f"more than {shape.least}" if shape.above else f"at least {shape.least}"
    return least if shape.most is None else f"{least} and at most {shape.most}"


def _amount(shape: ListOf) -> str:
    if shape.least == shape.most:
        return f"exactly {shape.least} items"
    if shape.most is not None:
        return f"at most {shape.most} items"
    return f"at least {shape.least} items"
