"""A collection and a directory with one user, for the journeys of `mongodb` and `ldap`."""

from __future__ import annotations

from collections.abc import Mapping

from journeys.journey import ORGANIZATION, Answers, Prepared
from stores.mongodb import MongoServer
from stores.slapd import ACCOUNT, BASE, Directory

from dbconn_tui.scaffold.template import Value
from tests.templates.sql_checks import FOREIGN

EMAIL = "robin@example.com"
PASSWORD = "a password"
IN_MONGODB: Mapping[str, list[Value]] = {
    "tls": ["none"],
    "password_scheme": ["scrypt", "sha512"],
    "id_type": ["objectid"],
    "rehash_on_login": [True],
}
"""What varies less: the schemes are those of the SQL templates, and the scripts' own tests try the rest."""
PERSON = f"""\
dn: uid=robin,{BASE}
objectClass: webPerson
uid: robin
cn: Robin
sn: Example
mail: {EMAIL}
userPassword: {PASSWORD}

"""


def user_in_mongodb(server: MongoServer, answers: Answers) -> Prepared:
    """A new database with a document whose hash another program wrote."""
    database = server.database()
    stored, salt = FOREIGN[str(answers["password_scheme"])][0]
    person = {"email": EMAIL, "username": "robin", "organization_id": ORGANIZATION, "email_verified": True}
    if answers.get("id_type") == "text":
        person["_id"] = "robin"
    database.run("insert_one", {**person, "password_hash": stored, "password_salt": salt})
    reach = {"server": f"mongodb://127.0.0.1:{database.port}", "database": database.name}
    return Prepared({**reach, "tls": "none"}, EMAIL, PASSWORD, {"database_password": database.password})


def person_in_ldap(directory: Directory, answers: Answers) -> Prepared:
    """The person that the directory begins with."""
    reach = {"server": f"ldap://127.0.0.1:{directory.port}", "bind_dn": ACCOUNT, "base_dn": BASE}
    person = {"object_class": "webPerson", "verified_column": "mailVerified"}
    return Prepared({**reach, **person, "tls": "none"}, EMAIL, PASSWORD, {"ldap_password": directory.password})
