"""What parse() reads off a script."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dbconn_tui.action_scripts.positions import Lines, Span
from dbconn_tui.action_scripts.source import ParsedScript, ScriptFunction, parse

ANY_TEXT = st.text(st.characters(codec=None), max_size=300)
"""Surrogates and control characters included."""

PIECES = st.lists(
    st.sampled_from(
        [
            "function ",
            "login",
            "(",
            ")",
            "{",
            "}",
            "[",
            "]",
            "configuration",
            ".KEY",
            "['a']",
            " = ",
            "const ",
            "=>",
            "async ",
            "await ",
            "'",
            '"',
            "`",
            "${",
            "/",
            "/*",
            "*/",
            "//",
            "\n",
            "\r\n",
            "\r",
            "\u2028",
            "é",
            "漢",
            "𝒳",
            "\ufeff",
            "\u200b",
            "⏺",
            "@@X@@",
            "##X##",
            "...",
            ";",
            "return ",
            "class A ",
            "import x from 'y'",
            "1",
        ],
    ),
    max_size=40,
).map("".join)


def only_function(text: str) -> ScriptFunction:
    function = parse(text).function
    assert function is not None
    return function


def test_a_named_function_is_read_with_its_parameters() -> None:
    function = only_function("// first\nasync function login(email, { a, b }, c = 1, ...rest) {}\n")
    assert (function.name, function.form, function.is_async) == ("login", "declaration", True)
    assert [(p.text, p.name, p.form) for p in function.parameters] == [
        ("email", "email", "plain"),
        ("{ a, b }", None, "destructured"),
        ("c = 1", "c", "default"),
        ("...rest", "rest", "rest"),
    ]
    assert function.has_rest
    assert function.head == Span(2, 1, 2, 54)
    assert function.name_span == Span(2, 16, 2, 21)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("function (a, callback) {}", "expression"),
        ("(function (a, callback) {})", "expression"),
        ("((a, callback) => callback(a))", "arrow"),
        ("async (a, callback) => {}", "arrow"),
        ("function* (a, callback) {}", "expression"),
    ],
)
def test_anonymous_functions_are_scripts_too(text: str, form: str) -> None:
    parsed = parse(text)
    assert parsed.syntax_error is None
    assert parsed.function is not None
    assert (parsed.function.name, parsed.function.form) == (None, form)
    assert [p.text for p in parsed.function.parameters] == ["a", "callback"]


def test_an_arrow_with_one_bare_parameter() -> None:
    assert [p.text for p in only_function("callback => callback()").parameters] == ["callback"]


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        ("function login() { return arguments.length; }", True),
        ("function login() { const f = () => arguments[0]; }", True),
        ("function login() { function inner() { return arguments; } }", False),
        ("function login() { const o = { arguments: 1 }; return o.arguments; }", False),
    ],
)
def test_own_arguments_are_told_from_those_of_inner_functions(text: str, uses: bool) -> None:
    assert only_function(text).uses_arguments is uses


def test_statements_leave_comments_and_empty_statements_out() -> None:
    parsed = parse("/* a */;\n'use strict';\nfunction login() {};\n// b\nmodule.exports = login;")
    assert [statement.type for statement in parsed.statements] == [
        "expression_statement",
        "function_declaration",
        "expression_statement",
    ]
    assert parsed.trailing_semicolon == Span(3, 20, 3, 21)
    assert [comment.text for comment in parsed.comments] == ["/* a */", "// b"]
    assert [comment.alone for comment in parsed.comments] == [False, True]


def test_two_functions_mean_that_neither_is_the_script() -> None:
    parsed = parse("function a() {}\nfunction b() {}")
    assert parsed.function is None
    assert [function.name for function in parsed.functions] == ["a", "b"]


def test_positions_count_characters() -> None:
    parsed = parse("function login() {\n  const é = '漢𝒳'; configuration.KEY;\n}")
    assert parsed.configuration.reads[0].span == Span(2, 19, 2, 36)


def test_spans_of_every_node_give_back_its_text() -> None:
    text = "function é() {\r\n  return `${漢.𝒳}` + 'ß'; // ☃\r\n}"
    parsed = parse(text)
    assert {node.text for node in parsed.root.walk() if node.type in ("identifier", "property_identifier")} == {
        "é",
        "漢",
        "𝒳",
    }


def test_odd_characters_are_named_but_not_inside_strings_and_comments() -> None:
    parsed = parse("\ufefffunction login() { return '⏺' + /⏺/ + `⏺`; } // ⏺")
    assert parsed.syntax_error is None
    assert [(odd.name, odd.legal, odd.span) for odd in parsed.odd_characters] == [
        ("byte order mark", True, Span(1, 1, 1, 2)),
    ]


def test_letters_and_spaces_of_other_languages_are_not_odd() -> None:
    assert parse("function größe(\u00a0漢字) {}").odd_characters == ()


def test_the_same_text_is_parsed_once() -> None:
    assert parse("function once() {}") is parse("function once() {}")


def check_whole(parsed: ParsedScript) -> None:
    lines = parsed.text.split("\n")

    def inside(line: int, column: int) -> bool:
        return 1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1

    spans = [read.span for read in parsed.configuration.reads]
    spans += [*parsed.configuration.dynamic, *(odd.span for odd in parsed.odd_characters)]
    spans += [comment.span for comment in parsed.comments]
    spans += [statement.span for statement in parsed.statements]
    spans += [parameter.span for function in parsed.functions for parameter in function.parameters]
    for span in spans:
        assert inside(span.line, span.column)
        assert inside(span.end_line, span.end_column)
        assert (span.line, span.column) <= (span.end_line, span.end_column)
    if parsed.syntax_error is not None:
        assert inside(parsed.syntax_error.line, parsed.syntax_error.column)


@given(ANY_TEXT)
@example("\ud800")
@example("\x00")
def test_any_text_is_parsed_without_an_exception(text: str) -> None:
    check_whole(parse(text))


@given(PIECES)
@example("function login(){\n\u2028}}")
@example("`\u2028`;\n x = 5 5")
def test_any_broken_script_is_parsed_without_an_exception(text: str) -> None:
    check_whole(parse(text))


@given(st.text(max_size=60), st.data())
def test_lines_and_columns_follow_from_offsets(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    line, column = Lines(text).position(offset)
    before = text[:offset]
    assert line == before.count("\n") + 1
    assert column == len(before) - (before.rfind("\n") + 1) + 1


def test_neither_engine_is_loaded_before_the_first_script() -> None:
    program = (
        "import sys, dbconn_tui.action_scripts.source as source\n"
        "heavy = {'tree_sitter', 'tree_sitter_javascript', 'quickjs'}\n"
        "before = heavy & set(sys.modules)\n"
        "source.parse('function login() {}')\n"
        "print(sorted(before), sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[] ['quickjs', 'tree_sitter', 'tree_sitter_javascript']\n"
