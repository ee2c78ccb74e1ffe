"""Mail and Ticket: what the tenant would have sent to a user, and the link in it. Nothing is ever sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

LIFETIME: Final = 432_000
"""Seconds that a link is good for, as on the platform."""


class TicketKind(StrEnum):
    """What a link is for."""

    RESET = "reset"
    VERIFY = "verify"


@dataclass(frozen=True, slots=True)
class Ticket:
    """One link: for whom, until when (epoch seconds), and the page the user is sent on to, empty for our own."""

    kind: TicketKind
    connection_id: str
    identifier: str
    until: float
    client_id: str = ""
    result_url: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail that the platform would have sent. Whoever has `link` may use it, so it is in no representation."""

    to: str
    subject: str
    link: str = field(repr=False)
