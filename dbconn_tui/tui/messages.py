"""Messages: what workers and widgets tell the app."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from dbconn_tui.deploy.values import Outcome
    from dbconn_tui.events import Event
    from dbconn_tui.tasks.keymap import KeymapFile
    from dbconn_tui.tasks.watch import Look
    from dbconn_tui.tui.port import Failure, Opened, Reviewed, Taking


@dataclass
class KeymapRead(Message):
    """The user's own keys were read."""

    file: KeymapFile


@dataclass
class Looked(Message):
    """How the files of an opened project are on the disk now."""

    opened: Opened
    look: Look


@dataclass
class ProjectOpened(Message):
    """The files were read."""

    opened: Opened


@dataclass
class ProjectFailed(Message):
    """The files cannot be used."""

    failure: Failure


class TenantWanted(Message):
    """The project has several tenants and none was chosen."""


@dataclass
class TenantRead(Message):
    """The tenant was read and everything compared; `domain` is the tenant's."""

    domain: str
    reviewed: Reviewed


@dataclass
class TenantFailed(Message):
    """The tenant could not be read."""

    domain: str
    failure: Failure


@dataclass
class TakingPlanned(Message):
    """What taking the tenant's side would write is known; nothing was written."""

    taking: Taking


@dataclass
class Taken(Message):
    """The tenant's side is in the files."""

    taking: Taking


@dataclass
class RequestAnswered(Message):
    """A request was answered."""

    event: Event


@dataclass
class RollbackPlanned(Message):
    """The plan of going back is made."""

    reviewed: Reviewed


@dataclass
class RollbackRefused(Message):
    """There is no way back, or it could not be planned."""

    failure: Failure


@dataclass
class Refused(Message):
    """Something the user asked for could not be done."""

    failure: Failure


@dataclass
class ReadingStep(Message):
    """Something happened while the tenant was read."""

    event: Event


@dataclass
class DeployChecked(Message):
    """Nothing stands in the way of deploying these connections."""

    reviewed: Reviewed
    keys: tuple[str, ...]


@dataclass
class DeployRefused(Message):
    """Something stands in the way; nothing was sent."""

    failure: Failure


@dataclass
class DeployStep(Message):
    """Something happened during a deploy."""

    event: Event


@dataclass
class DeployFinished(Message):
    """A deploy ended."""

    outcomes: tuple[Outcome, ...]


@dataclass
class DeployBroken(Message):
    """A deploy as a whole failed."""

    failure: Failure
