"""The event codes of the tenant's log that a run would lead to (runtime.md §4 and §5)."""

from __future__ import annotations

from typing import Final

from dbconn_tui.runtime.verdict import Answer, LogCode

_SUCCESS: Final = {
    "login": LogCode("s", "successful login"),
    "create": LogCode("ss", "successful sign-up"),
    "verify": LogCode("sv", "e-mail address verified"),
    "change_password": LogCode("scp", "password changed"),
    "change_email": LogCode("sce", "e-mail address changed"),
    "change_username": LogCode("scu", "user name changed"),
    "change_phone_number": LogCode("scpn", "phone number changed"),
    "delete": LogCode("sdu", "user deleted"),
}
_FAILURE: Final = {
    "login": LogCode("f", "failed login"),
    "create": LogCode("fs", "failed sign-up"),
    "verify": LogCode("fv", "failed verification"),
    "change_password": LogCode("fcp", "failed change of password"),
    "change_email": LogCode("fce", "failed change of e-mail address"),
    "change_username": LogCode("fcu", "failed change of user name"),
    "change_phone_number": LogCode("fcpn", "failed change of phone number"),
    "delete": LogCode("fdu", "failed deletion of a user"),
}
WRONG_PASSWORD: Final = LogCode("fp", "failed login: wrong password")
UNKNOWN_USER: Final = LogCode("fu", "failed login: unknown user")


def log_code(kind: str, answer: Answer, error_class: str, user_id: object) -> LogCode | None:
    """The code for an answer; None where a script has none of its own, as get_user.

    `user_id` is the error's field of that name: with one a refused login is fp, without one fu.
    """
    if answer in (Answer.PROFILE, Answer.DONE):
        return _SUCCESS.get(kind)
    if kind == "login" and error_class == "WrongUsernameOrPasswordError":
        return WRONG_PASSWORD if user_id else UNKNOWN_USER
    code = _FAILURE.get(kind)
    if code is None or answer in (Answer.REFUSED, Answer.FAILED):
        return code
    # What a run that never answered, or a plain `false`, is logged as, is not documented.
    return LogCode(code.code, code.meaning, documented=False)
