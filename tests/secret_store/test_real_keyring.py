from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROUND_TRIP = """
from dbconn_tui.errors import SecretStoreError
from dbconn_tui.secret_store.keyring_store import KeyringStore
from dbconn_tui.sensitive import Sensitive

store = KeyringStore()
assert store.available() == "", store.available()
for value in ("short", "ünï€😀" * 2000, "x" * 1200, "y" * 1201, "again short"):
    store.set("dbconn:shop.example.com", "api_key", Sensitive(value))
    assert store.get("dbconn:shop.example.com", "api_key") == Sensitive(value), len(value)
assert store.get("dbconn-login:shop.example.com", "api_key") is None
assert store.delete("dbconn:shop.example.com", "api_key")
assert not store.delete("dbconn:shop.example.com", "api_key")
assert store.get("dbconn:shop.example.com", "api_key") is None
print("round trip fine")
"""

NO_KEYRING = """
from dbconn_tui.errors import SecretStoreError
from dbconn_tui.secret_store.keyring_store import KeyringStore
from dbconn_tui.sensitive import Sensitive

print("available:", KeyringStore().available())
for act in (lambda s: s.get("a", "b"), lambda s: s.set("a", "b", Sensitive("c")), lambda s: s.delete("a", "b")):
    try:
        act(KeyringStore())
    except SecretStoreError as error:
        print(int(error.exit_code), error.message, error.hint)
"""

# Unlocks a fresh keyring with a password of its own, waits until it answers on the bus, runs "$@".
SESSION = """
printf %s a-test-password | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 &
keyring=$!
for attempt in $(seq 500); do
  dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
    string:org.freedesktop.secrets 2>/dev/null | grep -q true && break
  sleep 0.02
done
"$@"
result=$?
kill $keyring
exit $result
"""


def environment_of(home: Path) -> dict[str, str]:
    home.chmod(0o700)
    return {"PATH": os.environ["PATH"], "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "LANG": "C.UTF-8"}


def test_a_real_secret_service_keeps_short_and_long_values(tmp_path: Path) -> None:
    for tool in ("gnome-keyring-daemon", "dbus-run-session", "dbus-send"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is missing: apt install gnome-keyring dbus")
    done = subprocess.run(
        ["dbus-run-session", "--", "bash", "-c", SESSION, "_", sys.executable, "-c", ROUND_TRIP],
        env=environment_of(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.strip() == "round trip fine", done.stderr


def test_without_a_session_bus_the_message_names_the_ways_out(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("other platforms have their keyring without a session bus")
    done = subprocess.run(
        [sys.executable, "-c", NO_KEYRING], env=environment_of(tmp_path), capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == "available: There is no working keyring on this machine."
    assert len(lines) == 4
    for line in lines[1:]:
        assert line.startswith("3 There is no working keyring")
        assert "DBCONN_SECRET_" in line
        assert "apt install gnome-keyring" in line
