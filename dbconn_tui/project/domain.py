"""Domain: one way to write a tenant's address, so that two spellings of it compare equal."""

from __future__ import annotations

import re
from typing import Final

LOOPBACK_HOSTS: Final = ("127.0.0.1", "localhost")
"""The only hosts that may be spoken to over plain HTTP."""

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.ASCII)
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*", re.ASCII)
_PORT = re.compile(r"[0-9]{1,5}", re.ASCII)
_EXAMPLE = "such as acme.eu.auth0.com"


def canonical_domain(text: str) -> str:
    """The one spelling of a tenant's domain: lower case, without https://, final slash and port 443.

    A port stays (`127.0.0.1:8443`). Plain HTTP stays visible and is possible only as
    `http://127.0.0.1:PORT` or `http://localhost:PORT` (design §3). Giving the result in gives it out
    again. Raises ValueError with a sentence that says what is wrong with `text`.
    """
    domain = text.strip().lower()
    if not domain:
        raise ValueError(f"The domain is empty; give the tenant's address, {_EXAMPLE}.")
    scheme = ""
    if match := _SCHEME.match(domain):
        scheme, domain = match[1], domain[match.end() :]
    if scheme not in ("", "https", "http"):
        raise ValueError(f"{text.strip()!r} begins with {scheme}://; a tenant is reached over https.")
    host, port = _host_and_port(domain.removesuffix("/"), text.strip())
    if scheme != "http":
        return host if port in (None, 443) else f"{host}:{port}"
    if host not in LOOPBACK_HOSTS or port is None:
        raise ValueError(
            f"{text.strip()!r} is plain HTTP, which is allowed only for this machine, "
            "as http://127.0.0.1:PORT or http://localhost:PORT.",
        )
    return f"http://{host}:{port}"


def _host_and_port(address: str, shown: str) -> tuple[str, int | None]:
    """Split and check `host[:port]`; `shown` is what the sentences quote."""
    if "@" in address:
        # Not quoted: what stands before the @ may be a password.
        raise ValueError(f"A domain holds no user name or password; give only the tenant's address, {_EXAMPLE}.")
    if any(mark in address for mark in "/?#\\"):
        raise ValueError(f"{shown!r} holds more than a domain; give only the tenant's address, {_EXAMPLE}.")
    host, colon, port = address.partition(":")
    host = host.removesuffix(".")
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise ValueError(f"{shown!r} is not a domain; give the tenant's address, {_EXAMPLE}.")
    if not colon:
        return host, None
    if not _PORT.fullmatch(port) or not 1 <= int(port) <= 65535:
        raise ValueError(f"{shown!r} has no usable port; a port is a number from 1 to 65535.")
    return host, int(port)
