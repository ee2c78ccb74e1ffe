"""The checklist: what no file shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dbconn_tui.lint.checklist import ITEMS, Check, checklist, checklist_json, checklist_text
from dbconn_tui.lint.rules import BY_ID
from dbconn_tui.project.values import Connection

MakeConnection = Callable[..., Connection]

PRACTICES = Path(__file__).with_name("practices.txt").read_text(encoding="utf-8").split()
"""The ids of every good practice that is known, one a line."""
ABOUT_LINT = {"ignore-unused", "ignore-without-reason", "rule-unknown"}
"""Rules about lint's own comments and settings."""


def test_every_known_practice_is_a_rule_or_on_the_checklist_and_nothing_else_is() -> None:
    assert sorted(set(PRACTICES)) == PRACTICES
    listed = {item.rule for item in ITEMS}
    assert set(PRACTICES) == (BY_ID.keys() - ABOUT_LINT) | listed
    assert not listed & BY_ID.keys()


def test_what_dbconn_sees_to_is_ticked() -> None:
    kept = [item for item in ITEMS if item.by is Check.DBCONN]
    assert kept
    assert checklist_text(kept).count("[x] ") == len(kept)
    assert "[ ]" not in checklist_text(kept)


def test_items_are_sorted_told_whole_and_no_rules() -> None:
    ids = [item.rule for item in ITEMS]
    assert ids == sorted(set(ids))
    assert not set(ids) & BY_ID.keys()
    for item in ITEMS:
        assert item.title.endswith(".")
        assert item.how.endswith(".")
        assert item.source


def test_only_what_applies_is_listed(make_connection: MakeConnection) -> None:
    imports = {item.rule for item in checklist([make_connection({"login": "x"}, import_mode=True)])}
    keeps = {item.rule for item in checklist([make_connection({"login": "x"}, import_mode=False)])}
    assert "migration-mark-migrated" in imports - keeps
    assert "signup-roundtrip" in keeps - imports
    assert checklist([]) == ITEMS


def test_text_and_json_name_rule_and_source() -> None:
    items = ITEMS[:2]
    text = checklist_text(items)
    assert text.count("[ ] ") == 2
    assert items[0].rule in text
    assert items[0].source in text
    assert [one["rule"] for one in checklist_json(items)] == [item.rule for item in items]
