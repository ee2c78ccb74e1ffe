"""What the analysis knows of a value: a constant, its truth, a function, a promise, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from dbconn_tui.action_scripts.scopes import Binding
from dbconn_tui.action_scripts.tree import Node


@dataclass(frozen=True, slots=True)
class Unknown:
    """Any value."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal: None is null, UNDEFINED's value undefined, numbers are floats."""

    value: bool | float | str | None


@dataclass(frozen=True, slots=True)
class Undefined:
    """The value undefined."""


@dataclass(frozen=True, slots=True)
class Tested:
    """A value of which only the truth is known."""

    truth: bool


@dataclass(frozen=True, slots=True)
class Assigned:
    """A value that another function stored in a shared variable: probably there, nobody knows."""


@dataclass(frozen=True, slots=True)
class Callback:
    """The script's callback."""


@dataclass(frozen=True, slots=True)
class Closure:
    """A function of the script with the values its outer functions' parameters had."""

    node: Node
    captured: Environment = frozenset()


@dataclass(frozen=True, slots=True)
class Bound:
    """A function with some of its arguments given already."""

    inner: Value


@dataclass(frozen=True, slots=True)
class Once:
    """A function that runs another one at the first call only; `site` tells several apart."""

    inner: Value
    site: Node


@dataclass(frozen=True, slots=True)
class Settler:
    """`resolve` or `reject` of the promise made at `promise`."""

    promise: Node
    fulfils: bool


@dataclass(frozen=True, slots=True)
class NextStep:
    """What a step of `async.series` and the like calls to go on: the steps left, and the last function."""

    steps: tuple[Value, ...]
    last: Value


@dataclass(frozen=True, slots=True)
class Deferred:
    """An object made with functions that run when it is handed on, e.g. a tedious Request."""

    site: Node
    functions: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Fulfilled:
    """A promise that fulfils."""

    value: Value


@dataclass(frozen=True, slots=True)
class Rejected:
    """A promise that rejects; `origin` is where.

    `soft`: only if something throws that probably does not. `doubtful`: only if the value of a call
    nobody knows is a promise at all.
    """

    origin: Node
    soft: bool = False
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Pending:
    """A promise of `new Promise` that was not settled yet."""

    site: Node


@dataclass(frozen=True, slots=True)
class Opaque:
    """What a call nobody knows has returned: perhaps a promise, perhaps an emitter."""

    site: Node


@dataclass(frozen=True, slots=True)
class Members:
    """An object literal's members that matter."""

    site: Node
    members: tuple[tuple[str, Value], ...]

    def get(self, name: str) -> Value | None:
        """The member with this name."""
        for key, value in self.members:
            if key == name:
                return value
        return None


@dataclass(frozen=True, slots=True)
class Elements:
    """An array literal's elements."""

    values: tuple[Value, ...]


Value: TypeAlias = (
    Unknown
    | Constant
    | Undefined
    | Tested
    | Assigned
    | Callback
    | Closure
    | Bound
    | Once
    | Settler
    | NextStep
    | Deferred
    | Fulfilled
    | Rejected
    | Pending
    | Opaque
    | Members
    | Elements
)
Environment: TypeAlias = frozenset[tuple[Binding, "Value"]]

UNKNOWN: Final = Unknown()
UNDEFINED: Final = Undefined()
NULL: Final = Constant(None)
TRUTHY: Final = Tested(True)
FALSY: Final = Tested(False)
ASSIGNED: Final = Assigned()
CALLBACK: Final = Callback()

CALLABLE: Final = (Callback, Closure, Bound, Once, Settler, NextStep)
"""The values that can be called."""
PROMISES: Final = (Fulfilled, Rejected, Pending)
"""The values known to be promises."""


def truth(value: Value) -> bool | None:
    """Whether a value is truthy; None when nobody knows."""
    if isinstance(value, Tested):
        return value.truth
    if isinstance(value, Constant):
        return bool(value.value)
    if isinstance(value, Undefined):
        return False
    if isinstance(value, Unknown | Assigned | Opaque):
        return None
    return True


def carries_functions(value: Value) -> bool:
    """Whether someone who gets this value can call a function of the script with it."""
    if isinstance(value, Members):
        return any(carries_functions(member) for _, member in value.members)
    if isinstance(value, Elements):
        return any(carries_functions(element) for element in value.values)
    return isinstance(value, (*CALLABLE, Deferred))
