"""Connections, a tenant in memory, and a bench that plans and applies against it."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dbconn_tui.deploy.apply import Edge, Work, apply
from dbconn_tui.deploy.fingerprint import Fingerprints
from dbconn_tui.deploy.plan import NO_CHOICES, Choices, Desired, make_plan
from dbconn_tui.deploy.tracking import Tracking
from dbconn_tui.deploy.values import Outcome, Plan
from dbconn_tui.errors import NameTakenError, NotFoundError
from dbconn_tui.project.values import Connection, Script, Tenant, TextValue
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tenant.values import LiveConnection, LiveReading

KEY = bytes(range(16))
DOMAIN = "acme-dev.eu.auth0.com"
TENANT = Tenant("dev", DOMAIN)


def make_connection(
    key: str = "legacy-users",
    *,
    scripts: Mapping[str, str] | None = None,
    configuration: Mapping[str, str] | None = None,
    **rest: Any,
) -> Connection:
    texts = {"login": "function login() {}\n"} if scripts is None else scripts
    return Connection(
        key=key,
        name=rest.pop("name", key),
        scripts={
            kind: Script(kind, Path(f"scripts/{key}/{kind}.js"), f"scripts/{key}/{kind}.js", text)
            for kind, text in texts.items()
        },
        configuration={name: TextValue(text) for name, text in (configuration or {}).items()},
        **rest,
    )


def make_tracking(key: bytes = KEY, domain: str = DOMAIN) -> Tracking:
    prints = Fingerprints(key)
    return Tracking(domain, prints, prints)


def desire(connection: Connection, tracking: Tracking) -> Desired:
    values = {
        key: tracking.values.plain_value(connection.name, key, value.text)
        for key, value in connection.configuration.items()
        if isinstance(value, TextValue)
    }
    return Desired(connection, values)


class Tenancy:
    """A tenant in memory that replaces `options` and `metadata` whole, as the platform does (api.md §2.1)."""

    def __init__(self) -> None:
        self.raw: dict[str, dict[str, Any]] = {}
        self.now = 0.0
        self.requests: list[str] = []
        self.before_write: Any = lambda name: None
        self.on_answer: Any = lambda answer: answer
        self.on_list: Any = lambda connections: connections
        self._numbers = itertools.count(1)

    def seed(self, name: str, **raw: Any) -> dict[str, Any]:
        id_ = f"con_{next(self._numbers):016d}"
        connection = {"id": id_, "name": name, "strategy": "auth0", "options": {}, **raw}
        self.raw[id_] = connection
        return connection

    def named(self, name: str) -> dict[str, Any]:
        return next(raw for raw in self.raw.values() if raw["name"] == name)

    def _live(self, raw: Mapping[str, Any]) -> LiveConnection:
        raw = copy.deepcopy(dict(raw))
        return LiveConnection(raw["id"], raw["name"], raw["strategy"], raw)

    async def list_connections(self) -> LiveReading:
        self.requests.append("list")
        return LiveReading(tuple(self.on_list([self._live(raw) for raw in self.raw.values()])), self.now)

    async def find_connections(self, names: Sequence[str]) -> LiveReading:
        self.requests += [f"find {name}" for name in names]
        found = [self._live(raw) for raw in self.raw.values() if raw["name"] in names]
        return LiveReading(tuple(found), self.now, complete=False)

    async def get_connection(self, connection_id: str) -> LiveConnection:
        self.requests.append("get")
        if connection_id not in self.raw:
            raise NotFoundError("The connection does not exist", status=404)
        return self._live(self.raw[connection_id])

    async def create_connection(self, body: Mapping[str, Any]) -> LiveConnection:
        self.requests.append(f"create {body['name']}")
        self.before_write(body["name"])
        if any(raw["name"] == body["name"] for raw in self.raw.values()):
            raise NameTakenError("A connection with the same name already exists", status=409)
        raw = self.seed(**self._stored(body))
        return self.on_answer(self._live(raw))

    async def update_connection(self, connection_id: str, body: Mapping[str, Any]) -> LiveConnection:
        raw = self.raw[connection_id]
        self.requests.append(f"update {raw['name']}")
        self.before_write(raw["name"])
        raw.update(self._stored(body))
        return self.on_answer(self._live(raw))

    def _stored(self, body: Mapping[str, Any]) -> dict[str, Any]:
        def encrypt(value: Any) -> Any:
            if isinstance(value, Sensitive):
                return f"cipher-{next(self._numbers)}"
            if isinstance(value, Mapping):
                return {key: encrypt(inner) for key, inner in value.items()}
            return copy.deepcopy(value)

        stored: dict[str, Any] = encrypt(body)
        return stored


class Bench:
    """Plans and applies against a Tenancy the way tasks do, without files, lint or a keyring."""

    def __init__(self) -> None:
        self.tenancy = Tenancy()
        self.tracking = make_tracking()
        self.events: list[Any] = []
        self._random = itertools.count(1)

    def edge(self) -> Edge:
        return Edge(
            clock=lambda: self.tenancy.now,
            wall_clock=lambda: 1_790_000_000.0,
            random_bytes=lambda size: next(self._random).to_bytes(size),
            on_event=self.events.append,
        )

    async def plan(
        self, *connections: Connection, choices: Choices = NO_CHOICES, selected: frozenset[str] | None = None
    ) -> tuple[Plan, LiveReading]:
        reading = await self.tenancy.list_connections()
        desired = [desire(connection, self.tracking) for connection in connections]
        return make_plan(desired, reading, TENANT, self.tracking, choices, selected=selected), reading

    def works(self, plan: Plan, connections: Sequence[Connection]) -> list[Work]:
        plans = {one.key: one for one in plan.connections}
        return [
            Work(
                connection,
                plans[connection.key],
                {key: Sensitive(v.text) for key, v in connection.configuration.items() if isinstance(v, TextValue)},
                desire(connection, self.tracking).values,
            )
            for connection in connections
        ]

    async def deploy(
        self, *connections: Connection, choices: Choices = NO_CHOICES, fail_fast: bool = False
    ) -> tuple[Outcome, ...]:
        plan, reading = await self.plan(*connections, choices=choices)
        return await apply(
            plan,
            self.works(plan, connections),
            self.tenancy,
            reading,
            self.tracking,
            self.edge(),
            fail_fast=fail_fast,
        )
