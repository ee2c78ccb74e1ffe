from __future__ import annotations

from collections.abc import Callable

import keyring
import keyring.core
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class DictKeyring(KeyringBackend):
    """A keyring in memory that refuses long entries like Windows' and can fail before any operation."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}
        self.reads: list[str] = []
        self.before_write: Callable[[], None] = lambda: None
        self.before_read: Callable[[], None] = lambda: None

    def get_password(self, service: str, username: str) -> str | None:
        self.before_read()
        self.reads.append(username)
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.before_write()
        if len(password.encode("utf-16-le")) > 2_560:
            raise ValueError(f"too long: {password}")
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.before_write()
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError("no such entry")


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> DictKeyring:
    chosen = DictKeyring()
    monkeypatch.setattr(keyring.core, "_keyring_backend", chosen)
    return chosen
