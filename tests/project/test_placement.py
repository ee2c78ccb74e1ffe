"""Placement: a value is written where it holds on one tenant and changes no other, or not at all."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbconn_tui.project.overlay import connections_for
from dbconn_tui.project.placement import TAKEN_AWAY, exists_elsewhere, place
from dbconn_tui.project.values import Project, Tenant

ACTIVE = ("options", "mfa", "active")


def make_project(entry: dict[str, Any], defaults: dict[str, Any] | None = None, *tenants: str) -> Project:
    return Project(
        root=Path("/nowhere"),
        file=Path("/nowhere/dbconn.yaml"),
        shown_file="dbconn.yaml",
        text="",
        project_key="",
        tenants={name: Tenant(name, f"{name}.example.com") for name in tenants},
        connection_keys=("users",),
        scripts={},
        document={"connections": {"users": entry}, **({"defaults": defaults} if defaults else {})},
        places={},
    )


def paths(project: Project, tenant: str, wanted: dict[tuple[str, ...], Any]) -> list[tuple[str, Any]]:
    placed, impossible = place(project, "users", tenant, wanted)
    assert impossible == ()
    return [(".".join(one.path[2:]), "gone" if one.removes else one.value) for one in placed]


def test_with_one_tenant_the_entry_itself_says_it() -> None:
    project = make_project({"options": {"mfa": {"active": True}}}, None, "dev")
    assert paths(project, "dev", {ACTIVE: False}) == [("options.mfa.active", False)]


def test_with_another_tenant_its_overlay_does() -> None:
    project = make_project({"options": {"mfa": {"active": True}}}, None, "dev", "prod")
    assert exists_elsewhere(project, "users", "dev") == ("prod",)
    assert paths(project, "dev", {ACTIVE: False}) == [("tenants.dev.options.mfa.active", False)]


def test_a_tenant_that_the_connection_is_not_on_does_not_count() -> None:
    project = make_project({"only": ["dev"]}, None, "dev", "prod")
    assert paths(project, "dev", {ACTIVE: False}) == [("options.mfa.active", False)]


def test_an_overlay_that_says_it_already_is_where_it_changes() -> None:
    entry = {"tenants": {"dev": {"options": {"mfa": {"active": True}}}}}
    assert paths(make_project(entry, None, "dev"), "dev", {ACTIVE: False}) == [
        ("tenants.dev.options.mfa.active", False)
    ]


@pytest.mark.parametrize(
    ("entry", "defaults", "expected"),
    [
        ({"options": {"mfa": {"active": True}}}, None, [("options", "gone")]),
        ({"options": {"mfa": {"active": True, "x": 1}}}, None, [("options.mfa.active", "gone")]),
        ({"options": {"a": 1, "mfa": {"active": True}}}, None, [("options.mfa", "gone")]),
        ({}, {"options": {"mfa": {"active": True}}}, [("options.mfa.active", None)]),
        ({"options": {"mfa": {"active": True}}}, {"options": {"mfa": {"active": 1}}}, [("options.mfa.active", None)]),
        (
            {},
            {"tenants": {"dev": {"options": {"mfa": {"active": True}}}}},
            [("tenants.dev.options.mfa.active", None)],
        ),
    ],
)
def test_taking_a_value_away(entry: dict[str, Any], defaults: Any, expected: Any) -> None:
    assert paths(make_project(entry, defaults, "dev"), "dev", {ACTIVE: TAKEN_AWAY}) == expected


def test_configuration_and_single_values() -> None:
    project = make_project({"configuration": {"A": "text"}, "display_name": "Users"}, None, "dev")
    wanted = {
        ("configuration", "B"): {"secret": "b"},
        ("configuration", "A"): TAKEN_AWAY,
        ("display_name",): TAKEN_AWAY,
    }
    assert paths(project, "dev", wanted) == [
        ("configuration.B", {"secret": "b"}),
        ("configuration.A", "gone"),
        ("display_name", "gone"),
    ]


def test_what_is_replaced_comes_with_it_and_nothing_is_changed() -> None:
    entry = {"options": {"mfa": {"active": True}}}
    project = make_project(copy.deepcopy(entry), None, "dev")
    [placed], _ = place(project, "users", "dev", {ACTIVE: False})
    assert placed.before is True
    assert project.document["connections"]["users"] == entry
    assert "False" not in repr(placed)


VALUES = st.sampled_from([True, 1, "x", None, {}, {"active": 1}, {"active": None}, {"active": {"deep": 1}}])
MAPS = st.dictionaries(st.sampled_from(["mfa", "other"]), VALUES, max_size=2)
LAYERS = st.fixed_dictionaries(
    {},
    optional={
        "options": MAPS,
        "tenants": st.dictionaries(st.sampled_from(["dev", "prod"]), st.builds(lambda o: {"options": o}, MAPS)),
    },
)


@given(
    entry=LAYERS, defaults=LAYERS, value=st.sampled_from([True, 1, "x", {"deep": 2}, TAKEN_AWAY]), several=st.booleans()
)
def test_it_holds_there_and_nowhere_else_or_it_is_said_to_be_impossible(
    entry: dict[str, Any], defaults: dict[str, Any], value: Any, several: bool
) -> None:
    project = make_project(entry, defaults, *(("dev", "prod") if several else ("dev",)))

    def options(view: Project, tenant: str) -> Any:
        return dict(connections_for(view, tenant)[0][0].options)

    before = options(project, "prod")
    placed, impossible = place(project, "users", "dev", {ACTIVE: value})
    assert len(placed) + len(impossible) == 1
    if impossible:
        return
    # Drawn maps may be one object in two places; a document's are not.
    document = json.loads(json.dumps(dict(project.document)))
    holder: dict[str, Any] = document
    for part in placed[0].path[:-1]:
        if holder.get(part) is None:
            holder[part] = {}
        holder = holder[part]
    if placed[0].removes:
        del holder[placed[0].path[-1]]
    else:
        holder[placed[0].path[-1]] = placed[0].value
    after = make_project(document["connections"]["users"], document.get("defaults"), *project.tenants)
    found = options(after, "dev").get("mfa")
    assert (found or {}).get("active", TAKEN_AWAY) == value if isinstance(found, dict) else value is TAKEN_AWAY
    if several:
        assert options(after, "prod") == before


def test_a_map_behind_an_alias_is_changed_in_one_place_only() -> None:
    shared = {"active": None}
    entry = {"options": {"mfa": shared}, "tenants": {"dev": {"options": {"mfa": shared}}}}
    assert paths(make_project(entry, None, "dev"), "dev", {ACTIVE: True}) == [("tenants.dev.options.mfa.active", True)]
