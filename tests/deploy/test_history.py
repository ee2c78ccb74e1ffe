"""The history: kept before each write, private, without values, and damaged files do no harm."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from deploy_builders import DOMAIN, Bench, make_connection

from dbconn_tui.deploy.history import HistoryEntry, HistoryFolder, entry_id, without_values
from dbconn_tui.deploy.values import OutcomeState
from dbconn_tui.errors import UsageError
from dbconn_tui.sensitive import Sensitive

SECRET = "hunter2-long-enough-to-look-for"


def history_bench(folder: Path) -> tuple[Bench, HistoryFolder]:
    bench = Bench()
    history = HistoryFolder(folder, DOMAIN)
    history.prepare()
    edge = bench.edge

    def keeping() -> Any:
        kept = edge()
        object.__setattr__(kept, "keep_history", history.add)
        return kept

    bench.edge = keeping  # type: ignore[method-assign]
    return bench, history


@pytest.mark.anyio
async def test_each_write_keeps_what_was_live_and_what_was_sent(tmp_path: Path) -> None:
    bench, history = history_bench(tmp_path)
    await bench.deploy(make_connection(scripts={"login": "first"}, configuration={"KEY": SECRET}))
    await bench.deploy(make_connection(scripts={"login": "second", "verify": "v"}, configuration={"KEY": SECRET}))
    await bench.deploy(make_connection(scripts={"login": "second", "verify": "v"}, configuration={"KEY": SECRET}))
    second, first = history.entries("legacy-users")
    assert first.before is None
    assert first.scripts_sent == {"login": "first"}
    assert second.scripts_before == {"login": "first"}
    assert second.scripts_sent == {"login": "second", "verify": "v"}
    assert second.changed_scripts == ("login", "verify")
    assert (second.tenant, second.domain, second.verb) == ("dev", DOMAIN, "deploy")


@pytest.mark.anyio
async def test_the_history_holds_no_value_and_is_private(tmp_path: Path) -> None:
    bench, _ = history_bench(tmp_path / "state")
    await bench.deploy(make_connection(configuration={"KEY": SECRET}))
    await bench.deploy(make_connection(scripts={"login": "new"}, configuration={"KEY": SECRET}))
    for path in [tmp_path / "state", *(tmp_path / "state").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o600 if path.is_file() else 0o700)
        if path.is_file():
            assert SECRET not in path.read_text()
            assert "cipher-" not in path.read_text()


@pytest.mark.anyio
async def test_without_a_way_back_nothing_is_written(tmp_path: Path) -> None:
    bench, history = history_bench(tmp_path)

    def full(entry: HistoryEntry) -> None:
        raise UsageError("the history cannot be written")

    history.add = full  # type: ignore[method-assign]
    edge = bench.edge
    object.__setattr__(bench, "edge", lambda: _with_history(edge(), full))
    (outcome,) = await bench.deploy(make_connection())
    assert outcome.state is OutcomeState.FAILED
    assert bench.tenancy.raw == {}


def _with_history(edge: Any, add: Any) -> Any:
    object.__setattr__(edge, "keep_history", add)
    return edge


def test_values_become_digests_or_a_word() -> None:
    raw = {"name": "x", "options": {"configuration": {"A": "cipher", "B": Sensitive(SECRET)}, "mfa": {"active": True}}}
    kept = without_values(raw)
    assert kept["options"]["mfa"] == {"active": True}
    assert set(kept["options"]["configuration"]) == {"A", "B"}
    assert "cipher" not in str(kept)
    assert raw["options"]["configuration"]["A"] == "cipher"  # type: ignore[index]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"version": 2}', b'{"version": 1, "odd": 1}', b"\xff"])
def test_a_damaged_entry_is_left_out(tmp_path: Path, content: bytes) -> None:
    history = HistoryFolder(tmp_path, DOMAIN)
    entry = HistoryEntry(entry_id(1.0, b"12345678"), 1.0, "k", "users", "dev", DOMAIN, "deploy", {"options": {}}, None)
    history.add(entry)
    (file,) = tmp_path.rglob("*.json")
    file.with_name("0-damaged.json").write_bytes(content)
    assert history.entries("users") == (entry,)
    assert history.entries() == (entry,)


def test_ids_sort_by_time() -> None:
    assert entry_id(1_790_000_000, b"\xff" * 8) < entry_id(1_790_000_001, b"\x00" * 8)


@pytest.mark.skipif(os.name != "posix", reason="folders are files only on POSIX")
def test_a_folder_that_cannot_be_written_is_said_with_the_flag(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UsageError) as failure:
        HistoryFolder(tmp_path / "file", DOMAIN).prepare()
    assert "--history" in failure.value.hint
