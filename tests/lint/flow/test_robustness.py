"""The analysis takes any text, never raises, and its time grows with the size."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbconn_tui.lint.check import lint_script
from dbconn_tui.lint.flow.analysis import callback_flow
from dbconn_tui.lint.subject import ScriptSubject

PIECES = st.sampled_from(
    [
        "callback(null);", "return callback(err);", "if (a) {", "} else {", "}", "for (;;) {", "while (a) {", "break;",
        "continue;", "try {", "} catch (e) {", "} finally {", "switch (a) {", "case 1:", "default:", "await p;",
        "p.then((x) => callback(null, x))", ".catch(callback);", "q(function (err, rows) {", "});", "label:",
        "new Promise((resolve, reject) => {", "resolve(1);", "let done = false;", "done = true;", "if (done) return;",
        "const cb = callback;", "callback = null;", "throw new Error('x');", "e.on('end', () => {",
        "x.on('error', cb);",
        "async function f() {", "function* g() {", "yield callback;", "f();", "...arguments", "[callback].forEach(",
        "async.series([callback, (n) => n()], callback);", "class A { m() {", "`${", "}`", "x ? callback() : y;",
    ],
)  # fmt: skip


NESTED = {
    "if (a) {": "}",
    "q(() => {": "});",
    "f(": ")",
    "[": "]",
    "({ a: ": "})",
    "a ? (": ") : 0",
    "`${": "}`",
    "!": "",
    "try {": "} finally {}",
    "await ": "",
    "a.b(": ").c",
    "a + (": ")",
    "a || ": "",
    "...": "",
    "new X(": ")",
    "() => ": "",
    "l: ": "",
    "x + ": "",
    "class A { m() {": "} }",
    "switch (a) { case 1: ": "}",
    "a = ": "",
    "async () => {": "}",
    "p.then(() => ": ")",
    "'select a from b where c = ' + ": "",
    "x`${": "}`",
    "typeof (": ")",
}
"""What can stand in itself any number of times, with how it ends."""


def flow_of(text: str, kind: str = "login"):
    return callback_flow(ScriptSubject(kind, text, context=None, rule_ids=frozenset()))


@given(st.lists(PIECES, max_size=25).map("\n".join))
@settings(max_examples=150, deadline=None)
def test_any_pieces_of_code(body: str) -> None:
    for head in ("function", "async function"):
        flow_of(f"{head} login(email, password, callback) {{\n{body}\n}}")


@given(st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_text(text: str) -> None:
    flow_of(text)
    flow_of(f"function login(email, password, callback) {{{text}}}")


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_scripts_cut_off_anywhere(right_scripts, data: st.DataObject) -> None:
    script = data.draw(st.sampled_from(right_scripts))
    start = data.draw(st.integers(0, len(script.text)))
    end = data.draw(st.integers(start, len(script.text)))
    lint_script(script.kind, script.text[:start] + script.text[end:], file="x.js", preset="strict")


@pytest.mark.parametrize(
    "text",
    [
        "if (a) {" * 400 + "callback(null);" + "}" * 400,
        "q(() => {" * 300 + "callback(null);" + "});" * 300,
        "callback(" * 500 + ")" * 500,
        "return " + "(" * 1500 + "callback(null)" + ")" * 1500,
        "return a" + " + callback" * 3000,
        "p" + ".then((x) => x)" * 1500 + ".then(callback);",
        "if (a) callback(1);" + "else if (b) callback(2);" * 700,
        "x = [" * 300 + "callback" + "]" * 300,
        "function f() { f(); } f();" * 200 + "callback(null);",
        "a ? callback() : " * 800 + "callback();",
    ],
    ids=lambda text: text[:12],
)
def test_deep_nesting(text: str) -> None:
    flow_of(f"function login(email, password, callback) {{\n{text}\n}}")


@pytest.mark.parametrize("opening", NESTED)
@pytest.mark.parametrize("inside", ["callback(null, { user_id: identifier })", ""])
def test_every_rule_stands_anything_in_itself(opening: str, inside: str) -> None:
    nested = opening * 400 + inside + NESTED[opening] * 400
    lint_script(
        "login", f"function login(identifier, password, callback) {{\n{nested}\n}}", file="x.js", preset="strict"
    )


def test_many_independent_flags_do_not_explode() -> None:
    flags = "".join(f"let f{n} = a{n} ? null : true;\n" for n in range(40))
    uses = "".join(f"if (f{n}) x{n}(callback.name);\nif (f{n}) {{ f{n} = false; }}\n" for n in range(40))
    began = time.process_time()
    flow_of(f"function login(email, password, callback) {{\n{flags}{uses}callback(null);\n}}")
    # Seconds; without a bound it would take hours.
    assert time.process_time() - began < 20


def large(number: int) -> str:
    parts = [
        f"  const answer{n} = await ask('/users/{n}', (err, rows) => rows.length);\n"
        f"  if (answer{n}.status === 404) return callback(null);\n"
        f"  if (answer{n}.status === 500) {{\n    error = new Error('answer {n}');\n  }}\n"
        for n in range(number)
    ]
    return (
        "async function login(email, password, callback) {\n  let error = null;\n  try {\n"
        + "".join(parts)
        + "  } catch (failure) {\n    error = failure;\n  }\n"
        "  if (error) return callback(error);\n  return callback(null, { user_id: email });\n}\n"
    )


def seconds(text: str) -> float:
    """The best of three, in processor time, without parsing."""
    took = []
    for _ in range(3):
        subject = ScriptSubject("login", text, context=None, rule_ids=frozenset())
        assert subject.is_whole
        began = time.process_time()
        callback_flow(subject)
        took.append(time.process_time() - began)
    return min(took)


def test_time_grows_about_linearly() -> None:
    small, big = large(60), large(480)
    assert 95_000 < len(big) < 110_000
    assert flow_of(big).multiple == ()
    ratio = seconds(big) / seconds(small)
    assert ratio < 8 * 2.5, ratio
