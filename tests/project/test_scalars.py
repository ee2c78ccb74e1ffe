from __future__ import annotations

import datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dbconn_tui.project.scalars import ScalarKind, read_plain


@pytest.mark.parametrize(
    ("word", "kind", "value"),
    [
        ("", ScalarKind.EMPTY, None),
        ("~", ScalarKind.NULL, None),
        ("null", ScalarKind.NULL, None),
        ("true", ScalarKind.BOOLEAN, True),
        ("FALSE", ScalarKind.BOOLEAN, False),
        ("yes", ScalarKind.SWITCH, True),
        ("off", ScalarKind.SWITCH, False),
        ("0", ScalarKind.INTEGER, 0),
        ("-12", ScalarKind.INTEGER, -12),
        ("1.50", ScalarKind.DECIMAL, 1.5),
        ("2.5e-3", ScalarKind.DECIMAL, 0.0025),
        ("text", ScalarKind.TEXT, "text"),
        ("8dKq", ScalarKind.TEXT, "8dKq"),
        ("127.0.0.1", ScalarKind.TEXT, "127.0.0.1"),
        ("-", ScalarKind.TEXT, "-"),
        ("2024-01-31-release", ScalarKind.TEXT, "2024-01-31-release"),
        ("nullable", ScalarKind.TEXT, "nullable"),
    ],
)
def test_what_words_stand_for(word: str, kind: ScalarKind, value: object) -> None:
    assert read_plain(word) == (kind, value)


@pytest.mark.parametrize(
    "word",
    [
        *("0123", "0o17", "0x1F", "0b101", "1_000", "+5", "09", "12345678901234567890", "9" * 5000),
        *("12:30", "1:30:00.5", "1e3", ".5", "5.", "1.0e999", "0.0E0", ".inf", "-.INF", ".nan", "<<", "="),
        *("2024-01-31", "2024-01-31T10:00:00Z", "2024-01-31 10:00:00 +01:00"),
    ],
)
def test_words_that_yaml_versions_disagree_about_have_no_meaning(word: str) -> None:
    assert read_plain(word) == (ScalarKind.SURPRISE, None)


WORDS = st.text("0123456789abcdefoxnyNYtruelsEinfTZ+-._:~=<", max_size=12) | st.from_regex(
    r"\A[-+]?[0-9_]{1,6}([:.][0-9_]{1,4}){0,2}(e[-+]?[0-9]{1,2})?\Z"
)


@given(WORDS)
def test_nothing_that_pyyaml_takes_for_something_else_passes_as_text(word: str) -> None:
    resolved = yaml.SafeLoader("").resolve(yaml.ScalarNode, word, (True, False))
    kind, value = read_plain(word)
    if resolved != "tag:yaml.org,2002:str":
        assert kind is not ScalarKind.TEXT
    if kind in (ScalarKind.BOOLEAN, ScalarKind.SWITCH, ScalarKind.INTEGER, ScalarKind.DECIMAL, ScalarKind.NULL):
        loaded = yaml.safe_load(f"[{word}]")[0] if word else None
        assert not isinstance(loaded, str | datetime.date)
        assert loaded == value


@given(st.text(max_size=200) | st.text("0123456789_", min_size=1, max_size=300))
def test_every_word_has_a_kind(word: str) -> None:
    kind, value = read_plain(word)
    assert (value == word) if kind is ScalarKind.TEXT else value is None or isinstance(value, bool | int | float)
