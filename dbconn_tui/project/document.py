"""Document: YAML text as a tree of nodes, each with its own place, and everything that is wrong with the text.

Built from PyYAML's parse events, since its own composer gives an alias the place of its anchor and
keeps quiet about duplicate keys. Aliases share their target's content but have a place of their own,
so a bomb of aliases costs nothing: nodes are counted, never copied (design §3 "Reading").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from dbconn_tui.problems import Place, Problem, Severity
from dbconn_tui.project.near_names import nearest
from dbconn_tui.project.nodes import BrokenNode, ListNode, MapNode, Node, Pair, ScalarNode, brief, is_merge
from dbconn_tui.project.scalars import ScalarKind, read_plain
from dbconn_tui.project.syntax_faults import explain_fault

LARGEST_FILE: Final = 1_048_576
"""Bytes."""

DEEPEST_NESTING: Final = 50
MOST_NODES: Final = 10_000
"""Values in the whole file with every alias counted at its target's size; keys are not counted."""

_MOST_TAB_PROBLEMS: Final = 20
_NOT_PRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What YAML 1.1 §5.1 forbids, and the byte order mark U+FEFF."""

_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
_TAB_INDENT = re.compile(r"^[ ]*(\t)[ \t]*[^\s#]", re.MULTILINE)
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Document:
    """What a YAML text holds. `root` is None when there is nothing that could be read.

    `scalars` are all scalars in the order of the text, keys included, aliases not.
    """

    text: str = field(repr=False)
    root: Node | None
    problems: tuple[Problem, ...]
    scalars: tuple[ScalarNode, ...] = field(repr=False, default=())


def place_at(text: str, index: int, file: str, length: int = 1) -> Place:
    """The place of `length` characters of one line at an offset in a text."""
    line, begin = 1, 0
    for match in _BREAK.finditer(text, 0, index):
        line, begin = line + 1, match.end()
    column = index - begin + 1
    return Place(file, line, column, line, column + length)


def decode(data: bytes, file: str) -> tuple[str | None, tuple[Problem, ...]]:
    """The text of a YAML file's bytes; None with a problem when they are too many or not UTF-8."""
    if len(data) > LARGEST_FILE:
        return None, (_error("yaml-too-large", "larger than 1 MB, which no project needs", Place(file)),)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        message = "written in UTF-16; only UTF-8 is read"
        return None, (_error("yaml-not-utf8", message, Place(file, 1, 1), "Save the file as UTF-8."),)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as fault:
        before = data[: fault.start].decode("utf-8")
        place = place_at(before, len(before), file)
        message = f"not UTF-8: the byte 0x{data[fault.start]:02x} fits no character here"
        return None, (_error("yaml-not-utf8", message, place, "Save the file as UTF-8."),)


def read_document(text: str, file: str, *, most_nodes: int = MOST_NODES) -> Document:
    """The tree of one YAML text; `file` is what places show. Never raises for anything in `text`."""
    problems = list(_character_problems(text, file))
    if any(problem.rule == "yaml-control-character" for problem in problems):
        return Document(text, None, tuple(problems))
    body = text.removeprefix("\ufeff")
    composer = _Composer(body, file, problems, most_nodes)
    root = composer.compose()
    return Document(text, root, tuple(problems), tuple(composer.scalars))


def _error(rule: str, message: str, place: Place, hint: str = "") -> Problem:
    return Problem(rule, Severity.ERROR, message, place, hint)


def _character_problems(text: str, file: str) -> Iterator[Problem]:
    """Byte order marks and characters that YAML forbids, each at its place."""
    for match in _NOT_PRINTABLE.finditer(text):
        place = place_at(text, match.start(), file)
        if match[0] == "\ufeff":
            where = "the file begins with" if match.start() == 0 else "the text holds"
            hint = "Save the file as UTF-8 without a byte order mark." if match.start() == 0 else "Delete it."
            yield _error("yaml-bom", f"{where} a byte order mark (U+FEFF), which is invisible", place, hint)
            continue
        what = "a NUL" if match[0] == "\x00" else f"the control character U+{ord(match[0]):04X}"
        hint = 'In a text it is written as an escape in double quotes, such as "\\x07".' if match[0] != "\x00" else ""
        yield _error("yaml-control-character", f"{what} stands in the file", place, hint)
        return  # A binary file would bring thousands.


class _StopReading(Exception):
    """A limit is passed; what was read so far is of no use."""


class _Composer:
    """Makes the tree from parse events, adding to `problems` as it goes."""

    def __init__(self, text: str, file: str, problems: list[Problem], most_nodes: int) -> None:
        self.text = text
        self.most_nodes = most_nodes
        self.file = file
        self.problems = problems
        self.scalars: list[ScalarNode] = []
        self.anchors: dict[str, tuple[Node | None, int]] = {}
        """Name → the node and its size in values; no node yet while it is being read."""
        self.nodes = 0
        self.depth = 0

    def compose(self) -> Node | None:
        """The root, or None when there is none or reading stopped at an error."""
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(self.text)
        self.next_event = loader.get_event
        try:
            root = self._document(loader)
        except yaml.MarkedYAMLError as fault:
            self.problems.extend(self._tab_problems(fault) or [explain_fault(fault, self.text, self.file)])
            return None
        except _StopReading:
            return None
        finally:
            loader.dispose()
        self.problems.extend(self._tab_problems(None))
        return root

    def _document(self, loader: Any) -> Node | None:
        """The first document; a second one, an empty file and a root that is no map are problems."""
        import yaml

        loader.get_event()
        if isinstance(loader.peek_event(), yaml.StreamEndEvent):
            self._problem("yaml-empty", "the file is empty", Place(self.file))
            return None
        loader.get_event()
        root = self._value(loader.get_event())
        loader.get_event()
        following = loader.get_event()
        if isinstance(following, yaml.DocumentStartEvent):
            hint = "Keep one; what stands before the first `---` or after a `...` counts as another."
            self._problem("yaml-several-documents", "a second YAML document begins here", self._mark(following), hint)
        if isinstance(root, ScalarNode) and not root.style and read_plain(root.text)[0] is ScalarKind.EMPTY:
            self._problem("yaml-empty", "the file is empty", Place(self.file))
            return None
        if isinstance(root, BrokenNode):
            return None
        if not isinstance(root, MapNode):
            found = "a list" if isinstance(root, ListNode) else "a single value"
            self._problem("yaml-not-a-map", f"the file holds {found}; it must hold keys and values", self._mark(root))
            return None
        return root

    def _value(self, event: Any) -> Node:
        """The node that begins with `event`, with all below it."""
        name = type(event).__name__
        if name == "ScalarEvent":
            self._count(1, event)
            return self._scalar(event)
        if name == "AliasEvent":
            return self._alias(event)
        self.depth += 1
        if self.depth > DEEPEST_NESTING:
            message = f"nested deeper than {DEEPEST_NESTING} levels, which no project needs"
            self._problem("yaml-too-deep", message, self._mark(event))
            raise _StopReading
        before = self.nodes
        self._count(1, event)
        self._tag(event)
        anchor = event.anchor or ""
        if anchor:
            self.anchors[anchor] = (None, 0)
        node: Node = self._map(event, anchor) if name == "MappingStartEvent" else self._list(event, anchor)
        if anchor:
            self.anchors[anchor] = (node, self.nodes - before)
        self.depth -= 1
        return node

    def _scalar(self, event: Any) -> ScalarNode:
        # libyaml writes a plain scalar's style as "", the pure parser as None.
        node = ScalarNode(event.value, event.style or "", event.start_mark, event.end_mark, event.anchor or "")
        self.scalars.append(node)
        self._tag(event)
        if node.anchor:
            self.anchors[node.anchor] = (node, 1)
        if node.style == '"' and (match := _NOT_TEXT.search(node.text)):
            message = f"the text holds U+{ord(match[0]):04X}, which is no character"
            self._problem("yaml-control-character", message, self._mark(node), "Take the escape out.")
        return node

    def _alias(self, event: Any) -> Node:
        start, end, name = event.start_mark, event.end_mark, event.anchor
        target, size = self.anchors.get(name, (None, -1))
        if target is None:
            if size < 0:
                near = nearest(name, self.anchors)
                hint = f"Did you mean *{near}?" if near else "Write & and the name before the value that is meant."
                hint = f"{hint} A text that begins with * needs quotes."
                message = "this alias points to no anchor above"
                self._problem("yaml-unknown-anchor", message, self._mark(event), hint)
            else:
                message = "this alias stands inside what it points to"
                self._problem("yaml-self-reference", message, self._mark(event), "Take it out; it would never end.")
            self._count(1, event)
            return BrokenNode(start, end, alias=name)
        self._count(size, event)
        if isinstance(target, ScalarNode):
            return ScalarNode(target.text, target.style, start, end, alias=name)
        if isinstance(target, ListNode):
            return ListNode(target.items, target.flow, start, end, alias=name)
        if isinstance(target, MapNode):
            return MapNode(target.pairs, target.merges, target.merged, target.flow, start, end, alias=name)
        return BrokenNode(start, end, alias=name)

    def _list(self, event: Any, anchor: str) -> ListNode:
        items: list[Node] = []
        while type(following := self.next_event()).__name__ != "SequenceEndEvent":
            items.append(self._value(following))
        return ListNode(items, bool(event.flow_style), event.start_mark, following.end_mark, anchor)

    def _map(self, event: Any, anchor: str) -> MapNode:
        pairs: list[Pair] = []
        seen: dict[str, ScalarNode] = {}
        merges: list[Pair] = []
        while type(following := self.next_event()).__name__ != "MappingEndEvent":
            key = self._key(following)
            value = self._value(self.next_event())
            if key is None:
                continue
            if (first := seen.setdefault(key.text, key)) is not key:
                line = first.start.line + 1
                message = f"the key {brief(key.text)!r} stands here a second time; the first is on line {line}"
                hint = "Write `<<: [*one, *other]` to merge several." if is_merge(key) else "Keep one of them."
                self._problem("yaml-duplicate-key", message, self._mark(key), hint)
            elif is_merge(key):
                merges.append((key, value))
            else:
                pairs.append((key, value))
        merged = self._merged(merges, seen) if merges else []
        return MapNode(pairs, merges, merged, bool(event.flow_style), event.start_mark, following.end_mark, anchor)

    def _key(self, event: Any) -> ScalarNode | None:
        """The key that begins with `event`; None, and a problem, when it is no word."""
        if type(event).__name__ == "ScalarEvent":
            return self._scalar(event)
        node = self._value(event)
        if isinstance(node, ScalarNode):
            return node
        if not isinstance(node, BrokenNode):
            message = "a list or a map stands where a key is meant"
            self._problem("yaml-key", message, self._mark(event), "A key is a single word or a text in quotes.")
        return None

    def _merged(self, merges: list[Pair], own: dict[str, ScalarNode]) -> list[Pair]:
        """The pairs that `<<` brings in: own keys win over them, and earlier maps over later ones."""
        merged: dict[str, Pair] = {}
        for _, node in merges:
            for part in node.items if isinstance(node, ListNode) else [node]:
                if isinstance(part, MapNode):
                    for pair in part.every_pair():
                        if pair[0].text not in own:
                            merged.setdefault(pair[0].text, pair)
                elif not isinstance(part, BrokenNode):
                    hint = "Write `<<: *name`, where &name stands before a map."
                    place = self._mark(node if node.alias else part)
                    self._problem("yaml-merge", "`<<` takes a map, or a list of maps", place, hint)
        return list(merged.values())

    def _tag(self, event: Any) -> None:
        if event.tag is None:
            return
        hint = "Take it out; put a text that begins with ! in quotes."
        self._problem("yaml-tag", "YAML tags are not read here", self._mark(event), hint)

    def _count(self, values: int, event: Any) -> None:
        self.nodes += values
        if self.nodes > self.most_nodes:
            message = f"more than {self.most_nodes:,} values, counting every alias as what it stands for"
            self._problem("yaml-too-many-nodes", message, self._mark(event), "Check the aliases, or split the project.")
            raise _StopReading

    def _tab_problems(self, fault: Any) -> list[Problem]:
        """Lines indented with tabs: those outside scalars, or all when a tab is what `fault` is about."""
        if "\t" not in self.text:
            return []
        tabs = [match.start(1) for match in _TAB_INDENT.finditer(self.text)]
        if fault is not None:
            if fault.problem_mark is None or not _TAB_INDENT.match(self._line_at(fault.problem_mark.index)):
                return []
        else:
            spans = [(node.start.index, node.end.index) for node in self.scalars if node.end.line > node.start.line]
            tabs = [tab for tab in tabs if not any(start <= tab < end for start, end in spans)]
        message = "a tab indents this line; YAML indents with spaces"
        return [
            _error("yaml-tab", message, place_at(self.text, tab, self.file), "Replace the tabs by two spaces each.")
            for tab in tabs[:_MOST_TAB_PROBLEMS]
        ]

    def _line_at(self, index: int) -> str:
        begin = self.text.rfind("\n", 0, index) + 1
        end = self.text.find("\n", index)
        return self.text[begin : end if end >= 0 else None]

    def _mark(self, node: Any) -> Place:
        """The place of a node or event."""
        start = node.start if hasattr(node, "start") else node.start_mark
        end = node.end if hasattr(node, "end") else node.end_mark
        return Place(self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _problem(self, rule: str, message: str, place: Place, hint: str = "") -> None:
        self.problems.append(_error(rule, message, place, hint))
