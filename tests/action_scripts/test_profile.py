"""Which user_id a script gives: what is followed, what counts as the same, and where the answer is silence."""

from __future__ import annotations

import pytest

from dbconn_tui.action_scripts.profile import user_id_expressions
from dbconn_tui.action_scripts.source import parse


def ids(body: str) -> frozenset[str] | None:
    return user_id_expressions(parse(f"function login(identifier, password, callback) {{\n{body}\n}}\n"))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("callback(null, { user_id: row.id });", {"row.id"}),
        ("callback(null, { email: e, 'user_id': row.id.toString() });", {"row.id.toString()"}),
        ("callback(null, { id: row.id });", {"row.id"}),
        ("callback(null, { id: row.other, user_id: row.id });", {"row.id"}),
        ("callback(null, { ...row, user_id: row.id });", {"row.id"}),
        ("db.find(function (e, row) { if (e) return callback(e); callback(null, { user_id: row.id }); });", {"row.id"}),
        ("db.find().then((row) => callback(null, row ? { user_id: row.id } : null), callback.name);", None),
        ("const profile = { user_id: row.id }; return callback(null, profile);", {"row.id"}),
        ("const profile = {}; profile.user_id = row.id; return callback(null, profile);", {"row.id"}),
        ("let p = null; p = to(row); callback(null, p);\nfunction to(r) { return { user_id: r.id }; }", {"r.id"}),
        ("const to = (r) => ({ user_id: r.id }); callback(null, to(row));", {"r.id"}),
        ("const user_id = 'db|' + row.id; callback(null, { user_id });", {'("db|"+row.id)'}),
        ("if (a) return callback(null, { user_id: row.id }); callback(null, { user_id: row.uuid });",
         {"row.id", "row.uuid"}),
    ],
)  # fmt: skip
def test_what_is_followed(body: str, expected: set[str] | None) -> None:
    assert ids(body) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("callback(null, { user_id: String( row.id ) });", "callback(null, {\n user_id: String(row.id), // key\n});"),
        ("callback(null, { user_id: 'db|' + row.id });", 'callback(null, { user_id: "db|" + row.id });'),
        ("callback(null, { user_id: 'db|' + row.id });", "callback(null, { email: 1, user_id: 'db|' + row.id });"),
    ],
)  # fmt: skip
def test_spelling_does_not_matter(one: str, other: str) -> None:
    assert ids(one) == ids(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("callback(null, { user_id: row.id });", "callback(null, { user_id: row.uuid });"),
        ("callback(null, { user_id: 'a b' + row.id });", "callback(null, { user_id: 'ab' + row.id });"),
        ("callback(null, { user_id: `a|${row.id}` });", "callback(null, { user_id: `b|${row.id}` });"),
        (
            "const prefix = 'a|'; callback(null, { user_id: prefix + row.id });",
            "const prefix = 'b|'; callback(null, { user_id: prefix + row.id });",
        ),
        (
            "const prefix = 'a|'; callback(null, { user_id: `${prefix}${row.id}` });",
            "const prefix = 'b|'; callback(null, { user_id: `${prefix}${row.id}` });",
        ),
    ],
)
def test_another_id_is_told(one: str, other: str) -> None:
    assert ids(one) is not None
    assert ids(other) is not None
    assert ids(one) != ids(other)


def test_how_a_record_is_found_does_not_matter() -> None:
    texts = [
        f"const row = await db.query('{query}'); callback(null, {{ user_id: row.id }});"
        for query in ("select 1", "s 2")
    ]
    scripts = [parse(f"async function login(a, b, callback) {{ {text} }}") for text in texts]
    assert user_id_expressions(scripts[0]) == user_id_expressions(scripts[1]) == {"row.id"}


@pytest.mark.parametrize(
    "body",
    [
        "callback(null);",
        "callback(new Error('down'));",
        "callback(null, row);",
        "db.find(identifier, callback);",
        "callback(...answer);",
        "callback(null, { email: row.email });",
        "callback(null, { user_id: row.id, ...row });",
        "callback(null, { [key]: row.id });",
        "callback(null, { get user_id() { return 1; } });",
        "callback(null, toProfile(row));",
        "callback(null, Object.assign({}, row));",
        "let p = { user_id: row.id }; ({ p } = other); callback(null, p);",
        "callback(null, f(row)); function f(r) { return f(r); }",
        "callback(null, { user_id: row.id",
    ],
)
def test_silence_where_nothing_can_be_told(body: str) -> None:
    assert ids(body) is None


@pytest.mark.parametrize(
    "text",
    ["", "function login() {}", "const a = 1;", "function login({ callback }) { callback(null, {user_id: 1}); }"],
)
def test_silence_for_what_is_no_script(text: str) -> None:
    assert user_id_expressions(parse(text)) is None
