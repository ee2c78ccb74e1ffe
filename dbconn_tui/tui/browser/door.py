"""Door: who may come in to the served app. Whoever reaches the port could otherwise use the user's keyring.

The address that is printed holds a token that opens the door once; the browser that used it keeps a cookie.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

HOST: Final = "127.0.0.1"
TOKEN: Final = "token"
"""The query parameter of the address that opens the door."""


class Answer(Enum):
    """What becomes of a request."""

    IN = "in"
    OPENED = "opened"
    """The token was right: the browser gets the cookie and asks again without the token."""
    USED_UP = "used-up"
    """An address that was used before, or was never right."""
    STRANGER = "stranger"
    """Not from the browser that was let in, or from a page of somebody else."""


@dataclass(slots=True)
class Door:
    """The door of a server on HOST and a port. Its token opens it once; `session` is what the cookie holds then."""

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    session: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    _used: bool = False

    @property
    def address(self) -> str:
        """The address to open in a browser; it works once."""
        return f"{self.origin}/?{TOKEN}={self.token}"

    @property
    def origin(self) -> str:
        """Where the server is, as a page of its own says it."""
        return f"http://{HOST}:{self.port}"

    @property
    def cookie(self) -> str:
        """The cookie's name. Cookies don't tell ports apart, so two servers need two names."""
        return f"dbconn-{self.port}"

    def answer(self, host: str, origin: str | None, token: str | None, cookie: str | None) -> Answer:
        """Whether a request may come in, by its Host and Origin headers, its token and its cookie (None = not sent).

        Another Host is a name that somebody else made point here, another Origin a page of somebody else.
        """
        if host != f"{HOST}:{self.port}" or origin not in (None, self.origin):
            return Answer.STRANGER
        if token is not None:
            if self._used or not _equal(token, self.token):
                return Answer.USED_UP
            self._used = True
            return Answer.OPENED
        return Answer.IN if cookie is not None and _equal(cookie, self.session) else Answer.STRANGER


def _equal(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), right.encode())
