"""Getting into a tenant: which credentials count for it, and an open client (design §3 "Which tenant")."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dbconn_tui.errors import AuthenticationError, SecretStoreError, UsageError
from dbconn_tui.events import OnEvent, ignore
from dbconn_tui.project.tenant_choice import environment_counts
from dbconn_tui.project.values import Tenant
from dbconn_tui.secret_store.values import login_service
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tenant.client import TenantClient
from dbconn_tui.tenant.token import ALGORITHMS, Credentials, Token

CLIENT_SECRET: Final = "client_secret"
SIGNING_KEY: Final = "signing_key"


def credentials_for(outside: Outside, tenant: Tenant) -> Credentials:
    """The credentials for a tenant: a ready token, the environment's, else the keyring's.

    The environment's count only when AUTH0_DOMAIN is set and is this tenant's, a ready token only when
    its issuer is. Raises AuthenticationError naming every way to give them, SecretStoreError, UsageError.
    """
    environment = outside.environment
    for name in ("AUTH0_ACCESS_TOKEN", "AUTH0_API_TOKEN"):
        if environment.get(name):
            ready = Credentials.ready(Sensitive(environment[name]))
            if ready.issued_for(tenant.domain):
                return ready
    if environment_counts(tenant, environment):
        client_id = environment.get("AUTH0_CLIENT_ID") or tenant.client_id
        key = _signing_key(environment.get("AUTH0_CLIENT_SIGNING_KEY_PATH"), outside) or environment.get(
            "AUTH0_CLIENT_ASSERTION_PRIVATE_KEY"
        )
        if client_id and key:
            return Credentials.signing(client_id, Sensitive(key), *_algorithm(environment))
        if client_id and environment.get("AUTH0_CLIENT_SECRET"):
            return Credentials.secret(client_id, Sensitive(environment["AUTH0_CLIENT_SECRET"]))
    try:
        return _from_store(outside, tenant)
    except SecretStoreError as failure:
        raise AuthenticationError(
            f"no credentials for {tenant.domain}: {failure.message}",
            "Set AUTH0_DOMAIN, AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET (or AUTH0_ACCESS_TOKEN) in the environment.",
        ) from None


def _from_store(outside: Outside, tenant: Tenant) -> Credentials:
    if tenant.client_id:
        service = login_service(tenant.domain)
        key = outside.store.get(service, SIGNING_KEY)
        if key is not None:
            return Credentials.signing(tenant.client_id, key)
        secret = outside.store.get(service, CLIENT_SECRET)
        if secret is not None:
            return Credentials.secret(tenant.client_id, secret)
    raise AuthenticationError(
        f"no credentials for {tenant.domain}",
        f"`dbconn login {tenant.name}` asks for them once; in CI set AUTH0_DOMAIN, AUTH0_CLIENT_ID and "
        "AUTH0_CLIENT_SECRET.",
    )


def _algorithm(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The signing algorithm under the names that the deploy CLI and the Terraform provider use (api.md §8.1)."""
    for name in ("AUTH0_CLIENT_SIGNING_ALGORITHM", "AUTH0_CLIENT_ASSERTION_SIGNING_ALG"):
        algorithm = environment.get(name)
        if not algorithm:
            continue
        if algorithm not in ALGORITHMS:
            raise UsageError(f"{name}: {algorithm} is not supported", f"It takes {', '.join(ALGORITHMS)}.")
        return (algorithm,)
    return ()


def _signing_key(path: str | None, outside: Outside) -> str | None:
    if not path:
        return None
    try:
        return (outside.folder / Path(path).expanduser()).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UsageError(
            f"AUTH0_CLIENT_SIGNING_KEY_PATH: {path} cannot be read", "It takes the path of a PEM file."
        ) from None


class StoredTokens:
    """A token cache in the login service of the secret store, bound to domain, client and audience.

    A store that is missing or locked caches nothing: the token is fetched each run.
    """

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    def get(self, domain: str, client_id: str, audience: str) -> Token | None:
        """The token kept for exactly these three, or None."""
        try:
            kept = self._outside.store.get(login_service(domain), _token_name(client_id, audience))
        except SecretStoreError:
            return None
        if kept is None:
            return None
        try:
            content = json.loads(kept.reveal())
            if (content["domain"], content["client_id"], content["audience"]) != (domain, client_id, audience):
                return None
            return Token.from_access(Sensitive(content["access_token"]))
        except (ValueError, KeyError, TypeError):
            return None

    def put(self, domain: str, client_id: str, audience: str, token: Token) -> None:
        """Keep a token."""
        text = json.dumps(
            {"domain": domain, "client_id": client_id, "audience": audience, "access_token": token.access.reveal()}
        )
        try:
            self._outside.store.set(login_service(domain), _token_name(client_id, audience), Sensitive(text))
        except SecretStoreError:
            return


def _token_name(client_id: str, audience: str) -> str:
    return f"token:{client_id}:{audience}"


def open_tenant(outside: Outside, tenant: Tenant, *, on_event: OnEvent = ignore) -> TenantClient:
    """A client for a tenant, to be used as an async context manager. Raises what `credentials_for` raises."""
    from dbconn_tui import __version__

    return TenantClient(
        tenant,
        credentials_for(outside, tenant),
        cache=StoredTokens(outside) if outside.cache_tokens else None,
        transport=outside.transport,
        clock=outside.clock,
        wall_clock=outside.wall_clock,
        sleep=outside.sleep,
        on_event=on_event,
        user_agent=f"dbconn/{__version__}",
    )
