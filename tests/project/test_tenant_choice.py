from __future__ import annotations

from pathlib import Path

import pytest

from dbconn_tui.errors import UsageError
from dbconn_tui.project.tenant_choice import choose_tenant, environment_counts
from dbconn_tui.project.values import Project, Tenant

DEV = Tenant("dev", "acme-dev.eu.auth0.com", client_id="dev-client")
PROD = Tenant("prod", "acme.eu.auth0.com", client_id="prod-client", protected=True)


def project(*tenants: Tenant) -> Project:
    return Project(
        root=Path("/project"),
        file=Path("/project/dbconn.yaml"),
        shown_file="dbconn.yaml",
        text="",
        project_key="",
        tenants={tenant.name: tenant for tenant in tenants},
        connection_keys=(),
        scripts={},
        document={},
        places={},
    )


def test_the_flag_wins_over_everything() -> None:
    environment = {"AUTH0_DOMAIN": PROD.domain}
    assert choose_tenant(project(DEV, PROD), "dev", environment) is DEV


def test_the_flag_takes_a_domain_too() -> None:
    assert choose_tenant(project(DEV, PROD), "https://ACME.eu.auth0.com/", {}) is PROD


def test_the_environment_chooses_among_the_entries() -> None:
    environment = {"AUTH0_DOMAIN": "https://ACME.eu.auth0.com/", "AUTH0_CLIENT_ID": "other", "AUTH0_AUDIENCE": "x"}
    assert choose_tenant(project(DEV, PROD), None, environment) is PROD


def test_the_only_entry_needs_no_choice() -> None:
    assert choose_tenant(project(PROD), None, {"AUTH0_DOMAIN": "  "}) is PROD


def test_without_entries_the_environment_makes_a_tenant() -> None:
    environment = {
        "AUTH0_DOMAIN": "Acme.eu.auth0.com",
        "AUTH0_CLIENT_ID": "abc",
        "AUTH0_AUDIENCE": "https://acme.eu.auth0.com/api/v2/",
    }
    made = choose_tenant(project(), None, environment)
    assert made == Tenant(
        "acme.eu.auth0.com", "acme.eu.auth0.com", client_id="abc", audience="https://acme.eu.auth0.com/api/v2/"
    )
    assert choose_tenant(None, None, environment) == made
    assert choose_tenant(project(), "acme.eu.auth0.com", environment) == made


@pytest.mark.parametrize(
    ("tenants", "requested", "environment", "says"),
    [
        ((DEV, PROD), None, {}, "2 tenants"),
        ((DEV, PROD), "prd", {}, "Did you mean prod?"),
        ((DEV, PROD), "qa", {}, "no tenant 'qa'"),
        ((DEV, PROD), "local", {}, "reserved"),
        ((DEV, PROD), None, {"AUTH0_DOMAIN": "evil.auth0.com"}, "none of the tenants"),
        ((DEV,), None, {"AUTH0_DOMAIN": "evil.auth0.com"}, "none of the tenants"),
        ((DEV,), None, {"AUTH0_DOMAIN": "http://acme-dev.eu.auth0.com"}, "plain HTTP"),
        ((), None, {}, "No tenant is known"),
        ((), "dev", {}, "no `tenants:`"),
        ((), "dev", {"AUTH0_DOMAIN": "acme.auth0.com"}, "no `tenants:`"),
    ],
)
def test_no_choice_is_an_error_that_says_how_to_choose(
    tenants: tuple[Tenant, ...], requested: str | None, environment: dict[str, str], says: str
) -> None:
    with pytest.raises(UsageError) as caught:
        choose_tenant(project(*tenants), requested, environment)
    assert says in caught.value.message
    assert caught.value.hint
    if len(tenants) > 1:
        every = caught.value.message + caught.value.hint
        assert "dev (acme-dev.eu.auth0.com), prod (acme.eu.auth0.com)" in every
        assert "--tenant" in caught.value.hint


@pytest.mark.parametrize(
    ("environment", "counts"),
    [
        ({}, False),
        ({"AUTH0_CLIENT_ID": "x", "AUTH0_CLIENT_SECRET": "y"}, False),
        ({"AUTH0_DOMAIN": "acme-dev.eu.auth0.com"}, True),
        ({"AUTH0_DOMAIN": "https://ACME-dev.eu.auth0.com:443/"}, True),
        ({"AUTH0_DOMAIN": "acme.eu.auth0.com"}, False),
        ({"AUTH0_DOMAIN": "http://acme-dev.eu.auth0.com"}, False),
    ],
)
def test_credentials_of_the_environment_never_cross_tenants(environment: dict[str, str], counts: bool) -> None:
    assert environment_counts(DEV, environment) is counts
