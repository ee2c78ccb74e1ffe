"""The users that a fresh sample store holds, and the passwords they log in with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dbconn_tui.sample_store.users import Users


@dataclass(frozen=True, slots=True)
class SampleUser:
    """A made-up user; the password is public on purpose: the store only lives on this machine."""

    email: str
    username: str
    password: str
    email_verified: bool
    given_name: str
    family_name: str


SAMPLE_USERS: Final[tuple[SampleUser, ...]] = (
    SampleUser("robin@example.com", "robin", "robin-sample-password", True, "Robin", "Example"),
    SampleUser("sascha@example.com", "sascha", "sascha-sample-password", False, "Sascha", "Example"),
    SampleUser("zoë.o'neil@example.com", "zoe", "zoë's sample password", True, "Zoë", "O'Neil-Example"),
)


def add_sample_users(users: Users) -> None:
    """Put SAMPLE_USERS into an empty store."""
    for sample in SAMPLE_USERS:
        users.add(
            sample.email,
            sample.password,
            username=sample.username,
            email_verified=sample.email_verified,
            given_name=sample.given_name,
            family_name=sample.family_name,
        )
