"""`profile-sync-setting`: names and pictures are updated when that is on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.connection_facts import option, whole_script
from dbconn_tui.lint.examples import connection_example
from dbconn_tui.lint.profiles import profiles
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.lint.wording import listed
from dbconn_tui.problems import Severity

_SYNCED: Final = frozenset({"name", "nickname", "given_name", "family_name", "picture"})


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """Under `strict`: a note where login returns such attributes and the option is set to another value."""
    setting = option(subject, "set_user_root_attributes")
    if setting is None or setting == "on_each_login" or subject.connection.import_mode:
        return
    login = whole_script(subject, "login")
    names = login.shared(profiles).names & _SYNCED if login is not None else frozenset()
    if names:
        yield Finding(
            f"login returns {listed(sorted(names))}, but the platform takes them at the first login only",
            hint="Set `set_user_root_attributes: on_each_login` to have them updated.",
            item="option:set_user_root_attributes",
        )


RULE = Rule(
    id="profile-sync-setting",
    severity=Severity.INFO,
    title="Names and pictures are updated at each login where login returns them.",
    why="With another setting the platform keeps what the first login said, whatever the store says later.",
    source="Auth0 docs, Login template (sync user profile attributes)",
    bad=(
        connection_example(
            {"login": "check(password);\nreturn callback(null, { user_id: row.id, picture: row.image });"},
            options={"set_user_root_attributes": "on_first_login"},
        ),
    ),
    good=(
        connection_example(
            {"login": "check(password);\nreturn callback(null, { user_id: row.id, picture: row.image });"},
            options={"set_user_root_attributes": "on_each_login"},
        ),
    ),
    connection=check,
    ignorable=False,
)
