"""Over random files, record and live: what a plan and its apply leave behind, and what a refused plan leaves alone."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import pytest
from deploy_builders import Bench, make_connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dbconn_tui.action_scripts.kinds import is_placeholder
from dbconn_tui.cli.choices import BRAKES
from dbconn_tui.deploy.apply import apply
from dbconn_tui.deploy.fingerprint import canonical_json, canonical_text
from dbconn_tui.deploy.leaves import ABSENT, NOT_OPTIONS, leaves, value_at
from dbconn_tui.deploy.merge import managed_options
from dbconn_tui.deploy.plan import EVERYTHING, NO_CHOICES, Choices
from dbconn_tui.deploy.record import is_record_key
from dbconn_tui.deploy.values import OutcomeState
from dbconn_tui.project.values import Connection

pytestmark = pytest.mark.anyio

PLACEHOLDER = "function verify(email, callback) { callback(new Error('Please implement the Verify script')); }\n"
KEYS = ("A", "B", "C")
EVERYTHING_ALLOWED = Choices(
    overwrite=frozenset({EVERYTHING}), allow=frozenset(BRAKES), drop_configuration=frozenset(KEYS)
)

names = st.sampled_from(
    [
        "mfa",
        "disable_signup",
        "upstream_params",
        "odd.key",
        "é",
        "validation",
        "requires_username",
        "attributes",
        "password_options",
        "password_history",
        "passwordPolicy",
    ]
)
leaf = st.one_of(st.booleans(), st.integers(-3, 3), st.text(max_size=4), st.lists(st.integers(0, 2), max_size=2))
trees = st.dictionaries(names, st.one_of(leaf, st.dictionaries(names, leaf, max_size=2)), max_size=4)
kinds = st.sampled_from(["login", "get_user", "verify", "change_email", "odd_kind"])
own_scripts = st.dictionaries(kinds, st.text(alphabet="ab\r\n é", min_size=1, max_size=6), max_size=4)
live_scripts = st.dictionaries(
    kinds, st.one_of(st.just(PLACEHOLDER), st.text(alphabet="ab\r\n é", min_size=1, max_size=6)), max_size=3
)
values = st.dictionaries(st.sampled_from(KEYS), st.text(min_size=1, max_size=4), max_size=3)


@dataclass(frozen=True)
class Files:
    scripts: dict[str, str]
    options: dict[str, Any]
    values: dict[str, str]

    def connection(self) -> Connection:
        return make_connection(scripts=self.scripts, options=copy.deepcopy(self.options), configuration=self.values)


files = st.builds(Files, own_scripts, trees, values)


@dataclass(frozen=True)
class Edits:
    """What others did on the tenant: scripts, options and keys that they set, and those that they took away."""

    scripts: dict[str, str]
    options: dict[str, Any]
    values: dict[str, str]
    gone_scripts: frozenset[str]
    gone_options: frozenset[str]
    gone_values: frozenset[str]
    lost_record: bool

    def make(self, raw: dict[str, Any]) -> None:
        options = raw["options"]
        scripts = options.setdefault("customScripts", {})
        scripts.update(self.scripts)
        options.update(copy.deepcopy(self.options))
        options.setdefault("configuration", {}).update({key: f"cipher {text}" for key, text in self.values.items()})
        for name in self.gone_scripts:
            scripts.pop(name, None)
        for name in self.gone_options:
            options.pop(name, None)
        for name in self.gone_values:
            options["configuration"].pop(name, None)
        if self.lost_record:
            raw["metadata"] = {key: text for key, text in (raw.get("metadata") or {}).items() if not is_record_key(key)}


edits = st.builds(
    Edits,
    live_scripts,
    trees,
    values,
    st.frozensets(kinds, max_size=2),
    st.frozensets(names, max_size=2),
    st.frozensets(st.sampled_from(KEYS), max_size=2),
    st.sampled_from([False, False, False, True]),
)
TOP = {"display_name": "Staff", "realms": ["legacy-users"], "is_domain_connection": True}


async def tenant_with(first: Files | None, theirs: Edits | None) -> tuple[Bench, dict[str, Any] | None]:
    """A tenant on which `first` was deployed by us and `theirs` done by others; its raw connection, None = no such.

    What cannot be deployed to it leaves no record.
    """
    bench = Bench()
    if first is None and theirs is None:
        return bench, None
    bench.tenancy.seed("legacy-users", metadata={"team": "identity"}, **copy.deepcopy(TOP))
    if first is not None:
        connection = first.connection()
        plan, reading = await bench.plan(connection, choices=EVERYTHING_ALLOWED)
        works = bench.works(plan, [connection])
        await apply(
            plan, [] if plan.connections[0].blocked else works, bench.tenancy, reading, bench.tracking, bench.edge()
        )
    raw = bench.tenancy.named("legacy-users")
    if theirs is not None:
        theirs.make(raw)
    return bench, raw


def overlaps(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return one[: len(other)] == other[: len(one)]


def check_kept(
    before: dict[str, Any], after: dict[str, Any], second: Files, first: Files | None, notes: tuple[str, ...]
) -> None:
    """Everything that the files do not manage is as it was, but for what the plan lists."""
    managed = [path for path, _ in leaves(managed_options(second.connection(), creates=False))]
    old = {key: value for key, value in before["options"].items() if key not in NOT_OPTIONS}
    for path, value in leaves(old):
        if any(overlaps(path, ours) for ours in managed) or any(path[0] in note for note in notes):
            continue
        assert canonical_json(value_at(after["options"], path)) == canonical_json(value), path
    recorded = first.scripts if first is not None else {}
    left = after["options"].get("customScripts") or {}
    for kind, text in (before["options"].get("customScripts") or {}).items():
        if kind in second.scripts:
            continue
        if kind not in recorded or is_placeholder(text):
            assert left[kind] == text, kind
        elif canonical_text(text) == canonical_text(recorded[kind]):
            assert kind not in left, kind
    for key in TOP:
        assert after[key] == before[key]
    assert {k: v for k, v in after["metadata"].items() if not is_record_key(k)} == {"team": "identity"}


def check_managed(before: dict[str, Any] | None, after: dict[str, Any], second: Files) -> None:
    """What the files manage is as they say; a key that nobody gives stays as long as nothing is written."""
    scripts = after["options"].get("customScripts") or {}
    for kind, text in second.scripts.items():
        assert canonical_text(scripts[kind]) == canonical_text(text), kind
    for path, value in leaves(managed_options(second.connection(), creates=False)):
        back = value_at(after["options"], path)
        assert back is not ABSENT
        assert canonical_json(back) == canonical_json(value), path
    keys = set(after["options"].get("configuration") or {})
    assert keys >= set(second.values)
    assert keys == set(second.values) or after == before


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.none() | files, theirs=st.none() | edits, second=files)
async def test_with_everything_allowed_the_managed_is_as_the_files_and_all_else_as_live(
    first: Files | None, theirs: Edits | None, second: Files
) -> None:
    bench, raw = await tenant_with(first, theirs)
    before = copy.deepcopy(raw)
    connection = second.connection()
    plan, reading = await bench.plan(connection, choices=EVERYTHING_ALLOWED)
    (planned,) = plan.connections
    outcomes = await apply(
        plan,
        [] if planned.blocked else bench.works(plan, [connection]),
        bench.tenancy,
        reading,
        bench.tracking,
        bench.edge(),
    )
    if planned.blocked:
        assert raw == before
        return
    assert outcomes[0].state in (OutcomeState.DEPLOYED, OutcomeState.UNCHANGED)
    after = bench.tenancy.named("legacy-users")
    check_managed(before, after, second)
    if before is not None:
        recorded = first if any(is_record_key(key) for key in before["metadata"]) else None
        check_kept(before, after, second, recorded, planned.notes)
    again, _ = await bench.plan(connection)
    assert not again.has_work
    assert again.connections[0].blocked == ()


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.none() | files, theirs=st.none() | edits, second=files)
async def test_with_nothing_allowed_nothing_of_others_is_ever_overwritten(
    first: Files | None, theirs: Edits | None, second: Files
) -> None:
    bench, raw = await tenant_with(first, theirs)
    before = copy.deepcopy(raw)
    connection = second.connection()
    plan, reading = await bench.plan(connection, choices=NO_CHOICES)
    (planned,) = plan.connections
    works = [] if planned.blocked else bench.works(plan, [connection])
    await apply(plan, works, bench.tenancy, reading, bench.tracking, bench.edge())
    if planned.blocked:
        assert raw == before
        return
    after = bench.tenancy.named("legacy-users")
    check_managed(before, after, second)
    if before is None or theirs is None:
        return
    scripts = after["options"].get("customScripts") or {}
    dropped = ("change_email", "change_username", "change_phone_number")
    for kind, text in theirs.scripts.items():
        ours = first is not None and canonical_text(first.scripts.get(kind, "")) == canonical_text(text)
        if kind not in theirs.gone_scripts and not is_placeholder(text) and not ours:
            assert canonical_text(scripts[kind]) == canonical_text(text), kind
    for kind in theirs.gone_scripts - set(dropped):
        if first is not None and kind in first.scripts and not theirs.lost_record:
            assert kind not in scripts, kind
