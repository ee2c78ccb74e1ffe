"""The user's keymap held against the action table: what of it can be used, and what is wrong with the rest. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from dbconn_tui.problems import Place, Problem, Severity
from dbconn_tui.tui.actions import ACTIONS, BY_ID

if TYPE_CHECKING:
    from dbconn_tui.tasks.keymap import KeymapFile

EVERYWHERE = "everywhere"


@dataclass(frozen=True, slots=True)
class Keymap:
    """Action id → keys, comma-separated, for `App.set_keymap`; and the problems of the file."""

    keys: dict[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def check_keymap(file: KeymapFile) -> Keymap:
    """What can be used. An unknown action, no key, or a key that another action of the same place has, is a problem."""
    problems = list(file.problems)
    keys: dict[str, str] = {}
    for name, written in file.keys.items():
        problem = _fault(name, written, file.places[name])
        if problem is None:
            keys[name] = ",".join(_words(written))
        else:
            problems.append(problem)
    taken = list(_clashes(keys, file))
    problems += [problem for _, problem in taken]
    refused = {name for name, _ in taken}
    return Keymap({name: value for name, value in keys.items() if name not in refused}, tuple(problems))


def _words(written: str) -> list[str]:
    return [word.strip() for word in written.split(",") if word.strip()]


def _fault(name: str, written: str, place: Place) -> Problem | None:
    action = BY_ID.get(name)
    if action is None:
        near = get_close_matches(name, BY_ID, n=1)
        hint = f"Did you mean {near[0]}?" if near else "`?` in the app shows every action."
        return _problem(f"there is no action {name}", place, hint)
    if not action.keys:
        return _problem(f"{name} has no key of its own", place, "It is in the palette, ctrl+p.")
    if not _words(written):
        return _problem(f"{name} would have no key", place, "Name one, such as ctrl+l or F.")
    return None


def _clashes(keys: dict[str, str], file: KeymapFile) -> Iterator[tuple[str, Problem]]:
    """Ids of the user's map whose key another action has in the same place, or everywhere."""
    after = {action.id: _words(keys.get(action.id, action.keys)) for action in ACTIONS}
    for name in keys:
        place = BY_ID[name].where
        others = [action for action in ACTIONS if action.id != name and _meet(place, action.where) and after[action.id]]
        for key in after[name]:
            clash = next((other for other in others if key in after[other.id]), None)
            if clash is not None:
                hint = f"Give {clash.id} another key as well, or choose one for {name} that is free."
                yield name, _problem(f"{key} is the key of {clash.id} already", file.places[name], hint)
                break


def _meet(place: str, other: str) -> bool:
    """Whether actions of two places can be used on one screen."""
    lists = {"list", "text"}
    return place == other or EVERYWHERE in (place, other) or bool(lists & {place, other} and place != other)


def problem_lines(problems: Iterable[Problem]) -> str:
    """The problems, a line each, for a dialog."""
    return "\n".join(f"{problem} {problem.hint}".rstrip() for problem in problems)


def _problem(message: str, place: Place, hint: str) -> Problem:
    return Problem("keys", Severity.ERROR, message, place, hint)
