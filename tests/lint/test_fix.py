"""Fixes: what they change, and that they change nothing else."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.lint_corpus import specimens
from dbconn_tui.action_scripts.source import parse
from dbconn_tui.lint.check import lint_script
from dbconn_tui.lint.edits import Edit
from dbconn_tui.lint.examples import script_text
from dbconn_tui.lint.fix import apply, fixes_for
from dbconn_tui.lint.rules import RULES

ASKED = frozenset({"insecure-http"})
SCRIPTS = sorted(
    {
        (kind, text)
        for rule in RULES
        for example in (*rule.bad, *rule.good)
        for kind, text in example.scripts.items()
        if len(text) < 5_000
    }
    | {(one.kind, one.text) for folder in ("right", "broken") for one in specimens(folder)[::2]},
)


def mended(kind: str, text: str, *, preset: str = "recommended", asked: frozenset[str] = frozenset()) -> str:
    return apply(text, fixes_for(kind, text, preset=preset, asked=asked))


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("create", "function addUser(u, callback) { callback(null); addUser; }", "function create(u, callback) {"),
        ("create", "function addUser(create, callback) { callback(null); }", "function addUser(create, callback) {"),
        ("verify", "function (email, callback) { return callback(null, true); }", "function verify(email, callback)"),
        ("verify", "(function(email, callback) { return callback(null, true); })", "(function verify(email, callback)"),
        ("delete", "function deleteUser(id, callback) { return callback(null); };\n", "return callback(null); }\n"),
        ("get_user", script_text("get_user", "if (typeof identifier == 'object') callback(null);"), "=== 'object'"),
        ("get_user", script_text("get_user", "if (identifier == row.id) callback(null);"), "== row.id"),
        ("get_user", script_text("get_user", "if (row.id == null) callback(null);"), "== null"),
        ("login", script_text("login", "open({ ssl: { rejectUnauthorized: false } });"), "rejectUnauthorized: true"),
        (
            "login",
            script_text("login", "load().catch((e) => callback(e.response.status));"),
            "callback(e.response?.status)",
        ),
        (
            "login",
            script_text("login", "load().catch((e) => callback(e.response\n  .status));"),
            "e.response\n    ?.status",
        ),
        (
            "delete",
            script_text("delete", "fetch(`${configuration.URL}/users/${id}`, {});"),
            "/users/${encodeURIComponent(id)}`",
        ),
        (
            "login",
            script_text("login", "fetch(url, { method: 'POST', body: { identifier } });"),
            "headers: { 'content-type': 'application/json' }, body: JSON.stringify({ identifier })",
        ),
        (
            "login",
            script_text("login", "const body = { a: 1 };\nfetch(url, { headers: { a: 'b' }, body });"),
            "{ 'content-type': 'application/json', a: 'b' }, body: JSON.stringify(body) }",
        ),
        ("login", script_text("login", "profile = load();\nuse(profile);"), "const profile = load();\n  use(profile);"),
        ("login", script_text("login", "if (a) profile = load();\nuse(profile);"), "if (a) profile = load();"),
        ("login", script_text("login", "use(context.organization.id);", context=True), "context.organization?.id"),
        ("get_user", script_text("get_user", "callback(null, { user_id: u._id });"), "user_id: String(u._id)"),
    ],
)
def test_a_fix_changes_what_it_should(kind: str, before: str, after: str) -> None:
    assert after in mended(kind, before)


def test_http_becomes_https_only_when_asked_for() -> None:
    text = script_text("login", "fetch('http://api.acme.com/login', { signal });")
    assert "'http://api" in mended("login", text)
    assert "'https://api" in mended("login", text, asked=ASKED)


def test_what_a_comment_or_severity_silences_stays() -> None:
    text = script_text("login", "// dbconn-ignore: tls-verify-disabled -- test store\nopen({ strictSSL: false });")
    assert mended("login", text) == text
    loud = text.replace("// dbconn-ignore: tls-verify-disabled -- test store\n", "\n")
    assert "strictSSL: true" in mended("login", loud)
    assert not fixes_for("login", loud, severities={"tls-verify-disabled": "off"})


def test_each_edit_names_its_rule() -> None:
    text = script_text("login", "open({ strictSSL: false });")
    [edit] = fixes_for("login", text)
    assert edit.rule == "tls-verify-disabled"
    assert text[edit.start : edit.end] == "false"


def test_a_script_with_a_syntax_error_is_left_alone() -> None:
    assert fixes_for("login", "function (a, b, c) { open({ strictSSL: false }") == ()


def test_edits_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        apply("abcdef", [Edit(0, 3, "x"), Edit(2, 4, "y")])


@pytest.mark.parametrize(("kind", "text"), SCRIPTS)
def test_a_fixed_script_of_examples_and_corpus_parses_and_has_no_new_problem(kind: str, text: str) -> None:
    check_fixed(kind, text)


PARTS = st.sampled_from(
    [
        "if (a.statusCode == 200) callback(null);",
        "if (typeof b != 'string') return callback('no');",
        "profile = load();",
        "use(profile);",
        "open({ strictSSL: false, insecure: true });",
        "fetch(`${configuration.URL}/${identifier}`, { body: { identifier } });",
        "load().catch((e) => callback(e.response.data['x']));",
        "const url = 'http://api.acme.com';",
        "client.bind(dn, password, callback);",
        "const ldap = require('ldapjs@2.3.3');",
        "for (const row of rows) { callback(null, { user_id: row._id }); }",
        "// é 😀 == ;",
    ],
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PARTS, max_size=6), st.sampled_from(["login", "loginUser", ""]), st.sampled_from(["", ";", "\n;\n"]))
def test_a_fixed_script_parses_and_has_no_new_problem(parts: list[str], name: str, end: str) -> None:
    check_fixed("login", f"function {name}(identifier, password, callback) {{\n" + "\n".join(parts) + f"\n}}{end}")


def check_fixed(kind: str, text: str) -> None:
    fixed = mended(kind, text, preset="strict", asked=ASKED)
    if parse(text).syntax_error is None:
        assert parse(fixed).syntax_error is None
    before = Counter(problem.rule for problem in lint_script(kind, text, file="x.js", preset="strict"))
    after = Counter(problem.rule for problem in lint_script(kind, fixed, file="x.js", preset="strict"))
    assert after <= before, after - before
    assert mended(kind, mended(kind, fixed, preset="strict", asked=ASKED), preset="strict", asked=ASKED) == mended(
        kind, fixed, preset="strict", asked=ASKED
    )
