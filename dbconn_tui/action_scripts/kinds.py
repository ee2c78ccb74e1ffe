"""The kinds of action script: their names, parameters, when the platform calls them, what the callback must get.

An open set: the Management API's `customScripts` takes any key, so a kind found live that is not in
KINDS is kept and passed on. Sources: reference rules.md §0 (contracts), api.md §3, runtime.md §4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of action script.

    `name` is its key in `customScripts` and its file name without `.js`. `parameters` are those
    before `context` and `callback`; empty for kinds whose signature the platform does not document.
    """

    name: str
    function: str
    """The recommended function name."""
    parameters: tuple[str, ...]
    called: str
    """When the platform runs it, one sentence."""
    result: str
    """What the callback must get, one sentence."""
    documented: bool = True
    in_import_mode: bool = False
    """Whether it is used with import_mode on."""
    dropped_by_dashboard: bool = False
    """Whether saving scripts in the dashboard removes it."""

    @property
    def file(self) -> str:
        """The file name inside a scripts folder."""
        return f"{self.name}.js"

    def signature(self, *, context: bool = False) -> tuple[str, ...]:
        """All parameters in order, `context` just before `callback` when the connection enables it."""
        return (*self.parameters, *(("context",) if context else ()), "callback")


KINDS: Final[tuple[Kind, ...]] = (
    Kind(
        "login",
        "login",
        ("identifier", "password"),
        "at every login, and as the last step of a sign-up",
        "(null, profile) with a stable user_id, or a WrongUsernameOrPasswordError",
        in_import_mode=True,
    ),
    Kind(
        "get_user",
        "getUser",
        ("identifier",),
        "before a sign-up, an e-mail change and a password reset",
        "(null, profile) with the same shape as login's, or (null) when there is no such user",
        in_import_mode=True,
    ),
    Kind(
        "create",
        "create",
        ("user",),
        "at a sign-up, or when a user is made in the dashboard or through the API",
        "(null), or a ValidationError('user_exists', …)",
    ),
    Kind(
        "verify",
        "verify",
        ("email",),
        "when the link of a verification e-mail is followed",
        "(null, true), or (null, false)",
    ),
    Kind(
        "change_password",
        "changePassword",
        ("identifier", "newPassword"),
        "when a password reset or change is confirmed, after get_user",
        "(null, true), or (null, false) when no such user",
    ),
    Kind(
        "delete",
        "deleteUser",
        ("id",),
        "when a user is deleted in the dashboard or through the API; context is always empty",
        "(null)",
    ),
    Kind(
        "change_email",
        "changeEmail",
        ("email", "newEmail", "verified"),
        "when a user's e-mail address or its verified state changes, after get_user",
        "(null, true), or (null, false)",
        dropped_by_dashboard=True,
    ),
    Kind(
        "change_username",
        "changeUsername",
        (),
        "when a user's name changes (the platform does not document it)",
        "not documented",
        documented=False,
        dropped_by_dashboard=True,
    ),
    Kind(
        "change_phone_number",
        "changePhoneNumber",
        (),
        "when a user's phone number changes (the platform does not document it)",
        "not documented",
        documented=False,
        dropped_by_dashboard=True,
    ),
)

BY_NAME: Final[dict[str, Kind]] = {kind.name: kind for kind in KINDS}

NEEDS_GET_USER: Final[tuple[str, ...]] = ("create", "change_password", "change_email")
"""Kinds that the platform runs only after get_user (rules.md §0)."""

LARGEST_SCRIPT: Final = 100_000
"""Bytes of UTF-8; more is refused (rules.md §0.1)."""

LARGE_SCRIPT: Final = 50_000
"""Bytes of UTF-8; more is a warning (design §6)."""

PLACEHOLDER_TEXT: Final = "Please implement the"
"""Marks the dashboard's default scripts (api.md §3.2)."""


def order_of(kind: str) -> tuple[int, str]:
    """A sort key: the known kinds in KINDS' order, then unknown ones by name."""
    for index, known in enumerate(KINDS):
        if known.name == kind:
            return index, kind
    return len(KINDS), kind


def is_placeholder(text: str) -> bool:
    """Whether a script is the dashboard's unimplemented default; such a live script counts as absent."""
    return PLACEHOLDER_TEXT in text and "new Error(" in text
