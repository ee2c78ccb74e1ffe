"""Where, and as what, syntax faults are reported."""

from __future__ import annotations

import random
import re

import pytest

from dbconn_tui.action_scripts.source import parse
from dbconn_tui.action_scripts.syntax import FaultCause

SCRIPT = """\
async function login(identifier, password, callback) {
  const url = `${configuration.API_URL}/login`;
  let profile;
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ identifier, password }),
      signal: AbortSignal.timeout(5000),
    });
    if (answer.status === 401) {
      return callback(new WrongUsernameOrPasswordError(identifier, 'Größe passt nicht'));
    }
    const user = await answer.json();
    profile = { user_id: String(user.id), email: user.email ?? null, tags: [...user.tags] };
  } catch (error) {
    return callback(new Error('the user store does not answer'));
  }
  return callback(null, profile);
}
"""


@pytest.mark.parametrize(
    "text",
    [
        "",
        SCRIPT,
        "function (a, callback) { callback(null); }",
        "(a, callback) => callback(null)",
        "function login() {} // no line end",
        "function login() { return a?.b ?? 1_000n; }",
        "class A { #x = 1; static { } get y() { return this.#x; } }",
        "'##KEY##'; '@@KEY@@';",
        "\ufefffunction login() {}",
        "const Object = 1;",
        "function NaN() {}",
        "x\r\ny\rz\u2028w",
    ],
)
def test_valid_scripts_have_no_fault(text: str) -> None:
    assert parse(text).syntax_error is None


@pytest.mark.parametrize(
    ("text", "line", "column", "cause"),
    [
        ("function login() {\n  const x = ;\n}", 2, 13, FaultCause.SYNTAX),
        ("function login() {\n  f(a,, b);\n}", 2, 7, FaultCause.SYNTAX),
        ("function login() {\n  const é = '漢𝒳'; let x = ;\n}", 2, 27, FaultCause.SYNTAX),
        ("function login() {\r\n  let x = 5 5;\r\n}", 2, 13, FaultCause.SYNTAX),
        ("function login() {\r  let x = 5 5;\r}", 1, 32, FaultCause.SYNTAX),
        ("function (a) {\n  const x = ;\n}", 2, 13, FaultCause.SYNTAX),
        ("function login() {\n}\n}\n", 3, 1, FaultCause.SYNTAX),
        ("function login() {\n  if (a) {\n}\n\n", 3, 1, FaultCause.ENDS_EARLY),
        ("function login() {\n  const a = 'b;\n}", 2, 13, FaultCause.ENDS_EARLY),
        ("function login() {} /* no end", 1, 21, FaultCause.ENDS_EARLY),
        ("function login() {\n  await x();\n}", 2, 3, FaultCause.AWAIT),
        ("import a from 'a';\nfunction login() {}", 1, 1, FaultCause.MODULE),
        ("function login() {}\nexport default login;", 2, 1, FaultCause.MODULE),
        ("⏺ function login() {}", 1, 1, FaultCause.ODD_CHARACTER),
        ("const a = “b”;", 1, 11, FaultCause.ODD_CHARACTER),
        ("let x\u200b = 1;", 1, 6, FaultCause.ODD_CHARACTER),
        ("let a = 1;\x00", 1, 11, FaultCause.ODD_CHARACTER),
        ("function login() {\n  const a = @@KEY@@;\n}", 2, 13, FaultCause.KEYWORD),
        ("function login() {\n  const a = ##KEY##;\n}", 2, 13, FaultCause.KEYWORD),
        ("function login() {\n  return /(/;\n}", 2, 10, FaultCause.SYNTAX),
        ("class A { m() { this.#y; } }", 1, 22, FaultCause.SYNTAX),
        ("return 1", 1, 1, FaultCause.SYNTAX),
        ("let a; let a;", 1, 13, FaultCause.SYNTAX),
    ],
)
def test_a_fault_has_its_place_and_cause(text: str, line: int, column: int, cause: FaultCause) -> None:
    fault = parse(text).syntax_error
    assert fault is not None
    assert (fault.line, fault.column, fault.cause) == (line, column, cause)
    assert fault.message


@pytest.mark.parametrize(
    "text",
    [
        "}) } for(;;){}",
        "}) } for(;;){} if(0){(function(){",
        "}); for(;;){}; (function(){",
        "} + function () {",
        "} } for(;;){} { {",
        "0) } for(;;){} if(0){(0",
        "0); for(;;){}; (0",
    ],
)
def test_no_text_closes_what_it_is_compiled_in(text: str) -> None:
    """If it did, its loop would run until the compiler's limit, and the fault would be that it was not checked."""
    fault = parse(text).syntax_error
    assert fault is not None
    assert fault.cause is not FaultCause.NOT_CHECKED


def test_a_valid_endless_loop_is_compiled_and_not_run() -> None:
    """A loop that ran would end at the compiler's limit, as a script that could not be checked."""
    assert parse("for (;;) {}").syntax_error is None


@pytest.mark.parametrize("text", ["[" * 20_000, "(" * 20_000, "{" * 20_000, "a=>" * 20_000, "!" * 20_000])
def test_deep_nesting_is_a_fault_and_no_crash(text: str) -> None:
    fault = parse(text).syntax_error
    assert fault is not None
    assert fault.line == 1


def test_a_keyword_leaves_the_rest_of_the_script_readable() -> None:
    parsed = parse("function login(a, callback) {\n  const url = ##URL##;\n  return configuration.KEY;\n}")
    assert parsed.function is not None
    assert parsed.function.name == "login"
    assert parsed.configuration.keys == {"KEY"}
    assert "##URL##" in [node.text for node in parsed.root.walk()]


def test_mutated_scripts_are_told_from_whole_ones_or_still_parse() -> None:
    tokens = re.findall(r"\w+|\s+|[^\w\s]", SCRIPT)
    solid = [index for index, token in enumerate(tokens) if token.strip()]
    chance = random.Random(20)
    faults = 0
    for _ in range(300):
        index = chance.choice(solid)
        changed = [*tokens]
        if chance.random() < 0.5:
            del changed[index]
        else:
            changed.insert(index, tokens[index])
        text = "".join(changed)
        fault = parse(text).syntax_error
        if fault is not None:
            faults += 1
            assert 1 <= fault.line <= text.count("\n") + 1
            assert 1 <= fault.column <= len(text.split("\n")[fault.line - 1])
    assert faults > 100


@pytest.mark.parametrize("missing", ["{", "}", "(", ")", "`", "'"])
def test_every_single_bracket_counts(missing: str) -> None:
    # A `$` without its brace would be text of the template.
    script = SCRIPT.replace("${configuration.API_URL}", "")
    places = [match.start() for match in re.finditer(re.escape(missing), script)]
    assert places
    for place in places:
        assert parse(script[:place] + script[place + 1 :]).syntax_error is not None
