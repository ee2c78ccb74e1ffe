"""Plans, deployments and status as the JSON answers of design §4."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from dbconn_tui.cli.failure import error_object
from dbconn_tui.cli.plan_text import plan_counts
from dbconn_tui.deploy.values import Change, ConnectionPlan, Outcome, OutcomeState, Plan
from dbconn_tui.tasks.status import Status, StatusRow, StatusState

Mask = Callable[[str], str]


def plan_answer(plan: Plan, mask: Mask) -> dict[str, Any]:
    """`{"tenant", "summary", "connections"}`; `error` joins every reason that blocks a connection."""
    return {
        "tenant": plan.tenant,
        "summary": plan_counts(plan),
        "connections": [
            {
                "name": one.key,
                "state": one.state.value,
                "changes": _changes(one.changes, mask),
                "error": _blocked(one),
            }
            for one in plan.connections
        ],
    }


def deploy_answer(plan: Plan, outcomes: Iterable[Outcome], mask: Mask) -> dict[str, Any]:
    """As `plan_answer`, with what became of each connection as its state."""
    outcomes = list(outcomes)
    counts = Counter(outcome.state for outcome in outcomes)
    return {
        "tenant": plan.tenant,
        "summary": {state.value.replace("-", "_"): counts[state] for state in OutcomeState},
        "connections": [
            {
                "name": outcome.key,
                "state": outcome.state.value,
                "changes": _changes(outcome.changes, mask),
                "error": error_object(outcome.state.value, outcome.message, outcome.hint) if outcome.message else None,
            }
            for outcome in outcomes
        ],
    }


def status_answer(status: Status) -> dict[str, Any]:
    """As `plan_answer`; times are seconds since 1970, None when never or not known."""
    counts = Counter(row.state for row in status.rows)
    return {
        "tenant": status.tenant,
        "summary": {
            **{_word(state): counts[state] for state in StatusState if counts[state]},
            "read_at": status.read_at,
            "live": status.live,
        },
        "connections": [_status_row(row) for row in status.rows],
    }


def _status_row(row: StatusRow) -> dict[str, Any]:
    wrong = row.state in (StatusState.LINT, StatusState.VALUES)
    return {
        "name": row.key,
        "state": _word(row.state),
        "changes": _changes(row.plan.changes, lambda text: text, content=False) if row.plan else [],
        "error": error_object(_word(row.state), row.words, "") if wrong else None,
        "scripts": row.scripts,
        "lint": {"errors": row.errors, "warnings": row.warnings},
        "values": {"available": row.values, "needed": row.values_needed},
        "deployed": row.deployed,
    }


def _word(state: StatusState) -> str:
    return state.name.lower().replace("_", "-")


def _changes(changes: Iterable[Change], mask: Mask, *, content: bool = True) -> list[dict[str, str]]:
    return [
        {
            "item": change.item,
            "state": change.state.value,
            **({"before": mask(change.before), "after": mask(change.after)} if content else {}),
            "note": change.note,
        }
        for change in changes
    ]


def _blocked(one: ConnectionPlan) -> dict[str, str] | None:
    if not one.blocked:
        return None
    reasons = "; ".join(blocker.reason for blocker in one.blocked)
    hints = " ".join(dict.fromkeys(blocker.hint for blocker in one.blocked if blocker.hint))
    return error_object("lint" if all(blocker.lint for blocker in one.blocked) else "refused", reasons, hints)
