from __future__ import annotations

import base64
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbconn_tui.errors import UsageError
from dbconn_tui.secret_store.admission import LARGEST_SECRET, admit, check_name, looks_like_ciphertext


def field(number: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([size & 0x7F | 0x80, size >> 7])
    return bytes([number << 3 | 2]) + length + content


def sealed(content: bytes, nonce: bytes = b"n" * 12, tag: bytes = b"t" * 16) -> bytes:
    return field(1, content) + field(2, nonce) + field(3, tag)


def ciphertext_2022(content: bytes) -> str:
    return f"2.0${'0a' * 16}${'1b' * 16}${(content.hex() or 'ff') * 40}"


def ciphertext_2025(content: bytes) -> str:
    data = field(1, sealed(b"k" * 32)) + field(2, sealed(content)) + field(3, b"m" * 16)
    return base64.b64encode(data).decode()


def ciphertext_2024(content: bytes) -> str:
    wrapped = ciphertext_2025(content).encode()
    return base64.b64encode(field(1, b"wxyz") + field(2, wrapped) + field(3, b"5.0$000$0a0a0a$" + b"1b" * 30)).decode()


@pytest.mark.parametrize(
    ("given_text", "stored", "stripped"),
    [
        ("value", "value", False),
        ("value\n", "value", True),
        ("value\r\n", "value", True),
        ("value\n\n", "value\n", True),
        ("-----BEGIN KEY-----\nabc\n-----END KEY-----\n", "-----BEGIN KEY-----\nabc\n-----END KEY-----", True),
        (" value ", " value ", False),
        ("value\r", "value\r", False),
    ],
)
def test_exactly_one_line_end_is_taken_off_and_reported(given_text: str, stored: str, stripped: bool) -> None:
    admitted = admit(given_text)
    assert (admitted.value.reveal(), admitted.stripped_newline) == (stored, stripped)


@pytest.mark.parametrize("refused", ["", "\n", "\r\n", "hidden\0text", "hidden\udcfftext", "h" * (LARGEST_SECRET + 1)])
def test_what_is_no_usable_text_is_refused_without_quoting_it(refused: str) -> None:
    with pytest.raises(UsageError) as caught:
        admit(refused)
    assert "nothing was stored" in caught.value.message
    assert "hidden" not in f"{caught.value.message}{caught.value.hint}"


@pytest.mark.parametrize("form", [ciphertext_2022, ciphertext_2024, ciphertext_2025])
@given(content=st.binary(max_size=300), line_end=st.sampled_from(["", "\n", " \n"]))
def test_the_platforms_ciphertext_is_refused(form: object, content: bytes, line_end: str) -> None:
    assert callable(form)
    text = form(content)
    with pytest.raises(UsageError, match="ciphertext") as caught:
        admit(text + line_end)
    assert text not in f"{caught.value.message}{caught.value.hint}"


@given(
    st.one_of(
        st.text(max_size=200),
        st.binary(max_size=200).map(lambda data: base64.b64encode(data).decode()),
        st.binary(max_size=64).map(bytes.hex),
        st.uuids().map(str),
        st.binary(min_size=1, max_size=100).map(lambda data: base64.b64encode(field(1, data)).decode()),
    )
)
def test_other_secrets_are_not_taken_for_ciphertext(text: str) -> None:
    assert not looks_like_ciphertext(text)


def test_common_forms_of_secrets_are_admitted() -> None:
    for text in (
        str(uuid.UUID(int=7)),
        "postgres://app:p%40ss@db.example.com:5432/users?sslmode=require",
        "$2b$10$abcdefghijklmnopqrstuv",
        '{"type": "service_account"}',
        "2.0$not-hex$x$y",
    ):
        assert admit(text).value.reveal() == text


@pytest.mark.parametrize("name", ["a", "A1", "api_client_secret", "x" * 64])
def test_names_of_secrets(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize("name", ["", "1a", "_a", "a-b", "a b", "ä", "a.b", "a#b", "x" * 65, "a\n", "a=b"])
def test_other_names_are_refused_with_the_rule(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_name(name)
    assert "letters, digits and underscores" in caught.value.hint
