"""Profile fields: which further columns of the store go into which fields of the Auth0 profile."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dbconn_tui.lint.profile_names import KNOWN, METADATA, RESERVED, SYNONYMS, TOKENS
from dbconn_tui.project.near_names import nearest

_MAPPED_ELSEWHERE: Final = frozenset({"user_id", "id", "email", "email_verified", "username"})
"""Fields that templates fill from variables of their own."""

FIELDS: Final = KNOWN - METADATA - TOKENS - RESERVED - _MAPPED_ELSEWHERE - {"mfa_factors"}
"""Top-level fields that a column can go into (Auth0 docs, Normalized user profiles)."""

_METADATA_FIELD: Final = re.compile(r"(user_metadata|app_metadata)\.([A-Za-z][A-Za-z0-9_]{0,62})")


@dataclass(frozen=True, slots=True)
class ProfileFields:
    """Pairs of profile field and column, for a template to loop over; empty ones are false.

    `root` are top-level fields, the others keys of the object of their name.
    """

    root: tuple[tuple[str, str], ...] = ()
    user_metadata: tuple[tuple[str, str], ...] = ()
    app_metadata: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column once, in the order given."""
        return tuple(dict.fromkeys(column for _, column in (*self.root, *self.user_metadata, *self.app_metadata)))

    def __bool__(self) -> bool:
        return bool(self.columns)


def group_fields(fields: Mapping[str, str]) -> ProfileFields:
    """Checked fields → columns, by where they stand in the profile."""
    groups: dict[str, list[tuple[str, str]]] = {"": [], "user_metadata": [], "app_metadata": []}
    for field, column in fields.items():
        holder, dot, key = field.rpartition(".")
        groups[holder if dot else ""].append((key, column))
    return ProfileFields(tuple(groups[""]), tuple(groups["user_metadata"]), tuple(groups["app_metadata"]))


def read_fields(text: str) -> dict[str, str]:
    """`nickname: nick_name, app_metadata.plan: plan_code` as a map. Raises ValueError with the rest of a sentence."""
    fields: dict[str, str] = {}
    for one in (part.strip() for part in text.split(",") if part.strip()):
        field, colon, column = (part.strip() for part in one.partition(":"))
        if not colon or not field or not column:
            raise ValueError("must be pairs such as 'nickname: nick_name, app_metadata.plan: plan_code'")
        if field in fields:
            raise ValueError(f"must not name the profile field {field} twice")
        fields[field] = column
    return fields


def check_field(field: str) -> None:
    """Raises ValueError with the rest of a sentence for what is no profile field a column can go into."""
    if field in FIELDS or _METADATA_FIELD.fullmatch(field):
        return
    if field in _MAPPED_ELSEWHERE:
        raise ValueError(f"must not hold {field}, which has a variable of its own")
    near = SYNONYMS.get(field.lower()) or nearest(field, FIELDS)
    asked = f"did you mean {near}? Else" if near in FIELDS else "take"
    raise ValueError(
        f"must name profile fields of Auth0, and {field[:60]!a} is none; {asked} user_metadata.NAME or "
        "app_metadata.NAME for a field of your own"
    )
