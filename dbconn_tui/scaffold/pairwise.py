"""Pairwise: few combinations in which every pair of values of every two dimensions occurs at least once. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import TypeVar

Value = TypeVar("Value", bound=Hashable)
Combination = Mapping[str, Value]
Pair = frozenset[tuple[str, Value]]
"""Two dimensions with one value each."""

Settle = Callable[[Combination[Value]], Combination[Value]]
"""What of a combination counts: dimensions that it rules out itself are left out."""

Require = Callable[[Mapping[str, Value]], Mapping[str, Value] | None]
"""Some values → those and every other that they need, or None when they rule each other out."""


def pairs_of(combination: Combination[Value]) -> Iterator[Pair[Value]]:
    """Every pair in a combination."""
    for one, other in combinations(combination.items(), 2):
        yield frozenset((one, other))


def pairwise(
    dimensions: Mapping[str, Sequence[Value]],
    settle: Settle[Value] = lambda combination: combination,
    require: Require[Value] = lambda values: values,
) -> tuple[dict[str, Value], ...]:
    """Combinations that hold every possible pair; deterministic, and greedy about how few they are.

    `dimensions` maps a name to its values, at least one each. The first combination takes the first value of
    each. A pair that `settle` or `require` rules out is left out.
    """
    if not dimensions:
        return ({},)
    first = {name: values[0] for name, values in dimensions.items()}
    found = [first]
    # A dict, not a set: the order of the pairs must not change from run to run.
    missing = dict.fromkeys(
        frozenset(((one, value), (other, other_value)))
        for one, other in combinations(dimensions, 2)
        for value in dimensions[one]
        for other_value in dimensions[other]
    )
    for single in _singles(dimensions):
        missing.setdefault(single)
    _take_away(missing, settle(first))
    while missing:
        pair = next(iter(missing))
        del missing[pair]
        fixed = require(dict(pair))
        if fixed is None:
            continue
        combination = _fill(dict(fixed), dimensions, missing, settle)
        settled = settle(combination)
        if all(settled.get(name) == value and name in settled for name, value in pair):
            found.append(combination)
            _take_away(missing, settled)
    return tuple(found)


def _singles(dimensions: Mapping[str, Sequence[Value]]) -> Iterator[Pair[Value]]:
    """Each value by itself, for what has no second dimension."""
    for name, values in dimensions.items():
        for value in values:
            yield frozenset([(name, value)])


def _fill(
    fixed: dict[str, Value],
    dimensions: Mapping[str, Sequence[Value]],
    missing: Mapping[Pair[Value], None],
    settle: Settle[Value],
) -> dict[str, Value]:
    """A whole combination around fixed values, each further value the one that adds most missing pairs."""
    for name, values in dimensions.items():
        if name in fixed:
            continue
        gains = [sum(pair in missing for pair in pairs_of(settle({**fixed, name: value}))) for value in values]
        fixed[name] = values[gains.index(max(gains))]
    return {name: fixed[name] for name in dimensions}


def _take_away(missing: dict[Pair[Value], None], settled: Combination[Value]) -> None:
    for pair in pairs_of(settled):
        missing.pop(pair, None)
    for item in settled.items():
        missing.pop(frozenset([item]), None)
