"""Identity providers with one user, for the journeys of the templates that move users away from them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from journeys.journey import Answers, Prepared

from dbconn_tui.sample_store.server import served
from tests.templates.stand_ins import cognito, firebase, okta
from tests.templates.stand_ins.basic_api import PASSWORD as API_PASSWORD
from tests.templates.stand_ins.basic_api import Api
from tests.templates.stand_ins.other_tenant import SECRET, OtherTenant
from tests.templates.stand_ins.tokens import signing_key_pem

EMAIL = "robin@example.com"
PASSWORD = "sesame 1"
STRONG = "Sesame-1-opens-the-door"
"""For a tenant with a password policy."""


@contextmanager
def run_okta() -> Iterator[str]:
    """The address of an Okta org."""
    with served(okta.Okta([okta.OktaUser("00u1", EMAIL, PASSWORD)]).app()) as url:
        yield url


@contextmanager
def run_firebase() -> Iterator[str]:
    """The address of a Firebase project."""
    with served(firebase.Firebase([firebase.FirebaseUser("uid-robin", EMAIL, PASSWORD)]).app()) as url:
        yield url


def user_in_okta(url: str, answers: Answers) -> Prepared:
    """An API token or a service app's key, as the answers want it."""
    if answers["credentials"] == "private_key":
        secrets = {"okta_private_key": signing_key_pem()}
        return Prepared({"okta_url": url, "client_id": okta.CLIENT_ID}, EMAIL, PASSWORD, secrets)
    return Prepared({"okta_url": url}, EMAIL, PASSWORD, {"okta_api_token": okta.API_TOKEN})


def user_in_cognito(url: str, answers: Answers) -> Prepared:
    """An app client with a secret, and an access key."""
    secrets = {
        "cognito_client_secret": cognito.CLIENT_SECRET,
        "aws_access_key_id": cognito.ACCESS_KEY_ID,
        "aws_secret_access_key": cognito.SECRET_ACCESS_KEY,
    }
    reach = {"cognito_url": url, "user_pool_id": cognito.POOL_ID, "client_id": cognito.CLIENT_ID}
    return Prepared(reach, EMAIL, PASSWORD, secrets)


@contextmanager
def run_cognito() -> Iterator[str]:
    """The address of a user pool."""
    with served(cognito.Cognito([cognito.CognitoUser("5d3e-robin", EMAIL, PASSWORD, "robin")]).app()) as url:
        yield url


def user_in_firebase(url: str, answers: Answers) -> Prepared:
    """A web API key and a service account."""
    secrets = {"firebase_api_key": firebase.API_KEY, "firebase_private_key": signing_key_pem()}
    reach = {"identity_url": url, "token_url": f"{url}/token"}
    return Prepared(reach, EMAIL, PASSWORD, secrets)


def user_in_another_tenant(other: OtherTenant, answers: Answers) -> Prepared:
    """A user of the connection `another`, made at the first time."""
    if not other.state.users:
        other.add("another", email=EMAIL, password=STRONG)
    client_id = next(iter(other.state.clients))
    reach = {"tenant_url": other.url, "connection": "another", "client_id": client_id}
    return Prepared(reach, EMAIL, STRONG, {"other_tenant_client_secret": SECRET})


def user_of_basic_api(api: Api, answers: Answers) -> Prepared:
    """The user that the API begins with."""
    return Prepared({"api_url": api.url}, EMAIL, PASSWORD, {"api_password": API_PASSWORD})
