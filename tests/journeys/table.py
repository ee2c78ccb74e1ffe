"""The journeys, one row a template.

    Journey("postgresql", "postgresql", users_in_postgresql, {"tls": ["none"]}, cheaper)

The second word is the fixture that gives the running store. The function gets it and the answers of one way, puts one
user into the store as these answers say (scheme, columns), and hands back the answers and secrets that lead there; one
that takes more than a few lines has a file of its own here. Then come variables that get other values than all their
choices, and an edit of the scripts, such as one for hashes that take less time.

A template that requires npm modules runs with the peers. `generic` has no row, since its scripts are not
written yet, and `migration-finished` has none, since nobody can log in through it.
"""

from __future__ import annotations

from collections.abc import Mapping

from journeys.directories import IN_MONGODB, person_in_ldap, user_in_mongodb
from journeys.identity_providers import (
    user_in_another_tenant,
    user_in_cognito,
    user_in_firebase,
    user_in_okta,
    user_of_basic_api,
)
from journeys.journey import Answers, Journey, Prepared
from journeys.sql_users import (
    ALONE,
    IN_MYSQL,
    IN_SQL_SERVER,
    OF_IDENTITY,
    users_in_mysql,
    users_in_postgresql,
    users_in_sqlserver,
    users_of_identity,
)

from dbconn_tui.sample_store.sample_users import SAMPLE_USERS
from dbconn_tui.sample_store.store import SampleStore
from dbconn_tui.scaffold.template import Value
from tests.templates.sql_scripts import cheaper


def user_api(store: SampleStore, answers: Answers) -> Prepared:
    """The sample user API with its sample users."""
    robin = SAMPLE_USERS[0]
    reach = {"api_url": store.url, "token_url": store.token_url, "client_id": store.client_id}
    return Prepared(reach, robin.email, robin.password, {"api_client_secret": store.client_secret.reveal()})


DEFAULTS: Mapping[str, list[Value]] = {"username": [False], "organization_context": [False], "import_mode": [False]}

JOURNEYS = (
    Journey("rest-api", "user_api", user_api),
    # The scripts are those of rest-api, but for how they show who they are.
    Journey("basic-auth-api", "basic_api", user_of_basic_api, DEFAULTS),
    Journey("okta", "okta", user_in_okta, {"second_factor_in_auth0": [False]}),
    Journey("cognito", "cognito", user_in_cognito, {"client_has_secret": [True], "username": [False]}),
    Journey("firebase", "firebase", user_in_firebase),
    Journey("auth0-tenant", "other_tenant", user_in_another_tenant, {"metadata": [True]}),
    Journey("mongodb", "mongodb", user_in_mongodb, IN_MONGODB, cheaper),
    Journey("ldap", "directory", person_in_ldap, {"tls": ["none"]}),
    Journey("postgresql", "postgresql", users_in_postgresql, ALONE, cheaper),
    Journey("mysql", "mariadb", users_in_mysql, IN_MYSQL, cheaper),
    Journey("sqlserver", "sqlserver", users_in_sqlserver, IN_SQL_SERVER, cheaper),
    Journey("aspnet-identity", "sqlserver", users_of_identity, OF_IDENTITY, cheaper),
)
