"""Calls: requests of the Management API with a token, what their answers hold, and lists page by page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from dbconn_tui.tenant.answers import Call, content_of, is_missing_scope, refusal, refuse_answer
from dbconn_tui.tenant.body import encode_body
from dbconn_tui.tenant.exchange import Exchange
from dbconn_tui.tenant.login import Login
from dbconn_tui.tenant.pages import PAGE_SIZE, Page, read_page

FOREVER: Final = float("inf")
"""The time of a clock that never comes."""

Value = TypeVar("Value")


class Calls:
    """Carries out calls on one tenant: a refused token is replaced once, a list is read to its end.

    `clock` is the one that readings are dated by.
    """

    def __init__(self, domain: str, exchange: Exchange, login: Login, clock: Callable[[], float]) -> None:
        self._domain = domain
        self._exchange = exchange
        self._login = login
        self._clock = clock

    async def send(
        self,
        call: Call,
        read: Callable[[Any], Value],
        body: Mapping[str, Any] | Sequence[Any] | None = None,
        start_by: float = FOREVER,
    ) -> Value:
        """What `read` makes of the content of a successful answer; a refused token is replaced once.

        An answer of status 204 has no content: None. ValueError of `read` means that the answer isn't the API's.
        """
        content, hidden = (None, ()) if body is None else encode_body(body)
        kind = {} if content is None else {"content-type": "application/json"}
        domain = self._domain
        token = await self._login.current()
        while True:
            headers = {"authorization": f"Bearer {token.access.reveal()}", **kind}
            answer = await self._exchange.send(call, headers, lambda: content, start_by=start_by)
            newer = None
            if answer.status == 401:
                newer = await self._login.replace(token)
            elif is_missing_scope(answer):
                newer = await self._login.replace(token, lacks_scope=True)
            if newer is None:
                break
            token = newer
        if answer.status >= 400:
            raise refusal(call, answer, domain, (*hidden, *self._login.hidden, token.access))
        try:
            return read(None if answer.status == 204 else content_of(call, answer, domain))
        except ValueError as error:
            refuse_answer(call, answer, domain, str(error))

    async def listed(
        self,
        doing: str,
        path: str,
        query: tuple[tuple[str, str], ...],
        key: str,
        read: Callable[[Any], Value],
    ) -> tuple[Sequence[Value], float]:
        """All items of a list, and when its first page was there.

        By checkpoint paging; by offset where a server knows nothing else.
        """
        found: list[Value] = []
        begins: list[str] = []
        read_at = 0.0
        while True:
            start = (("from", begins[-1]),) if begins else ()
            call = read_call(doing, path, (*query, ("take", str(PAGE_SIZE)), *start))
            page = await self.send(call, lambda content: new_page(read_page(content, key, read), begins))
            read_at = read_at if begins else self._clock()
            if page.is_last is None:
                return await self.by_offset(doing, path, query, key, read), read_at
            found += page.items
            if page.is_last:
                return found, read_at
            begins.append(page.next)

    async def by_offset(
        self,
        doing: str,
        path: str,
        query: tuple[tuple[str, str], ...],
        key: str,
        read: Callable[[Any], Value],
    ) -> Sequence[Value]:
        """All items of a list by page numbers; the API itself refuses what lies past the thousandth."""
        found: list[Value] = []
        number = 0
        while True:
            paging = (("page", str(number)), ("per_page", str(PAGE_SIZE)), ("include_totals", "true"))
            call = read_call(doing, path, (*query, *paging))
            page = await self.send(call, lambda content: read_page(content, key, read))
            fresh = [item for item in page.items if item not in found]
            found += fresh
            if page.is_last or len(page.items) < PAGE_SIZE or not fresh:
                return found
            number += 1


def new_page(page: Page[Value], begins: Sequence[str]) -> Page[Value]:
    """The page itself. Raises ValueError when its next page is one that was already read."""
    if page.next and page.next in begins:
        raise ValueError("its pages go round in a circle")
    return page


def read_call(doing: str, path: str, query: tuple[tuple[str, str], ...]) -> Call:
    return Call("GET", path, path, doing, query, repeatable=True)
