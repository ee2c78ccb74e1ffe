"""The record: public, bound to its place, whole or not there at all."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbconn_tui.deploy.fingerprint import Fingerprints
from dbconn_tui.deploy.record import (
    Record,
    RecordTooLargeError,
    decode_record,
    encode_record,
    make_record,
    merge_metadata,
)
from dbconn_tui.sensitive import Sensitive

PRINTS = Fingerprints(b"k" * 16)
PLACE = {"domain": "acme.eu.auth0.com", "name": "legacy-users"}


def items(count: int) -> dict[str, bytes]:
    return {f"option:number_{index}": PRINTS.option(index) for index in range(count)}


def record_of(count: int, deploy_id: bytes = b"12345678") -> Record:
    return make_record(PRINTS, items(count), deploy_id=deploy_id, time=1_790_000_000)


@given(st.dictionaries(st.text(min_size=1, max_size=30), st.binary(min_size=6, max_size=6), max_size=60))
def test_what_was_recorded_is_read_back(recorded: dict[str, bytes]) -> None:
    record = make_record(PRINTS, recorded, deploy_id=os.urandom(8), time=7)
    parts = encode_record(record, PRINTS, **PLACE)
    back = decode_record(parts, PRINTS, **PLACE)
    assert back is not None
    assert back.time == 7
    assert {item: back.of(PRINTS, item) for item in recorded} == recorded
    assert back.of(PRINTS, "script:never") is None or "script:never" in recorded


def test_nine_scripts_forty_options_and_twelve_keys_take_four_metadata_keys() -> None:
    parts = encode_record(record_of(9 + 40 + 12), PRINTS, **PLACE)
    assert sorted(parts) == ["dbconn_1", "dbconn_2", "dbconn_3", "dbconn_4"]
    assert all(len(part) <= 255 for part in parts.values())


def test_too_many_items_are_refused_rather_than_cut() -> None:
    with pytest.raises(RecordTooLargeError):
        encode_record(record_of(400), PRINTS, **PLACE)


@pytest.mark.parametrize(
    "elsewhere",
    [{"domain": "acme-dev.eu.auth0.com", "name": "legacy-users"}, {"domain": PLACE["domain"], "name": "users"}],
)
def test_a_record_copied_to_another_domain_or_name_counts_as_none(elsewhere: dict[str, str]) -> None:
    parts = encode_record(record_of(3), PRINTS, **PLACE)
    assert decode_record(parts, PRINTS, **elsewhere) is None


def test_another_projects_record_counts_as_none() -> None:
    parts = encode_record(record_of(3), PRINTS, **PLACE)
    assert decode_record(parts, Fingerprints(b"another project!"), **PLACE) is None


@given(st.integers(0, 100), st.integers(0, 100))
def test_parts_left_over_from_another_record_do_no_harm(before: int, now: int) -> None:
    older = encode_record(record_of(before), PRINTS, **PLACE)
    newer = encode_record(record_of(now), PRINTS, **PLACE)
    back = decode_record({**older, **newer}, PRINTS, **PLACE)
    assert back is not None
    assert back.items == record_of(now).items


@given(st.data())
def test_a_damaged_record_is_none_and_never_another_record(data: st.DataObject) -> None:
    parts = encode_record(record_of(20), PRINTS, **PLACE)
    key = data.draw(st.sampled_from(sorted(parts)))
    index = data.draw(st.integers(0, len(parts[key]) - 1))
    letter = data.draw(st.sampled_from("ABCdef019-_ !é"))
    damaged = {**parts, key: parts[key][:index] + letter + parts[key][index + 1 :]}
    back = decode_record(damaged, PRINTS, **PLACE)
    assert back is None or back.items == record_of(20).items


@given(st.dictionaries(st.text(max_size=12), st.one_of(st.none(), st.text(max_size=300), st.integers()), max_size=10))
def test_any_metadata_is_read_without_an_exception(metadata: dict[str, object]) -> None:
    assert decode_record(metadata, PRINTS, **PLACE) is None


def test_the_users_own_metadata_is_sent_along_and_ours_is_replaced() -> None:
    merged = merge_metadata({"team": "identity", "dbconn_1": "old", "dbconn_2": "old"}, {"dbconn_1": "new"})
    assert merged == {"team": "identity", "dbconn_1": "new"}


def test_metadata_that_is_full_is_refused_with_the_reason() -> None:
    full = {f"key_{number}": "x" for number in range(9)}
    with pytest.raises(RecordTooLargeError, match="9 are taken"):
        merge_metadata(full, {"dbconn_1": "a", "dbconn_2": "b"})


def test_the_public_record_holds_no_name_and_no_value() -> None:
    value = "s3cr3t-" + "v" * 40
    recorded = {
        "script:login": PRINTS.script("function login() {}"),
        "configuration:API_CLIENT_SECRET": PRINTS.secret_value("legacy-users", "API_CLIENT_SECRET", Sensitive(value)),
    }
    record = make_record(PRINTS, recorded, deploy_id=os.urandom(8), time=7)
    import base64

    text = "".join(encode_record(record, PRINTS, **PLACE).values())
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    for word in (b"login", b"API_CLIENT", b"acme", b"legacy", value.encode()):
        assert word not in data


def test_equal_values_of_two_connections_do_not_look_equal() -> None:
    value = Sensitive("the same value")
    assert PRINTS.secret_value("one", "KEY", value) != PRINTS.secret_value("two", "KEY", value)
    assert PRINTS.plain_value("one", "KEY", "text") != PRINTS.plain_value("two", "KEY", "text")


def test_each_distinct_value_costs_one_derivation_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    prints = Fingerprints(b"k" * 16)
    derived: list[Sensitive] = []
    real = Fingerprints._derive

    def counting(self: Fingerprints, value: Sensitive) -> bytes:
        derived.append(value)
        return real(self, value)

    monkeypatch.setattr(Fingerprints, "_derive", counting)
    values = [Sensitive("a"), Sensitive("b"), Sensitive("a")]
    prints.prepare(values)
    for name in ("one", "two", "three"):
        for value in values:
            prints.secret_value(name, "KEY", value)
    assert len(derived) == 2
