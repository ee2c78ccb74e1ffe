"""Shapes of JSON values and the check of a value against one, with the Management API's wording (api.md §6.1).

A small subset of JSON Schema: enough for the request bodies of connections. Bounds are inclusive;
lengths of text count UTF-16 code units as JavaScript does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Text:
    """A string."""

    shortest: int = 0
    longest: int | None = None
    pattern: str = ""
    one_of: Collection[str] = ()
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """A boolean."""

    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A number; `whole` allows no fraction (1.0 counts as whole)."""

    least: float | None = None
    most: float | None = None
    whole: bool = True
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """An array."""

    items: Shape
    shortest: int = 0
    longest: int | None = None
    unique: bool = False
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Object:
    """An object. `rest` is the shape of keys not in `fields`; None forbids them."""

    fields: Mapping[str, Shape] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    rest: Shape | None = None
    fewest: int = 0
    most: int | None = None
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Anything:
    """Any value."""

    nullable: bool = True


@dataclass(frozen=True, slots=True)
class Either:
    """A value that fits exactly one of the shapes."""

    shapes: tuple[Shape, ...]
    nullable: bool = False


Shape = Text | Flag | Number | Sequence | Object | Anything | Either


@dataclass(frozen=True, slots=True)
class Misfit:
    """One way in which a value does not fit; `path` is dotted, empty for the value itself."""

    path: str
    message: str


def misfits(value: Any, shape: Shape, path: str = "") -> Iterator[Misfit]:
    """All misfits of `value`, in document order."""
    if value is None and shape.nullable:
        return
    match shape:
        case Anything():
            return
        case Text():
            yield from _text(value, shape, path)
        case Flag():
            if not isinstance(value, bool):
                yield Misfit(path, _wrong_type("boolean", value))
        case Number():
            yield from _number(value, shape, path)
        case Sequence():
            yield from _sequence(value, shape, path)
        case Object():
            yield from _object(value, shape, path)
        case Either(shapes=shapes):
            if sum(not any(misfits(value, one)) for one in shapes) != 1:
                yield Misfit(path, "Data does not match any schemas from 'oneOf'")


def _text(value: Any, shape: Text, path: str) -> Iterator[Misfit]:
    if not isinstance(value, str):
        yield Misfit(path, _wrong_type("string", value))
        return
    length = len(value.encode("utf-16-le", errors="surrogatepass")) // 2
    if length < shape.shortest:
        yield Misfit(path, f"String is too short ({length} chars), minimum {shape.shortest}")
    if shape.longest is not None and length > shape.longest:
        yield Misfit(path, f"String is too long ({length} chars), maximum {shape.longest}")
    if shape.pattern and re.fullmatch(shape.pattern, value) is None:
        yield Misfit(path, f"String does not match pattern ^{shape.pattern}$: {value}")
    if shape.one_of and value not in shape.one_of:
        yield Misfit(path, f'Invalid value "{value}"')


def _number(value: Any, shape: Number, path: str) -> Iterator[Misfit]:
    kind = "integer" if shape.whole else "number"
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield Misfit(path, _wrong_type(kind, value))
    elif shape.whole and isinstance(value, float) and not value.is_integer():
        yield Misfit(path, f"Expected type {kind} but found type number")
    elif shape.least is not None and value < shape.least:
        yield Misfit(path, f"Value {value} is less than minimum {shape.least}")
    elif shape.most is not None and value > shape.most:
        yield Misfit(path, f"Value {value} is greater than maximum {shape.most}")


def _sequence(value: Any, shape: Sequence, path: str) -> Iterator[Misfit]:
    if not isinstance(value, list):
        yield Misfit(path, _wrong_type("array", value))
        return
    if len(value) < shape.shortest:
        yield Misfit(path, f"Array is too short ({len(value)}), minimum {shape.shortest}")
    if shape.longest is not None and len(value) > shape.longest:
        yield Misfit(path, f"Array is too long ({len(value)}), maximum {shape.longest}")
    for index, item in enumerate(value):
        yield from misfits(item, shape.items, _joined(path, str(index)))
        if shape.unique and item in value[:index]:
            yield Misfit(path, f"Array items are not unique (indexes {value.index(item)} and {index})")


def _object(value: Any, shape: Object, path: str) -> Iterator[Misfit]:
    if not isinstance(value, dict):
        yield Misfit(path, _wrong_type("object", value))
        return
    for key in shape.required:
        if key not in value:
            yield Misfit(path, f"Missing required property: {key}")
    for key, item in value.items():
        inner = shape.fields.get(key, shape.rest)
        if inner is None:
            yield Misfit(path, f"Additional properties not allowed: {key}")
        else:
            yield from misfits(item, inner, _joined(path, key))
    if len(value) < shape.fewest:
        yield Misfit(path, f"Too few properties defined ({len(value)}), minimum {shape.fewest}")
    if shape.most is not None and len(value) > shape.most:
        yield Misfit(path, f"Too many properties defined ({len(value)}), maximum {shape.most}")


def _joined(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _wrong_type(expected: str, value: Any) -> str:
    names = {type(None): "null", bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
    return f"Expected type {expected} but found type {names.get(type(value), 'object')}"
