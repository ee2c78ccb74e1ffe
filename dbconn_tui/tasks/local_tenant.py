"""A local tenant as a tenant of a project: what `demo` and tests deploy to, and users sign in to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from dbconn_tui.events import OnEvent, ignore
from dbconn_tui.local_tenant.server import LocalTenant
from dbconn_tui.local_tenant.settings import Settings
from dbconn_tui.secret_store.values import login_service
from dbconn_tui.tasks.access import CLIENT_SECRET
from dbconn_tui.tasks.deployed_scripts import DeployedScriptHost
from dbconn_tui.tasks.init import FirstTenant
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.script_runs import RunSettings

NAME: Final = "dev"


@contextmanager
def running_tenant(outside: Outside, on_event: OnEvent = ignore) -> Iterator[FirstTenant]:
    """A local tenant over plain HTTP on 127.0.0.1 until the block is left; its credentials are put into the store.

    Its users sign in by the deployed scripts; without Node everything else works.
    """
    scripts = DeployedScriptHost(outside, RunSettings(), on_event)
    with LocalTenant(Settings(https=False), scripts) as tenant:
        outside.store.set(login_service(tenant.url), CLIENT_SECRET, tenant.client_secret)
        yield FirstTenant(NAME, tenant.url, tenant.client_id)
