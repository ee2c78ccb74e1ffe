"""The port SecretStore and the names under which it keeps things; nothing here opens a keyring."""

from __future__ import annotations

from typing import Protocol

from dbconn_tui.errors import SecretStoreError
from dbconn_tui.sensitive import Sensitive


class SecretStore(Protocol):
    """Named texts on this machine, by service and name (design §3 "Secrets").

    Every method except `available` raises SecretStoreError when the store is missing, locked or refuses.
    """

    def get(self, service: str, name: str) -> Sensitive | None:
        """The value, or None when there is none. Raises DamagedValueError when only pieces of it are there."""

    def set(self, service: str, name: str, value: Sensitive) -> None:
        """Stores the value in place of any earlier one."""

    def delete(self, service: str, name: str) -> bool:
        """Removes the value; whether there was one."""

    def available(self) -> str:
        """Empty when the store can be used, else one sentence that says why not."""


class DamagedValueError(SecretStoreError):
    """One value cannot be put together again; the store itself works."""

    code = "damaged-value"


def value_service(domain: str) -> str:
    """The service that holds the configuration values of a tenant: the only one `{secret: NAME}` reaches."""
    return f"dbconn:{domain}"


def previous_name(name: str) -> str:
    """Where the value before the last `secrets set` is kept, in the same service; no name of a secret has a colon."""
    return f"previous:{name}"


def login_service(domain: str) -> str:
    """The service that holds the app's own credentials and token for a tenant."""
    return f"dbconn-login:{domain}"
