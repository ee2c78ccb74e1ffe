"""`login-fails-open`: a store that fails lets nobody in."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.callback_calls import callback_calls
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, is_inside, is_nothing
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """A finding when login swallows an error and then hands over a profile without a test in between."""
    if subject.kind != "login":
        return
    for attempt in subject.shared(Nodes).of("try_statement"):
        handler, block = attempt.field("handler"), attempt.parent
        body = handler.field("body") if handler is not None else None
        if (
            body is None
            or block is None
            or any(child.type not in ("comment", "empty_statement") for child in body.named_children)
        ):
            continue
        if not any(node.type in ("call_expression", "await_expression") for node in attempt.walk()):
            continue
        after = [child for child in block.named_children if child.start >= attempt.end and child.type != "comment"]
        if after and _hands_over_profile(after[0], subject):
            yield Finding(
                "an error of the check is swallowed, and the profile is handed over all the same",
                subject.parsed.span(after[0]),
                "Hand the error to the callback in `catch`, or test that the check succeeded.",
            )


def _hands_over_profile(statement: Node, subject: ScriptSubject) -> bool:
    return statement.type in ("return_statement", "expression_statement") and any(
        is_inside(call.node, statement) and call.succeeds and not is_nothing(call.result)
        for call in subject.shared(callback_calls)
        if statement.named_children and call.node in (statement.named_children[0],)
    )


RULE = Rule(
    id="login-fails-open",
    severity=Severity.ERROR,
    title="A store that fails lets nobody in.",
    why="With an empty `catch` around the check, an outage counts as a correct password.",
    source="dbconn; seen in a public script",
    bad=(
        example(
            "login",
            "try {\n  await verify(identifier, password);\n} catch (e) {}\nreturn callback(null, profile);",
            is_async=True,
        ),
    ),
    good=(
        example(
            "login",
            "let ok = false;\ntry {\n  ok = await verify(identifier, password);\n} catch (e) {}\n"
            "if (!ok) return callback(new WrongUsernameOrPasswordError(identifier));\nreturn callback(null, profile);",
            is_async=True,
        ),
        example(
            "login",
            "try {\n  await verify(identifier, password);\n} catch (e) {\n  return callback(e);\n}\nreturn "
            "callback(null, profile);",
            is_async=True,
        ),
    ),
    script=check,
)
