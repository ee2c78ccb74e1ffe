"""Jobs for tests: a script with the arguments of its kind, and the place that a `‸` in it marks."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

from dbconn_tui.runtime.hosts import AllowedHost
from dbconn_tui.runtime.job import Job
from dbconn_tui.sensitive import Sensitive

EMAIL = "robin@example.com"
PASSWORD = "correct horse"
API_KEY = "k-93f1c7-secret"

ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "login": (EMAIL, PASSWORD),
    "get_user": (EMAIL,),
    "create": ({"email": EMAIL, "password": PASSWORD, "tenant": "local", "client_id": "c", "connection": "users"},),
    "verify": (EMAIL,),
    "change_password": (EMAIL, PASSWORD),
    "delete": ("usr_1",),
    "change_email": (EMAIL, "new@example.com", True),
}


def marked(script: str) -> tuple[str, int, int]:
    """A script without its mark, and the mark's line and column; (0, 0) without one."""
    text = dedent(script).strip() + "\n"
    before, mark, after = text.partition("‸")
    if not mark:
        return text, 0, 0
    return before + after, before.count("\n") + 1, len(before) - before.rfind("\n")


def make_job(kind: str, text: str, **changes: Any) -> Job:
    """A job with sample arguments; a public and a secret configuration value."""
    settings: dict[str, Any] = {
        "arguments": ARGUMENTS[kind],
        "configuration": {"URL": Sensitive("http://127.0.0.1:9"), "API_KEY": Sensitive(API_KEY)},
        "public": frozenset({"URL"}),
        "passwords": (Sensitive(PASSWORD),),
        "identifier": EMAIL,
        "hosts": (AllowedHost("127.0.0.1"),),
        "limit": 5.0,
        "grace": 0.1,
        **changes,
    }
    return Job(kind, f"{kind}.js", text, **settings)
