"""A database with one user whose hash another program wrote, for the journeys of the SQL templates."""

from __future__ import annotations

from collections.abc import Mapping

from journeys.journey import ORGANIZATION, Answers, Prepared
from stores.database import Database, Server

from dbconn_tui.scaffold.template import Value
from tests.templates.sql_checks import FOREIGN

EMAIL = "robin@example.com"
PASSWORD = "a password"

ALONE: Mapping[str, list[Value]] = {"tls": ["none"], "new_id": ["database"], "pool": [True]}
"""What does not vary: the scripts' own tests try it."""

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


def one_user(database: Database, answers: Answers) -> Prepared:
    """Robin in the table `users`, with a hash of the scheme."""
    stored, salt = FOREIGN[str(answers["password_scheme"])][0]
    columns = "email, username, password_hash, password_salt, organization_id"
    row = (EMAIL, "robin", stored, salt, ORGANIZATION)
    database.run(f"INSERT INTO users ({columns}) VALUES (%s, %s, %s, %s, %s)", *row)
    reach: dict[str, Value] = {
        "host": database.host,
        "port": database.port,
        "database": database.name,
        "database_user": database.user,
        "tls": "none",
    }
    return Prepared(reach, EMAIL, PASSWORD, {"database_password": database.password})
