"""Analysis: the profiles that login and get_user hand to the callback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.callback_calls import callback_calls
from dbconn_tui.lint.expressions import ACCESSES, is_nothing, path_of, properties, property_of
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.variables import Variables

PROFILE_KINDS: Final = frozenset({"login", "get_user"})


@dataclass(frozen=True, slots=True)
class Profile:
    """One object literal that becomes a profile.

    `values` and `keys` hold the literal's properties and those assigned to it later. `spreads` are the
    records spread into it; `open`: it may have properties that nobody can name.
    """

    node: Node
    values: Mapping[str, Node]
    keys: Mapping[str, Node]
    spreads: tuple[Node, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Profiles:
    """`literals` are profiles written out; `others` are expressions handed over as they are, e.g. `rows[0]`.

    `complete`: there are profiles, and all of them are literals without unknown properties.
    """

    literals: tuple[Profile, ...]
    others: tuple[Node, ...]

    @property
    def complete(self) -> bool:
        """Whether every property of every profile is known."""
        return bool(self.literals) and not self.others and not any(profile.open for profile in self.literals)

    @property
    def names(self) -> frozenset[str]:
        """Every property name of every literal."""
        return frozenset(name for profile in self.literals for name in profile.values)


def profiles(subject: ScriptSubject) -> Profiles:
    """The profiles of a login or get_user script; none of any other kind."""
    if subject.kind not in PROFILE_KINDS or not subject.is_whole:
        return Profiles((), ())
    variables = subject.shared(Variables)
    literals: dict[int, Profile] = {}
    others: dict[int, Node] = {}
    for call in callback_calls(subject):
        if call.result is None or not call.succeeds:
            continue
        for leaf in variables.leaves(call.result):
            if leaf.type == "object":
                literals.setdefault(leaf.start, _profile(leaf, variables))
            elif not is_nothing(leaf) and leaf.type not in ("false", "true"):
                others.setdefault(leaf.start, leaf)
    return Profiles(tuple(literals.values()), tuple(others.values()))


def _profile(literal: Node, variables: Variables) -> Profile:
    found = properties(literal)
    values, keys, is_open = dict(found.values), dict(found.keys), found.open
    holder = literal.parent
    name = holder.field("name") if holder is not None and holder.type == "variable_declarator" else None
    if holder is not None and holder.type == "assignment_expression":
        name = holder.field("left")
    binding = variables.binding(name) if name is not None and name.type == "identifier" else None
    for reference in binding.references if binding is not None else ():
        outer = reference.parent
        if outer is None or reference.field_name == "left":
            continue
        if outer.type in ACCESSES and reference.field_name == "object":
            target = outer.parent
            if target is not None and target.type == "assignment_expression" and outer.field_name == "left":
                key, value = property_of(outer), target.field("right")
                if key is None or value is None:
                    is_open = True
                else:
                    values.setdefault(key, value)
                    keys.setdefault(key, outer.field("property") or outer)
        elif outer.type == "arguments" and outer.parent is not None:
            called = path_of(outer.parent.field("function"))
            # The callback only reads it; whoever else gets it may add to it.
            is_open = is_open or (len(called) != 1 and called[:1] not in (("console",), ("JSON",)))
    return Profile(literal, values, keys, found.spreads, is_open)
