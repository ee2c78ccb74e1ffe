from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from dbconn_tui.project.option_schema import OPTIONS
from dbconn_tui.project.overlay import connections_for
from dbconn_tui.project.read import read_project
from dbconn_tui.project.schema import CONNECTION, TOP, json_schema
from dbconn_tui.project.shapes import Either, Flag, Group, Key, ListOf, MapOf, Shape, walk

EXAMPLE = Path(__file__).parents[2] / "config.example.yaml"


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def used_keys(value: Any, shape: Shape) -> Iterator[Key]:
    """Every key of the table that a document uses."""
    if isinstance(shape, Either):
        yield from used_keys(value, shape.map if isinstance(value, dict) else shape.single)
    elif isinstance(shape, Group) and isinstance(value, dict):
        for key in shape.keys:
            if key.name in value:
                yield key
                yield from used_keys(value[key.name], key.shape)
    elif isinstance(shape, MapOf) and isinstance(value, dict):
        for below in value.values():
            yield from used_keys(below, shape.value)
    elif isinstance(shape, ListOf) and isinstance(value, list):
        for item in value:
            yield from used_keys(item, shape.item)


def test_the_example_uses_every_key_of_the_table() -> None:
    used = {id(key) for key in used_keys(yaml.safe_load(EXAMPLE.read_text("utf-8")), TOP)}
    # The same key may stand in several places, such as an option in defaults; once is enough.
    assert [".".join(path) for path, key in walk(TOP) if id(key) not in used] == []


def test_the_example_is_read_without_a_problem(tmp_path: Path) -> None:
    (tmp_path / "dbconn.yaml").write_bytes(EXAMPLE.read_bytes())
    for name in ("legacy-users/login", "legacy-users/get_user", "partners/login", "shared/get_user"):
        script = tmp_path / "scripts" / f"{name}.js"
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text("function script() {}\n")
    project, problems = read_project(tmp_path / "dbconn.yaml")
    assert problems == ()
    assert project is not None
    on = {tenant: [connection.key for connection in connections_for(project, tenant)[0]] for tenant in project.tenants}
    assert on == {"dev": ["legacy-users", "partners"], "audit": ["legacy-users"], "prod": ["legacy-users", "partners"]}


def test_the_example_explains_itself() -> None:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    assert sum("#" in line for line in lines) > len(lines) / 4
    assert max(map(len, lines)) <= 120


def test_the_example_is_accepted_by_the_json_schema(validator: jsonschema.Draft202012Validator) -> None:
    assert list(validator.iter_errors(yaml.safe_load(EXAMPLE.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "connections: {users: , partners: {configuration: null, options: {mfa: {active: null}}}}",
        "connections: {users: {configuration: {A: {secret: x}, B: {env: Y}, C: {keep: live}, D: text, E: null}}}",
        "connections: {users: {options: {brand_new: [1, {a: b}]}, scripts: {login: a.js, brand_new: b.js}}}",
        "defaults: {tenants: {dev: {options: {}}}}\ntenants: {dev: {domain: a.b, rate: 0.5}}",
    ],
)
def test_the_json_schema_accepts(validator: jsonschema.Draft202012Validator, text: str) -> None:
    assert list(validator.iter_errors(yaml.safe_load(text))) == []


@pytest.mark.parametrize(
    "text",
    [
        "version: 2",
        "tenents: {}",
        "project_key: abc",
        "tenants: {dev: {client_id: x}}",
        "tenants: {dev: {domain: a.b, rate: 0}}",
        "tenants: {dev: {domain: null}}",
        "defaults: {name: x}",
        "connections: {a/b: {}}",
        "connections: {users: {configuration: {A: {}}}}",
        "connections: {users: {configuration: {A: {secret: x, env: Y}}}}",
        "connections: {users: {configuration: {A: {secret: null}}}}",
        "connections: {users: {configuration: {A: 12}}}",
        "connections: {users: {configuration: {A: {keep: it}}}}",
        "connections: {users: {options: {customScripts: {}}}}",
        "connections: {users: {options: {passwordPolicy: strong}}}",
        "connections: {users: {options: {precedence: [email]}}}",
        "connections: {users: {tenants: {dev: {scripts: x}}}}",
        "connections: {users: {name: my--users}}",
        "connections: {users: {enabled_clients: [a, a]}}",
    ],
)
def test_the_json_schema_refuses(validator: jsonschema.Draft202012Validator, text: str) -> None:
    assert not validator.is_valid(yaml.safe_load(text))


def test_every_key_has_a_sentence_and_stands_once() -> None:
    for path, key in walk(TOP):
        assert re.fullmatch(r"[A-Z].*[.]", key.sentence), path
        assert "\n" not in key.sentence
        assert len(key.sentence) <= 110, path
    for shape in (TOP, CONNECTION, OPTIONS):
        names = [key.name for key in shape.keys]
        assert len(set(names)) == len(names)


def test_what_is_said_and_what_has_defaults() -> None:
    for key in (*TOP.keys, *CONNECTION.keys):
        assert key.default or key.required or key.name == "lint"


def test_flags_are_spelled_alike_in_both_schemas() -> None:
    flags = {path[-1] for path, key in walk(OPTIONS) if isinstance(key.shape, Flag)}
    assert {"requires_username", "enable_script_context", "active", "enabled"} <= flags
