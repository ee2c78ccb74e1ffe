"""`profile-username`: where users have names, the scripts handle them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dbconn_tui.lint.connection_facts import active_identifiers, option, whole_script
from dbconn_tui.lint.databases import databases
from dbconn_tui.lint.examples import connection_example
from dbconn_tui.lint.http_clients import http_calls
from dbconn_tui.lint.inputs import Inputs
from dbconn_tui.lint.profiles import profiles
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject, ScriptSubject
from dbconn_tui.problems import Certainty, Severity


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """Findings where user names are on and a profile or create lacks them; a note where create reads one in vain."""
    has_names = "username" in active_identifiers(subject)
    create = whole_script(subject, "create")
    if not has_names:
        if create is not None and option(subject, "attributes") is None and _reads_name(create):
            yield Finding(
                "create reads user.username, but the connection's users have no names",
                create.parsed.function.head if create.parsed.function is not None else None,
                "Say `requires_username: true` under `options`, or take it out.",
                severity=Severity.INFO,
                script="create",
            )
        return
    for kind in ("login", "get_user"):
        script = whole_script(subject, kind)
        for profile in script.shared(profiles).literals if script is not None else ():
            if script is not None and not profile.open and "username" not in profile.values:
                yield Finding(
                    f"users have names, but the profile of {kind} has no username",
                    script.parsed.span(profile.node),
                    "Return `username`.",
                    script=kind,
                )
    if create is not None and _ignores_name(create) and create.shared(http_calls) + create.shared(databases).statements:
        yield Finding(
            "users have names, but create never reads user.username",
            create.parsed.function.head if create.parsed.function is not None else None,
            "Store the name, or logins with it find nobody.",
            certainty=Certainty.POSSIBLE,
            script="create",
        )


def _ignores_name(create: ScriptSubject) -> bool:
    return re.search(r"\b(?:username|USERNAME)\b", create.text) is None


def _reads_name(create: ScriptSubject) -> bool:
    """Whether it reads the name of the new user, and not only something else that is called so."""
    user = create.shared(Inputs).parameters.get("user")
    if user is None:  # taken apart in the signature
        return not _ignores_name(create)
    name = re.escape(user.node.text)
    read = rf"\b{name}\s*(?:\??\.\s*username\b|\??\.?\[\s*['\"]username['\"])"
    return re.search(rf"{read}|\{{[^{{}}]*\busername\b[^{{}}]*\}}\s*=\s*{name}\b", create.text) is not None


RULE = Rule(
    id="profile-username",
    severity=Severity.ERROR,
    title="Where users have names, the scripts store and return them.",
    why="With Requires Username users log in with a name. A profile without one, or a store that never got it, makes "
    "that login fail.",
    source="Auth0 docs, Create template (username property); Require username",
    bad=(
        connection_example(
            {"login": "check(password);\nreturn callback(null, { user_id: row.id, email: row.email });"},
            options={"requires_username": True},
        ),
        connection_example({"create": "save(user.email, user.username, callback);"}),
    ),
    good=(
        connection_example(
            {
                "login": "check(password);\n"
                "return callback(null, { user_id: row.id, email: row.email, username: row.name });"
            },
            options={"requires_username": True},
        ),
        connection_example({"create": "save(user.email, callback);"}),
        connection_example(
            {"create": "open({ auth: { username: configuration.DB_USER } }).save(user.email, callback);"},
            configuration=("DB_USER",),
        ),
    ),
    connection=check,
)
