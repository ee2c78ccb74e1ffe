"""Results: whether what the callback got fits the kind of script (rules.md §0, `callback-result-type`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dbconn_tui.problems import Severity
from dbconn_tui.runtime.observation import CallbackCall
from dbconn_tui.runtime.profiles import Flaw, profile_flaws
from dbconn_tui.runtime.verdict import Answer

_RULE: Final = "callback-result-type"
_NOTHING: Final = frozenset({"undefined", "null"})
_CLASSES: Final = {
    "WrongUsernameOrPasswordError": ("login",),
    "ValidationError": ("create",),
    "UnauthorizedError": ("login",),
}
"""The platform's error classes, and the kinds they are meant for (rules.md §0)."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer of one callback call, what is wrong with it, and what is wrong with the profile in it."""

    answer: Answer
    flaws: tuple[Flaw, ...] = ()
    profile_flaws: tuple[Flaw, ...] = ()


def judge_call(kind: str, call: CallbackCall, passwords: tuple[str, ...]) -> Judged:
    """What a call of the callback means for this kind of script, and every flaw in it."""
    if call.error is not None:
        flaws = [*_error_flaws(kind, call)]
        if not call.falsy:
            refused = kind in _CLASSES.get(call.error.name, ())
            return Judged(Answer.REFUSED if refused else Answer.FAILED, tuple(flaws))
    else:
        flaws = []
    if call.number > 2:
        flaws.append(Flaw(_RULE, Severity.WARNING, f"the callback got {call.number} arguments and reads only two"))
    if call.failure:
        message = f"the result cannot leave the sandbox: {call.failure}"
        flaws.append(Flaw(_RULE, Severity.ERROR, message, "Return plain data: text, numbers, lists, objects."))
        return Judged(Answer.NONE, tuple(flaws))
    flaws += [
        Flaw(_RULE, Severity.INFO, f"{path or 'the result'} is a {was}, which is lost or changed outside the sandbox")
        for path, was in call.losses
    ]
    judge = {"login": _login, "get_user": _get_user, "create": _nothing, "delete": _nothing}.get(kind)
    if judge is not None:
        answer, more = judge(kind, call)
    elif kind in ("verify", "change_password", "change_email"):
        answer, more = _truth(kind, call)
    else:
        answer, more = Answer.DONE, None
    flaws += [more] if more else []
    profile: tuple[Flaw, ...] = ()
    if answer is Answer.PROFILE:
        profile = tuple(profile_flaws(call.result, passwords, dict(call.losses)))
    return Judged(answer, tuple(flaws), profile)


def _error_flaws(kind: str, call: CallbackCall) -> Iterator[Flaw]:
    error = call.error
    assert error is not None
    if error.type != "error":
        message = f"the callback's first argument is a {error.type}, not an Error"
        yield Flaw("callback-error-type", Severity.WARNING, message, "Pass `new Error(…)`, or null when all went well.")
    elif error.name in _CLASSES and kind not in _CLASSES[error.name]:
        severity = Severity.ERROR if kind == "get_user" else Severity.WARNING
        yield Flaw("wrong-error-class", severity, f"{error.name} means nothing to Auth0 from {kind}", _class_hint(kind))


def _class_hint(kind: str) -> str:
    if kind == "get_user":
        return "Call `callback(null)` when there is no such user; an error stops sign-ups and password resets."
    return "Use a plain Error."


def _login(kind: str, call: CallbackCall) -> tuple[Answer, Flaw | None]:
    if call.result_type == "object":
        return Answer.PROFILE, None
    hint = "Refuse with `callback(new WrongUsernameOrPasswordError(identifier, '…'))`."
    if call.number == 2 and call.result_type == "null":
        # Documented for connections whose users have all moved (Auth0 docs, Configure automatic migration).
        message = "login says that there is nobody, which is right only when a migration is finished"
        return Answer.NOT_FOUND, Flaw(_RULE, Severity.WARNING, message, hint)
    if call.result_type in _NOTHING or call.result is False:
        message = "login called back with neither a profile nor an error"
        return Answer.NONE, Flaw(_RULE, Severity.ERROR, message, hint)
    message = f"login called back with {_article(call)} where the profile belongs"
    return Answer.NONE, Flaw(_RULE, Severity.ERROR, message)


def _get_user(kind: str, call: CallbackCall) -> tuple[Answer, Flaw | None]:
    if call.result_type == "object":
        return Answer.PROFILE, None
    if call.result_type in _NOTHING:
        return Answer.NOT_FOUND, None
    message = f"get_user called back with {_article(call)} where the profile belongs"
    return Answer.NONE, Flaw(_RULE, Severity.ERROR, message, "Call `callback(null)` when there is no such user.")


def _nothing(kind: str, call: CallbackCall) -> tuple[Answer, Flaw | None]:
    if call.result_type in _NOTHING:
        return Answer.DONE, None
    if call.result is False:
        message = f"{kind} called back with false, which Auth0 does not read: it counts as done"
        return Answer.DONE, Flaw(_RULE, Severity.ERROR, message, "Pass an Error when it was not done.")
    message = f"{kind} called back with {_article(call)}, which Auth0 does not read"
    return Answer.DONE, Flaw(_RULE, Severity.INFO, message, "Call `callback(null)`.")


def _truth(kind: str, call: CallbackCall) -> tuple[Answer, Flaw | None]:
    if call.result_type == "boolean":
        return (Answer.DONE if call.result else Answer.NOT_DONE), None
    if call.result_type == "object" and kind == "change_password":
        return Answer.DONE, None
    hint = "Call `callback(null, true)`, or `callback(null, false)` when there is no such user."
    if call.result_type in _NOTHING:
        message = f"{kind} called back without true or false, which counts as not done"
        return Answer.NOT_DONE, Flaw(_RULE, Severity.WARNING, message, hint)
    message = f"{kind} called back with {_article(call)} where true or false belongs"
    return Answer.NONE, Flaw(_RULE, Severity.ERROR, message, hint)


def _article(call: CallbackCall) -> str:
    if call.result_type in ("boolean", "number"):
        return str(call.result).lower()
    return f"an {call.result_type}" if call.result_type[0] in "aeiou" else f"a {call.result_type}"
