from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import keyring.core
import keyring.errors
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.backends.chainer import ChainerBackend

from dbconn_tui.errors import SecretStoreError
from dbconn_tui.secret_store.keyring_store import KeyringStore
from dbconn_tui.secret_store.values import DamagedValueError, login_service, previous_name, value_service
from dbconn_tui.sensitive import Sensitive

SERVICE = value_service("shop.example.com")
LONG = "päss-wörd€" * 400

any_text = st.one_of(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=60),
    st.text(st.sampled_from("aé€😀"), min_size=300, max_size=2_000),
    st.text(max_size=40).filter(lambda t: t.isascii()).map(lambda t: "dbconn-parts:" + t),
    st.just("dbconn-parts:1:a:1:5:" + "0" * 64),
)
shared_fixture = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


@shared_fixture
@given(values=st.lists(any_text, min_size=1, max_size=4))
def test_the_last_value_stored_is_the_one_read_and_nothing_else_is_left(backend: Any, values: list[str]) -> None:
    backend.entries.clear()
    store = KeyringStore()
    for value in values:
        store.set(SERVICE, "api_key", Sensitive(value))
        assert store.get(SERVICE, "api_key") == Sensitive(value)
    fresh = dict(backend.entries)
    backend.entries.clear()
    store.set(SERVICE, "api_key", Sensitive(values[-1]))
    assert len(fresh) == len(backend.entries), "parts of an earlier value were left behind"
    assert store.delete(SERVICE, "api_key")
    assert backend.entries == {}
    assert store.get(SERVICE, "api_key") is None
    assert not store.delete(SERVICE, "api_key")


@shared_fixture
@given(old=any_text, new=any_text, writes=st.integers(0, 12))
def test_an_interrupted_write_never_reads_as_a_third_value(backend: Any, old: str, new: str, writes: int) -> None:
    backend.entries.clear()
    backend.before_write = lambda: None
    store = KeyringStore()
    store.set(SERVICE, "api_key", Sensitive(old))
    left = [writes]

    def fail_after() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError("the session ended")

    backend.before_write = fail_after
    with contextlib.suppress(SecretStoreError):
        store.set(SERVICE, "api_key", Sensitive(new))
    assert store.get(SERVICE, "api_key") in (Sensitive(old), Sensitive(new))
    backend.before_write = lambda: None
    store.set(SERVICE, "api_key", Sensitive("short"))
    assert backend.entries == {(SERVICE, "api_key"): "short"}


@pytest.mark.parametrize("damage", ["lost", "altered", "swapped", "header"])
def test_damaged_parts_are_an_error_that_says_how_to_mend_it(backend: Any, damage: str) -> None:
    store = KeyringStore()
    store.set(SERVICE, "api_key", Sensitive(LONG))
    first, second = sorted(entry for entry in backend.entries if "#" in entry[1])[:2]
    match damage:
        case "lost":
            del backend.entries[second]
        case "altered":
            backend.entries[second] = backend.entries[second].replace("p", "q", 1)
        case "swapped":
            backend.entries[first], backend.entries[second] = backend.entries[second], backend.entries[first]
        case "header":
            backend.entries[SERVICE, "api_key"] = backend.entries[SERVICE, "api_key"][:-3]
    with pytest.raises(DamagedValueError) as caught:
        store.get(SERVICE, "api_key")
    assert "api_key" in caught.value.message
    assert "dbconn secrets set" in caught.value.hint
    store.set(SERVICE, "api_key", Sensitive("mended"))
    assert store.get(SERVICE, "api_key") == Sensitive("mended")


@pytest.mark.parametrize(
    "failure",
    [
        keyring.errors.KeyringLocked("secret-value-in-text"),
        keyring.errors.NoKeyringError("secret-value-in-text"),
        keyring.errors.InitError("secret-value-in-text"),
        ValueError("MAC check failed secret-value-in-text"),
        OSError("secret-value-in-text"),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_every_failure_of_the_keyring_names_the_ways_out_and_quotes_nothing(backend: Any, failure: Exception) -> None:
    def refuse() -> None:
        raise failure

    backend.before_read = refuse
    store = KeyringStore()
    for operation in (
        lambda: store.get(SERVICE, "api_key"),
        lambda: store.set(SERVICE, "api_key", Sensitive("secret-value-in-text")),
        lambda: store.delete(SERVICE, "api_key"),
    ):
        with pytest.raises(SecretStoreError) as caught:
            operation()
        assert "DBCONN_SECRET_" in caught.value.hint
        assert "AUTH0_CLIENT_SECRET" in caught.value.hint
        assert "gnome-keyring" in caught.value.hint
        assert "secret-value-in-text" not in f"{caught.value} {caught.value.hint}"


class PlaintextKeyring(KeyringBackend):
    """Stands for the keyring of this name in keyrings.alt, recognised by where it comes from."""

    priority = 0.5

    def get_password(self, service: str, username: str) -> str | None:
        raise AssertionError("a plain text keyring was read")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("a secret went to a plain text keyring")


PlaintextKeyring.__module__ = "keyrings.alt.file"
PlaintextKeyring.__qualname__ = "PlaintextKeyring"


class RenamedPlaintextKeyring(PlaintextKeyring):
    priority = 0.4


@pytest.mark.parametrize("refused", [PlaintextKeyring, RenamedPlaintextKeyring, null.Keyring, fail.Keyring])
def test_keyrings_that_keep_nothing_or_plain_text_are_refused(
    monkeypatch: pytest.MonkeyPatch, refused: type[KeyringBackend]
) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", refused())
    store = KeyringStore()
    assert store.available()
    with pytest.raises(SecretStoreError) as caught:
        store.set(SERVICE, "api_key", Sensitive("value"))
    assert "apt install" in caught.value.hint
    with pytest.raises(SecretStoreError):
        store.get(SERVICE, "api_key")


def test_of_a_chain_only_the_first_acceptable_keyring_is_used(monkeypatch: pytest.MonkeyPatch, backend: Any) -> None:
    chain = ChainerBackend()
    monkeypatch.setattr(ChainerBackend, "backends", [PlaintextKeyring(), null.Keyring(), backend])
    monkeypatch.setattr(keyring.core, "_keyring_backend", chain)
    store = KeyringStore()
    assert store.available() == ""
    store.set(SERVICE, "api_key", Sensitive("value"))
    assert backend.entries == {(SERVICE, "api_key"): "value"}


def test_a_backend_that_cannot_be_loaded_is_an_error_not_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", None)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "no.such.module.Keyring")
    assert "could not be set up" in KeyringStore().available()


def test_values_and_logins_live_in_different_services(backend: Any) -> None:
    store = KeyringStore()
    store.set(login_service("shop.example.com"), "token", Sensitive("a token"))
    assert store.get(value_service("shop.example.com"), "token") is None
    assert store.available() == ""


def test_a_name_that_could_be_taken_for_a_part_is_a_programming_error(backend: Any) -> None:
    with pytest.raises(ValueError, match="#"):
        KeyringStore().set(SERVICE, "name#a1", Sensitive("value"))


def test_the_rooms_modules_do_not_import_keyring_by_themselves(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys, dbconn_tui.secret_store.keyring_store, dbconn_tui.secret_store.lookup, "
        "dbconn_tui.secret_store.admission; print('keyring' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert shown.stdout.strip() == "False"


def test_a_long_value_and_the_one_it_replaced_stand_side_by_side_in_parts(backend: Any) -> None:
    store = KeyringStore()
    name = "n" * 64
    for entry, text in ((name, "a" * 3_000), (previous_name(name), "b" * 3_000)):
        store.set("service", entry, Sensitive(text))
    found = [store.get("service", entry) for entry in (name, previous_name(name))]
    assert [value.reveal()[0] for value in found if value] == ["a", "b"]
    assert store.delete("service", previous_name(name))
    assert {entry.partition("#")[0] for _, entry in backend.entries} == {name}
