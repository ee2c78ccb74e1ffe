"""The real user stores that other tests rest on: each is the real thing, and knows its accounts apart."""

from __future__ import annotations

from dataclasses import replace

import pytest
from stores.database import Server


@pytest.fixture(params=["postgresql", "mariadb"])
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(request.param)
    return found


def test_a_database_keeps_what_is_written_and_nothing_of_another(server: Server) -> None:
    table = "CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR(250) UNIQUE)"
    database, other = server.database(table), server.database(table)
    assert database.run("INSERT INTO users VALUES (1, %s)", "zoë@例え.example") == []
    assert database.run("SELECT email FROM users WHERE id = %s", 1) == [("zoë@例え.example",)]
    assert other.run("SELECT email FROM users") == []


def test_a_wrong_password_is_refused(server: Server) -> None:
    database = server.database()
    with pytest.raises(Exception, match=r"password|denied"):
        replace(database, password="wrong").run("SELECT 1")
