"""Post: the links that the tenant would mail to users, and the pages behind them.

Nothing is sent: whoever runs the tenant is told the link.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from string import Template
from typing import Final
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from dbconn_tui.errors import NodeError
from dbconn_tui.local_tenant.answers import Refusal
from dbconn_tui.local_tenant.sign_in.deployed import FlowError, WeakPasswordError
from dbconn_tui.local_tenant.sign_in.flow import Flow
from dbconn_tui.local_tenant.sign_in.mail import LIFETIME, Mail, Ticket, TicketKind
from dbconn_tui.local_tenant.sign_in.requests import origin_of, read_body, text_of
from dbconn_tui.local_tenant.sign_in.users import Users
from dbconn_tui.local_tenant.state import TenantState
from dbconn_tui.passwords import is_acceptable

OnMail = Callable[[Mail], None]

PATHS: Final = {TicketKind.RESET: "u/reset-verify", TicketKind.VERIFY: "u/email-verification"}
_SUBJECTS: Final = {TicketKind.RESET: "Reset your password", TicketKind.VERIFY: "Verify your email"}
_TICKET_LENGTH: Final = 32
_PAGE: Final = Template(
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Local tenant</title>'
    '<body style="font: 1rem/1.6 system-ui; max-width: 32rem; margin: 4rem auto">$content</body></html>'
)
_FORM: Final = Template(
    '<h1>New password for $name</h1><form method="post"><input type="hidden" name="ticket" value="$ticket">'
    '<input type="password" name="password" aria-label="New password" autofocus required> '
    "<button>Set it</button></form>"
)


@dataclass(frozen=True, slots=True)
class Post:
    """The tenant's post office. `on_mail` is told each mail."""

    state: TenantState
    users: Users
    on_mail: OnMail | None = None

    def routes(self) -> list[Route]:
        """The pages behind the links."""
        return [
            Route(f"/{PATHS[TicketKind.RESET]}", self.ask_password, methods=["GET"]),
            Route(f"/{PATHS[TicketKind.RESET]}", self.set_password, methods=["POST"]),
            Route(f"/{PATHS[TicketKind.VERIFY]}", self.verify, methods=["GET"]),
        ]

    def link(self, kind: TicketKind, flow: Flow, identifier: str, issuer: str, result_url: str = "") -> str:
        """A new link for a user; `issuer` is the tenant's own address, `result_url` where its page sends the user."""
        ticket = self.state.new_id("", _TICKET_LENGTH)
        until = self.users.clock() + LIFETIME
        client_id = flow.origin.client_id
        self.state.tickets[ticket] = Ticket(kind, flow.connection.id, identifier, until, client_id, result_url)
        return f"{issuer}{PATHS[kind]}?{urlencode({'ticket': ticket})}"

    def send(self, kind: TicketKind, flow: Flow, identifier: str, issuer: str) -> None:
        """Note the mail that the platform would send now."""
        if not identifier:
            return
        mail = Mail(identifier, _SUBJECTS[kind], self.link(kind, flow, identifier, issuer))
        self.state.mails.append(mail)
        if self.on_mail is not None:
            self.on_mail(mail)

    async def ask_password(self, request: Request) -> Response:
        """The page that asks for a new password."""
        name = request.query_params.get("ticket", "")
        ticket = self._ticket(name, TicketKind.RESET)
        if ticket is None:
            return _gone()
        form = _FORM.substitute(name=html.escape(ticket.identifier), ticket=html.escape(name, quote=True))
        return _page(form)

    async def set_password(self, request: Request) -> Response:
        """The form's answer: get_user → change_password."""
        try:
            body = await read_body(request)
        except Refusal:
            body = {}
        name = text_of(body, "ticket") or request.query_params.get("ticket", "")
        ticket = self._ticket(name, TicketKind.RESET)
        password = text_of(body, "password")
        if ticket is None:
            return _gone()
        if not is_acceptable(password):
            return _page("<h1>The password is empty or too long.</h1>", 400)
        flow = self._flow(request, ticket)
        if flow is None:
            return _gone()
        del self.state.tickets[name]
        try:
            await flow.change_password(ticket.identifier, password)
        except WeakPasswordError as weak:
            self.state.tickets[name] = ticket
            return _page(f"<h1>{html.escape(str(weak))}</h1><pre>{html.escape(str(weak.body['policy']))}</pre>", 400)
        except (FlowError, NodeError) as error:
            return _outcome(ticket, False, str(error))
        return _outcome(ticket, True, "Your password has been changed.")

    async def verify(self, request: Request) -> Response:
        """The link of a verification mail: verify."""
        name = request.query_params.get("ticket", "")
        ticket = self._ticket(name, TicketKind.VERIFY)
        flow = self._flow(request, ticket) if ticket is not None else None
        if ticket is None or flow is None:
            return _gone()
        del self.state.tickets[name]
        try:
            await flow.verify(ticket.identifier)
        except (FlowError, NodeError) as error:
            return _outcome(ticket, False, str(error))
        return _outcome(ticket, True, "Your email was verified.")

    def _ticket(self, name: str, kind: TicketKind) -> Ticket | None:
        ticket = self.state.tickets.get(name)
        return ticket if ticket is not None and ticket.kind is kind and ticket.until > self.users.clock() else None

    def _flow(self, request: Request, ticket: Ticket) -> Flow | None:
        connection = self.state.connections.get(ticket.connection_id)
        if connection is None:
            return None
        return self.users.flow(connection, origin_of(request, self.state, ticket.client_id))


def _outcome(ticket: Ticket, success: bool, message: str) -> Response:
    """Sends the user on with what came of it in the query (runtime.md §4), or shows it."""
    if ticket.result_url:
        told = urlencode({"email": ticket.identifier, "success": str(success).lower(), "message": message})
        mark = "&" if urlsplit(ticket.result_url).query else "?"
        return RedirectResponse(f"{ticket.result_url}{mark}{told}", 302)
    return _page(f"<h1>{html.escape(message)}</h1>", 200 if success else 400)


def _gone() -> Response:
    return _page("<h1>This link has been used, or is too old.</h1>", 400)


def _page(content: str, status: int = 200) -> Response:
    return HTMLResponse(_PAGE.substitute(content=content), status)
