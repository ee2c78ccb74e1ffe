"""Answers of the Management API: refusals with their error bodies, and JSON as the platform writes it (api.md §6.1)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

REASONS: Final[dict[int, str]] = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}


class Refusal(Exception):
    """The tenant answers with an error: `status`, and `body` as the API would send it."""

    def __init__(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status} {body.get('message', body.get('error_description', ''))}")
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


def management_body(status: int, message: str, error_code: str = "") -> dict[str, Any]:
    """The Management API's error body; `errorCode` only where there is one."""
    body: dict[str, Any] = {"statusCode": status, "error": REASONS.get(status, "Error"), "message": message}
    if error_code:
        body["errorCode"] = error_code
    return body


def refuse(status: int, message: str, error_code: str = "") -> Refusal:
    """A refusal in the Management API's shape, to be raised."""
    return Refusal(status, management_body(status, message, error_code))


def refuse_invalid_body(message: str) -> Refusal:
    """400 for a body that is well-formed but may not be (api.md §2.4)."""
    return refuse(400, message, "invalid_body")


def refuse_token(message: str) -> Refusal:
    """401, whose body names the error a second time in `attributes`."""
    return Refusal(401, {**management_body(401, message), "attributes": {"error": message}})


def refuse_scope(*scopes: str) -> Refusal:
    """403 for a token that lacks all of `scopes`."""
    return refuse(403, f"Insufficient scope, expected any of: {','.join(scopes)}", "insufficient_scope")


def refuse_oauth(status: int, error: str, description: str, headers: Mapping[str, str] | None = None) -> Refusal:
    """A refusal in the OAuth shape of /oauth/token (api.md §5.4)."""
    return Refusal(status, {"error": error, "error_description": description}, headers)


CONNECTION_MISSING: Final = "The connection does not exist"


def refuse_missing_connection() -> Refusal:
    """404 for an unknown connection id."""
    return refuse(404, CONNECTION_MISSING, "inexistent_connection")


def encode(value: object) -> bytes:
    """Compact UTF-8 JSON. Lone surrogates, which UTF-8 cannot hold, leave as escapes."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def _not_json(constant: str) -> object:
    raise ValueError(f"{constant} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits} is too large")
    return number


def decode(content: bytes) -> Any:
    """Parsed JSON. Raises Refusal (400) for anything else; NaN, endless nesting and numbers beyond a float count."""
    try:
        return json.loads(content, parse_constant=_not_json, parse_float=_finite)
    except (ValueError, RecursionError):
        raise refuse(400, "Invalid request payload JSON format") from None


def iso_time(seconds: float) -> str:
    """Epoch seconds as the API writes a time: UTC with milliseconds."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def storage_order(value: Any) -> Any:
    """The value with every object's keys by length, then bytes, as later reads show them (api.md §2.1)."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode(errors="surrogatepass")), key))
        return {key: storage_order(value[key]) for key in keys}
    if isinstance(value, list):
        return [storage_order(item) for item in value]
    return value
