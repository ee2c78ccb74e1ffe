"""Rate limits: token buckets by plan, the x-ratelimit-* headers and the 429 bodies (api.md §6.2, §6.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final

from dbconn_tui.local_tenant.answers import Refusal, management_body, refuse_oauth
from dbconn_tui.local_tenant.settings import ResetWhen

GLOBAL: Final = "global"
READ_CONNECTIONS: Final = "read-connections"
READ_CLIENTS: Final = "read-clients"
TOKEN: Final = "token"


@dataclass(frozen=True, slots=True)
class Rate:
    """A bucket's size in requests, and how many come back each second."""

    burst: float
    per_second: float


@dataclass(frozen=True, slots=True)
class Plan:
    """The limits of one subscription. An endpoint without an entry counts against `everything`."""

    everything: Rate | None
    """None: no limit and no headers at all."""
    endpoints: Mapping[str, Rate]
    token: Rate = Rate(1_000_000, 1_000_000)


_SELF_SERVICE: Final = Plan(
    Rate(10, 150 / 60),
    {READ_CONNECTIONS: Rate(5, 50 / 60), READ_CLIENTS: Rate(5, 100 / 60)},
)

PLANS: Final[dict[str, Plan]] = {
    "local": Plan(Rate(100_000, 100_000), {}),
    "none": Plan(None, {}),
    "free": Plan(Rate(2, 2), {}, token=Rate(30, 30)),
    "essentials": _SELF_SERVICE,
    "professional": _SELF_SERVICE,
    "enterprise": Plan(Rate(50, 16), {}),
    "enterprise-dev": Plan(Rate(10, 2), {}),
    "private-20": Plan(Rate(20, 20), {}),
    "private-100": Plan(Rate(50, 50), {}),
    "private-500": Plan(Rate(250, 250), {}),
    "private-1500": Plan(Rate(750, 750), {}),
}
"""By the name that `--plan` takes. `local` sends headers and never runs dry; `none` sends no headers."""


class Limits:
    """The buckets of one tenant. Every method takes the time in epoch seconds."""

    __slots__ = ("_levels", "_plan", "_reset_when")

    def __init__(self, plan: Plan, reset_when: ResetWhen) -> None:
        self._plan = plan
        self._reset_when = reset_when
        self._levels: dict[str, tuple[float, float]] = {}

    def take(self, bucket: str, now: float) -> dict[str, str]:
        """Takes one request out of a bucket and returns its headers. Raises Refusal (429) when it is empty."""
        rate = self._rate(bucket)
        if rate is None:
            return {}
        if bucket != TOKEN and bucket not in self._plan.endpoints:
            bucket = GLOBAL
        level, seen = self._levels.get(bucket, (rate.burst, now))
        level = min(rate.burst, level + max(0.0, now - seen) * rate.per_second)
        granted = level >= 1
        level -= 1 if granted else 0
        self._levels[bucket] = (level, now)
        headers = self._headers(rate, level, now)
        if not granted:
            raise _exhausted(bucket, headers)
        return headers

    def refill(self) -> None:
        """Fills every bucket."""
        self._levels.clear()

    def _rate(self, bucket: str) -> Rate | None:
        if self._plan.everything is None:
            return None
        if bucket == TOKEN:
            return self._plan.token
        return self._plan.endpoints.get(bucket, self._plan.everything)

    def _headers(self, rate: Rate, level: float, now: float) -> dict[str, str]:
        missing = rate.burst - level if self._reset_when is ResetWhen.FULL else 1 - level % 1
        return {
            "x-ratelimit-limit": str(int(rate.burst)),
            "x-ratelimit-remaining": str(int(level)),
            "x-ratelimit-reset": str(ceil(now + missing / rate.per_second)),
        }


def _exhausted(bucket: str, headers: dict[str, str]) -> Refusal:
    if bucket == TOKEN:
        return refuse_oauth(429, "too_many_requests", "Rate limit exceeded.", {**headers, "retry-after": "1"})
    message = "Global limit has been reached" if bucket == GLOBAL else "Endpoint limit has been reached"
    return Refusal(429, management_body(429, message, "too_many_requests"), headers)
