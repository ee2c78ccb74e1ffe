"""Users: the sample store's table on SQLite, and what can be done with it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from dbconn_tui.passwords import SALT_BYTES, hash_password, is_acceptable, matches

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS users (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    email_verified INTEGER NOT NULL,
    username TEXT,
    username_key TEXT UNIQUE,
    given_name TEXT,
    family_name TEXT,
    password BLOB NOT NULL
)
"""
_COLUMNS: Final = "id, email, email_verified, username, given_name, family_name"


@dataclass(frozen=True, slots=True)
class User:
    """One user as the store knows it, without the password."""

    id: str
    email: str
    email_verified: bool = False
    username: str | None = None
    given_name: str | None = None
    family_name: str | None = None

    @property
    def name(self) -> str | None:
        """Given and family name, as far as they are known."""
        return " ".join(part for part in (self.given_name, self.family_name) if part) or None

    def as_json(self) -> dict[str, Any]:
        """The user of the API's answers (templates/rest-api/README.md)."""
        return {
            "id": self.id,
            "email": self.email,
            "email_verified": self.email_verified,
            "username": self.username,
            "name": self.name,
            "given_name": self.given_name,
            "family_name": self.family_name,
        }


class UserExistsError(Exception):
    """Another user has this e-mail address or user name."""


class Users:
    """The users of one store. Addresses and user names are compared without regard to letter case.

    `random_bytes(n)` gives n random bytes, for salts and ids. Safe to use from several threads.
    """

    def __init__(self, database: str, random_bytes: Callable[[int], bytes]) -> None:
        self._random_bytes = random_bytes
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(database, check_same_thread=False, isolation_level=None)
        self._connection.execute(_TABLE)
        self._nobody = hash_password("nobody's", random_bytes(SALT_BYTES))

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()

    def add(
        self,
        email: str,
        password: str,
        *,
        username: str | None = None,
        email_verified: bool = False,
        given_name: str | None = None,
        family_name: str | None = None,
    ) -> User:
        """Add a user with a new id. Raises UserExistsError."""
        user = User(f"usr_{self._random_bytes(8).hex()}", email, email_verified, username, given_name, family_name)
        row = (
            user.id,
            email,
            _key(email),
            email_verified,
            username,
            None if username is None else _key(username),
            given_name,
            family_name,
            hash_password(password, self._random_bytes(SALT_BYTES)),
        )
        try:
            self._execute("INSERT INTO users VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        except sqlite3.IntegrityError:
            raise UserExistsError from None
        return user

    def find(self, identifier: str) -> User | None:
        """The user with this e-mail address or user name."""
        rows = self._execute(
            f"SELECT {_COLUMNS} FROM users WHERE email_key = ?1 OR username_key = ?1", (_key(identifier),)
        )
        return _user(rows[0]) if rows else None

    def authenticate(self, identifier: str, password: str) -> User | None:
        """The user, when the password is theirs. An unknown user takes as long as a wrong password."""
        if not is_acceptable(password):
            return None
        rows = self._execute(
            f"SELECT {_COLUMNS}, password FROM users WHERE email_key = ?1 OR username_key = ?1", (_key(identifier),)
        )
        right = matches(password, rows[0][-1] if rows else self._nobody)
        return _user(rows[0][:-1]) if rows and right else None

    def verify_email(self, email: str) -> bool:
        """Mark an address as verified; whether a user has it."""
        return self._changes("UPDATE users SET email_verified = 1 WHERE email_key = ?", (_key(email),))

    def change_password(self, identifier: str, password: str) -> bool:
        """Set a password; whether there is such a user."""
        hashed = hash_password(password, self._random_bytes(SALT_BYTES))
        return self._changes(
            "UPDATE users SET password = ?2 WHERE email_key = ?1 OR username_key = ?1", (_key(identifier), hashed)
        )

    def change_email(self, email: str, new_email: str, verified: bool) -> bool:
        """Set an address and whether it is verified; whether there is such a user. Raises UserExistsError."""
        try:
            return self._changes(
                "UPDATE users SET email = ?2, email_key = ?3, email_verified = ?4 WHERE email_key = ?1",
                (_key(email), new_email, _key(new_email), verified),
            )
        except sqlite3.IntegrityError:
            raise UserExistsError from None

    def delete(self, id: str) -> bool:
        """Delete a user; whether there was one."""
        return self._changes("DELETE FROM users WHERE id = ?", (id,))

    def all(self) -> tuple[User, ...]:
        """Every user, by e-mail address."""
        return tuple(_user(row) for row in self._execute(f"SELECT {_COLUMNS} FROM users ORDER BY email_key", ()))

    def _execute(self, statement: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def _changes(self, statement: str, values: tuple[Any, ...]) -> bool:
        with self._lock:
            return self._connection.execute(statement, values).rowcount > 0


def _key(identifier: str) -> str:
    return identifier.strip().casefold()


def _user(row: tuple[Any, ...]) -> User:
    id, email, email_verified, username, given_name, family_name = row
    return User(id, email, bool(email_verified), username, given_name, family_name)
