"""Which configuration keys a script reads."""

from __future__ import annotations

import pytest

from dbconn_tui.action_scripts.configuration import ConfigurationUse
from dbconn_tui.action_scripts.positions import Span
from dbconn_tui.action_scripts.source import parse


def use_of(body: str) -> ConfigurationUse:
    parsed = parse(f"function login(a, callback) {{\n{body}\n}}")
    assert parsed.syntax_error is None
    return parsed.configuration


def reads(body: str) -> dict[str, str]:
    found = use_of(body)
    assert not found.dynamic
    return {read.key: read.use.value for read in found.reads}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("configuration.A", {"A": "required"}),
        ("configuration?.A", {"A": "required"}),
        ("configuration['A-B']", {"A-B": "required"}),
        ("configuration[`A`]", {"A": "required"}),
        ("(configuration).A.trim()", {"A": "required"}),
        ("`${configuration.A}/x`", {"A": "required"}),
        ("const { A, B: b, 'C-D': c, ['E']: e } = configuration", dict.fromkeys(["A", "B", "C-D", "E"], "required")),
        ("const { A = 1, B: b = 2, C: { d } = {} } = configuration", dict.fromkeys("ABC", "default")),
        ("let A; ({ A } = configuration)", {"A": "required"}),
        ("const c = configuration; const d = c || {}; d.A; c.B", {"A": "required", "B": "required"}),
        ("let c; c = configuration; c.A", {"A": "required"}),
        ("const f = (c = configuration) => c.A", {"A": "required"}),
        ("const f = ({ A } = configuration) => A", {"A": "required"}),
        ("configuration.A || 'x'", {"A": "default"}),
        ("(configuration.A) ?? 'x'", {"A": "default"}),
        ("Number(configuration.A || 5)", {"A": "default"}),
        ("const t = configuration.A; f(t || 5)", {"A": "default"}),
        ("const t = configuration.A; if (!t) { f(); } g(t)", {"A": "tested"}),
        ("const { A } = configuration; f(A ?? 5)", {"A": "default"}),
        ("if (configuration.A) { f(); }", {"A": "tested"}),
        ("if (b && configuration.A) { f(); }", {"A": "tested"}),
        ("configuration.A === 'on'", {"A": "tested"}),
        ("configuration.A && f()", {"A": "tested"}),
        ("configuration.A ? 1 : 2", {"A": "tested"}),
        ("!configuration.A; typeof configuration.B", {"A": "tested", "B": "tested"}),
        ("'A' in configuration", {"A": "tested"}),
        ("configuration.A?.trim()", {"A": "tested"}),
        ("configuration.A || configuration.B", {"A": "default", "B": "tested"}),
        ("if (typeof configuration === 'undefined') { f(); }", {}),
        ("if (configuration && configuration.A.length) { f(); }", {"A": "required"}),
        ("other.configuration.A; ({ configuration: 1 }).configuration", {}),
        ("// configuration.A\n'configuration.B'", {}),
    ],
)
def test_reads_and_what_a_missing_key_would_mean(body: str, expected: dict[str, str]) -> None:
    assert reads(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "const configuration = {}; configuration.A",
        "{ let configuration = {}; configuration.A }",
        "function f(configuration) { return configuration.A; }",
        "const f = ({ configuration }) => configuration.A",
        "try { f(); } catch (configuration) { configuration.A }",
        "for (const configuration of list) { configuration.A }",
        "configuration.A; var configuration",
        "class B { m(configuration) { return configuration.A; } }",
        "const f = function configuration() { return configuration.A; }",
    ],
)
def test_a_declared_name_shadows_the_platform_s(body: str) -> None:
    assert reads(body) == {}


def test_shadowing_ends_with_its_block() -> None:
    assert reads("{ let configuration = {}; configuration.A }\nconfiguration.B") == {"B": "required"}


@pytest.mark.parametrize(
    "body",
    [
        "configuration[a]",
        "configuration[`A_${a}`]",
        "configuration['A' + a]",
        "Object.keys(configuration)",
        "f(configuration)",
        "f({ ...configuration })",
        "f({ configuration })",
        "return configuration",
        "const { A, ...rest } = configuration",
        "const { [a]: b } = configuration",
        "undeclared = configuration",
        "for (const key in configuration) { f(key); }",
        "a in configuration",
    ],
)
def test_what_cannot_be_followed_is_dynamic(body: str) -> None:
    assert len(use_of(body).dynamic) == 1


def test_writes_are_no_reads() -> None:
    found = use_of("configuration.A = 1; delete configuration.B; configuration.C ||= 'x'")
    assert found.written == {"A", "B", "C"}
    assert found.keys == {"C"}


def test_reads_carry_their_places_in_text_order() -> None:
    found = use_of("  configuration.B;\n  const { A } = configuration;")
    assert [(read.key, read.span) for read in found.reads] == [("B", Span(2, 3, 2, 18)), ("A", Span(3, 11, 3, 12))]
