from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbconn_tui.project.domain import canonical_domain


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("acme.eu.auth0.com", "acme.eu.auth0.com"),
        ("  ACME.eu.Auth0.com\n", "acme.eu.auth0.com"),
        ("https://acme.eu.auth0.com/", "acme.eu.auth0.com"),
        ("HTTPS://acme.eu.auth0.com:443/", "acme.eu.auth0.com"),
        ("acme.eu.auth0.com.", "acme.eu.auth0.com"),
        ("127.0.0.1:8443", "127.0.0.1:8443"),
        ("https://localhost:8443", "localhost:8443"),
        ("http://127.0.0.1:4010", "http://127.0.0.1:4010"),
        ("HTTP://LocalHost:4010/", "http://localhost:4010"),
        ("http://localhost:80", "http://localhost:80"),
        ("acme.auth0.com:0443", "acme.auth0.com"),
    ],
)
def test_spellings_of_one_domain(text: str, domain: str) -> None:
    assert canonical_domain(text) == domain


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("https://", "not a domain"),
        ("http://acme.eu.auth0.com", "plain HTTP"),
        ("http://127.0.0.1", "plain HTTP"),
        ("http://127.0.0.1.evil.test:80", "plain HTTP"),
        ("http://192.168.0.1:80", "plain HTTP"),
        ("ftp://acme.auth0.com", "https"),
        ("https://acme.auth0.com/api/v2", "more than a domain"),
        ("acme.auth0.com?x=1", "more than a domain"),
        ("https://acme.auth0.com#a", "more than a domain"),
        ("acme.auth0.com\\@evil.test", "no user name"),
        ("acme..auth0.com", "not a domain"),
        ("-acme.auth0.com", "not a domain"),
        ("acme auth0.com", "not a domain"),
        ("acmé.auth0.com", "not a domain"),
        ("acme.auth0.com:", "no usable port"),
        ("acme.auth0.com:0", "no usable port"),
        ("acme.auth0.com:65536", "no usable port"),
        ("acme.auth0.com:٣", "no usable port"),
        ("a" * 64 + ".auth0.com", "not a domain"),
    ],
)
def test_what_is_no_domain_gets_a_sentence(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as caught:
        canonical_domain(text)
    assert str(caught.value).endswith(".")


def test_a_password_in_an_address_is_not_repeated() -> None:
    with pytest.raises(ValueError) as caught:
        canonical_domain("https://admin:hunter22@acme.auth0.com")
    assert "hunter22" not in str(caught.value)


@given(st.text() | st.from_regex(r"\A(https?://)?[a-z0-9.-]{1,20}(:[0-9]{1,6})?/?\Z"))
def test_any_text_gives_a_stable_domain_or_a_sentence(text: str) -> None:
    try:
        domain = canonical_domain(text)
    except ValueError:
        return
    assert canonical_domain(domain) == domain
    assert domain == domain.lower()
