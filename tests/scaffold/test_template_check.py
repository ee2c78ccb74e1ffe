"""What `template check` says of a template that lacks something, one thing at a time."""

from __future__ import annotations

import pytest

from dbconn_tui.scaffold.catalogue import read_template
from dbconn_tui.scaffold.combinations import answer_combinations
from dbconn_tui.scaffold.template_check import check_template

from .conftest import MakeTemplate

MANIFEST = """\
version: 1
title: A pair
description: Knows nobody.
import_mode: true
variables:
  told: {type: boolean, default: false, help: Whether to say so.}
  words: {type: text, default: nobody, minimum: 1, help: What to say., when: {told: true}}
modules:
  lru-cache: {version: 10.4.3, when: {told: true}}
scripts:
  login:
  get_user:
"""
LOGIN = """\
function login(identifier, password, callback) {
<% if told %>
  const LRU = require('lru-cache@10.4.3');
  return callback(new Error(LRU.name + <%= words | js %>));
<% else %>
  return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong user name or password'));
<% endif %>
}
"""
GET_USER = "function getUser(identifier, callback) {\n  return callback(null);\n}\n"


def messages(make_template: MakeTemplate, manifest: str = MANIFEST, **files: str | None) -> list[str]:
    parts: dict[str, str | None] = {"login": LOGIN, "get_user": GET_USER, "create": None, "_shared": None}
    folder = make_template("pair", manifest, **(parts | files))
    return [f"{problem} | {problem.hint}" for problem in check_template(read_template(folder)).problems]


def test_nothing_is_wrong(make_template: MakeTemplate) -> None:
    assert messages(make_template) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"_more": "// nobody includes this"}, "pair/_more.js: no script includes this file"),
        ({"login": LOGIN.replace("words | js", "'x' | js")}, "nothing uses the variable words"),
        ({"login": LOGIN.replace("10.4.3", "11.0.0")}, "requires lru-cache@11.0.0, and modules says 10.4.3"),
        ({"login": LOGIN.replace("lru-cache@10.4.3", "bcrypt@5.1.1")}, "requires bcrypt, which modules does not list"),
        ({"login": LOGIN.replace("lru-cache@10.4.3", "crypto")}, "no script requires the module lru-cache"),
        ({"get_user": GET_USER.replace("return callback(null);", "")}, "[callback-missing]"),
        ({"get_user": GET_USER.replace("  return", "  // dbconn-ignore: x -- y\n  return")}, "excuses a finding"),
        ({"get_user": GET_USER.replace("{\n", "{\n" + "  // words\n" * 600, 1)}, "more than 6,000"),
        ({"login": "<%= nothing | js %>"}, "'nothing' is undefined"),
    ],
)
def test_something_is(make_template: MakeTemplate, changes: dict[str, str], expected: str) -> None:
    found = messages(make_template, **changes)
    assert any(expected in one for one in found), found


def test_a_finding_is_told_with_the_answers_that_lead_to_it(make_template: MakeTemplate) -> None:
    broken = LOGIN.replace("  return callback(new Error(LRU.name + <%= words | js %>));\n", "  <%= words | js %>;\n")
    found = messages(make_template, login=broken)
    assert any("[callback-missing]" in one and "--set told=true" in one for one in found), found


def test_a_sentence_and_a_heading_are_asked_for(make_template: MakeTemplate) -> None:
    folder = make_template("pair", MANIFEST.replace("Knows nobody.", "Knows nobody"), login=LOGIN, get_user=GET_USER)
    (folder / "README.md").write_text("No heading")
    found = [problem.message for problem in check_template(read_template(folder)).problems]
    assert "README.md does not start with a heading" in found
    assert "what is said of the template pair is not a sentence" in found
    (folder / "README.md").unlink()
    assert "README.md is missing" in [problem.message for problem in check_template(read_template(folder)).problems]


def test_the_answers_tried_leave_out_what_is_not_asked(make_template: MakeTemplate) -> None:
    template = read_template(make_template("pair", MANIFEST, login=LOGIN, get_user=GET_USER))
    assert answer_combinations(template) == ({"told": False}, {"told": True})
    chosen = answer_combinations(template, {"words": ["one", "two"]})
    assert chosen[0] == {"told": False}
    assert {one.get("words") for one in chosen if one["told"]} == {"one", "two"}
