"""POST /dbconnections/signup for a local tenant: a stand-in route that runs the connection's own create script.

The script runs in Node with the plain values that the tenant really stores for the connection; what it says in a
ValidationError comes back as documented (runtime.md §5), to an application the connection is enabled for.
"""

from __future__ import annotations

import asyncio
import functools
import json
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import httpx

from dbconn_tui.local_tenant.state import StoredConnection, configuration_values

NODE = shutil.which("node")

_RUN = """
const [script, configuration, user] = JSON.parse(require("fs").readFileSync(0, "utf8"));
class ValidationError extends Error {
  constructor(code, message) {
    super(message);
    Object.assign(this, { name: "ValidationError", code, description: message });
  }
}
eval("(" + script + ")")(user, (error) => {
  const { message, code, description } = error || {};
  console.log(JSON.stringify(error ? { message, code, description } : null));
});
"""


class SignUps(httpx.AsyncBaseTransport):
    """The tenant behind `app`, with sign-ups. `stale` sign-ups still see the connection as at the sign-up before."""

    def __init__(self, app: Any) -> None:
        self._api = httpx.ASGITransport(app=app)
        self._tenant = app.state.tenant
        self._seen: StoredConnection | None = None
        self.bodies: list[dict[str, str]] = []
        self.stale = 0
        self.answer: tuple[int, Any] | None = None
        self.before: Callable[[httpx.Request], None] = lambda request: None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.before(request)
        # Nothing here waits for a socket: the event loop gets its turn to see a signal.
        for _ in range(3):
            await asyncio.sleep(0)
        if request.url.path != "/dbconnections/signup":
            return await self._api.handle_async_request(request)
        body = json.loads(await request.aread())
        assert "authorization" not in request.headers
        self.bodies.append(body)
        status, content = self.answer or self._sign_up(body)
        return httpx.Response(status, json=content, request=request)

    def _sign_up(self, body: dict[str, str]) -> tuple[int, Any]:
        connection = self._tenant.by_name(body["connection"])
        if connection is None or body["client_id"] not in connection.enabled_clients:
            return 400, {"error": "Connection must be enabled for this client to perform sign-up operations"}
        if self.stale and self._seen is not None:
            self.stale -= 1
            connection = self._seen
        self._seen = connection
        values = dict(configuration_values(connection, self._tenant.vault))
        said = run_create(connection.options["customScripts"]["create"], values, body)
        return (400, said) if said else (200, {"_id": "made"})


def run_create(script: str, configuration: dict[str, Any], user: dict[str, str]) -> Any:
    """What the script gives its callback as an error, as it leaves the sandbox; None for none."""
    return json.loads(_output_of(json.dumps([script, configuration, user])))


@functools.cache
def _output_of(job: str) -> str:
    """Runs of the same script with the same values, as of tests with one seed, are one run."""
    assert NODE is not None
    return subprocess.run([NODE, "-e", _RUN], input=job, capture_output=True, text=True, check=True).stdout
