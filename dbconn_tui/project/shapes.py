"""Shapes: what a value of dbconn.yaml may look like. `schema.py` is made of them, `check.py` compares with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dbconn_tui.project.values import Json


@dataclass(frozen=True, slots=True)
class Text:
    """Text. `pattern` must match all of it; `says` is the pattern in words, as it follows "must be"."""

    pattern: str = ""
    says: str = ""
    shortest: int = 0
    longest: int | None = None
    rule: str = "wrong-type"
    """The rule of the problem when a number or another word stands unquoted where this text is meant."""
    hidden: bool = False
    """Whether it is, or may by mistake be, a configuration value, which no message repeats."""


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number from `least` to `most`; a whole one unless `whole` is False. `least` itself counts unless `above`."""

    least: float | None = None
    most: float | None = None
    whole: bool = True
    above: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """A number, or one of some names for what has a measure; what is read is the number or the name."""

    number: Number
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some texts or whole numbers."""

    values: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of `least` to `most` items of one shape; `unique` forbids the same one twice."""

    item: Shape
    least: int = 0
    most: int | None = None
    unique: bool = False


@dataclass(frozen=True, slots=True)
class MapOf:
    """A map with keys of the user's own, which must have the shape `name`; every value has the shape `value`."""

    value: Shape
    name: Text = Text()
    noun: str = "key"
    """What one key is called in a message."""


@dataclass(frozen=True, slots=True)
class Group:
    """A map with known keys.

    `open` lets unknown keys through with a warning unless they look like a slip of a known one; a closed
    group refuses them. `layered` means that it lies over another of its kind: null takes away there what
    the lower one gives. `reserved` are keys that are refused with a sentence of their own. `one_of` means
    that exactly one of the keys stands there; such a map is one value, never merged.
    """

    keys: tuple[Key, ...]
    open: bool = False
    layered: bool = False
    reserved: Mapping[str, str] = field(default_factory=dict)
    one_of: bool = False
    hidden: bool = False
    """Whether a secret may stand in its place by mistake, which no message repeats."""


@dataclass(frozen=True, slots=True)
class Either:
    """One shape for a single value, another for a map."""

    single: Text
    map: Group | MapOf


@dataclass(frozen=True, slots=True)
class Anything:
    """Any JSON value."""


Shape = Text | Flag | Number | Measure | Choice | ListOf | MapOf | Group | Either | Anything


@dataclass(frozen=True, slots=True)
class Key:
    """One key of dbconn.yaml.

    `default` is what holds when the key is left out, as words for people; empty for an option, where the
    tenant decides. `example` is used by docs and forms.
    """

    name: str
    shape: Shape
    sentence: str
    default: str = ""
    required: bool = False
    example: Json = None


def walk(group: Group, prefix: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Key]]:
    """Every key of a group and of the groups below it with its path; `*` stands for a key of the user's own."""
    for key in group.keys:
        path = (*prefix, key.name)
        yield path, key
        yield from _below(key.shape, path)


def _below(shape: Shape, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Key]]:
    if isinstance(shape, Group):
        yield from walk(shape, path)
    elif isinstance(shape, MapOf):
        yield from _below(shape.value, (*path, "*"))
    elif isinstance(shape, ListOf):
        yield from _below(shape.item, path)
    elif isinstance(shape, Either):
        yield from _below(shape.map, path)
