"""`return-value-ignored`: results go through the callback, not through `return`."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.flow.analysis import callback_flow
from dbconn_tui.lint.flow.wording import callback_name, head_span
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at each value that the script itself returns before any call of the callback."""
    flow = subject.shared(callback_flow)
    name = callback_name(flow)
    if not flow.known:
        return
    for statement in sorted(flow.returned, key=lambda node: node.start):
        value = flow.returned[statement].text
        shown = value if "\n" not in value and len(value) <= 40 else "…"
        yield Finding(
            "nobody reads what the script returns",
            head_span(subject, statement),
            f"Write `return {name}(null, {shown});`.",
        )


RULE = Rule(
    id="return-value-ignored",
    severity=Severity.WARNING,
    title="Results go through the callback, not through return.",
    why="Unlike an Action, a database script is not asked for its return value: a profile that is returned is lost.",
    source="Auth0 docs, Custom database connections: callback",
    bad=(
        example("get_user", "return { user_id: 'u1', email };"),
        example(
            "get_user",
            """
            try {
              return await require('store').find(email);
            } catch (error) {
              return callback(error);
            }
            """,
            is_async=True,
        ),
    ),
    good=(
        example("get_user", "return callback(null, { user_id: 'u1', email });"),
        example("get_user", "return require('store').find(email).then((user) => callback(null, user), callback);"),
        example(
            "get_user",
            """
            const toProfile = (user) => {
              return { user_id: user.id, email };
            };
            require('store').find(email, (err, user) => callback(err, user && toProfile(user)));
            """,
        ),
    ),
    script=check,
)
