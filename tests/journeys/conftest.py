"""The tenant that journeys end at, and the stores that no other room's tests need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from journeys.directories import PERSON
from journeys.identity_providers import run_cognito, run_firebase, run_okta
from sign_in import signing_tenant
from stores.slapd import Directory, run_slapd

from dbconn_tui import passwords
from dbconn_tui.local_tenant.server import LocalTenant
from dbconn_tui.sample_store.store import SampleStore, run_sample_store
from tests.templates.stand_ins.basic_api import Api, run_basic_api
from tests.templates.stand_ins.other_tenant import OtherTenant, run_other_tenant


@pytest.fixture(scope="session")
def user_api() -> Iterator[SampleStore]:
    """The sample user API; the cost of its hashes is not what is tested."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_COST", 2**4)
        with run_sample_store() as store:
            yield store


@pytest.fixture(scope="session")
def basic_api() -> Iterator[Api]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_COST", 2**4)
        with run_basic_api() as api:
            yield api


@pytest.fixture(scope="session")
def other_tenant() -> Iterator[OtherTenant]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_COST", 2**4)
        with run_other_tenant() as other:
            yield other


@pytest.fixture(scope="session")
def okta() -> Iterator[str]:
    with run_okta() as url:
        yield url


@pytest.fixture(scope="session")
def cognito() -> Iterator[str]:
    with run_cognito() as url:
        yield url


@pytest.fixture(scope="session")
def firebase() -> Iterator[str]:
    with run_firebase() as url:
        yield url


@pytest.fixture(scope="session")
def directory() -> Iterator[Directory]:
    with run_slapd(PERSON) as running:
        yield running


@pytest.fixture(scope="session")
def tenant_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the tenant below; its state folder is `.state`."""
    return tmp_path_factory.mktemp("tenant")


@pytest.fixture(scope="session")
def tenant(tenant_folder: Path) -> Iterator[LocalTenant]:
    """A tenant whose users sign in by the scripts that were deployed to it."""
    with signing_tenant(tenant_folder) as running:
        yield running
