"""`passkey-scripts`: with passkeys the scripts know more than addresses."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.callback_calls import callback_calls
from dbconn_tui.lint.connection_facts import option, whole_script
from dbconn_tui.lint.examples import connection_example
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.problems import Severity


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """Findings where passkeys are on without import_mode and context, get_user or create do not fit that."""
    if option(subject, "authentication_methods", "passkey", "enabled") is not True or subject.connection.import_mode:
        return
    if subject.context is not True:
        yield Finding(
            "passkeys need the context, and `enable_script_context` is not on",
            hint="Say `enable_script_context: true` under `options`; it cannot be taken back.",
            item="option:authentication_methods.passkey.enabled",
        )
    get_user = whole_script(subject, "get_user")
    if get_user is not None and "identifierType" not in get_user.text and get_user.parsed.function is not None:
        yield Finding(
            "with passkeys get_user also gets a user_id, and it never reads `context.identifierType`",
            get_user.parsed.function.head,
            "Look for the id when `context.identifierType === 'user_id'`.",
            script="get_user",
        )
    create = whole_script(subject, "create")
    calls = create.shared(callback_calls) if create is not None else ()
    if (
        create is not None
        and calls
        and all(call.result is None for call in calls)
        and create.parsed.function is not None
    ):
        yield Finding(
            "with passkeys create must hand over the new user's profile",
            create.parsed.function.head,
            "Write `callback(null, { user_id: … })`.",
            script="create",
        )


RULE = Rule(
    id="passkey-scripts",
    severity=Severity.WARNING,
    title="With passkeys, the scripts take the context and know users by their id.",
    why="A passkey names the user by id, not by address. get_user is asked for that id, and create must say it.",
    source="Auth0 docs, Configure passkey policy (early access)",
    bad=(
        connection_example(
            {"login": "check(password, callback);", "get_user": "find(identifier, callback);"},
            options={"authentication_methods": {"passkey": {"enabled": True}}},
        ),
    ),
    good=(connection_example({"login": "check(password, callback);", "get_user": "find(identifier, callback);"}),),
    connection=check,
)
