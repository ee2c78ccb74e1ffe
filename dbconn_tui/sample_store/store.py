"""SampleStore: the user API with sample users, running on this machine for the demo and the tests."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dbconn_tui.sample_store.app import build_app
from dbconn_tui.sample_store.sample_users import add_sample_users
from dbconn_tui.sample_store.server import served
from dbconn_tui.sample_store.tokens import Tokens
from dbconn_tui.sample_store.users import Users
from dbconn_tui.sensitive import Sensitive

CLIENT_ID: Final = "auth0-user-store"
"""The client id that the rest-api template has as its default."""


@dataclass(frozen=True, slots=True)
class SampleStore:
    """A running sample store: where it is, and what a client needs to use it."""

    url: str
    client_id: str
    client_secret: Sensitive
    users: Users
    tokens: Tokens

    @property
    def token_url(self) -> str:
        """The token endpoint."""
        return f"{self.url}/oauth/token"


@contextmanager
def run_sample_store(
    *,
    database: str = ":memory:",
    client_secret: Sensitive | None = None,
    certificate: Path | None = None,
    key: Path | None = None,
) -> Iterator[SampleStore]:
    """A sample store on a free port of 127.0.0.1 until the block is left; HTTPS with a certificate and key (PEM).

    `database` is an SQLite file or `:memory:`; an empty one gets the sample users. Without `client_secret`
    a random one is made. Raises OSError for unusable certificate files.
    """
    secret = client_secret or Sensitive(secrets.token_urlsafe(24))
    users = Users(database, secrets.token_bytes)
    try:
        if not users.all():
            add_sample_users(users)
        tokens = Tokens(CLIENT_ID, secret, clock=time.monotonic, new_token=lambda: secrets.token_urlsafe(24))
        with served(build_app(users, tokens), certificate=certificate, key=key) as url:
            yield SampleStore(url, CLIENT_ID, secret, users, tokens)
    finally:
        users.close()
