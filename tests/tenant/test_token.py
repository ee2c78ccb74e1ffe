from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from hypothesis import given
from hypothesis import strategies as st

from dbconn_tui.errors import AuthenticationError
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tenant.assertion import make_assertion
from dbconn_tui.tenant.token import Credentials, Token
from tests.tenant.conftest import DOMAIN, START, encoded, jwt

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem_of(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, passphrase: bytes | None = None) -> str:
    encryption: Any = serialization.NoEncryption()
    if passphrase:
        encryption = serialization.BestAvailableEncryption(passphrase)
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption).decode()


def test_a_token_tells_its_expiry_scopes_and_issuer() -> None:
    token = Token.from_access(Sensitive(jwt(scopes=("read:connections", "read:clients"))))
    assert token.expires_at == START + 86_400
    assert token.scopes == {"read:connections", "read:clients"}
    assert token.issuer == f"https://{DOMAIN}/"
    assert not token.is_expired(START + 86_400 - 61)
    assert token.is_expired(START + 86_400 - 60)


def test_a_token_answer_counts_its_lifetime_on_this_machines_clock() -> None:
    answer = {"access_token": jwt(scopes=("a:b",)), "expires_in": 3_600, "scope": "ignored:here"}
    token = Token.from_answer(answer, 5_000.0)
    assert (token.expires_at, token.scopes) == (8_600.0, {"a:b"})
    opaque = Token.from_answer({"access_token": "opaque", "scope": "a:b c:d"}, 0.0)
    assert (opaque.expires_at, opaque.scopes) == (86_400.0, {"a:b", "c:d"})
    short = Token.from_answer({"access_token": "opaque", "expires_in": 10}, 0.0)
    assert not short.is_expired(4.9)
    assert short.is_expired(5.1)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.one_of(
        st.text(),
        st.binary().map(lambda data: f"a.{base64.urlsafe_b64encode(data).decode()}.c"),
        st.fixed_dictionaries({}, optional={"exp": json_values, "scope": json_values, "iss": json_values}).map(
            lambda claims: f"a.{encoded(claims)}.c"
        ),
    )
)
def test_any_text_is_a_token_or_a_value_error_that_does_not_quote_it(text: str) -> None:
    shown = "a token"
    try:
        assert Token.from_access(Sensitive(text)).scopes is not None
    except ValueError as error:
        shown = str(error)
    assert len(text) < 12 or text not in shown
    Credentials.ready(Sensitive(text)).issued_for(DOMAIN)


@given(
    st.fixed_dictionaries({}, optional={"access_token": json_values, "expires_in": json_values, "scope": json_values})
    | json_values
)
def test_any_token_answer_is_a_token_or_a_value_error(content: Any) -> None:
    try:
        token = Token.from_answer(content, 0.0)
    except ValueError:
        return
    assert token.access.reveal().isprintable()
    assert token.expires_at > 0


@pytest.mark.parametrize(
    ("issuer", "domain", "belongs"),
    [
        (f"https://{DOMAIN}/", DOMAIN, True),
        ("https://SHOP.example.com/", DOMAIN, True),
        ("https://shop.example.com.evil.example/", DOMAIN, False),
        ("https://evil.example/shop.example.com", DOMAIN, False),
        ("https://127.0.0.1:8443/", "127.0.0.1:8443", True),
        ("https://127.0.0.1:8080/", "http://127.0.0.1:8080", True),
        ("", DOMAIN, False),
    ],
)
def test_a_ready_token_belongs_to_its_issuer_alone(issuer: str, domain: str, belongs: bool) -> None:
    assert Credentials.ready(Sensitive(jwt(issuer=issuer))).issued_for(domain) is belongs


def test_an_unreadable_token_belongs_nowhere() -> None:
    assert not Credentials.ready(Sensitive("opaque")).issued_for(DOMAIN)
    assert not Credentials.secret("id", Sensitive("secret")).issued_for(DOMAIN)


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "PS256"])
def test_an_assertion_is_signed_and_says_what_the_platform_asks_for(algorithm: str) -> None:
    credentials = Credentials.signing("an-id", Sensitive(pem_of(KEY)), algorithm, "key-1")
    head, payload, signature = make_assertion(credentials, f"https://{DOMAIN}/", START + 0.7, "once").split(".")

    def decoded(text: str) -> bytes:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

    assert json.loads(decoded(head)) == {"alg": algorithm, "typ": "JWT", "kid": "key-1"}
    assert json.loads(decoded(payload)) == {
        "iss": "an-id",
        "sub": "an-id",
        "aud": f"https://{DOMAIN}/",
        "iat": int(START),
        "exp": int(START) + 60,
        "jti": "once",
    }
    digest = hashes.SHA384() if algorithm == "RS384" else hashes.SHA256()
    way = padding.PSS(padding.MGF1(hashes.SHA256()), 32) if algorithm == "PS256" else padding.PKCS1v15()
    KEY.public_key().verify(decoded(signature), f"{head}.{payload}".encode(), way, digest)


@pytest.mark.parametrize(
    "pem",
    [
        "",
        "-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----",
        "just text",
        pem_of(KEY, b"a passphrase"),
        pem_of(ec.generate_private_key(ec.SECP256R1())),
        pem_of(rsa.generate_private_key(public_exponent=65537, key_size=1024)),
        KEY.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode(),
    ],
    ids=["empty", "garbage", "text", "encrypted", "elliptic", "short", "public"],
)
def test_keys_that_cannot_sign_are_refused_without_quoting_them(pem: str) -> None:
    with pytest.raises(AuthenticationError) as caught:
        make_assertion(Credentials.signing("an-id", Sensitive(pem)), "https://a/", START, "once")
    assert "RSA private key in PEM form" in caught.value.hint
    assert "bm90" not in str(caught.value)


def test_an_unknown_algorithm_names_those_there_are() -> None:
    with pytest.raises(AuthenticationError, match="HS256") as caught:
        make_assertion(Credentials.signing("an-id", Sensitive(pem_of(KEY)), "HS256"), "https://a/", START, "once")
    assert "RS256, RS384, PS256" in caught.value.hint
