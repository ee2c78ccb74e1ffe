"""KeyringStore: the operating system's keyring as a SecretStore (the only module that imports keyring)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from dbconn_tui.errors import SecretStoreError
from dbconn_tui.secret_store import parts
from dbconn_tui.secret_store.values import DamagedValueError
from dbconn_tui.sensitive import Sensitive

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

WAYS_OUT: Final = (
    "Set an environment variable instead (DBCONN_SECRET_<NAME> for a value, AUTH0_DOMAIN, AUTH0_CLIENT_ID and "
    "AUTH0_CLIENT_SECRET for the login), or unlock or install a keyring (Debian, Ubuntu: apt install gnome-keyring)."
)

_REFUSED: Final = {
    "keyrings.alt.file.PlaintextKeyring": "keeps everything readable in a file",
    "keyring.backends.null.Keyring": "keeps nothing",
}
_ABSENT: Final = "keyring.backends.fail.Keyring"


class KeyringStore:
    """The keyring that the `keyring` package chooses, unless it keeps plain text or nothing.

    Of a chain of keyrings only the first acceptable one is used, so a value is never in two places.
    Values over 1,200 bytes of UTF-8 are stored in parts (see parts.py). keyring is imported at the first use.
    """

    def get(self, service: str, name: str) -> Sensitive | None:
        """The value, or None. Raises SecretStoreError; DamagedValueError when parts of it are missing or altered."""
        backend = _backend()
        with _own_failures(f"reading {name!r} from"):
            entry = backend.get_password(service, name)
            if entry is None:
                return None
            if not parts.claims_parts(entry):
                return Sensitive(entry)
            header = parts.read_header(entry)
            found = () if header is None else _read_parts(backend, service, name, header)
        text = None if header is None else parts.join(header, found)
        if text is None:
            raise DamagedValueError(
                f"The keyring holds only damaged pieces of {name!r}.",
                "Store it again: `dbconn secrets set` for a value, `dbconn login` for a login.",
            )
        return Sensitive(text)

    def set(self, service: str, name: str, value: Sensitive) -> None:
        """Stores the value; an interrupted write leaves the earlier value. Raises SecretStoreError."""
        if "#" in name:
            raise ValueError(f"a name in the keyring may not hold '#': {name!r}")
        text = value.reveal()
        backend = _backend()
        with _own_failures(f"storing {name!r} in"):
            before = parts.read_header(backend.get_password(service, name) or "")
            if parts.needs_parts(text):
                slot = "b" if before is not None and before.slot == "a" else "a"
                header, pieces = parts.split(text, slot)
                for number, piece in enumerate(pieces, start=1):
                    backend.set_password(service, parts.part_name(name, slot, number), piece)
                backend.set_password(service, name, str(header))
                kept = {slot: header.count}
            else:
                backend.set_password(service, name, text)
                kept = {}
            _delete_parts(backend, service, name, kept)

    def delete(self, service: str, name: str) -> bool:
        """Removes the value with all its parts; whether there was one. Raises SecretStoreError."""
        backend = _backend()
        with _own_failures(f"deleting {name!r} from"):
            present = backend.get_password(service, name) is not None
            if present:
                backend.delete_password(service, name)
            _delete_parts(backend, service, name, {})
        return present

    def available(self) -> str:
        """Empty, or why no keyring can be used here. Does not unlock anything."""
        try:
            _backend()
        except SecretStoreError as error:
            return error.message
        return ""


def _backend() -> KeyringBackend:
    """The first keyring of the configured chain that really keeps secrets. Raises SecretStoreError."""
    try:
        import keyring
        from keyring.backends.chainer import ChainerBackend

        chosen = keyring.get_keyring()
        candidates = list(chosen.backends) if isinstance(chosen, ChainerBackend) else [chosen]
    except (ImportError, AttributeError, RuntimeError, ValueError, OSError) as error:
        raise SecretStoreError(f"The keyring could not be set up ({type(error).__name__}).", WAYS_OUT) from None
    refusals = []
    for candidate in candidates:
        names = [f"{cls.__module__}.{cls.__qualname__}" for cls in type(candidate).__mro__]
        if _ABSENT in names:
            continue
        reason = next((_REFUSED[name] for name in names if name in _REFUSED), "")
        if not reason:
            return candidate
        refusals.append(f"the configured keyring ({names[0]}) {reason}")
    if refusals:
        raise SecretStoreError(f"No secret is stored: {'; '.join(refusals)}.", WAYS_OUT)
    raise SecretStoreError("There is no working keyring on this machine.", WAYS_OUT)


def _read_parts(backend: KeyringBackend, service: str, name: str, header: parts.PartsHeader) -> tuple[str, ...]:
    found = []
    for number in range(1, header.count + 1):
        piece = backend.get_password(service, parts.part_name(name, header.slot, number))
        if piece is None:
            break
        found.append(piece)
    return tuple(found)


def _delete_parts(backend: KeyringBackend, service: str, name: str, kept: dict[str, int]) -> None:
    """Deletes the parts of both slots that `kept` does not count.

    The last one first: an interruption leaves no gap, so the next call finds the rest.
    """
    for slot in parts.SLOTS:
        first = end = kept.get(slot, 0) + 1
        while backend.get_password(service, parts.part_name(name, slot, end)) is not None:
            end += 1
        for number in reversed(range(first, end)):
            backend.delete_password(service, parts.part_name(name, slot, number))


@contextmanager
def _own_failures(doing: str) -> Iterator[None]:
    """Turns what keyrings raise into SecretStoreError; their texts are left out, they may quote a value."""
    from keyring.errors import KeyringError, KeyringLocked, NoKeyringError

    try:
        yield
    except NoKeyringError:
        raise SecretStoreError("There is no working keyring on this machine.", WAYS_OUT) from None
    except KeyringLocked:
        raise SecretStoreError(f"The keyring is locked ({doing} it failed).", WAYS_OUT) from None
    except _service_failures(KeyringError, OSError, RuntimeError, ValueError) as error:
        raise SecretStoreError(f"Something failed {doing} the keyring ({type(error).__name__}).", WAYS_OUT) from None


def _service_failures(*known: type[Exception]) -> tuple[type[Exception], ...]:
    """`known`, and what the Secret Service libraries raise past keyring if keyring has loaded them."""
    found = list(known)
    for module, name in (
        ("secretstorage.exceptions", "SecretStorageException"),
        ("jeepney.wrappers", "DBusErrorResponse"),
    ):
        failure = getattr(sys.modules.get(module), name, None)
        if isinstance(failure, type) and issubclass(failure, Exception):
            found.append(failure)
    return tuple(found)
