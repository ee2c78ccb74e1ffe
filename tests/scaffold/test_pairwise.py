"""Pairwise: every two values meet at least once, few combinations do it, and what cannot meet does not."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from dbconn_tui.scaffold.pairwise import pairs_of, pairwise

DIMENSIONS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 5).map(lambda size: list(range(size))))


def every_pair(dimensions: Mapping[str, list[int]]) -> set[frozenset[tuple[str, int]]]:
    return {
        frozenset(((one, value), (other, other_value)))
        for one, other in combinations(dimensions, 2)
        for value, other_value in product(dimensions[one], dimensions[other])
    }


@settings(max_examples=40, deadline=None)
@given(dimensions=DIMENSIONS)
def test_every_two_values_meet(dimensions: dict[str, list[int]]) -> None:
    found = pairwise(dimensions)
    assert {pair for one in found for pair in pairs_of(one)} == every_pair(dimensions)
    assert all(list(one) == list(dimensions) for one in found)
    assert found[0] == {name: values[0] for name, values in dimensions.items()}
    assert all(any(one[name] == value for one in found) for name, values in dimensions.items() for value in values)


def test_the_same_every_time() -> None:
    dimensions = {name: list(range(3)) for name in "abcdef"}
    assert pairwise(dimensions) == pairwise(dimensions)


def test_few() -> None:
    """Ten switches make 1,024 combinations; seven choices of four make 16,384."""
    assert len(pairwise({name: [False, True] for name in "abcdefghij"})) <= 12
    assert len(pairwise({name: list(range(4)) for name in "abcdefg"})) <= 40


def test_no_dimension_is_one_empty_combination() -> None:
    assert pairwise({}) == ({},)
    assert pairwise({"a": [1, 2]}) == ({"a": 1}, {"a": 2})


@given(sizes=st.tuples(st.integers(2, 4), st.integers(2, 4), st.integers(2, 3)))
def test_what_is_not_asked_meets_nothing(sizes: tuple[int, int, int]) -> None:
    """`inner` counts only when `gate` is 1."""
    dimensions = {"gate": list(range(sizes[0])), "inner": list(range(sizes[1])), "other": list(range(sizes[2]))}

    def settle(combination: Mapping[str, int]) -> dict[str, int]:
        return {name: value for name, value in combination.items() if name != "inner" or combination.get("gate") == 1}

    def require(values: Mapping[str, int]) -> dict[str, int] | None:
        if "inner" not in values:
            return dict(values)
        return None if values.get("gate", 1) != 1 else {**values, "gate": 1}

    met = {pair for one in pairwise(dimensions, settle, require) for pair in pairs_of(settle(one))}
    possible = {pair for pair in every_pair(dimensions) if "inner" not in dict(pair) or dict(pair).get("gate", 1) == 1}
    assert met == possible
