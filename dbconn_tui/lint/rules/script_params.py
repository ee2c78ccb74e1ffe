"""`script-params`: the function takes what the platform passes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.kinds import Kind
from dbconn_tui.action_scripts.source import ScriptFunction
from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject, ScriptSubject
from dbconn_tui.lint.wording import counted, listed
from dbconn_tui.problems import Severity

CALLBACK_NAMES: Final = frozenset({"callback", "cb", "done", "next"})


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding when the callback is not last, or the number of parameters fits no way of calling the script.

    Silent about kinds without a documented signature and functions that read `arguments` or take `...rest`.
    """
    known = _function_and_kind(subject)
    if known is None:
        return
    function, kind = known
    for parameter in function.parameters[:-1]:
        if parameter.name in CALLBACK_NAMES:
            order = ", ".join(kind.signature(context=bool(subject.context)))
            yield Finding(
                f"`{parameter.name}` is not the last parameter, but the platform passes the callback last",
                parameter.span,
                f"The order is ({order}); `context`, where there is one, stands just before the callback.",
            )
            return
    number = len(function.parameters)
    contexts = (False, True) if subject.context is None else (subject.context,)
    expected = [kind.signature(context=context) for context in contexts]
    if number in [len(signature) for signature in expected]:
        return
    takes = ", ".join(parameter.text for parameter in function.parameters)
    passed = listed([f"({', '.join(signature)})" for signature in expected], "or")
    yield Finding(
        f"{kind.name} is called with {passed}, but the function takes {counted(number, 'parameter')} ({takes})",
        function.head,
        _hint(subject, kind, number),
    )


def check_connection(subject: ConnectionSubject) -> Iterator[Finding]:
    """Where the files do not say whether scripts get `context`: a warning when the scripts disagree."""
    if subject.context is not None:
        return
    with_context: list[tuple[str, ScriptFunction]] = []
    without: list[str] = []
    for name, script in subject.scripts.items():
        known = _function_and_kind(script) if script.is_whole else None
        if known is None:
            continue
        function, kind = known
        if len(function.parameters) == len(kind.signature(context=True)):
            with_context.append((name, function))
        elif len(function.parameters) == len(kind.signature()):
            without.append(name)
    if not without:
        return
    for name, function in with_context:
        yield Finding(
            f"{name} takes a context parameter, but {listed(without)} of the same connection "
            f"{'does' if len(without) == 1 else 'do'} not",
            function.head,
            "Say `enable_script_context: true` or `false` under `options`, so that one way is right.",
            severity=Severity.WARNING,
            script=name,
        )


def _function_and_kind(subject: ScriptSubject) -> tuple[ScriptFunction, Kind] | None:
    function = subject.parsed.function
    kind = subject.known_kind
    if function is None or kind is None or not kind.parameters or function.uses_arguments or function.has_rest:
        return None
    return function, kind


def _hint(subject: ScriptSubject, kind: Kind, number: int) -> str:
    if subject.context is False and number == len(kind.signature(context=True)):
        return "`enable_script_context` is false: take the context parameter away."
    if subject.context is True and number == len(kind.signature()):
        return "`enable_script_context` is true: add `context` just before the callback."
    return "Names are free; number and order are not."


RULE = Rule(
    id="script-params",
    severity=Severity.ERROR,
    title="The function takes the parameters its kind is called with, the callback last.",
    why="Arguments are passed by position. One parameter too few and the callback is a string; one too many "
    "and it is undefined: the script hangs until the time limit.",
    source="Auth0 docs, the template page of each script; Create a custom database connection "
    "(context stands just before callback)",
    bad=(
        Example({"login": "async function login(credentials, callback) {\n  return callback(null);\n}\n"}),
        Example({"login": "function login(email, password, callback, context) {\n  return callback(null);\n}\n"}),
        Example(
            {"login": "function login(email, password, callback) {\n  return callback(null);\n}\n"},
            options={"enable_script_context": True},
        ),
        Example(
            {
                "login": "function login(email, password, context, callback) {\n  return callback(null);\n}\n",
                "get_user": "function getUser(email, callback) {\n  return callback(null);\n}\n",
            },
        ),
    ),
    good=(
        Example({"login": "function login(identifier, password, callback) {\n  return callback(null);\n}\n"}),
        Example(
            {"login": "function login(identifier, password, context, callback) {\n  return callback(null);\n}\n"},
            options={"enable_script_context": True},
        ),
        Example({"change_email": "function changeEmail(...all) {\n  return all.pop()(null, true);\n}\n"}),
        Example({"verify": "function verify() {\n  return arguments[1](null, true);\n}\n"}),
    ),
    script=check,
    connection=check_connection,
)
