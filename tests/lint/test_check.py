"""What lint_script, lint_connection and hard_problems report, where, and how severely."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbconn_tui.lint.check import hard_problems, lint_connection, lint_connections, lint_script
from dbconn_tui.problems import Certainty, Place, Problem, Severity
from dbconn_tui.project.values import Connection, Script

LOGIN = "function login(email, password, callback) {\n  return callback(new Error('closed'));\n}\n"
GET_USER = "function getUser(email, callback) {\n  return callback(null);\n}\n"
CREATE = "function create(user, callback) {\n  return callback(new Error('closed'));\n}\n"
VERIFY = "function verify(email, callback) {\n  return callback(null, false);\n}\n"
CHANGE_PASSWORD = "function changePassword(email, newPassword, callback) {\n  return callback(null, false);\n}\n"
DELETE = "function deleteUser(id, callback) {\n  return callback(new Error('closed'));\n}\n"
CHANGE_EMAIL = "function changeEmail(email, newEmail, verified, callback) {\n  return callback(null, false);\n}\n"
ALL_SEVEN = {
    "login": LOGIN,
    "get_user": GET_USER,
    "create": CREATE,
    "verify": VERIFY,
    "change_password": CHANGE_PASSWORD,
    "delete": DELETE,
    "change_email": CHANGE_EMAIL,
}

MakeConnection = Callable[..., Connection]


def shown(problems: tuple[Problem, ...]) -> list[tuple[str, str, str]]:
    return [(problem.rule, str(problem.place), problem.effective_severity.value) for problem in problems]


def test_a_whole_connection_has_no_problems(make_connection: MakeConnection) -> None:
    connection = make_connection(ALL_SEVEN)
    assert lint_connection(connection) == ()
    assert lint_connection(connection, preset="strict") == ()
    assert hard_problems(connection) == ()


@pytest.mark.parametrize("kind", [*ALL_SEVEN, "change_username", "change_phone_number", "audit"])
def test_a_script_of_another_kind_or_count_is_told(kind: str) -> None:
    rules = {problem.rule for problem in lint_script(kind, "function () {}", file="x.js")}
    assert "anonymous-function" in rules
    assert ("script-params" in rules) == (kind in ALL_SEVEN)


@pytest.mark.parametrize(("kind", "text"), ALL_SEVEN.items())
def test_context_stands_just_before_the_callback(kind: str, text: str) -> None:
    with_context = text.replace(", callback)", ", context, callback)", 1)
    for context in (None, False):
        assert lint_script(kind, text, file="x.js", context=context) == ()
    for context in (None, True):
        assert lint_script(kind, with_context, file="x.js", context=context) == ()
    for wrong, context in ((text, True), (with_context, False)):
        [problem] = lint_script(kind, wrong, file="x.js", context=context)
        assert problem.rule == "script-params"
        assert "enable_script_context" in problem.hint


def test_places_are_in_scripts_or_in_the_project_file(make_connection: MakeConnection) -> None:
    connection = make_connection(
        {"login": "function login(email, password, callback) {\n  return callback(configuration.URL);\n}\n"},
        configuration=("OLD",),
        import_mode=True,
    )
    assert shown(lint_connection(connection)) == [
        ("scripts-required", "dbconn.yaml:5:5", "error"),
        ("configuration-unused", "dbconn.yaml:10:7", "info"),
        ("configuration-undefined", "scripts/login.js:2:19", "error"),
    ]
    assert {problem.connection for problem in lint_connection(connection)} == {"users"}


def test_an_item_without_a_place_is_shown_at_the_connection(make_connection: MakeConnection) -> None:
    connection = make_connection({"login": LOGIN, "getUser": GET_USER})
    [problem] = [one for one in lint_connection(connection) if one.rule == "script-unknown-key"]
    assert problem.place == Place("dbconn.yaml", 4, 3)
    assert "`get_user`" in problem.hint


def test_chosen_severities_win_and_never_raise_lesser_findings(make_connection: MakeConnection) -> None:
    text = "function login(email, password, callback) {\n  callback(configuration.A || configuration['B-C']);\n}\n"
    other = "function login(email, password, callback) {\n  callback(configuration.A || 1, configuration.B);\n}\n"
    off = make_connection({"login": other, "get_user": GET_USER}, lint={"configuration-undefined": "off"})
    assert "configuration-undefined" not in {problem.rule for problem in lint_connection(off)}
    warning = make_connection({"login": other}, lint={"configuration-undefined": "warning"})
    severities = [problem.severity for problem in lint_connection(warning) if problem.rule == "configuration-undefined"]
    assert severities == [Severity.INFO, Severity.WARNING]
    possible = [problem for problem in lint_connection(make_connection({"login": text})) if problem.blocks]
    assert possible == []


def test_a_key_that_the_script_looks_for_first_is_only_possibly_missing(make_connection: MakeConnection) -> None:
    text = (
        "function login(email, password, callback) {\n"
        "  if (configuration.PROXY) { use(configuration.PROXY); }\n  callback(null);\n}\n"
    )
    found = [p for p in lint_connection(make_connection({"login": text})) if p.rule == "configuration-undefined"]
    assert [problem.certainty for problem in found] == [Certainty.POSSIBLE] * 2
    assert not any(problem.blocks for problem in found)


def test_keys_known_on_the_tenant_count_as_declared(make_connection: MakeConnection) -> None:
    connection = make_connection({"login": LOGIN.replace("'closed'", "configuration.A"), "get_user": GET_USER})
    assert "configuration-undefined" in {p.rule for p in lint_connection(connection)}
    known = lint_connection(connection, live_keys=frozenset({"A"}))
    assert "configuration-undefined" not in {p.rule for p in known}


def test_misspelt_keys_get_a_suggestion(make_connection: MakeConnection) -> None:
    login = LOGIN.replace("'closed'", "configuration.MONGO_URl")
    connection = make_connection({"login": login, "get_user": GET_USER}, configuration=("MONGO_URL",))
    [problem] = [one for one in lint_connection(connection) if one.rule == "configuration-undefined"]
    assert problem.hint == "Did you mean `configuration.MONGO_URL`?"


@pytest.mark.parametrize(
    "broken", ["function verify( {", "function verify(e, callback) { callback(configuration[e]) }"]
)
def test_unused_keys_are_not_told_where_a_script_cannot_be_followed(
    make_connection: MakeConnection,
    broken: str,
) -> None:
    connection = make_connection({**ALL_SEVEN, "verify": broken}, configuration=("A",))
    assert "configuration-unused" not in {problem.rule for problem in lint_connection(connection)}


def test_a_syntax_error_is_told_alone(make_connection: MakeConnection) -> None:
    connection = make_connection({**ALL_SEVEN, "verify": "const a = 1;\nfunction Verify(a) {\n  return ;;; )\n}"})
    assert shown(lint_connection(connection)) == [("script-syntax", "scripts/verify.js:3:14", "error")]


def test_a_script_above_any_limit_is_not_even_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    def compiled(text: str) -> None:
        assert text == "", "an empty script stands for it"

    monkeypatch.setattr("dbconn_tui.action_scripts.source.compile_fault", compiled)
    problems = lint_script("login", "[" * 20_000_000, file="login.js")
    assert shown(problems) == [("script-size", "login.js", "error")]


@pytest.mark.parametrize(
    ("size", "severities"),
    [(50_000, []), (50_001, ["warning"]), (100_000, ["warning"]), (100_001, ["error"])],
)
def test_size_counts_bytes(size: int, severities: list[str]) -> None:
    frame = "function login(email, password, callback) { // {}\n  callback(null);\n}\n"
    text = frame.replace("{}", "é" * ((size - len(frame) + 2) // 2))
    text += " " * (size - len(text.encode()))
    assert len(text.encode()) == size
    assert [problem.severity.value for problem in lint_script("login", text, file="login.js")] == severities


@pytest.mark.parametrize(
    ("scripts", "fields", "rule"),
    [
        ({**ALL_SEVEN, "login": "function login( {"}, {}, "script-syntax"),
        ({**ALL_SEVEN, "login": "const a = 1;\n" + LOGIN}, {}, "script-single-function"),
        ({**ALL_SEVEN, "login": "/path/to/login.js"}, {}, "script-syntax"),
        ({**ALL_SEVEN, "login": "'scripts/login.js'"}, {}, "script-single-function"),
        ({**ALL_SEVEN, "login": " " * 100_001}, {}, "script-size"),
        ({**ALL_SEVEN, "login": "\n"}, {}, "scripts-empty"),
        (
            {**ALL_SEVEN, "verify": "function v(e, c) { return c(new Error('Please implement the Verify script')); }"},
            {},
            "script-unimplemented",
        ),
        ({"get_user": GET_USER}, {}, "scripts-required"),
        ({"login": LOGIN, "change_email": CHANGE_EMAIL}, {}, "scripts-required"),
        ({"login": LOGIN}, {"import_mode": True}, "scripts-required"),
    ],
)
def test_what_a_deploy_refuses_cannot_be_switched_off(
    make_connection: MakeConnection,
    scripts: dict[str, str],
    fields: dict[str, bool],
    rule: str,
) -> None:
    ignored = {
        kind: f"// dbconn-ignore: {rule} -- no\n{text}" if rule not in ("scripts-empty", "script-size") else text
        for kind, text in scripts.items()
    }
    connection = make_connection(ignored, lint={rule: "off"}, **fields)
    assert rule not in {problem.rule for problem in lint_connection(connection)}
    hard = hard_problems(connection)
    assert rule in {problem.rule for problem in hard}
    assert all(problem.blocks for problem in hard)


def test_what_a_deploy_may_send_is_not_refused(make_connection: MakeConnection) -> None:
    connection = make_connection(
        {
            "login": "function L() { return configuration.X; }",
            "get_user": "\ufefffunction (a, b, c, d) { configuration.NOT_THERE; };",
        },
    )
    assert hard_problems(connection) == ()
    assert any(problem.blocks for problem in lint_connection(connection))


def test_a_login_only_connection_is_legal(make_connection: MakeConnection) -> None:
    assert [p.severity for p in lint_connection(make_connection({"login": LOGIN}))] == [Severity.INFO]
    some = make_connection({"login": LOGIN, "get_user": GET_USER, "create": CREATE})
    assert [p.severity for p in lint_connection(some)] == [Severity.WARNING]


def test_a_shared_file_is_told_for_each_connection(make_connection: MakeConnection) -> None:
    reads = {**ALL_SEVEN, "login": LOGIN.replace("'closed'", "configuration.A")}
    first = make_connection(reads, key="first", configuration=("A",))
    second = make_connection(reads, key="second")
    problems = lint_connections([first, second])
    assert [(p.rule, p.connection) for p in problems] == [("configuration-undefined", "second")]
    known = lint_connections([first, second], live_keys={"second": frozenset({"A"})})
    assert known == ()


def test_an_ignore_that_one_of_two_connections_needs_is_used(make_connection: MakeConnection) -> None:
    login = LOGIN.replace("return", "// dbconn-ignore: configuration-undefined -- set later\n  return")
    reads = {**ALL_SEVEN, "login": login.replace("'closed'", "configuration.A")}
    first = make_connection(reads, key="first", configuration=("A",))
    second = make_connection(reads, key="second")
    assert lint_connections([first, second]) == ()
    assert [problem.rule for problem in lint_connections([first])] == ["ignore-unused"]
    both = [first, make_connection(reads, key="third", configuration=("A",))]
    assert [problem.rule for problem in lint_connections(both)] == ["ignore-unused"] * 2


SOURCES = st.one_of(
    st.text(st.characters(codec=None), max_size=200),
    st.lists(
        st.sampled_from(
            [
                *ALL_SEVEN.values(),
                "// dbconn-ignore: function-name -- x\n",
                "/* dbconn-ignore */",
                "configuration.",
                "A",
                "(",
                ")",
                "{",
                "}",
                ";",
                "module.exports = ",
                "'use strict'",
                "=>",
                "\n",
                "漢",
                "'Please implement the '",
                "@@K@@",
            ],
        ),
        max_size=12,
    ).map("".join),
)


@given(
    kind=st.sampled_from([*ALL_SEVEN, "change_username", "", "x y"]),
    text=SOURCES,
    context=st.sampled_from([None, True]),
)
def test_any_text_is_linted_and_places_are_inside_it(kind: str, text: str, context: bool | None) -> None:
    lines = text.split("\n")
    for problem in lint_script(kind, text, file="x.js", context=context, preset="strict"):
        place = problem.place
        assert place.line <= len(lines)
        if place.line:
            assert 1 <= place.column <= len(lines[place.line - 1]) + 1
            assert (place.line, place.column) <= (place.end_line, place.end_column)


@given(st.dictionaries(st.sampled_from([*ALL_SEVEN, "getUser", "audit"]), SOURCES, max_size=4))
def test_any_connection_is_linted(scripts: dict[str, str]) -> None:
    connection = Connection(
        key="users",
        name="users",
        scripts={kind: Script(kind, Path(f"{kind}.js"), f"{kind}.js", text) for kind, text in scripts.items()},
    )
    kept = {problem for problem in lint_connection(connection) if problem.blocks}
    hard = hard_problems(connection)
    if not any("dbconn-ignore" in text for text in scripts.values()):
        assert kept >= set(hard)
    assert ("login" not in scripts) <= any(problem.rule == "scripts-required" for problem in hard)
