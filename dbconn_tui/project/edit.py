"""Edit: change one value in a YAML text and nothing else: comments, order, quoting and line ends stay.

Text is cut and put in at the places of the parsed tree, then parsed again. Unless the intended change is
the only one and every comment is still there, there is no new text; the user gets the lines to paste.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from dbconn_tui.project.document import Document, read_document
from dbconn_tui.project.nodes import MapNode, Node, Pair, ScalarNode, plain_value
from dbconn_tui.project.rendering import STEP, block_lines, entry_lines, fits_in_line, inline
from dbconn_tui.project.rendering import text as quoted
from dbconn_tui.project.text_places import (
    before_break,
    comments_of,
    content_end,
    is_block,
    is_empty,
    is_line_start,
    is_nothing,
    line_end,
    line_start,
    own_pair,
)
from dbconn_tui.project.values import Json

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_ANCHOR = re.compile(r"&[^\s,\[\]{}]+[ \t]*")


@dataclass(frozen=True, slots=True)
class Edit:
    """An edited text, or why there is none. Neither text is ever shown in a repr: they may hold values."""

    text: str | None = field(repr=False)
    """The whole new text; None when only the user can make the change."""
    paste: str = field(repr=False)
    """The lines that say the same, from the top of the file; empty for a removal."""
    reason: str = ""
    """Why `text` is None, to follow "because"; else empty."""


class _Refused(Exception):
    """The change cannot be made in place; the argument says why."""


def set_value(text: str, path: tuple[str, ...], value: Json) -> Edit:
    """The text with `value` at `path` (keys from the top), replaced or put in; missing maps on the way are made.

    `value` is JSON; None is written as null. A text that says so already comes back as it is.
    """
    return set_values(text, [(path, value)])


def set_values(text: str, changes: Sequence[tuple[tuple[str, ...], Json]]) -> Edit:
    """The text after several changes, each as `set_value` makes it; all of them, or none."""
    together: dict[str, Json] = {}
    try:
        for path, value in changes:
            _set_in(together, path, copy.deepcopy(value))
        paste = "\n".join(block_lines(together)) + "\n" if together else ""
    except _Refused:
        paste = "".join("\n".join(block_lines(_nested(path, value))) + "\n" for path, value in changes)
    try:
        return Edit(_set_together(text, changes), paste)
    except _Refused as refusal:
        if len(changes) < 2:
            return Edit(None, paste, str(refusal))
    # Changes that meet in one place, such as two keys of a map that is not there yet, go one after the other.
    for path, value in changes:
        edit = set_value(text, path, value)
        if edit.text is None:
            return Edit(None, paste, edit.reason)
        text = edit.text
    return Edit(text, paste)


def _set_together(text: str, changes: Sequence[tuple[tuple[str, ...], Json]]) -> str:
    document, before = _read(text)
    expected = copy.deepcopy(before)
    for path, value in changes:
        _set_in(expected, path, copy.deepcopy(value))
    if same_values(before, expected):
        return text
    editing = _Editing(document)
    # What is put in at one place later stands above what was put in there before.
    for path, value in reversed(changes):
        editing.set(path, value)
    return editing.verified(expected)


def remove_value(text: str, path: tuple[str, ...]) -> Edit:
    """The text without the key at `path`; a map that loses its last key is left as `{}`.

    A text that lacks it comes back as it is.
    """
    try:
        document, before = _read(text)
        expected = copy.deepcopy(before)
        holder: Json = expected
        for key in path[:-1]:
            holder = holder.get(key) if isinstance(holder, dict) else None
        if not isinstance(holder, dict) or path[-1] not in holder:
            return Edit(text, "")
        del holder[path[-1]]
        return Edit(_Editing(document).remove(path).verified(expected), "")
    except _Refused as refusal:
        return Edit(None, "", str(refusal))


def _read(text: str) -> tuple[Document, dict[str, Json]]:
    """The tree and plain values; refuses a text with problems, takes an empty one for an empty map."""
    document = read_document(text, "")
    faults = [problem for problem in document.problems if problem.rule != "yaml-empty"]
    if faults:
        line = f"line {faults[0].place.line}: " if faults[0].place.line else ""
        raise _Refused(f"the file has problems ({line}{faults[0].message})")
    if document.root is None:
        return document, {}
    values: dict[str, Json] = plain_value(document.root)
    return document, values


def _nested(path: tuple[str, ...], value: Json) -> dict[str, Json]:
    """`value` under all keys of a path that is not empty."""
    nested = {path[-1]: value}
    for key in reversed(path[:-1]):
        nested = {key: nested}
    return nested


def _set_in(values: dict[str, Json], path: tuple[str, ...], value: Json) -> None:
    for key in path[:-1]:
        below = values.get(key)
        if below is None:
            below = values[key] = {}
        if not isinstance(below, dict):
            raise _Refused(f"`{key}` holds a value where a map is needed")
        values = below
    values[path[-1]] = value


def same_values(one: Json, other: Json) -> bool:
    """Equality that tells true from 1 and 1 from 1.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same_values(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same_values, one, other))
    return bool(one == other)


class _Editing:
    """Collects cuts and insertions for one text, then makes and verifies the new one."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.splices: list[tuple[int, int, str]] = []
        newline = _BREAK.search(self.text)
        self.newline = newline[0] if newline and newline[0] in ("\r\n", "\n", "\r") else "\n"

    # Finding the place.

    def set(self, path: tuple[str, ...], value: Json) -> _Editing:
        """Plan to put `value` at `path`."""
        node = self.document.root
        if node is None:
            self._append(block_lines(_nested(path, value)))
            return self
        flow = False
        for depth, key in enumerate(path):
            if not isinstance(node, MapNode):
                raise _Refused(f"`{path[depth - 1]}` holds a value where a map is needed")
            flow = flow or node.flow
            pair = own_pair(node, key)
            if pair is None:
                self._insert(node, key, _below(path, depth, value), flow)
                return self
            last = depth == len(path) - 1
            node = pair[1]
            if last or is_nothing(node) or self._is_bare(node, flow):
                self._replace(pair, _below(path, depth, value), flow)
                return self
            if node.alias:
                raise _Refused(f"`{key}` is an alias, and what it points to may be used elsewhere")
        return self

    def _is_bare(self, node: Node, flow: bool) -> bool:
        """Whether a node is `{}` outside flow style, which reads better as a block once something is in it."""
        return isinstance(node, MapNode) and node.flow and not flow and not (node.pairs or node.merges or node.alias)

    def remove(self, path: tuple[str, ...]) -> _Editing:
        """Plan to take out the key at `path`, which the values have."""
        node, flow, parent = self.document.root, False, None
        for key in path[:-1]:
            parent = own_pair(node, key) if isinstance(node, MapNode) else None
            if parent is None or parent[1].alias:
                raise _Refused(f"`{key}` comes from elsewhere in the file through an alias or `<<`")
            flow = flow or (isinstance(node, MapNode) and node.flow)
            node = parent[1]
        pair = own_pair(node, path[-1]) if isinstance(node, MapNode) else None
        if pair is None or not isinstance(node, MapNode):
            raise _Refused(f"`{path[-1]}` comes from elsewhere in the file through `<<`")
        if node.flow:
            self._cut_from_flow(node, pair)
        elif len(node.pairs) + len(node.merges) > 1:
            self._cut_lines(pair)
        elif parent is not None:
            self._replace(parent, {}, flow)
        else:
            self.splices.append((pair[0].start.index, content_end(pair[1]), "{}"))
        return self

    # Making the change.

    def _replace(self, pair: Pair, value: Json, flow: bool) -> None:
        key, old = pair
        if fits_in_line(value) or flow:
            style = old.style if isinstance(old, ScalarNode) and not old.alias else ""
            written = quoted(value, style) if isinstance(value, str) else inline(value)
            self._put_inline(key, old, written)
            return
        if old.anchor:
            raise _Refused(f"the value of `{key.text}` has an anchor")
        self._clear(key, old)
        lines = [f"{' ' * key.start.column}{STEP}{line}" for line in block_lines(value)]
        if is_empty(old):
            self._put_lines(self._after(self._colon(key), key.start.column + 1), lines)
            return
        end = line_end(self.text, self._colon(key))
        self.splices.append((end, end, "".join(f"{self.newline}{line}" for line in lines)))

    def _put_inline(self, key: ScalarNode, old: Node, written: str) -> None:
        if is_block(old) or is_empty(old):
            if old.anchor:
                raise _Refused(f"the value of `{key.text}` has an anchor")
            self._clear(key, old)
            colon = self._colon(key)
            self.splices.append((colon, colon, f" {written}"))
            return
        start, end = old.start.index, old.end.index
        if old.anchor and (match := _ANCHOR.match(self.text, start)):
            start = match.end()
        if isinstance(old, ScalarNode) and old.style in ("|", ">") and not old.alias and is_line_start(self.text, end):
            written += self.newline
        self.splices.append((start, end, written))

    def _clear(self, key: ScalarNode, old: Node) -> None:
        """Plan to cut a value, with the space between it and its key where nothing else stands there."""
        start, end = old.start.index, content_end(old)
        if start == end:
            return
        colon = self._colon(key)
        if self.text[colon:start].strip(" \t"):
            # A line end and perhaps a comment stand in between: they stay, the value's own lines go.
            begin = line_start(self.text, start)
            if self.text[begin:start].strip(" \t") == "":
                start = max(colon, before_break(self.text, begin))
                if is_line_start(self.text, end):
                    end = before_break(self.text, end)
        else:
            start = colon
            if is_line_start(self.text, end):
                end = before_break(self.text, end)
        self.splices.append((start, end, ""))

    def _colon(self, key: ScalarNode) -> int:
        """The offset behind the colon that follows a key."""
        match = re.compile(r"\s*:").match(self.text, key.end.index)
        if match is None:
            raise _Refused(f"the key `{key.text}` is written in an unusual way")
        return match.end()

    def _insert(self, node: MapNode, key: str, value: Json, flow: bool) -> None:
        if node.alias:
            raise _Refused("the map is an alias, and what it points to may be used elsewhere")
        pairs = sorted([*node.pairs, *node.merges], key=lambda pair: pair[0].start.index)
        if flow:
            written = f"{quoted(key)}: {inline(value)}"
            if not pairs:
                brace = self.text.index("{", node.start.index) + 1
                self.splices.append((brace, brace, written))
            else:
                end = max(pairs[-1][0].end.index, content_end(pairs[-1][1]))
                self.splices.append((end, end, f", {written}"))
            return
        indent = " " * pairs[0][0].start.column
        lines = [f"{indent}{line}" for line in entry_lines(key, value)]
        if len(pairs) > 1 and self._apart(pairs[-1][0]):
            lines.insert(0, "")
        self._put_lines(self._after(content_end(node), len(indent)), lines)

    def _apart(self, key: ScalarNode) -> bool:
        """Whether an empty line stands above a key and the comments over it."""
        above = _BREAK.split(self.text[: line_start(self.text, key.start.index)])[:-1]
        while above and above[-1].lstrip().startswith("#"):
            above.pop()
        return bool(above) and not above[-1].strip()

    def _after(self, end: int, column: int) -> int:
        """Where a new key's lines go: behind the line of `end` and the comments below that belong to the map."""
        if not is_line_start(self.text, end):
            match = _BREAK.search(self.text, end)
            end = match.end() if match else len(self.text)
        position = end
        while position < len(self.text):
            match = _BREAK.search(self.text, position)
            line = self.text[position : match.start() if match else len(self.text)]
            position = match.end() if match else len(self.text)
            if line.lstrip(" ").startswith("#") and len(line) - len(line.lstrip(" ")) >= column:
                end = position
            elif line.strip(" \t"):
                break
        return end

    def _append(self, lines: list[str]) -> None:
        self._put_lines(len(self.text), lines)

    def _put_lines(self, index: int, lines: list[str]) -> None:
        written = "".join(f"{line}{self.newline}" for line in lines)
        if index and not is_line_start(self.text, index):
            written = self.newline + written
        self.splices.append((index, index, written))

    def _cut_lines(self, pair: Pair) -> None:
        start, end = line_start(self.text, pair[0].start.index), content_end(pair[1])
        if self.text[start : pair[0].start.index].strip(" "):
            raise _Refused(f"`{pair[0].text}` does not begin its line")
        if not is_line_start(self.text, end) or end <= pair[0].end.index:
            match = _BREAK.search(self.text, end)
            end = match.end() if match else len(self.text)
        self.splices.append((start, end, ""))

    def _cut_from_flow(self, node: MapNode, pair: Pair) -> None:
        pairs = sorted([*node.pairs, *node.merges], key=lambda each: each[0].start.index)
        position = next(index for index, each in enumerate(pairs) if each[0] is pair[0])
        start, end = pair[0].start.index, max(pair[0].end.index, content_end(pair[1]))
        if position + 1 < len(pairs):
            end = pairs[position + 1][0].start.index
        elif position:
            before = pairs[position - 1]
            start = max(before[0].end.index, content_end(before[1]))
        self.splices.append((start, end, ""))

    # Proving it.

    def verified(self, expected: dict[str, Json]) -> str:
        """The new text. Refuses unless it holds exactly `expected` and every comment of the old one."""
        text = self.text
        for start, end, written in sorted(self.splices, key=lambda splice: splice[:2], reverse=True):
            text = text[:start] + written + text[end:]
        after = read_document(text, "")
        if after.problems or after.root is None or not same_values(plain_value(after.root), expected):
            raise _Refused("it cannot be put in without changing something else")
        if comments_of(after) != comments_of(self.document):
            raise _Refused("a comment stands in the way and would be lost")
        return text


def _below(path: tuple[str, ...], depth: int, value: Json) -> Json:
    """What belongs under `path[depth]`."""
    return _nested(path[depth + 1 :], value) if depth + 1 < len(path) else value
