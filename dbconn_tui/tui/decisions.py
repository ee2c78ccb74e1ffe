"""Decisions: what the user decided on the plan, as Choices for the next one, and which plan still bears them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dbconn_tui.deploy.values import Blocker, Change, ConnectionPlan, ItemState, Plan

if TYPE_CHECKING:
    from dbconn_tui.deploy.plan import Choices


def no_choices() -> Choices:
    """Nothing decided yet. Imported here: the first frame does not need the planner."""
    from dbconn_tui.deploy.plan import NO_CHOICES

    return NO_CHOICES


def undecided_items(one: ConnectionPlan, change: Change | None) -> tuple[str, ...]:
    """The items of a connection, or this one of them, that a deploy is refused for until somebody decides."""
    changes = one.changes if change is None else (change,)
    return tuple(each.item for each in changes if each.state.refuses)


def kept_items(one: ConnectionPlan, change: Change | None, choices: Choices | None) -> tuple[str, ...]:
    """The items of a connection, or this one of them, whose tenant side was decided to be written over."""
    if choices is None:
        return ()
    changes = one.changes if change is None else (change,)
    return tuple(each.item for each in changes if f"{one.key}/{each.item}" in choices.overwrite)


def keep_mine(choices: Choices | None, key: str, items: Sequence[str]) -> Choices:
    """The choices with these items of a connection written over."""
    choices = choices or no_choices()
    return replace(choices, overwrite=choices.overwrite | {f"{key}/{item}" for item in items})


def undecide(choices: Choices | None, key: str, items: Collection[str]) -> Choices:
    """The choices without these items of a connection."""
    choices = choices or no_choices()
    return replace(choices, overwrite=choices.overwrite - {f"{key}/{item}" for item in items})


def holding_brakes(one: ConnectionPlan, change: Change | None) -> tuple[Blocker, ...]:
    """The brakes that hold a connection back, or only those because of this change."""
    return tuple(
        blocker for blocker in one.blocked if blocker.brake and (change is None or blocker.item == change.item)
    )


def lift_brakes(choices: Choices | None, key: str, brakes: Sequence[Blocker]) -> Choices:
    """The choices with these brakes lifted, each for this connection only."""
    choices = choices or no_choices()
    return replace(choices, allow=choices.allow | {f"{brake.brake}:{key}" for brake in brakes})


def unknown_keys(one: ConnectionPlan, change: Change | None) -> tuple[str, ...]:
    """The configuration keys that only the tenant has and that block a write, or this change's."""
    blocking = {blocker.item for blocker in one.blocked}
    return tuple(
        each.item.partition(":")[2]
        for each in (one.changes if change is None else (change,))
        if is_unknown_key(each) and each.item in blocking
    )


def is_unknown_key(change: Change) -> bool:
    """Whether it is a configuration key that only the tenant has."""
    return change.item.startswith("configuration:") and change.state is ItemState.FOREIGN


def give_up_keys(choices: Choices | None, key: str, names: Sequence[str]) -> Choices:
    """The choices with these live configuration keys of a connection given up."""
    choices = choices or no_choices()
    return replace(choices, drop_configuration=choices.drop_configuration | {f"{key}/{name}" for name in names})


def moved_since(choices: Choices | None, before: Plan, after: Plan) -> tuple[str, ...]:
    """The `KEY/ITEM` decided on `before` whose live side is another in `after`: nobody has looked at that one yet."""
    if choices is None:
        return ()
    seen, now = dict(_live_sides(before)), dict(_live_sides(after))
    return tuple(sorted(word for word in choices.overwrite if word in seen and seen[word] != now.get(word, "")))


def _live_sides(plan: Plan) -> Iterator[tuple[str, str]]:
    for one in plan.connections:
        for change in one.changes:
            yield f"{one.key}/{change.item}", change.before


EFFECTS: Final = {
    "delete-script": "What it did for users stops working there.",
    "disable-client": "Its users no longer see this connection at login.",
    "drop-value": "Scripts that read it get undefined. Its value cannot be read back.",
    "import-mode": "It holds from the next login of each user on.",
    "many": "Their users run the new scripts from the next login on, all at once.",
    "no-clients": "Nobody logs in with this connection until an application is enabled again.",
    "one-way": "Neither dbconn nor the dashboard can take it back.",
    "redeploy-rolled-back": "Users get again what was taken back before.",
    "user-id": "What Auth0 keeps with the old users, such as metadata and roles, is not carried over.",
}
"""Brake → what users would feel."""


def effect_of(brake: Blocker) -> str:
    """What users would feel if the brake were lifted, one or two sentences."""
    from dbconn_tui.action_scripts.kinds import BY_NAME

    kind = BY_NAME.get(brake.item.partition(":")[2])
    if brake.brake == "delete-script" and kind is not None and kind.documented:
        return f"The platform calls {kind.name} {kind.called}; without it that no longer works."
    return EFFECTS.get(brake.brake, "")
