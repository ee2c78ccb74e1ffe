"""The wire: one HTTP request and its answer, or the reason why there is none (the only module that imports httpx)."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, cast
from urllib.parse import urlsplit

from dbconn_tui.errors import UnreachableError, UsageError
from dbconn_tui.project.domain import LOOPBACK_HOSTS, canonical_domain
from dbconn_tui.tenant.answers import Answer

if TYPE_CHECKING:
    import httpx

LARGEST_ANSWER: Final = 200_000_000
"""Bytes; a page of 100 connections with nine scripts of the largest size is half of it."""


class Cause(Enum):
    """Why no answer came."""

    NAME = "name"
    REFUSED = "refused"
    CERTIFICATE = "certificate"
    TLS = "tls"
    PROXY = "proxy"
    TIMEOUT = "timeout"
    BROKEN = "broken"
    TOO_LARGE = "too large"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """A request that got no usable answer.

    `sent`: it may have reached the tenant. `passing`: another try may do better.
    `detail` is the system's own word for it and may be empty.
    """

    cause: Cause
    sent: bool
    passing: bool
    detail: str = ""

    @property
    def reason(self) -> str:
        """What happened, to stand after "DOMAIN: "."""
        detail = f" ({self.detail})" if self.detail else ""
        return f"{_REASONS[self.cause][0]}{detail}"

    @property
    def hint(self) -> str:
        """What to do next."""
        return _REASONS[self.cause][1]


_REASONS: Final[Mapping[Cause, tuple[str, str]]] = {
    Cause.NAME: ("the name cannot be resolved", "Check the domain in dbconn.yaml (or AUTH0_DOMAIN) and the network."),
    Cause.REFUSED: (
        "no connection could be opened",
        "Check that the tenant runs, the domain and port, and whether a firewall or proxy (HTTPS_PROXY) is needed.",
    ),
    Cause.CERTIFICATE: (
        "its certificate is not trusted",
        "If the network or a local tenant signs with its own authority, name that certificate in SSL_CERT_FILE.",
    ),
    Cause.TLS: ("no secure connection could be made", "Check that the domain and port really speak HTTPS."),
    Cause.PROXY: (
        "the proxy did not pass the request on",
        "Check HTTPS_PROXY and ALL_PROXY, or name the domain in NO_PROXY.",
    ),
    Cause.TIMEOUT: ("no answer in time", "Check the network, then try again."),
    Cause.BROKEN: ("the connection broke before the whole answer was there", "Check the network, then try again."),
    Cause.TOO_LARGE: ("the answer is larger than any of the API's", "Check the domain."),
    Cause.ADDRESS: ("the address cannot be used", "Check the domain in dbconn.yaml (or AUTH0_DOMAIN)."),
}

_OPENING: Final = (Cause.NAME, Cause.REFUSED)
"""Causes that concern whoever the connection was to be opened to."""


class Wire:
    """Sends requests to one tenant; an async context manager.

    Trusts the system's authorities, or SSL_CERT_FILE's and SSL_CERT_DIR's where set; goes through the environment's
    proxies except to this machine. `timeout` is in seconds for each step; a request as a whole gets four times that.
    """

    def __init__(
        self, base_url: str, *, transport: httpx.AsyncBaseTransport | None, timeout: float, user_agent: str
    ) -> None:
        self._base_url = base_url
        self._transport = transport
        self._timeout = timeout
        self._user_agent = user_agent
        self._client: httpx.AsyncClient | None = None
        self._is_proxied = False

    async def __aenter__(self) -> Self:
        httpx = load_httpx()
        address = urlsplit(self._base_url)
        is_here = address.hostname in LOOPBACK_HOSTS
        verify: ssl.SSLContext | bool = True
        if self._transport is None:
            # Without TLS httpx would still read all authorities from disk.
            verify = trusted_context() if address.scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            self._client = httpx.AsyncClient(
                base_url=self._base_url,
                transport=self._transport,
                verify=verify,
                timeout=httpx.Timeout(self._timeout),
                headers={"user-agent": self._user_agent, "accept": "application/json"},
                trust_env=not is_here,
                follow_redirects=False,
            )
        except (httpx.InvalidURL, ValueError, ImportError):
            raise UnreachableError(
                "The proxy in the environment cannot be used.",
                "HTTPS_PROXY, HTTP_PROXY and ALL_PROXY take http://HOST:PORT or https://HOST:PORT.",
            ) from None
        self._is_proxied = self._transport is None and not is_here and _has_proxy(address.hostname or "")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            client, self._client = self._client, None
            await client.aclose()

    async def send(
        self,
        method: str,
        path: str,
        *,
        query: tuple[tuple[str, str], ...] = (),
        headers: Mapping[str, str],
        content: bytes | None,
    ) -> Answer | NoAnswer:
        """One request, sent once. Raises nothing for what can happen on a network."""
        httpx = load_httpx()
        if self._client is None:
            raise RuntimeError("the tenant client is used outside its `async with`")
        try:
            async with asyncio.timeout(4 * self._timeout):
                request = self._client.build_request(
                    method, path, params=list(query) or None, headers=dict(headers), content=content
                )
                response = await self._client.send(request, stream=True)
                try:
                    body = bytearray()
                    async for chunk in response.aiter_bytes():
                        body += chunk
                        if len(body) > LARGEST_ANSWER:
                            return NoAnswer(Cause.TOO_LARGE, sent=True, passing=False)
                finally:
                    await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            failure = _no_answer(httpx, error)
            # Where a proxy stands in between, what could not be reached is the proxy.
            return replace(failure, cause=Cause.PROXY) if self._is_proxied and failure.cause in _OPENING else failure
        return Answer(
            response.status_code, {name.lower(): text for name, text in response.headers.items()}, bytes(body)
        )


def load_httpx() -> Any:
    """The httpx module, imported at the first use and without its own command line tool.

    That tool would load click, rich and pygments: 240 ms instead of 140 ms, measured. A None in sys.modules makes
    an import fail as if the module were not there, which httpx provides for.
    """
    if "httpx" not in sys.modules:
        sys.modules["httpx._main"] = cast(ModuleType, None)
        try:
            import httpx
        finally:
            del sys.modules["httpx._main"]
    import httpx

    return httpx


def check_domain(domain: str) -> None:
    """Raises UsageError unless `domain` is canonical: HTTPS to a plain domain, or plain HTTP to this machine."""
    try:
        if canonical_domain(domain) == domain:
            return
        fault = f"The domain {domain!r} is not written in its one canonical way."
    except ValueError as error:
        fault = str(error)
    raise UsageError(fault, "Correct `domain:` of the tenant, or AUTH0_DOMAIN.")


def trusted_context() -> ssl.SSLContext:
    """TLS settings with the system's authorities; with those that httpx brings where the system has none.

    OpenSSL itself reads SSL_CERT_FILE and SSL_CERT_DIR.
    """
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not context.cert_store_stats()["x509_ca"] and not paths.cafile and not _holds_files(paths.capath):
        import certifi

        context.load_verify_locations(certifi.where())
    return context


def _has_proxy(host: str) -> bool:
    """Whether the environment names a proxy for HTTPS to this host."""
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    return bool(proxies.get("https") or proxies.get("all")) and not proxy_bypass(host)


def _holds_files(folder: str) -> bool:
    return bool(folder) and any(os.scandir(folder))


def _no_answer(httpx: Any, error: Exception) -> NoAnswer:
    """Sorts what httpx raised; only the system's and the certificate check's own words are passed on."""
    causes = list(_chain(error))
    certificate = next((one for one in causes if isinstance(one, ssl.SSLCertVerificationError)), None)
    if certificate is not None:
        return NoAnswer(Cause.CERTIFICATE, sent=False, passing=False, detail=certificate.verify_message)
    if isinstance(error, httpx.ProxyError):
        return NoAnswer(Cause.PROXY, sent=False, passing=False)
    if isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout):
        return NoAnswer(Cause.TIMEOUT, sent=False, passing=True)
    if isinstance(error, httpx.ConnectError | UnicodeError):
        name = next((one for one in causes if isinstance(one, socket.gaierror | UnicodeError)), None)
        if name is not None:
            passing = isinstance(name, socket.gaierror) and name.errno == socket.EAI_AGAIN
            return NoAnswer(Cause.NAME, sent=False, passing=passing)
        if any(isinstance(one, ssl.SSLError) for one in causes):
            return NoAnswer(Cause.TLS, sent=False, passing=False)
        system = next((one for one in causes if isinstance(one, OSError) and one.errno), None)
        return NoAnswer(Cause.REFUSED, sent=False, passing=True, detail=_system_text(system))
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return NoAnswer(Cause.ADDRESS, sent=False, passing=False)
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return NoAnswer(Cause.TIMEOUT, sent=True, passing=True)
    return NoAnswer(Cause.BROKEN, sent=True, passing=True)


def _chain(error: BaseException) -> list[BaseException]:
    """An exception with what led to it, each once, groups opened."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop(0)
        if one is None or any(one is seen for seen in found):
            continue
        found.append(one)
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions
    return found


def _system_text(error: BaseException | None) -> str:
    number = error.errno if isinstance(error, OSError) else None
    return os.strerror(number).lower() if number and number > 0 else ""
