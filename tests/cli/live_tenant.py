"""A World's tenant seen and changed by somebody else, and one harmless edit that gives a deploy something to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from dbconn_tui.local_tenant.control import change

if TYPE_CHECKING:
    from tests.cli.conftest import World

SCRIPT = "scripts/users/login.js"


def live(world: World) -> dict[str, Any]:
    """The only connection, as the API shows it."""
    (connection,) = world.app.state.tenant.connections.values()
    body: dict[str, Any] = connection.body()
    return body


def on_tenant(world: World, path: tuple[str, ...], value: Any) -> None:
    """Change the only connection there."""
    tenant = world.app.state.tenant
    (connection,) = tenant.connections.values()
    change(tenant, connection, path, value)


def writes(world: World) -> int:
    """Requests so far that were no reading and no login."""
    return sum(method != "GET" and "oauth" not in path for method, path in world.requests)


def edit(world: World) -> None:
    """Change a word in the login script."""
    world.write(SCRIPT, world.read(SCRIPT).replace("no key", "the key is missing"))


class Watched(httpx.AsyncBaseTransport):
    """A transport that keeps the bodies of what is sent, and lets a test act right after a write was answered."""

    def __init__(self, world: World) -> None:
        inner = world.outside.transport
        assert inner is not None
        self.inner = inner
        self.bodies: list[str] = []
        self.after_write: Any = lambda: None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append((await request.aread()).decode())
        answer = await self.inner.handle_async_request(request)
        if request.method in ("PATCH", "POST") and "/connections" in request.url.path:
            self.after_write()
        return answer


def watch(world: World) -> Watched:
    """Look at everything that a world sends from here on."""
    from dataclasses import replace

    watched = Watched(world)
    world.outside = replace(world.outside, transport=watched)
    return watched
