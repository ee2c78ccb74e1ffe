"""template.yaml: what is read from it, and every way it can be broken, each with its line and column."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbconn_tui.errors import ProjectError
from dbconn_tui.scaffold.catalogue import read_template
from dbconn_tui.scaffold.document import read_document
from dbconn_tui.scaffold.manifest import build_template
from dbconn_tui.scaffold.template import Condition, FixedText, FromSecret, FromVariable, Secret, VariableType

from .conftest import MANIFEST, MakeTemplate


def test_a_whole_template(make_template: MakeTemplate) -> None:
    folder = make_template()
    template = read_template(folder)
    assert (template.name, template.folder, template.version) == ("table", folder, 3)
    assert (template.title, template.description, template.needs) == ("A table", "Reads a table.", ("A table",))
    assert [str(module) for module in template.modules] == ["pg 8.16.3"]
    assert [variable.name for variable in template.variables] == list(template.defaults())
    size = template.variable("size")
    assert size is not None
    assert (size.type, size.default, size.minimum, size.maximum) == (VariableType.INTEGER, 2, 1, 5)
    assert template.secrets == (Secret("db_password", "The password of the database user.", "DB_PASSWORD"),)
    assert [entry.value for entry in template.configuration] == [
        FromVariable("address"),
        FromVariable("size"),
        FromSecret("db_password"),
        FixedText("fixed"),
        FromVariable("label"),
    ]
    assert template.configuration[-1].when == (Condition("scheme", ("argon2",)),)
    assert [(entry.name, entry.value) for entry in template.options] == [
        ("mfa", {"active": True}),
        ("requires_username", True),
    ]
    assert [(entry.kind, entry.when) for entry in template.scripts] == [
        ("login", ()),
        ("create", (Condition("import_mode", (False,)),)),
    ]
    assert template.readme == "# A table\n"


BROKEN = [
    ("version: 3", "version: three", "1:10", "whole number from 1"),
    ("version: 3", "version: true", "1:10", "whole number from 1"),
    ("title: A table", "title: ''", "2:8", "title must be text"),
    ("title: A table", "titel: A table", "2:8", "titel is not a key"),
    ("description: Reads a table.", "description: [a]", "3:14", "description must be text"),
    ("  - A table", "  - 7", "5:5", "must be text"),
    ("pg: 8.16.3", "pg: ^8.16.3", "7:7", "exact version"),
    ("pg: 8.16.3", "pg: 8.16", "7:7", "exact version"),
    ("type: identifier", "type: idenifier", "9:17", "type must be one of text, integer"),
    ("default: users", "default: the users", "9:38", "plain name"),
    (", default: users", "", "9:10", "table needs a default"),
    (", help: The table.", "", "9:10", "help must be text"),
    ("maximum: 20", "maximum: a lot", "10:63", "maximum must be a whole number"),
    ("maximum: 20", "maximun: 20", "10:63", "maximun is not a key"),
    ("maximum: 20", "pattern: '('", "10:63", "not a regular expression"),
    ("default: 2,", "default: 9,", "11:34", "from 1 to 5"),
    (", choices: [bcrypt, argon2]", "", "12:11", "choices belong to type choice"),
    ("choices: [bcrypt, argon2]", "choices: [1, 2]", "12:52", "choices must be a list of texts"),
    ("https://users.example.com", "http://users.example.com", "13:33", "https://"),
    ("  db_password: The", "  db-password: The", "16:16", "db-password must be up to 64"),
    ("{secret: db_password}", "{secret: other}", "20:16", "secret other is not listed"),
    ("{secret: db_password}", "{secret: other}", "16:16", "no configuration key uses the secret db_password"),
    ("{variable: size}", "{variable: sise}", "19:23", "there is no variable sise"),
    ("DB_MODE: fixed", "DB_MODE: 7", "21:12", "DB_MODE must be text"),
    ("DB_MODE: fixed", "DB_MODE: {env: HOME}", "21:12", "DB_MODE must be text"),
    ("DB_MODE: fixed", "'DB MODE': fixed", "21:14", "not usable as configuration.KEY"),
    ("{scheme: argon2}", "{scheme: md5}", "22:47", "scheme must be one of"),
    ("{scheme: argon2}", "{shceme: argon2}", "22:47", "there is no variable shceme"),
    ("when: {scheme: argon2}", "wen: {scheme: argon2}", "22:37", "wen is not a key"),
    ("mfa: {value: {active: true}}", "customScripts: {value: {}}", "24:18", "not set through options"),
    ("mfa: {value: {active: true}}", "mfa: true", "24:8", "mfa must be {value"),
    ("  create: {when", "  creates: {when", "28:12", "creates is not a kind of script"),
    ("  create: {when", "  verify: {when", "28:11", "verify.js is not in the template's folder"),
    ("  login:\n", "", "27:3", "scripts must list login"),
    ("secrets:\n", "import_mode: true\nsecrets:\n", "15:14", "import_mode is a variable already"),
    ("secrets:\n", "import_mode: always\nsecrets:\n", "15:14", "import_mode must be true or false"),
    ("title: A table", "title: *table", "2:8", ""),
    ("title: A table", "title: A table\ntitle: Again", "3:1", ""),
    ("title: A table", "title: [", "2:8", ""),
    ("title: A table", "title: !!python/object:os.system x", "2:8", ""),
    ("title: A table", "title: \x07", "2:8", ""),
]


@pytest.mark.parametrize(("good", "bad", "place", "message"), BROKEN, ids=lambda value: str(value)[:30])
def test_broken(make_template: MakeTemplate, good: str, bad: str, place: str, message: str) -> None:
    assert good in MANIFEST
    folder = make_template(manifest=MANIFEST.replace(good, bad, 1))
    with pytest.raises(ProjectError) as refused:
        read_template(folder)
    found = [problem for problem in refused.value.problems if message in f"{problem.message} {problem.hint}"]
    assert found, [str(problem) for problem in refused.value.problems]
    where = f"table/template.yaml:{place}" if place else "table/template.yaml"
    assert where in {str(problem.place) for problem in found}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("- a list", "must hold keys and values"),
        ("a: b\n" + "# " + "x" * 1_100_000, "larger than"),
        ("[" * 30_000, "nested deeper"),
        ("{" * 3_000, "nested deeper"),
        ("a: &a [x]\nb: &b [*a, *a]\ntitle: *b", "title must be text"),
        ("? [a, b]\n: c", "where a key is meant"),
    ],
    ids=lambda value: value[:12],
)
def test_broken_as_a_whole(make_template: MakeTemplate, text: str, message: str) -> None:
    with pytest.raises(ProjectError) as refused:
        read_template(make_template(manifest=text))
    assert any(message in problem.message for problem in refused.value.problems)


def test_all_problems_are_told_at_once(make_template: MakeTemplate) -> None:
    broken = MANIFEST.replace("version: 3", "version: x").replace("pg: 8.16.3", "pg: latest").replace("fixed", "[]")
    with pytest.raises(ProjectError) as refused:
        read_template(make_template(manifest=broken))
    assert [problem.place.line for problem in refused.value.problems] == [1, 7, 21]


def test_a_file_that_is_not_text(make_template: MakeTemplate) -> None:
    with pytest.raises(ProjectError) as refused:
        read_template(make_template(manifest="title: \udcff\udcfe"))
    assert "not UTF-8" in refused.value.problems[0].message


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    ).map(lambda value: f"variables: {value!r}\nscripts: {value!r}\nconfiguration: {value!r}\noptions: {value!r}\n")
)
def test_anything_is_read_or_is_a_problem(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    document = read_document(text.encode(), "t/template.yaml")
    template = build_template(document, "t", tmp_path_factory.getbasetemp())
    assert template is None
    assert document.problems
    assert all(problem.message.strip() for problem in document.problems)
