"""A database with one user whose hash another program wrote, for the journeys of the SQL templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from journeys.journey import ORGANIZATION, Answers, Prepared
from stores.database import Database, Server
from stores.sqlserver import SqlServer

from dbconn_tui.scaffold.template import Value
from tests.templates.sql_checks import FOREIGN
from tests.templates.test_aspnet_identity_scripts import TABLES, add, version_2
from tests.templates.test_sqlserver_scripts import TABLE as SQL_SERVER
from tests.templates.test_sqlserver_scripts import UNIQUE

EMAIL = "robin@example.com"
PASSWORD = "a password"

ALONE: Mapping[str, list[Value]] = {"tls": ["none"], "new_id": ["database"], "pool": [True]}
"""What does not vary: the scripts' own tests try it."""

IN_MYSQL: Mapping[str, list[Value]] = {**ALONE, "password_scheme": ["bcrypt", "sha512"]}
"""The other schemes are PostgreSQL's, from the same parts."""

IN_SQL_SERVER: Mapping[str, list[Value]] = {
    **ALONE,
    "tls": ["own-ca"],
    "password_scheme": ["bcrypt"],
    "organization_context": [False],
}
"""Its protocol here is spoken over TLS alone, and its driver takes a second to load at each run."""

OF_IDENTITY: Mapping[str, list[Value]] = {
    "tls": ["own-ca"],
    "pool": [True],
    "username": [False],
    "organization_context": [False],
}
"""What does not vary, for the same reasons."""

POSTGRESQL = """
CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text, username text, password_hash text,
  password_salt text, email_verified boolean DEFAULT false, organization_id text
)"""

MYSQL = """
CREATE TABLE users (
  id bigint AUTO_INCREMENT PRIMARY KEY, email varchar(250), username varchar(250), password_hash varchar(250),
  password_salt varchar(250), email_verified boolean DEFAULT false, organization_id varchar(250)
)"""


def users_in_postgresql(server: Server, answers: Answers) -> Prepared:
    """A new database with the table of the README and one user."""
    unique = 'CREATE UNIQUE INDEX users_email ON users (lower(email COLLATE "C"))'
    return one_user(server.database(POSTGRESQL, unique), answers)


def users_in_mysql(server: Server, answers: Answers) -> Prepared:
    """A new database with the table of the README and one user."""
    return one_user(server.database(MYSQL, "CREATE UNIQUE INDEX users_email ON users (email)"), answers)


def users_in_sqlserver(server: SqlServer, answers: Answers) -> Prepared:
    """A new server with the table of the README and one user."""
    return over_tls(server, one_user(server.database(SQL_SERVER, UNIQUE), answers))


def users_of_identity(server: SqlServer, answers: Answers) -> Prepared:
    """A new server with the table of ASP.NET Identity and one user, who has an older hash."""
    identity = str(answers["identity"])
    database = server.database(TABLES[identity])
    add(database, identity, EMAIL, UserName="robin", PasswordHash=version_2(PASSWORD), OrganizationId=ORGANIZATION)
    return over_tls(server, Prepared(_reach(database), EMAIL, PASSWORD, {"database_password": database.password}))


def over_tls(server: SqlServer, prepared: Prepared) -> Prepared:
    """The same, with the authority that the server's certificate needs."""
    return replace(
        prepared,
        answers={**prepared.answers, "tls": "own-ca"},
        secrets={**prepared.secrets, "database_ca": server.authority},
    )


def one_user(database: Database, answers: Answers) -> Prepared:
    """Robin in the table `users`, with a hash of the scheme."""
    stored, salt = FOREIGN[str(answers.get("password_scheme", "bcrypt"))][0]
    columns = "email, username, password_hash, password_salt, organization_id"
    row = (EMAIL, "robin", stored, salt, ORGANIZATION)
    database.run(f"INSERT INTO users ({columns}) VALUES (%s, %s, %s, %s, %s)", *row)
    return Prepared(_reach(database), EMAIL, PASSWORD, {"database_password": database.password})


def _reach(database: Database) -> dict[str, Value]:
    return {
        "host": database.host,
        "port": database.port,
        "database": database.name,
        "database_user": database.user,
        "tls": "none",
    }
