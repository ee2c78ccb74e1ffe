"""`profile-metadata-key`: metadata has one name, and it is `app_metadata`."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.connection_facts import whole_script
from dbconn_tui.lint.examples import connection_example, example
from dbconn_tui.lint.profiles import profiles
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject, ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """A note at `metadata`; a warning where it stands beside `app_metadata`."""
    for profile in subject.shared(profiles).literals:
        key = profile.keys.get("metadata")
        if key is None:
            continue
        both = "app_metadata" in profile.values
        yield Finding(
            "the profile has both `metadata` and `app_metadata`"
            if both
            else "`metadata` is an older name of `app_metadata`",
            subject.parsed.span(key),
            "Use `app_metadata`, as the current pages of login and get_user do, in both scripts.",
            severity=None if both else Severity.INFO,
        )


def check_connection(subject: ConnectionSubject) -> Iterator[Finding]:
    """One finding where login and get_user use different names."""
    login, get_user = whole_script(subject, "login"), whole_script(subject, "get_user")
    if login is None or get_user is None:
        return
    names = [script.shared(profiles).names & {"metadata", "app_metadata"} for script in (login, get_user)]
    if all(names) and names[0] != names[1]:
        profile = get_user.shared(profiles).literals[0]
        yield Finding(
            f"get_user says `{min(names[1])}` where login says `{min(names[0])}`",
            get_user.parsed.span(profile.node),
            "Use `app_metadata` in both.",
            script="get_user",
        )


RULE = Rule(
    id="profile-metadata-key",
    severity=Severity.WARNING,
    title="Metadata is called `app_metadata`, in login and get_user alike.",
    why="Older pages call it `metadata`, the current ones of both scripts `app_metadata`. What one script returns "
    "under "
    "another name than the other is there or not there depending on how the user came.",
    source="Auth0 docs, Login and Get user templates; older: Metadata page (`metadata`)",
    bad=(
        example("get_user", "return callback(null, { user_id: row.id, metadata: { plan: row.plan } });"),
        connection_example(
            {
                "login": "check(password);\nreturn callback(null, { user_id: row.id, metadata: {} });",
                "get_user": "return callback(null, { user_id: row.id, app_metadata: {} });",
            },
        ),
    ),
    good=(example("get_user", "return callback(null, { user_id: row.id, app_metadata: { plan: row.plan } });"),),
    script=check,
    connection=check_connection,
)
