"""Which values a project needs, by tenant, and whether they are available here; never a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbconn_tui.tasks.secrets import ReferencedValue


@dataclass(frozen=True, slots=True)
class SecretRow:
    """One `{secret: NAME}` or `{env: NAME}`: who uses it, and for each tenant that does where its value comes from.

    `sources`: tenant → where the value comes from, empty = it is missing; a tenant that needs none has no entry.
    `hints`: tenant → how to give one.
    """

    kind: str
    name: str
    used_by: tuple[str, ...]
    sources: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[str, ...]:
        """Tenants on which it is needed and not available."""
        return tuple(tenant for tenant, source in self.sources.items() if not source)

    def words(self, tenant: str) -> str:
        """`set`, `environment`, `MISSING`, or `–` where it is not needed."""
        if tenant not in self.sources:
            return "–"
        source = self.sources[tenant]
        return "MISSING" if not source else "environment" if source.startswith("environment") else "set"


@dataclass(frozen=True, slots=True)
class SecretTable:
    """The rows by name, the tenants in the project's order, and why nothing can be stored here (empty = it can)."""

    rows: tuple[SecretRow, ...]
    tenants: tuple[str, ...]
    no_store: str = ""


def join_rows(by_tenant: Mapping[str, Sequence[ReferencedValue]]) -> tuple[SecretRow, ...]:
    """One row a name out of what each tenant refers to."""
    rows: dict[tuple[str, str], SecretRow] = {}
    for tenant, values in by_tenant.items():
        for one in values:
            known = rows.get((one.kind, one.name), SecretRow(one.kind, one.name, ()))
            rows[one.kind, one.name] = SecretRow(
                one.kind,
                one.name,
                tuple(dict.fromkeys((*known.used_by, *one.used_by))),
                {**known.sources, tenant: one.source},
                {**known.hints, tenant: one.hint},
            )
    return tuple(row for _, row in sorted(rows.items()))
