"""Places and plain values of the tree, with and without libyaml."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dbconn_tui.problems import Place
from dbconn_tui.project.document import place_at, read_document
from dbconn_tui.project.nodes import MapNode, Node, place_of, plain_value


@pytest.fixture(params=["libyaml", "pure"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "pure":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    return str(request.param)


def root(text: str) -> MapNode:
    document = read_document(text, "f")
    assert document.problems == ()
    assert isinstance(document.root, MapNode)
    return document.root


def at(node: MapNode, *keys: str) -> Node:
    found: Node = node
    for key in keys:
        assert isinstance(found, MapNode)
        found = next(value for name, value in found.every_pair() if name.text == key)
    return found


def where(node: Node) -> tuple[int, int]:
    place = place_of(node, "f")
    return place.line, place.column


def test_an_alias_has_a_place_of_its_own() -> None:
    tree = root("one: &a {x: 1}\ntwo: *a\nthree:\n  - *a\n")
    assert where(at(tree, "one")) == (1, 6)
    assert where(at(tree, "two")) == (2, 6)
    assert where(at(tree, "two", "x")) == (1, 13)
    assert plain_value(tree) == {"one": {"x": 1}, "two": {"x": 1}, "three": [{"x": 1}]}


def test_columns_count_characters() -> None:
    tree = root('é: "😀", \n'.replace(",", "") + "ñ: [😀, x]\n")
    assert place_of(at(tree, "é"), "f") == Place("f", 1, 4, 1, 7)
    assert where(at(tree, "ñ").items[1]) == (2, 8)  # type: ignore[union-attr]


def test_merge_keys_are_read_as_yaml_says() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\none:\n  <<: *a\n  x: 9\ntwo: {<<: [*b, *a]}\nthree: {'<<': 1}\n"
    tree = root(text)
    assert plain_value(tree)["one"] == {"x": 9, "y": 1}
    assert plain_value(tree)["two"] == {"y": 2, "z": 2, "x": 1}
    assert plain_value(tree)["three"] == {"<<": 1}
    assert where(at(tree, "one", "y")) == (1, 17)


def test_an_anchor_may_be_given_again() -> None:
    assert plain_value(root("a: &x 1\nb: *x\nc: &x 2\nd: *x\n")) == {"a": 1, "b": 1, "c": 2, "d": 2}


def test_an_alias_may_be_a_key() -> None:
    assert plain_value(root("a: &x one\n*x : 1\n")) == {"a": "one", "one": 1}


def test_line_ends_of_every_kind_are_read() -> None:
    assert plain_value(root("a: 1\r\nb: 2\rc: 3\n")) == {"a": 1, "b": 2, "c": 3}


@pytest.mark.parametrize(
    ("text", "index", "line", "column"),
    [
        ("abc", 0, 1, 1),
        ("a\nb", 2, 2, 1),
        ("a\r\nbc", 4, 2, 2),
        ("é\n😀x", 3, 2, 2),
        ("a\u2028b", 2, 2, 1),
        ("", 0, 1, 1),
    ],
)
def test_an_offset_has_a_line_and_a_column(text: str, index: int, line: int, column: int) -> None:
    assert place_at(text, index, "f") == Place("f", line, column, line, column + 1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(max_size=8),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below, max_size=3),
    max_leaves=12,
)


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.text(max_size=5), JSON, max_size=4), st.sampled_from([True, False, None]))
def test_values_are_those_that_pyyaml_reads(values: dict[str, object], style: bool | None) -> None:
    text = yaml.safe_dump(values, allow_unicode=True, default_flow_style=style, sort_keys=False)
    document = read_document(text, "f")
    if not document.problems:
        assert document.root is not None
        assert plain_value(document.root) == yaml.safe_load(text)
    else:
        assert {problem.rule for problem in document.problems} <= {"yaml-control-character", "yaml-bom"}
