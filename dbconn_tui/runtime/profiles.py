"""Profiles: what is wrong with a user that login or get_user gave (rules.md, the profile rules at run time)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dbconn_tui.problems import Severity

Json = Any

LARGEST: Final = 10_240
"""Bytes of JSON that the platform keeps of a profile (runtime.md §4)."""
LARGE: Final = 8_192
LONGEST_EMAIL: Final = 254

_SENSITIVE_NAME: Final = re.compile(
    r"pass(?:word|wd|phrase)?$|pass(?:word|wd)?_?(?:hash|digest|salt)|(?:^|_)(?:hash|salt|secret|ssn|cvv|private_?key|api_?key)$",
    re.IGNORECASE,
)
_HASH: Final = re.compile(
    r"\$2[abxy]?\$\d\d\$|\$argon2|\$scrypt\$|\$pbkdf2|pbkdf2[_:$]|\{S?SHA\d*\}|\$[156]\$", re.IGNORECASE
)
_EMPTY_WORDS: Final = frozenset({"undefined", "null", "NaN", "[object Object]"})
_OWNED: Final = frozenset({"identities", "created_at", "updated_at", "last_login", "last_ip", "logins_count"})


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with a result: the lint rule that covers it, how bad, and the words."""

    rule: str
    severity: Severity
    message: str
    hint: str = ""


def profile_flaws(profile: Mapping[str, Json], passwords: tuple[str, ...], types: Mapping[str, str]) -> Iterator[Flaw]:
    """Everything wrong with one profile. `passwords` are those the script was called with.

    `types` says what a part was in JavaScript where JSON changed it, by path.
    """
    yield from _user_id(profile, types)
    yield from _email(profile)
    yield from _sensitive(profile, passwords)
    for name in ("user_metadata", "app_metadata"):
        if name in profile and not isinstance(profile[name], dict):
            yield Flaw("profile-metadata-type", Severity.WARNING, f"{name} of the profile is not an object")
    owned = sorted(_OWNED & profile.keys())
    if owned:
        yield Flaw(
            "profile-reserved-attrs", Severity.INFO, f"the profile has {', '.join(owned)}, which Auth0 sets itself"
        )
    size = len(json.dumps(profile, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
    if size > LARGE:
        severity = Severity.ERROR if size > LARGEST else Severity.WARNING
        message = f"the profile is {size:,} bytes of JSON; Auth0 keeps at most {LARGEST:,}"
        yield Flaw("profile-too-large", severity, message, "Return the fields that are needed, not whole records.")


def user_id_of(profile: Mapping[str, Json]) -> Json:
    """The profile's user_id, or the id that stands in for it."""
    return profile.get("user_id", profile.get("id"))


def _user_id(profile: Mapping[str, Json], types: Mapping[str, str]) -> Iterator[Flaw]:
    name = "user_id" if "user_id" in profile else "id"
    value = user_id_of(profile)
    if value is None:
        hint = "Return the store's permanent key, as text, for example `user_id: String(row.id)`."
        yield Flaw("profile-user-id-missing", Severity.ERROR, "the profile has no user_id", hint)
    elif not isinstance(value, str) or name in types:
        kind = types.get(name) or ("number" if isinstance(value, (int, float)) else type(value).__name__)
        hint = f"Return it as text: `String(…{name})`."
        yield Flaw("profile-user-id-type", Severity.ERROR, f"{name} of the profile is no text but a {kind}", hint)
    elif not value.strip() or value in _EMPTY_WORDS:
        yield Flaw("profile-user-id-type", Severity.ERROR, f"{name} of the profile is {value!r}")
    elif any(character.isspace() for character in value):
        yield Flaw("profile-user-id-type", Severity.ERROR, f"{name} of the profile has white space in it")
    elif value.startswith("auth0|"):
        message = f"{name} of the profile starts with `auth0|`, which Auth0 adds itself"
        yield Flaw("profile-user-id-auth0-prefix", Severity.WARNING, message)


def _email(profile: Mapping[str, Json]) -> Iterator[Flaw]:
    email = profile.get("email")
    if email is None or email == "":
        yield Flaw("profile-email-missing", Severity.WARNING, "the profile has no email; Auth0's features rely on one")
    elif not isinstance(email, str) or "@" not in email or len(email) > LONGEST_EMAIL:
        yield Flaw("profile-email-missing", Severity.WARNING, "email of the profile is not an e-mail address")


def _sensitive(profile: Json, passwords: tuple[str, ...], path: str = "") -> Iterator[Flaw]:
    for key, value in profile.items():
        where = f"{path}{key}"
        if isinstance(value, dict):
            yield from _sensitive(value, passwords, f"{where}.")
        elif isinstance(value, str) and value in passwords:
            yield Flaw("profile-sensitive", Severity.ERROR, f"{where} of the profile holds the password")
        elif isinstance(value, str) and _HASH.match(value):
            yield Flaw("profile-sensitive", Severity.ERROR, f"{where} of the profile holds a password hash")
        elif _SENSITIVE_NAME.search(key) and value not in (None, ""):
            message = f"the profile has {where}; Auth0 stores it and shows it to every administrator"
            yield Flaw("profile-sensitive", Severity.ERROR, message, "Pick the fields to return one by one.")
