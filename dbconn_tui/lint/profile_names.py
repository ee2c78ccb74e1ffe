"""Tables: the names of profile attributes (Auth0 docs, Normalized user profiles and User profile structure)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

KNOWN: Final = frozenset(
    {
        *("user_id", "id", "email", "email_verified", "username", "name", "given_name", "family_name", "nickname"),
        *("picture", "phone_number", "phone_verified", "user_metadata", "app_metadata", "metadata", "mfa_factors"),
        *("access_token", "refresh_token", "id_token", "locale", "gender", "birthdate", "zoneinfo", "address"),
        *("profile", "website", "middle_name", "preferred_username", "last_password_reset"),
    },
)
"""Names that mean something to the platform."""

SYNONYMS: Final[Mapping[str, str]] = {
    "firstname": "given_name",
    "first_name": "given_name",
    "forename": "given_name",
    "givenname": "given_name",
    "lastname": "family_name",
    "last_name": "family_name",
    "surname": "family_name",
    "familyname": "family_name",
    "fullname": "name",
    "full_name": "name",
    "displayname": "name",
    "display_name": "name",
    "avatar": "picture",
    "avatar_url": "picture",
    "photo": "picture",
    "image": "picture",
    "mail": "email",
    "emailaddress": "email",
    "email_address": "email",
    "emailverified": "email_verified",
    "verified": "email_verified",
    "phone": "phone_number",
    "phonenumber": "phone_number",
    "mobile": "phone_number",
    "login": "username",
    "user_name": "username",
    "userid": "user_id",
    "usermetadata": "user_metadata",
    "appmetadata": "app_metadata",
}
"""Names in lower case that are often written for one of the platform's."""

RESERVED: Final = frozenset(
    {
        *("identities", "created_at", "updated_at", "last_login", "last_ip", "logins_count", "blocked", "blocked_for"),
        *(
            "multifactor",
            "multifactor_last_modified",
            "guardian_authenticators",
            "last_password_reset",
            "global_client_id",
        ),
        *("impersonated", "persistent", "tenant", "client_id", "connection", "provider", "isSocial"),
    },
)
"""Names that the platform keeps itself."""

TOKENS: Final = frozenset({"access_token", "refresh_token", "id_token"})
METADATA: Final = frozenset({"user_metadata", "app_metadata", "metadata"})
