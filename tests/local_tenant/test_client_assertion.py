"""private_key_jwt: the assertion's claims and signature decide, and each counts once."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from dbconn_tui.local_tenant.settings import DEFAULT_CLIENT_ID
from dbconn_tui.local_tenant.tokens import ASSERTION_TYPE

Open = Callable[..., AbstractAsyncContextManager[Any]]

pytestmark = pytest.mark.anyio

PADDINGS = {
    "RS256": (padding.PKCS1v15(), hashes.SHA256()),
    "RS384": (padding.PKCS1v15(), hashes.SHA384()),
    "PS256": (padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256()),
}


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: rsa.RSAPrivateKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def assertion(key: rsa.RSAPrivateKey, now: float, algorithm: str = "RS256", **claims: Any) -> str:
    whole = {
        "iss": DEFAULT_CLIENT_ID,
        "sub": DEFAULT_CLIENT_ID,
        "aud": "https://tenant.test/",
        "iat": int(now),
        "exp": int(now) + 60,
        "jti": "once",
        **claims,
    }
    head = {"alg": algorithm, "typ": "JWT"}
    payload = f"{encoded(json.dumps(head).encode())}.{encoded(json.dumps(whole).encode())}"
    signed = PADDINGS.get(algorithm, PADDINGS["RS256"])
    return f"{payload}.{encoded(key.sign(payload.encode(), *signed))}"


async def login(tenant: Any, text: str) -> Any:
    return await tenant.login(client_assertion_type=ASSERTION_TYPE, client_assertion=text, client_secret="")


@pytest.mark.parametrize("algorithm", PADDINGS)
async def test_a_signed_assertion_is_taken_once(tenant: Open, key: rsa.RSAPrivateKey, algorithm: str) -> None:
    async with tenant(client_public_key=pem(key)) as t:
        text = assertion(key, t.clock.now, algorithm)
        answer = await login(t, text)
        assert answer.status_code == 200, answer.text
        assert (await login(t, text)).status_code == 401
        t.clock.now += 61
        assert (await login(t, assertion(key, t.clock.now, algorithm))).status_code == 200
        assert len(t.state.used_assertions) == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://tenant.test"},
        {"aud": "https://other.test/"},
        {"iss": "somebody"},
        {"sub": "somebody", "iss": "somebody"},
        {"exp": 0},
        {"exp": 2_000_000_000},
        {"exp": "soon"},
    ],
)
async def test_wrong_claims_are_refused(tenant: Open, key: rsa.RSAPrivateKey, claims: dict[str, Any]) -> None:
    async with tenant(client_public_key=pem(key)) as t:
        answer = await login(t, assertion(key, t.clock.now, **claims))
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_other_signatures_are_refused(tenant: Open, key: rsa.RSAPrivateKey) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    async with tenant(client_public_key=pem(key)) as t:
        whole = assertion(key, t.clock.now)
        for text in (
            assertion(other, t.clock.now),
            assertion(key, t.clock.now, "HS256"),
            whole.rpartition(".")[0] + ".",
            "not.a.token",
            "",
        ):
            assert (await login(t, text)).status_code == 401
        assert (await login(t, whole)).status_code == 200


async def test_without_a_registered_key_no_assertion_counts(tenant: Open, key: rsa.RSAPrivateKey) -> None:
    async with tenant() as t:
        assert (await login(t, assertion(key, t.clock.now))).status_code == 401
