"""The words of getting in: what a tenant's credentials allow, and what to do where there is no project. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dbconn_tui.tui.widgets.line_view import Line

if TYPE_CHECKING:
    from dbconn_tui.tasks.login import Access

GRANT = (
    "Grant scopes in the dashboard under Applications → APIs → Auth0 Management API → Machine to Machine "
    "Applications, then check again."
)


def access_lines(access: Access) -> Iterator[Line]:
    """What the credentials are enough for, and each scope that lacks with what it is for."""
    for work, missing in (("plan", access.missing_for_plan), ("deploy", access.missing_for_deploy)):
        if not missing:
            yield Line(f"Its scopes are enough to {work}.", "good", "✓ ")
            continue
        yield Line(f"To {work}, the application lacks:", "bad", "✗ ")
        for scope, sentence in missing.items():
            yield Line(f"{scope}  {sentence}", "", "    ")
    if access.missing_for_deploy or access.missing_for_plan:
        yield Line()
        yield Line(GRANT, "", "→ ")


def paste_lines(file: str, paste: str) -> Iterator[Line]:
    """The lines that a person must put into dbconn.yaml."""
    yield Line(f"{file} is not edited safely by itself; change it by hand:", "caution", "! ")
    yield from (Line(text, "", "    ") for text in paste.splitlines())


def welcome_lines(folder: str) -> Iterator[Line]:
    """What to do in a folder that has no project."""
    yield Line("Welcome to dbconn", "title")
    yield Line("It keeps Auth0 custom database connections as files, and there is no dbconn.yaml here or above.")
    yield Line()
    yield Line(f"make a project in {folder}", "", "n  ")
    yield Line("take over an export of auth0-deploy-cli", "", "i  ")
    yield Line("see the demo: a ready project on a local tenant, offline", "", "w  ")
    yield Line()
    yield Line("With --config FILE dbconn opens a project elsewhere. r looks again.", "muted")
