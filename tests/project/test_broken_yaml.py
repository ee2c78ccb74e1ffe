"""Every kind of broken YAML: one problem with its rule, its exact place and words that help."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from dbconn_tui.problems import Severity
from dbconn_tui.project.read import read_project

WriteProject = Callable[..., Path]


@dataclass(frozen=True)
class Broken:
    name: str
    text: str | bytes
    place: str
    rule: str
    says: str


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + level)}: &{chr(98 + level)} [{', '.join([f'*{chr(97 + level)}'] * 10)}]\n" for level in range(24)
)
MERGE_BOMB = "b0: &b0 {k: {l: 1}}\n" + "".join(
    f"b{level}: &b{level}\n  x: *b{level - 1}\n  y: *b{level - 1}\n" for level in range(1, 60)
)

CASES = [
    Broken("empty file", "", "dbconn.yaml", "yaml-empty", "empty"),
    Broken("comments only", "# nothing\n\n# here\n", "dbconn.yaml", "yaml-empty", "empty"),
    Broken("document start only", "---\n", "dbconn.yaml", "yaml-empty", "empty"),
    Broken("a list as root", "- version: 1\n", "dbconn.yaml:1:1", "yaml-not-a-map", "a list"),
    Broken("a text as root", "dbconn\n", "dbconn.yaml:1:1", "yaml-not-a-map", "a single value"),
    Broken("two documents", "version: 1\n---\nversion: 1\n", "dbconn.yaml:2:1", "yaml-several-documents", "second"),
    Broken("text after the end", "version: 1\n...\nlint:\n", "dbconn.yaml:3:1", "yaml-syntax", "nothing above"),
    Broken("a key twice", "version: 1\ntenants:\nversion: 1\n", "dbconn.yaml:3:1", "yaml-duplicate-key", "line 1"),
    Broken(
        "a nested key twice",
        "connections:\n  a:\n    name: x\n    # é\n    name: y\n",
        "dbconn.yaml:5:5",
        "yaml-duplicate-key",
        "'name'",
    ),
    Broken(
        "a key twice in braces",
        "lint: {preset: strict, preset: legacy}\n",
        "dbconn.yaml:1:24",
        "yaml-duplicate-key",
        "",
    ),
    Broken("two merge keys", "a: &a {}\nlint:\n  <<: *a\n  <<: *a\n", "dbconn.yaml:4:3", "yaml-duplicate-key", "<<"),
    Broken("a tab as indentation", "tenants:\n\tdev:\n", "dbconn.yaml:2:1", "yaml-tab", "tab"),
    Broken("a tab after spaces", "tenants:\n  dev:\n  \tdomain: a.b\n", "dbconn.yaml:3:3", "yaml-tab", "tab"),
    Broken("a tab inside braces", "lint: {\n\tpreset: strict}\n", "dbconn.yaml:2:1", "yaml-tab", "tab"),
    Broken("a byte order mark", "\ufeffversion: 1\n", "dbconn.yaml:1:1", "yaml-bom", "byte order mark"),
    Broken("a byte order mark inside", "version: 1\nlint: \ufeff\n", "dbconn.yaml:2:7", "yaml-bom", "byte order mark"),
    Broken("not UTF-8", b"version: 1\n# \xc3\xa9 caf\xe9\n", "dbconn.yaml:2:8", "yaml-not-utf8", "0xe9"),
    Broken("cut in a character", b"version: 1 # \xc3", "dbconn.yaml:1:14", "yaml-not-utf8", "0xc3"),
    Broken("UTF-16", "version: 1\n".encode("utf-16"), "dbconn.yaml:1:1", "yaml-not-utf8", "UTF-16"),
    Broken("a NUL", "version: 1\nlint: \x00\n", "dbconn.yaml:2:7", "yaml-control-character", "NUL"),
    Broken("an escape sequence", "lint: é\x1b[31m\n", "dbconn.yaml:1:8", "yaml-control-character", "U+001B"),
    Broken("an escaped NUL", 'lint: {preset: "a\\0"}\n', "dbconn.yaml:1:16", "yaml-control-character", "U+0000"),
    Broken("larger than 1 MB", "# " + "x" * 1_048_576, "dbconn.yaml", "yaml-too-large", "1 MB"),
    Broken("1 MB of nested lists", "a: " + "[" * 1_000_000, "dbconn.yaml:1:53", "yaml-too-deep", "50"),
    Broken("1 MB of nested maps", "{a: " * 250_000, "dbconn.yaml:1:201", "yaml-too-deep", "50"),
    Broken("1 MB of nested dashes", "- " * 500_000, "dbconn.yaml:1:101", "yaml-too-deep", "50"),
    Broken("an alias bomb", BOMB, "dbconn.yaml:4:36", "yaml-too-many-nodes", "10,000"),
    Broken("an alias bomb of maps", MERGE_BOMB, "dbconn.yaml:33:6", "yaml-too-many-nodes", "10,000"),
    Broken("too many values", "a: [" + "x," * 10_000 + "]\n", "dbconn.yaml:1:20001", "yaml-too-many-nodes", "10,000"),
    Broken("an unknown anchor", "defaults: *default\n", "dbconn.yaml:1:11", "yaml-unknown-anchor", "no anchor"),
    Broken("an alias and nothing else", "*x\n", "dbconn.yaml:1:1", "yaml-unknown-anchor", "no anchor"),
    Broken("an anchor further down", "defaults: *x\nlint: &x {}\n", "dbconn.yaml:1:11", "yaml-unknown-anchor", "above"),
    Broken(
        "an alias inside itself", "defaults: &x\n  options: *x\n", "dbconn.yaml:2:12", "yaml-self-reference", "inside"
    ),
    Broken("a merge of a text", "defaults:\n  <<: text\n", "dbconn.yaml:2:7", "yaml-merge", "a map"),
    Broken("a merge of a list", "l: &l [1]\ndefaults:\n  <<: *l\n", "dbconn.yaml:3:7", "yaml-merge", "a map"),
    Broken("a merge of texts", "defaults: {<<: [{}, text]}\n", "dbconn.yaml:1:21", "yaml-merge", "a map"),
    Broken("a Python object", "lint: !!python/object:os.system x\n", "dbconn.yaml:1:7", "yaml-tag", "tags"),
    Broken("a tag of one's own", "tenants: !vault {}\n", "dbconn.yaml:1:10", "yaml-tag", "tags"),
    Broken("a standard tag", "version: !!int 1\n", "dbconn.yaml:1:10", "yaml-tag", "tags"),
    Broken("an unknown tag handle", "!e!x a: 1\n", "dbconn.yaml:1:1", "yaml-tag", "tags"),
    Broken("a list as key", "? [a]\n: b\n", "dbconn.yaml:1:3", "yaml-key", "key"),
    Broken("a map as key", "{a: b}: c\n", "dbconn.yaml:1:1", "yaml-key", "key"),
    Broken("an open list", "defaults:\n  only: [dev, prod\n", "dbconn.yaml:2:9", "yaml-syntax", "not closed"),
    Broken("an open map", "lint: {preset: strict\n", "dbconn.yaml:1:7", "yaml-syntax", "not closed"),
    Broken("an open double quote", 'lint: "strict\nversion: 1\n', "dbconn.yaml:1:7", "yaml-syntax", "never closed"),
    Broken("an open single quote", "lint: 'strict\nversion: 1\n", "dbconn.yaml:1:7", "yaml-syntax", "never closed"),
    Broken("an apostrophe in quotes", "lint: 'it's'\n", "dbconn.yaml:1:11", "yaml-syntax", "does not fit"),
    Broken("a colon in a text", "lint: a: b\n", "dbconn.yaml:1:8", "yaml-syntax", "second key"),
    Broken("indented too far", "version: 1\n  lint: x\n", "dbconn.yaml:2:7", "yaml-syntax", "indented too far"),
    Broken("indented in between", "lint:\n    rules:\n  preset: x\n", "dbconn.yaml:3:3", "yaml-syntax", "does not fit"),
    Broken("no colon", "version: 1\nlint\n", "dbconn.yaml:2:1", "yaml-syntax", "colon is missing"),
    Broken("a reserved character", "lint: @x\n", "dbconn.yaml:1:7", "yaml-syntax", "`@`"),
    Broken("a backtick", "lint:\n  preset: `x`\n", "dbconn.yaml:2:11", "yaml-syntax", "```"),
    Broken("an unknown escape", 'lint: "\\d"\n', "dbconn.yaml:1:8", "yaml-syntax", "escape"),
    Broken("a list on its key's line", "only: - dev\n", "dbconn.yaml:1:7", "yaml-syntax", "list cannot begin"),
    Broken("an anchor without a name", "lint: & x\n", "dbconn.yaml:1:8", "yaml-syntax", "anchor"),
    Broken("text behind a bar", "lint: | x\n  y\n", "dbconn.yaml:1:9", "yaml-syntax", "`|`"),
    Broken("an empty list item", "only: [dev,, prod]\n", "dbconn.yaml:1:12", "yaml-syntax", "value is missing"),
    Broken("an unknown YAML version", "%YAML 3.0\n---\nversion: 1\n", "dbconn.yaml:1:1", "yaml-syntax", "%"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_broken_yaml_is_a_problem_at_its_place(write_project: WriteProject, case: Broken) -> None:
    project, problems = read_project(write_project(case.text))
    assert project is None
    found = [problem for problem in problems if problem.rule == case.rule]
    assert [str(problem.place) for problem in found] == [case.place]
    assert case.says in found[0].message
    assert found[0].severity is Severity.ERROR
    assert "\n" not in str(found[0])


def test_there_are_many_kinds() -> None:
    assert len({case.name for case in CASES}) >= 30


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_without_libyaml_the_same_is_found(
    write_project: WriteProject, monkeypatch: pytest.MonkeyPatch, case: Broken
) -> None:
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    project, problems = read_project(write_project(case.text))
    assert project is None
    assert case.rule in [problem.rule for problem in problems]


def test_several_kinds_are_found_at_once(write_project: WriteProject) -> None:
    text = "version: 1\nversion: 1\nlint: !x\ndefaults: *none\ntenants:\n  <<: 1\n"
    _, problems = read_project(write_project(text))
    assert [(problem.rule, problem.place.line) for problem in problems] == [
        ("yaml-duplicate-key", 2),
        ("yaml-tag", 3),
        ("yaml-unknown-anchor", 4),
        ("yaml-merge", 6),
    ]


def test_every_line_indented_with_tabs_is_named(write_project: WriteProject) -> None:
    _, problems = read_project(write_project("tenants:\n\tdev:\n\t\tdomain: a.b\n# \tfine\n\n"))
    assert [str(problem.place) for problem in problems] == ["dbconn.yaml:2:1", "dbconn.yaml:3:1"]


def test_tabs_elsewhere_are_no_problem(write_project: WriteProject) -> None:
    text = 'version:\t1\t# one\nlint:\n  rules: {\n    a: "x\n\ty"}\n'
    _, problems = read_project(write_project(text))
    assert "yaml-tab" not in [problem.rule for problem in problems]


@pytest.mark.parametrize(
    "password", ["*hunter2", "!hunter2", "&hunter2 x", "'hunter2", "@hunter2", "- hunter2", "h: hunter2"]
)
def test_no_message_repeats_a_value_that_broke_the_syntax(write_project: WriteProject, password: str) -> None:
    text = f"connections:\n  a:\n    configuration:\n      PASSWORD: {password}\n"
    _, problems = read_project(write_project(text))
    assert problems
    assert "hunter2" not in "".join(f"{problem}{problem.hint}" for problem in problems)
