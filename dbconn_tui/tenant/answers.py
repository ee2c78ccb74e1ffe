"""Answers of a tenant: reading their content, and turning refusals into exceptions with a hint that helps.

Nothing of a request and no token ever enters a message: texts of the tenant are cleaned of both,
of control characters, and cut. Sources: api.md §5.4 (token), §6.1 (Management API).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

from dbconn_tui.errors import (
    AnswerLostError,
    ApiError,
    AuthenticationError,
    DbconnError,
    NameTakenError,
    NotFoundError,
    RateLimitedError,
    UnreachableError,
)
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tenant.scopes import missing_scope_error

LONGEST_TEXT: Final = 300
"""Characters of a tenant's own text that a message may quote."""

LOST_HINT: Final = "It may have been carried out. Run plan to see what the tenant holds now."

_SCOPE: Final = re.compile(r"[a-z_]+:[a-z_]+")
_HTML: Final = re.compile(rb"\s*<(!doctype|html|head|body)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Call:
    """One request as the API's documentation names it.

    `template` is the path with placeholders (`/api/v2/connections/{id}`), `doing` completes "failed …"
    and "refused …", e.g. "reading the connections". `repeatable`: sending it twice does no harm.
    """

    method: str
    path: str
    template: str
    doing: str
    query: tuple[tuple[str, str], ...] = ()
    repeatable: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; header names are lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def content_of(call: Call, answer: Answer, domain: str) -> Any:
    """The JSON of an answer with status 2xx; any other status, or no JSON, raises.

    UnreachableError when the answer is not the API's, AnswerLostError when that leaves a write in doubt.
    """
    if 200 <= answer.status < 300:
        try:
            return parse_json(answer.body)
        except ValueError:
            pass
    refuse_answer(call, answer, domain)


def refuse_answer(call: Call, answer: Answer, domain: str, what: str = "") -> NoReturn:
    """Raises for an answer that is not the API's; `what` says what is wrong with it."""
    what = what or _description(answer)
    if not call.repeatable and (answer.status < 300 or answer.status >= 500):
        raise AnswerLostError(f"{domain} gave no usable answer to {call.doing}: {what}.", LOST_HINT)
    raise UnreachableError(
        f"{domain} gave an answer that isn't the API's to {call.doing}: {what}.",
        "Check the domain, and whether a proxy or a sign-in page of the network stands in between.",
    )


def refusal(call: Call, answer: Answer, domain: str, hidden: Iterable[Sensitive] = ()) -> DbconnError:
    """The exception for a Management API answer with status 400 or more; `hidden` texts never show in it."""
    error = _error_body(answer)
    if error is None or "message" not in error:
        return _not_the_api(call, answer, domain)
    text, code = shown(error["message"], hidden), shown(error.get("errorCode", ""), hidden)
    status = answer.status
    if status == 401:
        return AuthenticationError(
            f"{domain} does not accept the token: {text}.",
            "`dbconn login` fetches a new one; replace AUTH0_ACCESS_TOKEN where that is used. An expired token on a "
            "machine with the wrong time looks the same.",
        )
    if status == 403 and is_missing_scope(answer):
        return missing_scope_error(domain, _SCOPE.findall(text), call.doing)
    if status == 404:
        return NotFoundError(
            f"{domain} refused {call.doing}: {text}.",
            "It may have been deleted since it was last read: run plan again.",
            status=status,
            error_code=code,
        )
    if status == 409:
        hint = (
            "Deleting goes on in the background; try again in a minute or two."
            if "being deleted" in text
            else "A connection of another strategy may hold it too. Choose another `name:` or remove the other one."
        )
        return NameTakenError(f"{domain} refused {call.doing}: {text}.", hint, status=status, error_code=code)
    if status == 429:
        return RateLimitedError(
            f"{domain} kept refusing {call.doing}: {text}.", "Set `rate:` of the tenant lower, or wait a while."
        )
    if status >= 500:
        return UnreachableError(f"{domain} failed {call.doing} ({status}): {text}.", "Try again in a while.")
    return ApiError(
        f"{domain} refused {call.doing} ({status}): {text}.",
        _refusal_hint(status, code, text),
        status=status,
        error_code=code,
    )


def is_missing_scope(answer: Answer) -> bool:
    """Whether a 403 says that the token lacks a scope.

    The error code alone does not tell: it is also used for "Please upgrade your subscription" (api.md §6.1).
    """
    error = _error_body(answer) if answer.status == 403 else None
    return error is not None and str(error.get("message", "")).startswith("Insufficient scope")


def token_refusal(
    call: Call, answer: Answer, domain: str, audience: str, hidden: Iterable[Sensitive] = ()
) -> DbconnError:
    """The exception for a refused POST /oauth/token: the OAuth shapes of api.md §5.4."""
    error = _error_body(answer)
    if error is None or not ("error" in error or "message" in error):
        return _not_the_api(call, answer, domain)
    code = shown(error.get("error", ""), hidden)
    text = shown(error.get("error_description") or error.get("message") or code, hidden)
    if answer.status == 429 or code == "too_many_requests":
        return RateLimitedError(f"{domain} kept refusing {call.doing}: {text}.", "Wait a while, then try again.")
    if answer.status >= 500:
        return UnreachableError(f"{domain} failed {call.doing} ({answer.status}): {text}.", "Try again in a while.")
    if "not authorized to access" in text:
        hint = (
            "Authorize the application for the Auth0 Management API: dashboard, Applications → APIs → Auth0 "
            "Management API → Machine to Machine Applications, and grant the scopes there."
        )
    elif "Service not enabled" in text:
        hint = (
            f"There is no API {audience!r} on this tenant. With a custom domain, set `audience:` (AUTH0_AUDIENCE) to "
            "the API of the tenant's own domain."
        )
    elif code == "unauthorized_client" or "Grant type" in text:
        hint = (
            "Allow the grant Client Credentials on the application (Advanced Settings → Grant Types), or use a "
            "Machine to Machine application."
        )
    elif answer.status == 401 or code in ("access_denied", "invalid_client"):
        hint = (
            "Check client id and secret (or signing key) against the application's page in the dashboard; "
            "`dbconn login` stores them anew."
        )
    else:
        hint = "Check the application's settings in the dashboard."
    return AuthenticationError(f"{domain} gave no token ({answer.status} {code or 'error'}): {text}.", hint)


def parse_json(body: bytes) -> Any:
    """A JSON text of finite numbers. Raises ValueError for anything else, nesting that is too deep included."""
    try:
        return json.loads(body, parse_constant=_finite, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def shown(text: object, hidden: Iterable[Sensitive] = ()) -> str:
    """A tenant's text as it may be shown: one line, no hidden text, no control characters, cut, no final full stop.

    Hidden texts of fewer than four characters are taken out where they stand alone: they are parts of many words.
    """
    line = str(text)
    for secret in sorted({one.reveal() for one in hidden if one}, key=len, reverse=True):
        for form in (secret, json.dumps(secret)[1:-1]):
            if len(form) >= 4:
                line = line.replace(form, "***")
            else:
                line = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", "***", line)
    line = "".join(character if character.isprintable() else " " for character in line)
    line = " ".join(line.split()).removesuffix(".")
    return line if len(line) <= LONGEST_TEXT else line[: LONGEST_TEXT - 1] + "…"


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise ValueError("not a finite number")
    return value


def _error_body(answer: Answer) -> dict[str, Any] | None:
    try:
        content = parse_json(answer.body)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def _not_the_api(call: Call, answer: Answer, domain: str) -> DbconnError:
    try:
        refuse_answer(call, answer, domain)
    except UnreachableError as error:
        return error


def _description(answer: Answer) -> str:
    """What an unusable answer looks like, without quoting it."""
    if 300 <= answer.status < 400:
        return f"a redirect ({answer.status})"
    if _HTML.match(answer.body):
        return f"a web page ({answer.status})"
    if not answer.body:
        return f"nothing but the status {answer.status}"
    kind = (
        "JSON that is cut off or garbled" if answer.body.lstrip()[:1] in (b"{", b"[") else "something other than JSON"
    )
    return f"{kind} ({answer.status})"


def _refusal_hint(status: int, code: str, text: str) -> str:
    if text.startswith(("Payload validation error", "Path validation error")):
        return "The API's schema refuses the named property: correct it in dbconn.yaml."
    if "enabledDatabaseCustomization" in text:
        return (
            "A database that already holds users cannot become a custom one: use a new connection, or delete the users."
        )
    if "enable_script_context" in text:
        return "Once on, the script context stays on: set `enable_script_context: true` under options."
    if "limit of entities" in text:
        return "The tenant's plan allows no more connections: delete one, or ask for a higher limit."
    if status == 403 and code in ("feature_not_enabled", "insufficient_entitlement", "operation_not_supported"):
        return "The tenant's plan or settings do not allow this option: take it out of dbconn.yaml, or enable it there."
    if status == 400:
        return "Correct the named options in dbconn.yaml; the tenant keeps what it had."
    return ""
