"""Which hosts configuration values name."""

from __future__ import annotations

import pytest

from dbconn_tui.errors import UsageError
from dbconn_tui.runtime.hosts import named_hosts, parse_host

NAMED = [
    ("https://users.example.com/api?x=1", ["users.example.com"]),
    ("postgres://me:p%40ss@db.example.com:5432/users", ["db.example.com:5432"]),
    ("mongodb://u:p@a.example:1,b.example:2/x", ["a.example:1", "b.example:2"]),
    ("Server=tcp:sql.example.com,1433;Database=x;Password=a.b", ["sql.example.com:1433"]),
    ("host=db.example.com port=5432", ["db.example.com"]),
    ("DB.Example.com", ["db.example.com"]),
    ("localhost:5432", ["localhost:5432"]),
    ("http://[::1]:8080/", ["::1:8080"]),
    ("10.0.0.7", ["10.0.0.7"]),
    ("secret", []),
    ("*", []),
    ("", []),
    ("two words.", []),
]


@pytest.mark.parametrize(("value", "hosts"), NAMED, ids=[value for value, _ in NAMED])
def test_named_hosts(value: str, hosts: list[str]) -> None:
    assert [str(host) for host in named_hosts([value])] == hosts


@pytest.mark.parametrize("text", ["", "a b", "host:99999", "http://x", "host:"])
def test_flag_that_names_no_host(text: str) -> None:
    with pytest.raises(UsageError):
        parse_host(text)


def test_flag() -> None:
    assert str(parse_host("Users.Example.com:443")) == "users.example.com:443"
    assert parse_host("*.example.com").host == "*.example.com"
