from __future__ import annotations

import copy
import re
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dbconn_tui.project.document import read_document
from dbconn_tui.project.edit import Edit, remove_value, set_value
from dbconn_tui.project.nodes import plain_value
from dbconn_tui.project.text_places import comments_of

FILE = """\
# The project of Acme.
version: 1   # the format

tenants:
  dev: {domain: acme-dev.eu.auth0.com}   # for everyone
  # more tenants come here

connections:
  users:   # the old ones
    scripts: scripts/users   # seven of them
    # what scripts read
    configuration:
      URL: 'https://users.acme.com'  # the old host
      NOTE: |
        two
        lines

  # the end of connections
# The end.
"""


def changed(edit: Edit) -> str:
    assert edit.text is not None, edit.reason
    assert edit.reason == ""
    return edit.text


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        (("version",), 2, "version: 1   # the", "version: 2   # the"),
        (("tenants", "dev", "client_id"), "8dKq", "auth0.com}   #", "auth0.com, client_id: 8dKq}   #"),
        (("tenants", "dev", "domain"), "a.b:8443", "acme-dev.eu.auth0.com}", "a.b:8443}"),
        (("tenants", "prod"), {"domain": "a.b"}, "come here\n", "come here\n  prod:\n    domain: a.b\n"),
        (("connections", "users", "configuration", "URL"), "it's", "'https://users.acme.com'", "'it''s'"),
        (("connections", "users", "configuration", "NOTE"), "no", "|\n        two\n        lines\n\n", '"no"\n'),
        (
            ("connections", "users", "configuration", "KEY"),
            {"secret": "key"},
            "lines\n\n",
            "lines\n\n      KEY: {secret: key}\n",
        ),
        (("connections", "users", "import_mode"), True, "lines\n\n", "lines\n\n    import_mode: true\n"),
        (("lint", "preset"), "strict", "# The end.\n", "# The end.\n\nlint:\n  preset: strict\n"),
        (
            ("connections", "users", "scripts"),
            {"login": "a.js"},
            "scripts: scripts/users   # seven of them\n",
            "scripts:   # seven of them\n      login: a.js\n",
        ),
    ],
)
def test_one_value_changes_and_nothing_else(path: tuple[str, ...], value: Any, old: str, new: str) -> None:
    assert FILE.count(old) == 1
    assert changed(set_value(FILE, path, value)) == FILE.replace(old, new)


def test_a_whole_connection_is_put_in_readably() -> None:
    connection = {
        "scripts": "scripts/partners",
        "import_mode": False,
        "configuration": {"URL": "https://p.acme.com", "KEY": {"secret": "partner_key"}, "MS": "4000", "OFF": "off"},
        "enabled_clients": ["Web app", "M2M, internal"],
        "options": {"mfa": {"active": True}, "upstream_params": {}},
        "template": {"name": "rest-api", "version": 1, "values": {"pool": [{"a": 1, "b": []}, [1, [2]]]}},
    }
    text = changed(set_value(FILE, ("connections", "partners"), connection))
    added = """\
  partners:
    scripts: scripts/partners
    import_mode: false
    configuration:
      URL: https://p.acme.com
      KEY: {secret: partner_key}
      MS: "4000"
      "OFF": "off"
    enabled_clients: [Web app, "M2M, internal"]
    options:
      mfa:
        active: true
      upstream_params: {}
    template:
      name: rest-api
      version: 1
      values:
        pool:
          - a: 1
            b: []
          - - 1
            - [2]
"""
    assert added in text
    assert text.replace(added, "") == FILE
    assert yaml.safe_load(text)["connections"]["partners"] == connection


@pytest.mark.parametrize(
    ("text", "path", "value", "new"),
    [
        ("", ("connections", "users"), {"scripts": "x"}, "connections:\n  users:\n    scripts: x\n"),
        ("# only this\n", ("a", "b"), 1, "# only this\na:\n  b: 1\n"),
        ("connections:\n", ("connections", "u"), {"a": 1}, "connections:\n  u:\n    a: 1\n"),
        ("c:   # none\n  # yet\nt: 1\n", ("c", "u"), {"a": 1}, "c:   # none\n  # yet\n  u:\n    a: 1\nt: 1\n"),
        ("c: {}  # none\nt: 1\n", ("c", "u"), 1, "c:  # none\n  u: 1\nt: 1\n"),
        ("c: ~\n", ("c", "u"), 1, "c:\n  u: 1\n"),
        ("c: null  # x\n", ("c",), 1, "c: 1  # x\n"),
        ("c:\nd: 1\n", ("c",), "x", "c: x\nd: 1\n"),
        ("{}\n", ("a", "b"), 1, "{a: {b: 1}}\n"),
        ("{a: 1, # x\n}\n", ("b",), 1, "{a: 1, b: 1, # x\n}\n"),
        ("{a: , b}\n", ("c",), "x y", "{a: , b, c: x y}\n"),
        ("a: 1\r\nb:\r\n  c: 1\r\n", ("b", "d"), 2, "a: 1\r\nb:\r\n  c: 1\r\n  d: 2\r\n"),
        ("a: 1", ("b",), 2, "a: 1\nb: 2\n"),
        ("a: 1\n\n# two\nb: 2\n", ("c",), 3, "a: 1\n\n# two\nb: 2\n\nc: 3\n"),
        ("a:\n- x\n- y\nb: 1\n", ("a",), ["z"], "a: [z]\nb: 1\n"),
        ("a:\n    b: 1\n", ("a", "c"), 1, "a:\n    b: 1\n    c: 1\n"),
        ("a:\n  b: 1 # x\n", ("a",), 2, "a: 2 # x\n"),
        ("a: [1, 2] # x\n", ("a",), [3], "a: [3] # x\n"),
        ("a: &x 1\nb: 2\n", ("a",), 3, "a: &x 3\nb: 2\n"),
        ("a: &x {k: 1}\nb: *x\n", ("b",), 2, "a: &x {k: 1}\nb: 2\n"),
        ("a: &x {k: 1}\nb:\n  <<: *x\n", ("b", "k"), 2, "a: &x {k: 1}\nb:\n  <<: *x\n  k: 2\n"),
        ('"a" : "1"\n', ("a",), "é\n", '"a" : "é\\n"\n'),
        ("a: 1\n...\n", ("b",), 2, "a: 1\nb: 2\n...\n"),
        ("--- # x\na: 1\n", ("b",), 2, "--- # x\na: 1\nb: 2\n"),
    ],
)
def test_ways_to_write_a_document(text: str, path: tuple[str, ...], value: Any, new: str) -> None:
    assert changed(set_value(text, path, value)) == new


@pytest.mark.parametrize(
    ("text", "path", "value", "reason"),
    [
        ("a: &x {k: 1}\nb: *x\n", ("a", "k"), 2, "changing something else"),
        ("a: &x {k: 1}\nb: *x\n", ("b", "k"), 2, "alias"),
        ("a: &x 1\nb: *x\n", ("a",), 2, "changing something else"),
        ("a: 1\n", ("a", "b"), 2, "where a map is needed"),
        ("a: [1]\n", ("a", "b"), 2, "where a map is needed"),
        ("a:\n  b: 1 # why\n  c: 2\n", ("a",), 2, "comment"),
        ("a: [1, # why\n  2]\n", ("a",), 2, "comment"),
        ("a: | # why\n  x\n", ("a",), "y", "comment"),
        ("a: 1\na: 2\n", ("a",), 3, "problems (line 2"),
        ("\ufeffa: 1\n", ("a",), 3, "problems (line 1"),
        ("- a\n", ("a",), 3, "problems (line 1"),
        ("a: 1\n", ("b",), float("inf"), "changing something else"),
        ("a: 1\n", ("b",), "\x00", "changing something else"),
    ],
)
def test_what_cannot_be_done_safely_is_left_to_the_user(
    text: str, path: tuple[str, ...], value: Any, reason: str
) -> None:
    edit = set_value(text, path, value)
    assert edit.text is None
    assert reason in edit.reason
    assert edit.paste.startswith(f"{path[0]}:")


def test_the_lines_to_paste_say_the_same() -> None:
    edit = set_value("- a\n", ("connections", "users"), {"scripts": "x", "configuration": {"A": {"secret": "b"}}})
    assert edit.paste == "connections:\n  users:\n    scripts: x\n    configuration:\n      A: {secret: b}\n"


def test_an_edit_shows_no_text() -> None:
    assert "hunter2" not in repr(set_value("a: hunter2\n", ("b",), "hunter2"))


def test_what_is_said_already_stays_as_it_is() -> None:
    assert set_value("a:   'x'\n", ("a",), "x").text == "a:   'x'\n"
    assert set_value("a: true\n", ("a",), 1).text == "a: 1\n"


@pytest.mark.parametrize(
    ("text", "path", "new"),
    [
        ("a: 1\nb: 2\n", ("a",), "b: 2\n"),
        ("a: 1\nb:\n  c: 1\n  d: |\n    x\n\ne: 1\n", ("b", "d"), "a: 1\nb:\n  c: 1\ne: 1\n"),
        ("a:\n  b: 1\n# x\nc: 1\n", ("a", "b"), "a: {}\n# x\nc: 1\n"),
        ("a: 1\n", ("a",), "{}\n"),
        ("{a: 1, b: 2, c: 3}\n", ("a",), "{b: 2, c: 3}\n"),
        ("{a: 1, b: 2, c: 3}\n", ("b",), "{a: 1, c: 3}\n"),
        ("{a: 1, b: 2, c: 3}\n", ("c",), "{a: 1, b: 2}\n"),
        ("a:\nb: 1\n", ("a",), "b: 1\n"),
        ("a: 1\n", ("x", "y"), "a: 1\n"),
    ],
)
def test_a_key_is_taken_out(text: str, path: tuple[str, ...], new: str) -> None:
    assert changed(remove_value(text, path)) == new


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a: 1  # why\nb: 1\n", ("a",)),
        ("a: &x {k: 1}\nb: *x\n", ("a",)),
        ("a: &x {k: 1}\nb: *x\n", ("b", "k")),
        ("a: &x {k: 1}\nb: {<<: *x}\n", ("b", "k")),
        ("a: 1\na: 2\n", ("a",)),
    ],
)
def test_what_cannot_be_taken_out_safely_stays(text: str, path: tuple[str, ...]) -> None:
    edit = remove_value(text, path)
    assert edit.text is None
    assert edit.reason


# Random documents, written by a generator of odd but valid YAML.

KEYS = st.sampled_from(["a", "b", "c", "d e", "é", "null", "on", "x-1", "12"])
TEXTS = st.text(st.sampled_from("ab #:'\"\\{}[],&*!|>-?%@`é😀\n\t~"), max_size=6) | st.sampled_from(
    ["no", "0123", "null", "https://a.b:1/c#d", "", " x ", "# no comment", "- x", "a: b"]
)
SCALARS = st.none() | st.booleans() | st.integers(-99, 99) | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(KEYS, below, max_size=3),
    max_leaves=6,
)
COMMENTS = st.sampled_from(["", "", "", " # one", '  # it\'s: {x} [y] "z" &a *b', " #"])


def quoted(draw: st.DrawFn, text: str) -> str:
    """A text in one of the ways that it may be written inside a line."""
    styles = ["double"]
    if not re.search("[\n\t]", text):
        styles.append("single")
    if re.fullmatch("[abé][abé1-9 ]*[abé1-9]", text):
        styles += ["plain", "plain"]
    style = draw(st.sampled_from(styles))
    if style == "plain":
        return text
    if style == "single":
        return "'" + text.replace("'", "''") + "'"
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
    return '"' + "".join(escapes.get(character, character) for character in text) + '"'


def scalar(draw: st.DrawFn, value: Any) -> str:
    if value is None:
        return draw(st.sampled_from(["null", "~"]))
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else quoted(draw, value)


def flow(draw: st.DrawFn, value: Any) -> str:
    space = draw(st.sampled_from(["", " "]))
    if isinstance(value, dict):
        inner = ", ".join(f"{quoted(draw, key)}: {flow(draw, below)}" for key, below in value.items())
        return f"{{{space}{inner}{space}}}"
    if isinstance(value, list):
        return f"[{space}{', '.join(flow(draw, item) for item in value)}{space}]"
    return scalar(draw, value)


def gaps(draw: st.DrawFn, indent: int) -> list[str]:
    """Lines without content that may stand before a key."""
    return draw(st.sampled_from([[], [], [], [""], [" " * indent + "# above"], ["", "   # askew", ""]]))


def anchored(draw: st.DrawFn, anchors: list[str]) -> str:
    """An anchor of its own before a value, sometimes."""
    if not draw(st.sampled_from([False, False, False, True])):
        return ""
    anchors.append(f"x{len(anchors)}")
    return f" &{anchors[-1]}"


def block(draw: st.DrawFn, value: Any, indent: int, anchors: list[str]) -> list[str]:
    lines: list[str] = []
    step = draw(st.sampled_from([1, 2, 4]))
    for key, below in value.items() if isinstance(value, dict) else ((None, item) for item in value):
        lines += gaps(draw, indent)
        comment = draw(COMMENTS)
        head = " " * indent + (f"{quoted(draw, key)}:" if key is not None else "-") + anchored(draw, anchors)
        if key is not None and isinstance(below, str) and re.fullmatch("[^\\s][^\t]*\n[^\t]*[^\\s]\n?", below):
            lines.append(f"{head} |{'+' if below.endswith(chr(10)) else '-'}{comment}")
            lines += [" " * (indent + step) + line if line else "" for line in below.removesuffix("\n").split("\n")]
        elif key is not None and isinstance(below, dict | list) and below and draw(st.booleans()):
            lines += [f"{head}{comment}", *block(draw, below, indent + step, anchors)]
        elif below is None and draw(st.booleans()):
            lines.append(f"{head}{comment}")
        else:
            lines.append(f"{head} {flow(draw, below)}{comment}")
    return lines


@st.composite
def documents(draw: st.DrawFn) -> str:
    values = draw(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4))
    if draw(st.sampled_from([False, False, False, True])):
        return flow(draw, values) + draw(COMMENTS) + "\n"
    anchors: list[str] = []
    lines = [*draw(st.sampled_from([[], ["---"], ["# top", ""]])), *block(draw, values, 0, anchors)]
    if anchors and draw(st.booleans()):
        lines += [f"alias: *{draw(st.sampled_from(anchors))}"]
        lines += ["merged:", f"  <<: *{anchors[0]}"] if draw(st.booleans()) else []
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    return newline.join([*lines, *gaps(draw, 0)]) + draw(st.sampled_from([newline, newline, ""]))


def values_of(text: str) -> Any:
    document = read_document(text, "")
    return {} if document.root is None else plain_value(document.root)


def same(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


PATHS = st.lists(KEYS | st.just("new"), min_size=1, max_size=3).map(tuple)


@st.composite
def paths_into(draw: st.DrawFn, text: str) -> tuple[str, ...]:
    """A path that exists, mostly, or ends in a new key."""
    path: list[str] = []
    values = values_of(text)
    while isinstance(values, dict) and values and (not path or draw(st.booleans())):
        path.append(draw(st.sampled_from(sorted(values))))
        values = values[path[-1]]
    return (*path, *draw(PATHS)) if not path or draw(st.booleans()) else tuple(path)


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_an_edit_changes_only_what_is_meant_and_keeps_every_comment(data: st.DataObject) -> None:
    text = data.draw(documents())
    path = data.draw(paths_into(text))
    value = data.draw(VALUES)
    before, edit = values_of(text), set_value(text, path, value)
    if edit.text is None:
        assert edit.reason
        assert edit.paste
        return
    expected = copy.deepcopy(before)
    holder = expected
    for key in path[:-1]:
        if holder.get(key) is None:
            holder[key] = {}
        holder = holder[key]
    holder[path[-1]] = value
    assert read_document(edit.text, "").problems == ()
    assert same(values_of(edit.text), expected)
    # By another reader, which knows nothing of ours.
    assert yaml.safe_load(edit.text) is not None
    old, new = (comments_of(read_document(each, "")) for each in (text, edit.text))
    assert old == new
    assert all(
        edit.text.count(comment) >= text.count(comment) for comment in ("# one", "# above", "   # askew", "# top")
    )
    if "\r\n" in text:
        assert edit.text.count("\n") == edit.text.count("\r\n")


@settings(deadline=None, max_examples=100)
@given(data=st.data())
def test_taking_out_changes_only_what_is_meant(data: st.DataObject) -> None:
    text = data.draw(documents())
    path = data.draw(paths_into(text))
    before, edit = values_of(text), remove_value(text, path)
    if edit.text is None:
        assert edit.reason
        return
    expected = copy.deepcopy(before)
    holder: Any = expected
    for key in path[:-1]:
        holder = holder.get(key) if isinstance(holder, dict) else None
    if isinstance(holder, dict):
        holder.pop(path[-1], None)
    assert same(values_of(edit.text), expected)
    assert comments_of(read_document(edit.text, "")) == comments_of(read_document(text, ""))


@settings(deadline=None, max_examples=50)
@given(text=documents(), path=PATHS, value=VALUES)
def test_the_same_edit_again_changes_nothing(text: str, path: tuple[str, ...], value: Any) -> None:
    once = set_value(text, path, value)
    if once.text is not None:
        assert set_value(once.text, path, value).text == once.text


@settings(deadline=None, max_examples=100)
@given(text=st.text(max_size=40), path=PATHS, value=VALUES)
def test_any_text_is_edited_or_refused(text: str, path: tuple[str, ...], value: Any) -> None:
    for edit in (set_value(text, path, value), remove_value(text, path)):
        assert (edit.text is None) == bool(edit.reason)


def test_most_random_documents_can_be_edited() -> None:
    """The property above would hold for an editor that always refuses."""
    done: list[bool] = []

    @settings(deadline=None, max_examples=150, derandomize=True, database=None)
    @given(data=st.data())
    def attempt(data: st.DataObject) -> None:
        text = data.draw(documents())
        done.append(set_value(text, ("new", "key"), {"a": "b"}).text is not None)

    attempt()
    assert sum(done) / len(done) > 0.95
