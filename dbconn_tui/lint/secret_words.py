"""Tables and tests: names that hold secrets, texts that are secrets, and texts that only stand in for a value."""

from __future__ import annotations

import re
from typing import Final

_SECRET_NAME: Final = re.compile(
    r"(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_ ]?key|access[-_]?key|private[-_]?key|secret[-_]?key|"
    r"x-api-key|authorization|credentials?)\Z",
    re.IGNORECASE,
)
_OTHER_NAME: Final = re.compile(
    r"wrong|invalid|missing|error|message|label|field|column|type|ur[il]|endpoint|path|header|param|expired|reset|forgot",
    re.IGNORECASE,
)
_KNOWN_SHAPE: Final = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[0-9A-Za-z]{20,}|"
    r"\b[rs]k_(?:live|test)_[0-9A-Za-z]{8,}|\bxox[abprs]-[0-9A-Za-z-]{10,}|"
    r"\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}|\bAIza[0-9A-Za-z_-]{30,}",
)
_URL_CREDENTIALS: Final = re.compile(
    r"\b[a-z][a-z0-9+.-]{0,20}://(?P<user>[^\s:/@]{0,100}):(?P<password>[^\s@/]{1,200})@", re.IGNORECASE
)
_HEADER: Final = re.compile(r"(?:basic|bearer)\s+(?P<value>[^\s]{6,})\Z", re.IGNORECASE)
KEYWORD: Final = re.compile(r"@@[A-Za-z]\w*@@|##[A-Za-z]\w*##")
"""A deploy-cli keyword; that tool replaces it, dbconn does not."""

_STAND_INS: Final = frozenset(
    {
        *(
            "localhost",
            "127.0.0.1",
            "me",
            "secret",
            "mydb",
            "my-database",
            "mydatabase",
            "user",
            "username",
            "the username",
        ),
        *(
            "password",
            "pass",
            "the password",
            "the server",
            "the db name",
            "the instance name",
            "changeme",
            "change-me",
        ),
        *(
            "user:pass@localhost/mydb",
            "mymongoserver.com/my-database",
            "the-id",
            "your_password",
            "xxx",
            "xxxx",
            "todo",
        ),
        *("postgres://user:pass@localhost/mydb", "mongodb://user:pass@mymongoserver.com/my-database"),
    },
)
"""Values that the platform's published templates carry, and their kin (templates.md)."""
_STAND_IN_SHAPE: Final = re.compile(
    r"\byour[-_][a-z]|\{your|\byour(?:domain|tenant|company|host)\b|\A<[a-z][a-z0-9 _-]*>\Z|"
    r"<(?:your|my|the)[ _-][^>]{0,60}>|\A\{[a-z][a-z0-9 _.-]*\}\Z|mymongoserver\.com|user:pass@|\A\*{3,}\Z|\Ax{3,}\Z",
    re.IGNORECASE,
)


def names_secret(name: str) -> bool:
    """Whether what bears this name is probably a secret."""
    return _SECRET_NAME.search(name) is not None and _OTHER_NAME.search(name) is None


def has_secret_shape(text: str) -> bool:
    """Whether a text is a secret by its own looks: a private key, a known token, an address with a password."""
    if _KNOWN_SHAPE.search(text):
        return True
    found = _URL_CREDENTIALS.search(text)
    if found is None or is_stand_in(found["password"]) or KEYWORD.search(text) or is_stand_in(text):
        return False
    return not found["password"].startswith(("$", "{", "<", "%", "\x00")) and "\x00" not in found["password"]


def is_secret_value(text: str) -> bool:
    """Whether a text under a secret's name can be the secret itself, not a stand-in, a word for people or a keyword."""
    header = _HEADER.match(text.strip())
    value = header["value"] if header else text
    return (
        len(value) >= 4
        and not any(character.isspace() for character in value)
        and not is_stand_in(value)
        and KEYWORD.search(value) is None
        and not value.startswith(("http://", "https://", "$", "{{"))
    )


def looks_random(text: str) -> bool:
    """Whether a text mixes kinds of characters as passwords and keys do."""
    kinds = (str.islower, str.isupper, str.isdigit, lambda character: not character.isalnum())
    return sum(any(kind(character) for character in text) for kind in kinds) >= 2 and len(text) >= 6


def is_stand_in(text: str) -> bool:
    """Whether a text stands where a real value should: `YOUR_…`, `<…>`, what templates carry."""
    return text.strip().lower() in _STAND_INS or _STAND_IN_SHAPE.search(text) is not None
