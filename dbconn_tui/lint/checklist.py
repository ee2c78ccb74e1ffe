"""Table: good practice that no rule looks for — what a run, the tenant or a person checks, and what dbconn keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from dbconn_tui.project.values import Connection


class Check(StrEnum):
    """Who or what can tell."""

    RUN = "run"
    """`dbconn test` or `dbconn try`."""
    TENANT = "tenant"
    """Something on the tenant."""
    PERSON = "person"
    DBCONN = "dbconn"
    """Nobody has to: reading the project, or a deploy, sees to it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to check. `rule` is its kebab-case id, `how` says what to do, `source` where it comes from."""

    rule: str
    by: Check
    title: str
    how: str
    source: str
    applies: Callable[[Connection], bool]


def checklist(connections: Iterable[Connection]) -> tuple[Item, ...]:
    """The items that apply to at least one of the connections; all of them without connections."""
    known = tuple(connections)
    return tuple(item for item in ITEMS if not known or any(item.applies(connection) for connection in known))


def checklist_text(items: Iterable[Item]) -> str:
    """The items for people: a box to tick, or ticked where dbconn sees to it, what to do, and the source."""
    return "\n".join(
        f"[{'x' if item.by is Check.DBCONN else ' '}] {item.title}\n    {item.how}\n    {item.rule} · {item.source}\n"
        for item in items
    )


def checklist_json(items: Iterable[Item]) -> list[dict[str, Any]]:
    """The items as plain values."""
    return [
        {"rule": item.rule, "by": item.by.value, "title": item.title, "how": item.how, "source": item.source}
        for item in items
    ]


def _always(connection: Connection) -> bool:
    return True


def _imports(connection: Connection) -> bool:
    return connection.import_mode is True


def _keeps(connection: Connection) -> bool:
    return connection.import_mode is not True


def _has(kind: str) -> Callable[[Connection], bool]:
    return lambda connection: kind in connection.scripts


ITEMS: Final[tuple[Item, ...]] = (
    Item(
        "api-audience-restricted",
        Check.TENANT,
        "Users get no token for the store's API.",
        "If the API is registered on the tenant, deny its audience in an Action, or accept machines' tokens only.",
        "Auth0 docs, Action script best practices",
        _always,
    ),
    Item(
        "change-email-dashboard-loss",
        Check.PERSON,
        "Nobody saves scripts in the dashboard.",
        "Saving there deletes change_email, change_username and change_phone_number; `dbconn plan` shows it.",
        "Auth0 docs, Change email template (warning)",
        _has("change_email"),
    ),
    Item(
        "disable-signup-vs-create",
        Check.TENANT,
        "Sign-up is on exactly where create works.",
        "create also serves users made in the dashboard; with sign-up on and no create, signing up fails.",
        "Auth0 docs, Create template",
        _keeps,
    ),
    Item(
        "duplicate-email",
        Check.RUN,
        "No two users of the store share an address.",
        "Search the store for addresses that occur twice, in any letter case.",
        "Auth0 docs, Action script best practices",
        _always,
    ),
    Item(
        "enable-script-context",
        Check.PERSON,
        "`enable_script_context` is meant: it cannot be switched off again.",
        "All scripts then take the parameter before the callback; delete gets an empty one.",
        "Auth0 docs, Create a custom database connection",
        lambda connection: connection.options.get("enable_script_context") is True,
    ),
    Item(
        "enabled-database-customization",
        Check.DBCONN,
        "`enabledDatabaseCustomization` is true, or no script ever runs.",
        "Every deploy sends it; dbconn.yaml cannot switch it off.",
        "Auth0 docs, Create a custom database connection",
        _always,
    ),
    Item(
        "external-change-patch",
        Check.PERSON,
        "What changes an address in the store tells the platform.",
        "Changes made in the store directly are not seen: also PATCH the user.",
        "Auth0 docs, Change email template; Update user profiles using your database",
        _always,
    ),
    Item(
        "guideline-input-tampering",
        Check.RUN,
        "The scripts stand hostile input.",
        "Try quotes, `*`, `../`, 300 characters, an empty password, as identifier and as user fields.",
        "Auth0 docs, Action coding guidelines",
        _always,
    ),
    Item(
        "ip-allowlist-not-sole",
        Check.PERSON,
        "The store is protected by more than a list of addresses.",
        "The platform's outgoing addresses are shared with other tenants: ask for a token and TLS as well.",
        "Auth0 docs, Action script best practices; Production checks",
        _always,
    ),
    Item(
        "load-and-monitoring",
        Check.PERSON,
        "The store bears the logins of the busiest hour.",
        "Load-test the store's API, and let a synthetic login run all the time.",
        "Auth0 docs, Pre-launch tips",
        _always,
    ),
    Item(
        "migration-mark-migrated",
        Check.PERSON,
        "Users who have moved are marked in the old store.",
        "Then get_user can say that there is no such user, also after an address was changed and changed back.",
        "Auth0 docs, Configure automatic migration",
        _imports,
    ),
    Item(
        "migration-metadata-action",
        Check.TENANT,
        "An Action fills metadata that is missing.",
        "A user can be created without what login would have returned: fetch it once at the next login.",
        "Auth0 docs, Configure automatic migration (missing metadata)",
        _imports,
    ),
    Item(
        "migration-single-method",
        Check.PERSON,
        "Users move in one way only.",
        "A bulk import of the same users ends in duplicates.",
        "Auth0 docs, Configure automatic migration",
        _imports,
    ),
    Item(
        "module-vulnerable",
        Check.PERSON,
        "The modules in use have no known faults.",
        "Put what the scripts require into a package.json and run `npm audit`.",
        "Auth0 docs, Action coding guidelines",
        _always,
    ),
    Item(
        "multiple-custom-dbs",
        Check.TENANT,
        "Ids are unique over all connections of the tenant.",
        "Two stores that both know a user 1 need a prefix each; an organization takes one such connection at most.",
        "Auth0 docs, Create a custom database connection; Identify users",
        _always,
    ),
    Item(
        "name-mismatch-file",
        Check.DBCONN,
        "Script files are named after their kinds.",
        "A .js file that no kind is named after is reported when the project is read, with the name it should have.",
        "dbconn, The project on disk",
        _always,
    ),
    Item(
        "node-runtime-outdated",
        Check.TENANT,
        "The tenant runs scripts on Node 22.",
        "Settings, Advanced, Extensibility. Node 12 and 16 have ended, 18 is on its way out.",
        "Auth0 docs, Migrate to Node.js 22",
        _always,
    ),
    Item(
        "options-replaced-on-patch",
        Check.DBCONN,
        "Options that the project does not name survive a deploy.",
        "The API replaces all options at once, so a deploy reads, merges and sends the whole, and compares afterwards.",
        "Auth0 Management API, Update a connection",
        _always,
    ),
    Item(
        "password-policy-custom-db",
        Check.PERSON,
        "The tenant's password policy is no weaker than the store's.",
        "The policy of the connection is asked first, at sign-up and at each change.",
        "Auth0 docs, Password options",
        _keeps,
    ),
    Item(
        "profile-field-limits",
        Check.RUN,
        "Profiles keep the platform's limits.",
        "Names up to 150 characters and not empty, nickname up to 350, addresses up to 254, picture a URL.",
        "Auth0 docs, User profile structure",
        _always,
    ),
    Item(
        "profile-too-large",
        Check.RUN,
        "A profile stays below 10 KB.",
        "Look at the largest one: metadata counts as well.",
        "Auth0 docs, Metadata fields (size limits)",
        _always,
    ),
    Item(
        "profile-user-id-prefix",
        Check.PERSON,
        "Where a tenant has several stores, user_id says which.",
        "Begin it with the connection's name from the first day; adding that later makes every user a new one.",
        "Auth0 docs, Create a custom database connection; Identify users",
        _always,
    ),
    Item(
        "rate-limit-awareness",
        Check.PERSON,
        "The logins of the busiest hour fit into the tenant's limits.",
        "All scripts of a tenant share 250 runs at a time: seconds a login × logins a second.",
        "Auth0 docs, Rate limit policy",
        _always,
    ),
    Item(
        "runtime-budget",
        Check.RUN,
        "A login takes less than 10 seconds, also when the store hangs.",
        "`dbconn try` shows the time; the platform stops a script after about 20 seconds.",
        "Auth0 docs, Custom database connections: limits",
        _always,
    ),
    Item(
        "scripts-saved-together",
        Check.DBCONN,
        "All scripts of a connection are saved together.",
        "A deploy sends every script in one request; a template left on the tenant is told by the plan.",
        "Auth0 docs, Action script best practices",
        _always,
    ),
    Item(
        "signup-roundtrip",
        Check.RUN,
        "Who signs up can log in.",
        "`dbconn test` plays get_user, create, login and the rest in the platform's order.",
        "Auth0 docs, Create template",
        _keeps,
    ),
    Item(
        "tenant-runtime-verify",
        Check.TENANT,
        "A new Node version is tried on a test tenant first.",
        "The tenant's settings offer to verify database scripts before the switch.",
        "Auth0 docs, Tenant settings; Migrate to Node.js 22",
        _always,
    ),
)
"""Sorted by rule."""
