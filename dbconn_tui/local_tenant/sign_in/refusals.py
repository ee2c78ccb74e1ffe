"""How each API words what went wrong with a user.

What the platform does not document is answered as well as can be, and marked with the header UNDOCUMENTED.
Sources: runtime.md §5; reports of what the platform answered where a comment says so.
"""

from __future__ import annotations

from typing import Final

from dbconn_tui.errors import NodeError
from dbconn_tui.local_tenant.answers import Refusal, management_body, refuse_oauth
from dbconn_tui.local_tenant.sign_in.deployed import (
    BlockedUserError,
    FlowError,
    ScriptFailedError,
    ScriptMissingError,
    UserExistsError,
    UserMissingError,
    WeakPasswordError,
    WrongCredentialsError,
)
from dbconn_tui.local_tenant.sign_in.flow import WRONG_CREDENTIALS
from dbconn_tui.local_tenant.sign_in.script_host import Said

UNDOCUMENTED: Final = {"x-local-tenant": "the platform does not document this answer"}
"""The header of answers whose status or words are our own."""

IDP_ERROR: Final = "auth0_idp_error"
_PASSES_ON: Final = "UnauthorizedError"
"""The error class by which login speaks to the application (rules.md §0)."""


def refused_login(error: FlowError | NodeError) -> Refusal:
    """The answer of /oauth/token to a login that came to nothing."""
    match error:
        case WrongCredentialsError():
            return refuse_oauth(403, "invalid_grant", WRONG_CREDENTIALS)
        case BlockedUserError():
            return refuse_oauth(403, "unauthorized", "user is blocked", UNDOCUMENTED)
        case ScriptFailedError(answer=answer) if answer.error_class == _PASSES_ON:
            return refuse_oauth(403, "access_denied", answer.message, UNDOCUMENTED)
        case NodeError():
            return refuse_oauth(503, "temporarily_unavailable", _told(error), UNDOCUMENTED)
        case _:
            return refuse_oauth(500, "server_error", str(error), UNDOCUMENTED)


def refused_sign_up(error: FlowError | NodeError, *, from_sandbox: bool) -> Refusal:
    """The answer of /dbconnections/signup; `from_sandbox` is in it until 2025-12 (runtime.md §5)."""
    match error:
        case UserExistsError():
            # Reported for a tenant's own database in 2023 and 2026: it does not say that the user is there.
            words = {"name": "BadRequestError", "code": "invalid_signup", "description": "Invalid sign up"}
            return Refusal(400, {**words, "statusCode": 400})
        case WeakPasswordError(body=body):
            return Refusal(400, body)
        case ScriptFailedError(answer=answer) if answer.said is Said.REFUSED:
            said = {key: answer.error.get(key) for key in ("message", "code", "description")}
            return Refusal(400, {**said, "fromSandbox": True} if from_sandbox else said)
        case NodeError():
            return refused_form(503, _told(error), documented=False)
        case ScriptFailedError():
            return Refusal(400, {"message": str(error), "description": str(error)}, UNDOCUMENTED)
        case _:
            return refused_form(400, _words(error), documented=False)


def refused_form(status: int, error: str, *, documented: bool = True) -> Refusal:
    """A refusal of /dbconnections, whose body is one `error`."""
    return Refusal(status, {"error": error}, None if documented else UNDOCUMENTED)


def refused_change(error: FlowError | NodeError) -> Refusal:
    """The answer of the Management API to a change of a user that came to nothing."""
    match error:
        case UserExistsError():
            return Refusal(409, management_body(409, "The user already exists.", IDP_ERROR))
        case UserMissingError():
            return Refusal(404, management_body(404, "The user does not exist.", "inexistent_user"))
        case WeakPasswordError():
            return Refusal(400, management_body(400, f"PasswordStrengthError: {error}"))
        case ScriptMissingError():
            return Refusal(400, management_body(400, str(error), IDP_ERROR), UNDOCUMENTED)
        case NodeError():
            return Refusal(503, management_body(503, _told(error)), UNDOCUMENTED)
        case ScriptFailedError(answer=answer) if answer.said is Said.REFUSED:
            return Refusal(400, management_body(400, str(error), IDP_ERROR), UNDOCUMENTED)
        case _:
            # The prefix was reported for a create script whose store was down.
            return Refusal(400, management_body(400, f"Sandbox Error: {_words(error)}", IDP_ERROR), UNDOCUMENTED)


def _words(error: Exception) -> str:
    if isinstance(error, UserMissingError):
        return "The user does not exist."
    return str(error)


def _told(error: NodeError) -> str:
    return f"{error.message}. {error.hint}".strip()
