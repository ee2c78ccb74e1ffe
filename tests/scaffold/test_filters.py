"""The js filter as text; tests/templates runs it through Node."""

from __future__ import annotations

import pytest

from dbconn_tui.scaffold.filters import filters_for, javascript
from dbconn_tui.scaffold.identifiers import PLAIN
from dbconn_tui.scaffold.template import Value


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        ("", "''"),
        ("shop|", "'shop|'"),
        ("it's", r"'it\'s'"),
        ('say "hi"', "'say \"hi\"'"),
        ("back\\slash", r"'back\\slash'"),
        ("a\nb\tc\rd", r"'a\nb\tc\rd'"),
        ("a\u2028b\u2029c", r"'a\u2028b\u2029c'"),
        ("`${x}`", r"'\x60$\x7bx}\x60'"),
        ("*/", r"'*\/'"),
        ("a/b", "'a/b'"),
        ("</script>", r"'<\/script>'"),
        ("<!--", r"'<\x21--'"),
        ("\x00\x7f\x9f", r"'\x00\x7f\x9f'"),
        ("\u202e", r"'\u202e'"),
        ("\ufeff", r"'\ufeff'"),
        ("\U000e0041", r"'\u{e0041}'"),
        ("é 漢 🙂", "'é 漢 🙂'"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-42, "-42"),
    ],
)
def test_literals(value: Value, literal: str) -> None:
    assert javascript(value) == literal
    assert filters_for(PLAIN)["js"](value) == literal
