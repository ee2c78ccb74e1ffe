"""What a case asks for against what came of a run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dbconn_tui.problems import Place, Problem, Severity
from dbconn_tui.project.cases import Case
from dbconn_tui.runtime.expectations import difference
from dbconn_tui.runtime.verdict import Answer, Run, Verdict

PROFILE = {"user_id": "7", "email_verified": True, "app_metadata": {"shop": "old", "plan": 1}}


def asking(answer: str | None = None, profile: dict[str, Any] | None = None, error: str | None = None) -> Case:
    return Case("one", "login", {}, answer, profile, error, Place())


def ran(answer: Answer, error_class: str = "", *problems: Problem) -> Run:
    verdict = Verdict.THREW if problems else Verdict.OK
    result = PROFILE if answer is Answer.PROFILE else None
    error = {"message": "No."} if error_class else None
    return Run(
        "login", verdict, answer, problems, 1.0, 1.0, 20.0, "22.0.0", result, error, error_class, raw_result=result
    )


GIVEN = ran(Answer.PROFILE)
REFUSED = ran(Answer.REFUSED, "WrongUsernameOrPasswordError")
BROKEN = Problem("throw-in-script", Severity.ERROR, "the script threw", Place("login.js", 2, 3))


@pytest.mark.parametrize(
    ("case", "run", "words"),
    [
        (asking(), GIVEN, ""),
        (asking(), REFUSED, ""),
        (asking("profile", {"user_id": "7", "app_metadata": {"shop": "old"}, "nickname": None}), GIVEN, ""),
        (asking("refused", error="WrongUsernameOrPasswordError"), REFUSED, ""),
        (asking("refused"), GIVEN, "login gave a profile; the case asks for refused"),
        (asking(error="UnauthorizedError"), REFUSED, "; the case asks for the error UnauthorizedError"),
        (asking(error="Error"), GIVEN, "login gave a profile; the case asks for the error Error"),
        (asking(profile={}), REFUSED, "the case asks for a profile"),
        (asking(profile={"user_id": 7}), GIVEN, 'user_id of the profile is "7"; the case asks for 7'),
        (asking(profile={"email_verified": 1}), GIVEN, "email_verified of the profile is true; the case asks for 1"),
        (asking(profile={"app_metadata": {"plan": 2}}), GIVEN, "app_metadata.plan of the profile is 1"),
        (asking(profile={"nickname": "R"}), GIVEN, 'the profile has no nickname; the case asks for "R"'),
        (asking("profile"), ran(Answer.PROFILE, "", BROKEN), "login: the script threw (login.js:2:3)"),
    ],
)
def test_difference_is_named(case: Case, run: Run, words: str) -> None:
    found = difference(case, run)
    assert words in found
    assert bool(words) == bool(found)


def test_secrets_of_the_profile_are_masked() -> None:
    given = replace(GIVEN, raw_result={"key": "a-secret"}, result={"key": "***"})
    assert difference(asking(profile={"key": "x"}), given) == 'key of the profile is "***"; the case asks for "x"'
