"""The journeys, one row a template.

    Journey("postgresql", "postgresql", users_in_postgresql, {"tls": ["none"]}, cheaper)

The second word is the fixture that gives the running store. The function gets it and the answers of one way, puts one
user into the store as these answers say (scheme, columns), and hands back the answers and secrets that lead there; one
that takes more than a few lines has a file of its own here. Then come variables that get other values than all their
choices, and an edit of the scripts, such as one for hashes that take less time.

A template that requires npm modules runs with the peers. `generic` has no row: its scripts are not written yet.
"""

from __future__ import annotations

from journeys.journey import Answers, Journey, Prepared
from journeys.sql_users import ALONE, users_in_mysql, users_in_postgresql

from dbconn_tui.sample_store.sample_users import SAMPLE_USERS
from dbconn_tui.sample_store.store import SampleStore
from tests.templates.sql_scripts import cheaper


def user_api(store: SampleStore, answers: Answers) -> Prepared:
    """The sample user API with its sample users."""
    robin = SAMPLE_USERS[0]
    reach = {"api_url": store.url, "token_url": store.token_url, "client_id": store.client_id}
    return Prepared(reach, robin.email, robin.password, {"api_client_secret": store.client_secret.reveal()})


JOURNEYS = (
    Journey("rest-api", "user_api", user_api),
    Journey("postgresql", "postgresql", users_in_postgresql, ALONE, cheaper),
    Journey("mysql", "mariadb", users_in_mysql, ALONE, cheaper),
)
