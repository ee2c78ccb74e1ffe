"""Replays real recorded traffic: the local tenant must answer as the platform did.

A recording holds only the requests about connections. What it presupposes is seeded from it: the
connections and clients that were there before, the other strategies' connections that appear in its
lists, how long a deletion took. Compared are status and body, up to ids, ciphertext, times and the
order of clients; lists must come in the recorded order.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from dbconn_tui.local_tenant.connections import seed
from dbconn_tui.local_tenant.state import Client
from dbconn_tui.sensitive import Sensitive

RECORDINGS = Path(__file__).resolve().parents[2].parent / "shared" / "recordings"
FILES = sorted(RECORDINGS.glob("*.json")) if RECORDINGS.is_dir() else []

LEAST_REPLAYED = 447
MOST_SKIPPED = 22

OURS = re.compile(r"^/oauth/token$|^/api/v2/(connections(/[^/]+(/clients)?)?|clients|tenants/settings)$")
CLIENT_ID = re.compile(r'"([A-Za-z0-9]{32})"')
OTHER = "_other_strategy_options_dropped"

pytestmark = pytest.mark.skipif(not FILES, reason="the folder of recordings is not on this machine")


@dataclass
class Report:
    files: int = 0
    replayed: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    failing: list[str] = field(default_factory=list)
    seeded: Counter[str] = field(default_factory=Counter)


@dataclass
class Replay:
    """One recording against one tenant; `ids` maps recorded connection ids to ours."""

    name: str
    tenant: Any
    report: Report
    ids: dict[str, str] = field(default_factory=dict)

    async def run(self, interactions: list[dict[str, Any]]) -> None:
        for client_id in sorted(set(CLIENT_ID.findall(json.dumps(interactions)))):
            self.tenant.state.clients.setdefault(client_id, Client(client_id, client_id))
        for interaction in interactions:
            await self._replay(interaction["request"], interaction["response"], interaction.get("index"))

    async def _replay(self, request: dict[str, Any], response: dict[str, Any], index: int | None) -> None:
        reason = _skip_reason(request, response)
        if reason:
            self.report.skipped[reason] += 1
            return
        self._presuppose(request, response)
        path = request["path"]
        for recorded, ours in self.ids.items():
            path = path.replace(recorded, ours)
        answer = await self.tenant.client.request(
            request["method"],
            path,
            params=request.get("query") or {},
            json=request["body"],
        )
        self.report.replayed[request["method"]] += 1
        if request["method"] == "POST" and path.endswith("/connections") and answer.status_code == 201:
            self.ids[response["body"]["id"]] = answer.json()["id"]
        if answer.status_code != response["status"]:
            found: list[str] = [f"status {answer.status_code} instead of {response['status']}: {answer.text[:300]}"]
        elif path == "/api/v2/clients":
            found = [] if set(answer.json()) == {"total", "start", "limit", "clients"} else ["not an offset page"]
        else:
            found = list(differences(response["body"], _body(answer), self.ids))
        if found:
            where = f"{self.name}#{index} {request['method']} {request['path']}"
            self.report.failing.append("\n    ".join([where, *found[:5]]))

    def _presuppose(self, request: dict[str, Any], response: dict[str, Any]) -> None:
        """Seeds what happened outside of the recording before this request."""
        body = response["body"]
        state = self.tenant.state
        if request["path"] == "/oauth/token":
            client_id, secret = request["body"]["client_id"], Sensitive(request["body"]["client_secret"])
            state.clients[client_id] = Client(client_id, client_id, secret, tuple(body["scope"].split()))
        elif request["path"] == "/api/v2/tenants/settings":
            state.tenant_settings = body
        elif request["method"] == "DELETE":
            self.tenant.clock.now += 10
            state.deletion_seconds = 1.0 if response["status"] == 202 else 0.0
        elif request["method"] in ("GET", "PATCH") and isinstance(body, dict):
            for raw in body.get("connections", [body] if "name" in body else []):
                self._seed_connection(raw, request)

    def _seed_connection(self, raw: dict[str, Any], request: dict[str, Any]) -> None:
        state = self.tenant.state
        known = state.connections.get(self.ids.get(raw["id"], raw["id"]))
        if known is None and request["method"] == "GET" and "fields" not in (request.get("query") or {}):
            what = "another strategy's connection" if OTHER in raw else "a connection that was there before"
            seed(state, {key: value for key, value in raw.items() if key != OTHER}, sealed=True)
            self.ids[raw["id"]] = raw["id"]
            self.report.seeded[what] += 1


def _skip_reason(request: dict[str, Any], response: dict[str, Any]) -> str:
    if response["status"] == 429:
        return "429: how much of the limit was left is not recorded"
    if OURS.match(request["path"]) is None:
        return "another endpoint"
    strategy = (request["body"] or {}).get("strategy", "auth0") if isinstance(request["body"], dict) else "auth0"
    return "" if strategy == "auth0" else "another strategy"


def _body(answer: httpx.Response) -> Any:
    return answer.json() if answer.content else None


def differences(recorded: Any, ours: Any, ids: dict[str, str], path: str = "") -> Any:
    """Where our answer differs from the recorded one, as sentences."""
    if path.endswith((".access_token", ".deleted_at")):
        if not isinstance(ours, str) or not ours:
            yield f"{path}: {ours!r} is no text"
    elif ".configuration." in path:
        yield from _ciphertext_differences(recorded, ours, path)
    elif isinstance(recorded, dict) and isinstance(ours, dict):
        keys = {"id", "name", "strategy"} if OTHER in recorded else {*recorded, *ours}
        for key in sorted(keys):
            if key not in recorded or key not in ours:
                yield f"{path}.{key}: only in {'the recording' if key in recorded else 'our answer'}"
            else:
                yield from differences(recorded[key], ours[key], ids, f"{path}.{key}")
    elif isinstance(recorded, list) and isinstance(ours, list):
        if path.endswith(".enabled_clients") or path == ".clients":
            recorded, ours = sorted(recorded, key=str), sorted(ours, key=str)
        if len(recorded) != len(ours):
            yield f"{path}: {len(ours)} items instead of {len(recorded)}"
        for index, (one, other) in enumerate(zip(recorded, ours, strict=False)):
            yield from differences(one, other, ids, f"{path}[{index}]")
    elif path.endswith(".id") and recorded in ids:
        if ids[recorded] != ours:
            yield f"{path}: {ours!r} is not the connection that was created"
    elif recorded != ours or isinstance(recorded, bool) is not isinstance(ours, bool):
        yield f"{path}: {ours!r} instead of {recorded!r}"


def _ciphertext_differences(recorded: Any, ours: Any, path: str) -> Any:
    if not isinstance(ours, str):
        yield f"{path}: {ours!r} is no ciphertext"
    elif recorded and len(ours) < 100:
        yield f"{path}: {ours!r} is too short for ciphertext"


def first_options(interactions: list[dict[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The options sent and answered where a recording first shows those of an auth0 connection."""
    for interaction in interactions:
        body, sent = interaction["response"]["body"], interaction["request"]["body"]
        shown = body.get("connections", [body]) if isinstance(body, dict) else []
        for one in shown:
            if one.get("strategy") == "auth0" and "options" in one:
                return (sent or {}).get("options", {}) if isinstance(sent, dict) else {}, one["options"]
    return {}, {}


def domain_of(interactions: list[dict[str, Any]]) -> str:
    """The tenant's domain, where a token was asked for."""
    bodies = [one["request"]["body"] for one in interactions if one["request"]["path"] == "/oauth/token"]
    return httpx.URL(bodies[0]["audience"]).host if bodies else ""


def generation_of(interactions: list[dict[str, Any]]) -> tuple[str, bool]:
    """The generation of defaults that a recording's first answer shows, and whether methods by code are filled in."""
    sent, options = first_options(interactions)
    methods = options.get("authentication_methods", {})
    otp = "email_otp" in methods and "email_otp" not in sent.get("authentication_methods", {})
    if "password_options" in options and "password_options" not in sent:
        return "2026-08", otp
    password = methods.get("password", {})
    asked = sent.get("authentication_methods", {}).get("password", {})
    if "signup_behavior" in password and ("signup_behavior" not in asked or "email_otp" in methods):
        return "2026-03", otp
    if "api_behavior" in password:
        return "2026-01", otp
    return ("2025-01" if methods or not options else "2022-10"), otp


@pytest.fixture(scope="module")
def report() -> Report:
    return Report()


@pytest.mark.anyio
@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
async def test_the_tenant_answers_as_recorded(
    file: Path, report: Report, tenant: Callable[..., AbstractAsyncContextManager[Any]]
) -> None:
    interactions = json.loads(file.read_text(encoding="utf-8"))["interactions"]
    generation, otp_methods = generation_of(interactions)
    report.files += 1
    before = len(report.failing)
    domain = domain_of(interactions)
    async with tenant(defaults=generation, otp_methods=otp_methods, domain=domain) as opened:
        await Replay(file.stem, opened, report).run(interactions)
    assert not report.failing[before:], f"with the defaults of {generation}:\n" + "\n".join(report.failing[before:])


def test_enough_was_replayed(report: Report) -> None:
    """Runs last in this file; a replay that skips everything must not pass."""
    if report.files < len(FILES):
        pytest.skip("only some of the recordings were asked for in this run")
    print(f"\nreplayed {report.replayed.total()} {dict(report.replayed)}, failing {len(report.failing)}")
    for what, count in report.seeded.items():
        print(f"seeded {count}: {what}")
    for reason, count in report.skipped.items():
        print(f"skipped {count}: {reason}")
    assert not report.failing
    assert report.replayed.total() >= LEAST_REPLAYED
    assert report.skipped.total() <= MOST_SKIPPED
