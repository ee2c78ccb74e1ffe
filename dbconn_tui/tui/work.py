"""Work: what workers run: a question to the backend, and its answer as a message."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.message import Message

from dbconn_tui.errors import DbconnError
from dbconn_tui.events import Event, EventKind, ignore
from dbconn_tui.tui import messages
from dbconn_tui.tui.port import NO_ANSWER, Backend, Opened, Reviewed, describe_failure

if TYPE_CHECKING:
    from dbconn_tui.deploy.plan import Choices
    from dbconn_tui.tui.port import Failure, Taking
    from dbconn_tui.tui.state import Rollback


class Work:
    """Asks `backend` and gives messages to `post`, which may be called from any thread.

    Every DbconnError becomes a message; anything else is a programming error and passes through.
    """

    def __init__(self, backend: Backend, post: Callable[[Message], object]) -> None:
        self._backend = backend
        self._post = post

    def log(self, event: Event) -> None:
        """RequestAnswered for a request; may be called from any thread."""
        if event.kind is EventKind.REQUEST:
            self._post(messages.RequestAnswered(event))

    async def open(self, tenant: str | None) -> None:
        """ProjectOpened or ProjectFailed."""
        try:
            opened = await self._backend.open(tenant)
        except DbconnError as error:
            self._post(messages.ProjectFailed(describe_failure(error, "No usable project")))
        else:
            self._post(messages.ProjectOpened(opened))

    async def keymap(self) -> None:
        """KeymapRead."""
        self._post(messages.KeymapRead(await self._backend.keymap()))

    async def look(self, opened: Opened) -> None:
        """Looked, where the project has files."""
        look = await self._backend.look(opened)
        if look is not None:
            self._post(messages.Looked(opened, look))

    async def read(self, opened: Opened, domain: str, choices: Choices | None = None) -> None:
        """TenantRead or TenantFailed, with ReadingStep on the way."""

        def tell(event: Event) -> None:
            self._post(messages.ReadingStep(event))

        try:
            reviewed = await self._backend.read(opened, choices, tell)
        except DbconnError as error:
            self._post(messages.TenantFailed(domain, _tenant_failure(error, domain)))
        else:
            self._post(messages.TenantRead(domain, reviewed))

    async def plan_taking(self, opened: Opened, names: tuple[str, ...]) -> None:
        """TakingPlanned or Refused."""
        try:
            taking = await self._backend.plan_taking(opened, names, ignore)
        except DbconnError as error:
            self._post(messages.Refused(describe_failure(error, "Not taken")))
        else:
            self._post(messages.TakingPlanned(taking))

    async def take(self, taking: Taking) -> None:
        """Taken or Refused."""
        try:
            await self._backend.take(taking)
        except DbconnError as error:
            self._post(messages.Refused(describe_failure(error, "Not taken")))
        else:
            self._post(messages.Taken(taking))

    async def plan_rollback(self, opened: Opened, rollback: Rollback) -> None:
        """RollbackPlanned or RollbackRefused, with ReadingStep on the way."""

        def tell(event: Event) -> None:
            self._post(messages.ReadingStep(event))

        try:
            reviewed = await self._backend.plan_rollback(opened, rollback.key, rollback.to, rollback.allow, tell)
        except DbconnError as error:
            self._post(messages.RollbackRefused(describe_failure(error, "No way back")))
        else:
            self._post(messages.RollbackPlanned(reviewed))

    async def check(self, reviewed: Reviewed, keys: tuple[str, ...]) -> None:
        """DeployChecked or DeployRefused."""
        try:
            await self._backend.check(reviewed, keys)
        except DbconnError as error:
            self._post(messages.DeployRefused(describe_failure(error, "Not deployed")))
        else:
            self._post(messages.DeployChecked(reviewed, keys))

    async def deploy(self, reviewed: Reviewed, keys: tuple[str, ...], stop_requested: Callable[[], bool]) -> None:
        """DeployFinished or DeployBroken, with DeployStep on the way."""

        def tell(event: Event) -> None:
            self._post(messages.DeployStep(event))

        try:
            outcomes = await self._backend.deploy(reviewed, keys, tell, stop_requested)
        except DbconnError as error:
            self._post(messages.DeployBroken(describe_failure(error, "The deploy broke off")))
        else:
            self._post(messages.DeployFinished(outcomes))


def _tenant_failure(error: DbconnError, domain: str) -> Failure:
    reached = error.code not in NO_ANSWER
    return describe_failure(error, f"{domain} {'was not read' if reached else 'not reachable'}")
