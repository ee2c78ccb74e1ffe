"""Path: one way through a script up to a point, and how paths that cannot be told apart become one."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.flow.values import Assigned, Constant, Rejected, Tested, Undefined, Value

MANY: Final = 2
"""A count of calls stops here."""

MOST_PATHS: Final = 48
"""With more paths than this at one point, what is known of values is forgotten."""

_FORGOTTEN: Final = (Constant, Undefined, Tested, Assigned)

Fact = Hashable
"""What a value is known of: a binding, a member of one, or a marker such as a cleared timer."""


@dataclass(frozen=True, slots=True)
class Task:
    """A function that runs later. `groups` are the emitters and calls it belongs to; `event` is its way to run.

    `event` is once, many, error, timer or interval. `site` is the call that handed the function
    over, `inside` the functions that were under way.
    """

    function: Value
    event: str
    site: Node
    groups: frozenset[Hashable] = frozenset()
    inside: tuple[Node, ...] = ()


class Path:
    """What is known on one way through the script.

    `calls` counts the callback's calls up to MANY, `first` and `second` are where. `here` says
    whether it was called in the function under way. `weak`: the path rests on an assumption.
    `silent`: nobody can tell any more what happens on it. `end` is where a function was left without
    a call, `rejected` where a promise rejected that nobody handles, `choice` the last branch taken.
    `many` names how often an event that may come any number of times has come; `empty` says that some
    loop was not gone through. `blatant`: one run of one function calls it twice.
    """

    __slots__ = (
        "blatant",
        "calls",
        "choice",
        "empty",
        "end",
        "facts",
        "first",
        "here",
        "many",
        "rejected",
        "second",
        "silent",
        "tasks",
        "weak",
    )

    def __init__(self) -> None:
        self.calls = 0
        self.here = False
        self.facts: dict[Fact, Value] = {}
        self.tasks: tuple[Task, ...] = ()
        self.weak = False
        self.silent = False
        self.first: Node | None = None
        self.second: Node | None = None
        self.end: Node | None = None
        self.rejected: Node | None = None
        self.choice: Node | None = None
        self.many = ""
        self.empty = False
        self.blatant = False

    def copy(self) -> Path:
        """A path that can be changed without changing this one."""
        new = Path.__new__(Path)
        new.calls = self.calls
        new.here = self.here
        new.facts = self.facts
        new.tasks = self.tasks
        new.weak = self.weak
        new.silent = self.silent
        new.first = self.first
        new.second = self.second
        new.end = self.end
        new.rejected = self.rejected
        new.choice = self.choice
        new.many = self.many
        new.empty = self.empty
        new.blatant = self.blatant
        return new

    def without_rounds(self, loop: Node) -> Path:
        """This path past a loop that was not gone through."""
        new = self.copy()
        new.empty = True
        new.choice = loop
        return new

    def with_fact(self, fact: Fact, value: Value) -> Path:
        """This path, and that `fact` has this value."""
        new = self.copy()
        new.facts = {**self.facts, fact: value}
        return new

    def weakened(self) -> Path:
        """This path, resting on one more assumption."""
        new = self.copy()
        new.weak = True
        return new

    def silenced(self) -> Path:
        """This path, of which nothing will be said."""
        new = self.copy()
        new.silent = True
        return new

    def called(self, site: Node) -> Path:
        """This path after a call of the callback at `site`."""
        new = self.copy()
        if self.calls == 0:
            new.first = site
        elif self.calls == 1:
            new.second = site
            new.blatant = self.here and self.first is not site
        new.calls = min(self.calls + 1, MANY)
        new.here = True
        return new

    def with_task(self, task: Task) -> Path:
        """This path with one more function to run later."""
        new = self.copy()
        new.tasks = (*self.tasks, task)
        return new

    def with_tasks(self, tasks: Iterable[Task]) -> Path:
        """This path with these functions to run later, and no others."""
        new = self.copy()
        new.tasks = tuple(tasks)
        return new

    def key(self) -> Hashable:
        """What two paths must share to have the same future."""
        return (
            self.calls,
            self.here,
            self.silent,
            self.many,
            self.empty,
            self.rejected,
            self.end if self.calls == 0 else None,
            self.second,
            self.tasks,
            frozenset(self.facts.items()),
        )


def merged(paths: Iterable[Path]) -> list[Path]:
    """The paths without duplicates, the surer of two kept; at most about MOST_PATHS."""
    known = list(paths)
    if len(known) < 2:
        return known
    by_key: dict[Hashable, Path] = {}
    for path in known:
        key = path.key()
        other = by_key.get(key)
        if other is None or (other.weak and not path.weak):
            by_key[key] = path
    if len(by_key) <= MOST_PATHS:
        return list(by_key.values())
    forgetful: dict[Hashable, Path] = {}
    for path in by_key.values():
        new = path.copy()
        new.facts = {fact: value for fact, value in path.facts.items() if not isinstance(value, _FORGOTTEN)}
        new.weak = True
        forgetful.setdefault(new.key(), new)
    return list(forgetful.values())[:MOST_PATHS]


def at_branch(paths: Iterable[Path], node: Node) -> list[Path]:
    """The paths, remembering that their last branch was at `node`."""
    chosen = []
    for path in paths:
        new = path.copy()
        new.choice = node
        chosen.append(new)
    return chosen


def after_rejection(path: Path, value: Rejected) -> Path | None:
    """The path after a promise rejected that nobody handles; None when that hardly happens."""
    if value.soft:
        return None
    if path.rejected is not None:
        return path
    new = path.copy()
    new.rejected = value.origin
    return new
