"""`dbconn-ignore` comments."""

from __future__ import annotations

import pytest

from dbconn_tui.lint.check import lint_script

BODY = " {\n  return callback(new Error());\n}\n"


def rules(text: str, **chosen: str) -> list[str]:
    severities = {name.replace("_", "-"): word for name, word in chosen.items()}
    return [problem.rule for problem in lint_script("delete", text, file="delete.js", severities=severities)]


@pytest.mark.parametrize(
    "text",
    [
        "// dbconn-ignore: function-name -- alerts look for it\nfunction drop(id, callback)" + BODY,
        "// dbconn-ignore function-name -- alerts look for it\nfunction drop(id, callback)" + BODY,
        "/* dbconn-ignore: function-name -- alerts look for it */\nfunction drop(id, callback)" + BODY,
        "// dbconn-ignore: function-name — alerts look for it\nfunction drop(id, callback)" + BODY,
        "// dbconn-ignore: function-name -- alerts\n// look for it\nfunction drop(id, callback)" + BODY,
        "function drop(id, callback) { // dbconn-ignore: function-name -- alerts\n  return callback(new Error());\n}\n",
        "/* dbconn-ignore: function-name -- alerts */ function drop(id, callback)" + BODY,
        "// dbconn-ignore: function-name, script-params -- alerts\nfunction drop(callback)" + BODY,
        "// dbconn-ignore: function-name -- alerts\n// dbconn-ignore: script-params -- old\nfunction drop(callback)"
        + BODY,
        "// dbconn-ignore: script-single-function -- stripped\nconst a = 1;\nfunction deleteUser(id, callback)" + BODY,
    ],
)
def test_a_reasoned_comment_on_the_line_or_above_silences(text: str) -> None:
    assert rules(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("// dbconn-ignore: function-name\nfunction drop(id, callback)", ["ignore-without-reason", "function-name"]),
        ("// dbconn-ignore: function-name --\nfunction drop(id, callback)", ["ignore-without-reason", "function-name"]),
        ("// dbconn-ignore\nfunction drop(id, callback)", ["ignore-without-reason", "function-name"]),
        ("// dbconn-ignore: -- because\nfunction drop(id, callback)", ["ignore-without-reason", "function-name"]),
        ("// dbconn-ignore: function-nmae -- why\nfunction drop(id, callback)", ["rule-unknown", "function-name"]),
        ("// dbconn-ignore: function-name -- why\n\nfunction drop(id, callback)", ["ignore-unused", "function-name"]),
        ("// dbconn-ignore: script-size -- why\nfunction deleteUser(id, callback)", ["ignore-unused"]),
        ("// dbconn-ignore: ignore-unused -- why\nfunction deleteUser(id, callback)", ["ignore-unused"]),
        ("// dbconn-ignored: x\nfunction deleteUser(id, callback)", []),
        ("const text = '// dbconn-ignore: script-single-function -- no';", ["script-single-function"]),
    ],
)
def test_a_comment_that_does_not_work_is_told(text: str, expected: list[str]) -> None:
    assert rules(text + BODY if text.endswith(")") else text) == expected


def test_a_comment_above_the_first_statement_speaks_of_the_whole_file() -> None:
    text = "function deleteUser(id, callback) {\n  callback(new Error());\n}\n//" + "x" * 60_000
    assert rules("// dbconn-ignore: script-size -- generated\n" + text) == []
    assert rules(text + "\n// dbconn-ignore: script-size -- generated") == ["script-size", "ignore-unused"]


def test_nothing_is_said_of_comments_for_rules_that_were_not_run() -> None:
    text = "function deleteUser(id, callback) {\n  // dbconn-ignore: {} -- why\n  return callback(new Error());\n}\n"
    assert rules(text.replace("{}", "configuration-undefined")) == []
    assert rules(text.replace("{}", "function-name")) == ["ignore-unused"]
    assert rules(text.replace("{}", "function-name"), function_name="off") == []
    assert "ignore-unused" not in rules(text.replace("{}", "function-name") + ")")


def test_a_suggestion_comes_with_an_unknown_rule() -> None:
    text = "// dbconn-ignore: functoin-name -- why\nfunction deleteUser(id, callback)" + BODY
    [problem] = lint_script("delete", text, file="delete.js")
    assert problem.hint == "Did you mean `function-name`?"
