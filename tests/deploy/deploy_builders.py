"""Connections, a tenant in memory, and a bench that plans and applies against it."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dbconn_tui.deploy.apply import apply
from dbconn_tui.deploy.clients import ClientReading
from dbconn_tui.deploy.fingerprint import Fingerprints
from dbconn_tui.deploy.plan import NO_CHOICES, Choices, Desired, make_plan
from dbconn_tui.deploy.tracking import Tracking
from dbconn_tui.deploy.values import Outcome, Plan
from dbconn_tui.deploy.work import Edge, Work
from dbconn_tui.errors import AnswerLostError, HeldBackError, NameTakenError, NotFoundError
from dbconn_tui.project.values import Connection, Script, Tenant, TextValue
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tenant.values import LiveClient, LiveConnection, LiveReading

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
        self.after_write: Any = lambda name: None
        self.deadline = float("inf")
        self.held_back: list[float] = []
        """Seconds that the next writes wait for the rate limit before they are sent."""
        self.on_answer: Any = lambda answer: answer
        self.on_list: Any = lambda connections: connections
        self.clients: dict[str, set[str]] = {}
        """Enabled clients by connection id."""
        self.before_clients: Any = lambda connection_id: None
        self.most_client_changes = 10_000
        """How many changes of clients are carried out before a write of them fails half way."""
        self._numbers = itertools.count(1)

    def seed(self, name: str, **raw: Any) -> dict[str, Any]:
        id_ = f"con_{next(self._numbers):016d}"
        connection = {"id": id_, "name": name, "strategy": "auth0", "options": {}, **raw}
        self.raw[id_] = connection
        return connection

    def named(self, name: str) -> dict[str, Any]:
        return next(raw for raw in self.raw.values() if raw["name"] == name)

    def live(self, name: str) -> LiveConnection:
        return self._live(self.named(name))

    def _wait(self, start_by: float) -> None:
        seconds = self.held_back.pop(0) if self.held_back else 0.0
        if self.now + seconds > min(start_by, self.deadline):
            raise HeldBackError("held back", at_deadline=self.deadline < start_by)
        self.now += seconds

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

    async def create_connection(self, body: Mapping[str, Any], *, start_by: float = float("inf")) -> LiveConnection:
        self._wait(start_by)
        self.requests.append(f"create {body['name']}")
        self.before_write(body["name"])
        if any(raw["name"] == body["name"] for raw in self.raw.values()):
            raise NameTakenError("A connection with the same name already exists", status=409)
        answer = self._live(self.seed(**self._stored(body)))
        self.after_write(body["name"])
        return self.on_answer(answer)

    async def update_connection(
        self, connection_id: str, body: Mapping[str, Any], *, start_by: float = float("inf")
    ) -> LiveConnection:
        self._wait(start_by)
        raw = self.raw[connection_id]
        self.requests.append(f"update {raw['name']}")
        self.before_write(raw["name"])
        raw.update(self._stored(body))
        answer = self._live(raw)
        self.after_write(raw["name"])
        return self.on_answer(answer)

    async def enabled_clients(self, connection_ids: Sequence[str]) -> dict[str, frozenset[str]]:
        self.requests += [f"clients of {self.raw[one]['name']}" for one in connection_ids]
        for one in connection_ids:
            self.before_clients(one)
        return {one: frozenset(self.clients.get(one, ())) for one in connection_ids}

    async def change_enabled_clients(self, connection_id: str, changes: Mapping[str, bool]) -> None:
        self.requests.append(f"change clients of {self.raw[connection_id]['name']}")
        self.before_write(self.raw[connection_id]["name"])
        enabled = self.clients.setdefault(connection_id, set())
        for client_id, status in list(changes.items())[: self.most_client_changes]:
            (enabled.add if status else enabled.discard)(client_id)
        if len(changes) > self.most_client_changes:
            self.most_client_changes = 10_000
            raise AnswerLostError("the answer was lost")

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
        self.applications: tuple[LiveClient, ...] | None = ()

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
        desired = [
            replace(desire(one, self.tracking), clients=await self.read_clients(one, reading)) for one in connections
        ]
        return make_plan(desired, reading, TENANT, self.tracking, choices, selected=selected), reading

    async def read_clients(self, connection: Connection, reading: LiveReading) -> ClientReading | None:
        if connection.enabled_clients is None:
            return None
        live = reading.by_name(connection.name)
        enabled = (await self.tenancy.enabled_clients([live.id]))[live.id] if live else None
        return ClientReading(enabled, self.applications)

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
