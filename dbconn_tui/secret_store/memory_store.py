"""MemoryStore: a SecretStore that forgets everything at exit, for the demo and for tests."""

from __future__ import annotations

from dbconn_tui.sensitive import Sensitive


class MemoryStore:
    """A SecretStore in memory; always available."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], Sensitive] = {}

    def get(self, service: str, name: str) -> Sensitive | None:
        """The value, or None."""
        return self._values.get((service, name))

    def set(self, service: str, name: str, value: Sensitive) -> None:
        """Stores the value."""
        self._values[service, name] = value

    def delete(self, service: str, name: str) -> bool:
        """Removes the value; whether there was one."""
        return self._values.pop((service, name), None) is not None

    def available(self) -> str:
        """Always empty."""
        return ""
