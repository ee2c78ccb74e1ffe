from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dbconn_tui.errors import SecretStoreError
from dbconn_tui.problems import Place
from dbconn_tui.project.values import (
    ConfigurationValue,
    Connection,
    EnvironmentReference,
    KeptValue,
    Project,
    SecretReference,
    Tenant,
    TextValue,
)
from dbconn_tui.secret_store.lookup import resolve, variable_names
from dbconn_tui.secret_store.memory_store import MemoryStore
from dbconn_tui.secret_store.values import DamagedValueError, SecretStore, value_service
from dbconn_tui.sensitive import Sensitive

DEV = Tenant("dev", "shop-dev.example.com")
PROD = Tenant("prod-eu", "shop.example.com")


def project_with(*tenants: Tenant) -> Project:
    return Project(
        root=Path(),
        file=Path("dbconn.yaml"),
        shown_file="dbconn.yaml",
        text="",
        project_key="",
        tenants={tenant.name: tenant for tenant in tenants},
        connection_keys=(),
        scripts={},
        document={},
        places={},
    )


BOTH = project_with(DEV, PROD)


def connection(key: str, **configuration: ConfigurationValue) -> Connection:
    places = {f"configuration:{name}": Place("dbconn.yaml", row, 7) for row, name in enumerate(configuration, start=1)}
    return Connection(key, key, configuration=configuration, place=Place("dbconn.yaml", 99, 1), places=places)


def looked_up(environment: dict[str, str], store: SecretStore | None = None, project: Project = BOTH) -> str | None:
    """What `{secret: api_key}` gives on PROD."""
    users = connection("users", KEY=SecretReference("api_key"))
    found = resolve([users], PROD, project, environment, store or MemoryStore()).values["users"].get("KEY")
    return None if found is None else found.reveal()


def store_with(**values: str) -> MemoryStore:
    store = MemoryStore()
    for name, text in values.items():
        store.set(value_service(PROD.domain), name, Sensitive(text))
    return store


def test_the_variables_name_the_tenant_and_the_plain_one_counts_only_for_a_sole_tenant() -> None:
    own = "DBCONN_SECRET_PROD_EU__API_KEY"
    assert variable_names(PROD, "api_key", sole=False) == (own,)
    assert variable_names(PROD, "api_key", sole=True) == (own, "DBCONN_SECRET_API_KEY")


def test_the_tenants_variable_comes_before_the_plain_one_and_both_before_the_store() -> None:
    store = store_with(api_key="stored")
    plain = {"DBCONN_SECRET_API_KEY": "plain"}
    own = {"DBCONN_SECRET_PROD_EU__API_KEY": "own"}
    alone = project_with(PROD)
    assert looked_up(plain | own, store, alone) == "own"
    assert looked_up(plain, store, alone) == "plain"
    assert looked_up({}, store, alone) == "stored"
    assert looked_up({"DBCONN_SECRET_API_KEY": ""}, store, alone) == "stored"


def test_nothing_crosses_tenants() -> None:
    plain = {"DBCONN_SECRET_API_KEY": "plain"}
    assert looked_up(plain) is None
    assert looked_up(plain | {"DBCONN_SECRET_DEV__API_KEY": "dev's"}) is None
    assert looked_up(plain | {"AUTH0_DOMAIN": DEV.domain}) is None
    assert looked_up(plain | {"AUTH0_DOMAIN": "HTTPS://Shop.Example.com:443/"}) == "plain"
    dev_store = MemoryStore()
    dev_store.set(value_service(DEV.domain), "api_key", Sensitive("dev's"))
    dev_store.set(f"dbconn-login:{PROD.domain}", "api_key", Sensitive("a credential"))
    assert looked_up({}, dev_store) is None


def test_a_project_without_tenants_takes_the_plain_variable() -> None:
    assert looked_up({"DBCONN_SECRET_API_KEY": "plain"}, project=project_with()) == "plain"


def test_all_missing_values_are_collected_with_place_and_hint() -> None:
    first = connection(
        "first",
        URL=TextValue(""),
        EMPTY=EnvironmentReference("EMPTY_VARIABLE"),
        UNSET=EnvironmentReference("UNSET_VARIABLE"),
        SET=EnvironmentReference("SET_VARIABLE"),
        BYTES=EnvironmentReference("BYTES_VARIABLE"),
        SECRET=SecretReference("api_key"),
        KEPT=KeptValue(),
    )
    second = connection("second", OTHER=SecretReference("other"))
    environment = {"EMPTY_VARIABLE": "", "SET_VARIABLE": "from outside", "BYTES_VARIABLE": "caf\udce9"}
    resolved = resolve([first, second], PROD, BOTH, environment, MemoryStore())
    assert resolved.values == {
        "first": {"URL": Sensitive(""), "SET": Sensitive("from outside")},
        "second": {},
    }
    assert resolved.kept == {"first": frozenset({"KEPT"}), "second": frozenset()}
    assert [(m.connection, m.key, m.source, str(m.place)) for m in resolved.missing] == [
        ("first", "EMPTY", "env EMPTY_VARIABLE", "dbconn.yaml:2:7"),
        ("first", "UNSET", "env UNSET_VARIABLE", "dbconn.yaml:3:7"),
        ("first", "BYTES", "env BYTES_VARIABLE", "dbconn.yaml:5:7"),
        ("first", "SECRET", "secret api_key", "dbconn.yaml:6:7"),
        ("second", "OTHER", "secret other", "dbconn.yaml:1:7"),
    ]
    hints = [m.hint for m in resolved.missing]
    assert "empty" in hints[0]
    assert "not set" in hints[1]
    assert "UTF-8" in hints[2]
    assert "dbconn secrets set api_key --tenant prod-eu" in hints[3]
    assert "DBCONN_SECRET_PROD_EU__API_KEY" in hints[3]
    assert "from outside" not in repr(resolved)


class WatchedStore:
    """Counts reads; raises what it is told to, per name."""

    def __init__(self, failures: dict[str, SecretStoreError] | None = None, reason: str = "") -> None:
        self.failures = failures or {}
        self.reason = reason
        self.reads: list[str] = []

    def get(self, service: str, name: str) -> Sensitive | None:
        self.reads.append(name)
        if name in self.failures:
            raise self.failures[name]
        return Sensitive(f"value of {name}")

    def set(self, service: str, name: str, value: Sensitive) -> None:
        raise AssertionError("a lookup stored something")

    def delete(self, service: str, name: str) -> bool:
        raise AssertionError("a lookup deleted something")

    def available(self) -> str:
        return self.reason


def many(count: int) -> list[Connection]:
    return [connection(f"c{n}", A=SecretReference("a"), B=SecretReference("b")) for n in range(count)]


def test_the_store_is_read_once_for_each_distinct_name() -> None:
    store = WatchedStore()
    resolved = resolve(many(20), PROD, BOTH, {}, store)
    assert store.reads == ["a", "b"]
    assert resolved.missing == ()
    assert resolved.values["c19"] == {"A": Sensitive("value of a"), "B": Sensitive("value of b")}


def test_a_missing_keyring_makes_values_missing_with_the_reason_and_is_not_asked() -> None:
    store = WatchedStore(reason="There is no working keyring on this machine.")
    resolved = resolve(many(2), PROD, BOTH, {"DBCONN_SECRET_PROD_EU__B": "given"}, store)
    assert store.reads == []
    assert [(m.connection, m.key) for m in resolved.missing] == [("c0", "A"), ("c1", "A")]
    assert "no working keyring" in resolved.missing[0].hint
    assert "DBCONN_SECRET_PROD_EU__A" in resolved.missing[0].hint


def test_a_locked_keyring_is_asked_only_once_but_a_damaged_value_concerns_itself_alone() -> None:
    locked = WatchedStore({"a": SecretStoreError("The keyring is locked.")})
    assert len(resolve(many(2), PROD, BOTH, {}, locked).missing) == 4
    assert locked.reads == ["a"]
    damaged = WatchedStore({"a": DamagedValueError("Only pieces of 'a' are there.")})
    resolved = resolve(many(2), PROD, BOTH, {}, damaged)
    assert damaged.reads == ["a", "b"]
    assert {m.key for m in resolved.missing} == {"A"}
    assert "dbconn secrets set a" in resolved.missing[0].hint


@pytest.mark.parametrize("show", [repr, str, "{}".format])
def test_no_value_shows(show: Any) -> None:
    assert "stored" not in show(resolve(many(1), PROD, BOTH, {}, store_with(a="stored", b="stored")))
