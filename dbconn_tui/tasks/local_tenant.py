"""A local tenant as a tenant of a project: what `demo` and tests deploy to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from dbconn_tui.local_tenant.server import LocalTenant
from dbconn_tui.local_tenant.settings import Settings
from dbconn_tui.secret_store.values import SecretStore, login_service
from dbconn_tui.tasks.access import CLIENT_SECRET
from dbconn_tui.tasks.init import FirstTenant

NAME: Final = "dev"


@contextmanager
def running_tenant(store: SecretStore) -> Iterator[FirstTenant]:
    """A local tenant over plain HTTP on 127.0.0.1 until the block is left; its credentials are put into `store`."""
    with LocalTenant(Settings(https=False)) as tenant:
        store.set(login_service(tenant.url), CLIENT_SECRET, tenant.client_secret)
        yield FirstTenant(NAME, tenant.url, tenant.client_id)
