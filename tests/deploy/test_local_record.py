"""Records that stay on this machine: without a project_key for values, with `track: local` for everything."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from deploy_builders import DOMAIN, Bench, make_connection

from dbconn_tui.deploy.fingerprint import Fingerprints
from dbconn_tui.deploy.local_record import machine_key, read_local_record, write_local_record
from dbconn_tui.deploy.record import Record, make_record
from dbconn_tui.deploy.tracking import Tracking
from dbconn_tui.deploy.values import ConnectionState

PRINTS = Fingerprints(b"m" * 32)


def a_record() -> Record:
    return make_record(PRINTS, {"configuration:KEY": b"123456"}, deploy_id=b"deployid", time=5)


def test_a_record_is_read_back_private_to_its_owner(tmp_path: Path) -> None:
    write_local_record(tmp_path / "state", a_record(), PRINTS, domain=DOMAIN, name="Users")
    back = read_local_record(tmp_path / "state", PRINTS, domain=DOMAIN, name="Users")
    assert back == a_record()
    for path in [tmp_path / "state", *(tmp_path / "state").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o600 if path.is_file() else 0o700)


def test_names_that_differ_only_in_case_do_not_share_a_file(tmp_path: Path) -> None:
    write_local_record(tmp_path, a_record(), PRINTS, domain=DOMAIN, name="Users")
    assert read_local_record(tmp_path, PRINTS, domain=DOMAIN, name="users") is None


@pytest.mark.parametrize("content", [b"", b"garbage", b"\xff\xfe", b"AQAA"])
def test_a_damaged_file_counts_as_none(tmp_path: Path, content: bytes) -> None:
    write_local_record(tmp_path, a_record(), PRINTS, domain=DOMAIN, name="Users")
    (file,) = (path for path in tmp_path.rglob("Users-*"))
    file.write_bytes(content)
    assert read_local_record(tmp_path, PRINTS, domain=DOMAIN, name="Users") is None


def test_the_machine_key_is_made_once(tmp_path: Path) -> None:
    first = machine_key(tmp_path, lambda size: b"a" * size)
    assert machine_key(tmp_path, lambda size: b"b" * size) == first == b"a" * 32


def local_bench(state: Path, *, project_key: bytes, everything: bool, name: str = "legacy-users") -> Bench:
    bench = Bench()
    public = Fingerprints(project_key)
    local = public if project_key else PRINTS
    record = read_local_record(state, local, domain=DOMAIN, name=name)
    bench.tracking = Tracking(DOMAIN, public, local, everything, {name: record} if record else {})
    edge = bench.edge

    def keeping() -> object:
        kept = edge()
        object.__setattr__(
            kept,
            "keep_local_record",
            lambda name, record: write_local_record(state, record, local, domain=DOMAIN, name=name),
        )
        return kept

    bench.edge = keeping  # type: ignore[assignment,method-assign]
    return bench


@pytest.mark.anyio
@pytest.mark.parametrize(("project_key", "everything"), [(b"", False), (b"k" * 16, True), (b"", True)])
async def test_a_deploy_converges_with_the_record_on_this_machine(
    tmp_path: Path, project_key: bytes, everything: bool
) -> None:
    connection = make_connection(configuration={"KEY": "one"}, options={"mfa": {"active": True}})
    bench = local_bench(tmp_path, project_key=project_key, everything=everything)
    await bench.deploy(connection)
    tenancy = bench.tenancy
    assert ("metadata" not in tenancy.named("legacy-users")) == everything

    def again() -> Bench:
        fresh = local_bench(tmp_path, project_key=project_key, everything=everything)
        fresh.tenancy = tenancy
        return fresh

    plan, _ = await again().plan(connection)
    assert [one.state for one in plan.connections] == [ConnectionState.UNCHANGED]
    assert bool(plan.notes) == (not project_key)
    plan, _ = await again().plan(make_connection(configuration={"KEY": "two"}, options={"mfa": {"active": True}}))
    assert [change.item for change in plan.connections[0].changes] == ["configuration:KEY"]


@pytest.mark.anyio
async def test_without_a_key_no_value_enters_the_public_record(tmp_path: Path) -> None:
    bench = local_bench(tmp_path, project_key=b"", everything=False)
    await bench.deploy(make_connection(configuration={"KEY": "one"}))
    elsewhere = local_bench(tmp_path / "another-machine", project_key=b"", everything=False)
    elsewhere.tenancy = bench.tenancy
    plan, _ = await elsewhere.plan(make_connection(configuration={"KEY": "one"}))
    assert plan.connections[0].state is ConnectionState.UNDECIDED
