from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbconn_tui.problems import Place
from dbconn_tui.project.layers import ABSENT, merge_layers
from dbconn_tui.project.overlay import connections_for, secret_names
from dbconn_tui.project.read import read_project
from dbconn_tui.project.values import (
    Connection,
    EnvironmentReference,
    KeptValue,
    Project,
    SecretReference,
    TextValue,
)

WriteProject = Callable[..., Path]

TENANTS = "tenants: {dev: {domain: acme-dev.eu.auth0.com}, prod: {domain: acme.eu.auth0.com}}\n"


@pytest.fixture
def read(write_project: WriteProject) -> Callable[[str], Project]:
    def make(text: str) -> Project:
        files = {"scripts/users/login.js": "function login() {}", "scripts/partners/login.js": "function login() {}"}
        project, problems = read_project(write_project(TENANTS + text, files))
        assert project is not None, problems
        return project

    return make


Read = Callable[[str], Project]


def on(project: Project, tenant: str) -> dict[str, Connection]:
    connections, problems = connections_for(project, tenant)
    assert problems == ()
    return {connection.key: connection for connection in connections}


def test_defaults_lie_under_connections_and_overlays_over_them(read: Read) -> None:
    project = read("""\
defaults:
  import_mode: false
  configuration: {API_URL: https://a.acme.com, REGION: eu}
  options: {mfa: {active: true, return_enroll_settings: true}, non_persistent_attrs: [a, b]}
connections:
  users:
    display_name: Users
    configuration: {API_URL: https://b.acme.com, KEY: {secret: key}}
    options: {mfa: {active: false}, non_persistent_attrs: [c]}
    tenants:
      dev:
        import_mode: true
        configuration: {KEY: {env: DEV_KEY}, OLD: {keep: live}}
      local:
        name: users-local
""")
    prod, dev, local = (on(project, tenant)["users"] for tenant in ("prod", "dev", "local"))
    assert prod.import_mode is False
    assert prod.display_name == "Users"
    assert prod.options == {"mfa": {"active": False, "return_enroll_settings": True}, "non_persistent_attrs": ["c"]}
    assert prod.configuration == {
        "API_URL": TextValue("https://b.acme.com"),
        "REGION": TextValue("eu"),
        "KEY": SecretReference("key"),
    }
    assert dev.import_mode is True
    assert dev.configuration["KEY"] == EnvironmentReference("DEV_KEY")
    assert dev.configuration["OLD"] == KeptValue()
    assert (prod.name, local.name) == ("users", "users-local")
    assert local.configuration == prod.configuration


def test_what_nobody_says_is_not_managed(read: Read) -> None:
    users = on(read("connections:\n  users:\n"), "prod")["users"]
    assert users == Connection("users", "users", scripts=users.scripts, place=users.place, places=users.places)
    assert (users.display_name, users.import_mode, users.enabled_clients) == (None, None, None)
    assert list(users.scripts) == ["login"]


def test_null_takes_a_key_away_again(read: Read) -> None:
    project = read("""\
defaults:
  display_name: Acme
  enabled_clients: [Web app]
  configuration: {A: "1", B: "2"}
  options: {mfa: {active: true}, requires_username: true, upstream_params: {}}
connections:
  users:
    display_name: null
    enabled_clients: null
    configuration: {A: null}
    options: {mfa: {active: null}, requires_username: ~}
    tenants:
      dev: {display_name: Dev, configuration: null, options: {mfa: {active: false}}}
""")
    prod, dev = on(project, "prod")["users"], on(project, "dev")["users"]
    assert (prod.display_name, prod.enabled_clients) == (None, None)
    assert prod.configuration == {"B": TextValue("2")}
    assert prod.options == {"upstream_params": {}}
    assert (dev.display_name, dev.configuration) == ("Dev", {})
    assert dev.options == {"mfa": {"active": False}, "upstream_params": {}}


def test_an_empty_list_is_managed(read: Read) -> None:
    assert on(read("connections: {users: {enabled_clients: []}}\n"), "dev")["users"].enabled_clients == ()


def test_only_limits_tenants_but_not_the_local_one(read: Read) -> None:
    project = read("connections:\n  users: {only: [dev]}\n  partners: {}\n")
    assert list(on(project, "dev")) == ["users", "partners"]
    assert list(on(project, "prod")) == ["partners"]
    assert list(on(project, "local")) == ["users", "partners"]


def test_defaults_may_differ_on_a_tenant_too(read: Read) -> None:
    project = read("""\
defaults: {tenants: {dev: {display_name: On dev}}}
connections:
  users: {display_name: Users}
  partners: {tenants: {dev: null}}
""")
    assert [connection.display_name for connection in on(project, "dev").values()] == ["On dev", None]
    assert [connection.display_name for connection in on(project, "prod").values()] == ["Users", None]


def test_places_point_at_what_took_effect(read: Read) -> None:
    project = read("""\
defaults:
  options: {brute_force_protection: true}
connections:
  users:
    import_mode: false
    configuration: {URL: a, KEY: {secret: k}}
    options:
      mfa: {active: true}
      upstream_params: {a.b: {}}
    tenants:
      dev:
        configuration:
          URL: b
  partners:
    name: partner-users
    scripts: {login: scripts/partners/login.js}
""")
    users = on(project, "dev")["users"]
    assert {item: str(place) for item, place in users.places.items()} == {
        "name": "dbconn.yaml:5:3",
        "import_mode": "dbconn.yaml:6:18",
        "configuration:URL": "dbconn.yaml:14:16",
        "configuration:KEY": "dbconn.yaml:7:34",
        "option:brute_force_protection": "dbconn.yaml:3:37",
        "option:mfa.active": "dbconn.yaml:9:21",
        "option:upstream_params.a\\.b": "dbconn.yaml:10:30",
        "scripts": "dbconn.yaml:5:3",
        "script:login": "scripts/users/login.js",
    }
    assert users.place == Place("dbconn.yaml", 5, 3, 5, 8)
    partners = on(project, "prod")["partners"]
    assert str(partners.places["name"]) == "dbconn.yaml:16:11"
    assert str(partners.places["scripts"]) == "dbconn.yaml:17:14"
    assert str(partners.places["script:login"]) == "dbconn.yaml:17:22"


def test_lint_rules_of_a_connection_lie_over_the_projects(read: Read) -> None:
    project = read("""\
lint: {preset: strict, rules: {no-console: warning, script-size: "off"}}
connections:
  users: {lint: {rules: {no-console: error}}}
  partners: {template: {name: generic, version: 2, values: {a: true}}}
""")
    connections = on(project, "prod")
    assert project.lint_preset == "strict"
    assert connections["users"].lint == {"no-console": "error", "script-size": "off"}
    assert connections["partners"].lint == {"no-console": "warning", "script-size": "off"}
    assert connections["partners"].template == {"name": "generic", "version": 2, "values": {"a": True}}


def test_the_same_live_name_twice_on_a_tenant_is_a_problem(write_project: WriteProject) -> None:
    text = (
        TENANTS + "connections:\n  a: {only: [dev]}\n  b: {only: [prod], name: a}\n  c: {tenants: {dev: {name: a}}}\n"
    )
    files = {f"scripts/{key}/login.js": "x" for key in "abc"}
    project, problems = read_project(write_project(text, files))
    assert project is None
    assert [(problem.rule, str(problem.place), problem.connection) for problem in problems] == [
        ("connection-name-taken", "dbconn.yaml:5:29", "c")
    ]
    assert "tenant dev" in problems[0].message


def test_secret_names_are_listed_by_tenant_connection_and_key(read: Read) -> None:
    project = read("""\
connections:
  users: {configuration: {A: {secret: one}, B: plain}, tenants: {dev: {configuration: {B: {secret: two}}}}}
  partners: {only: [prod], configuration: {A: {secret: one}}}
""")
    assert [(use.tenant, use.connection, use.key, use.name) for use in secret_names(project)] == [
        ("dev", "users", "A", "one"),
        ("dev", "users", "B", "two"),
        ("prod", "users", "A", "one"),
        ("prod", "partners", "A", "one"),
    ]
    assert len(secret_names(project, ["local"])) == 2
    assert str(secret_names(project)[0].place) == "dbconn.yaml:3:30"


# Laws of merging, over any values.

LEAF = st.none() | st.booleans() | st.integers(0, 3) | st.lists(st.integers(0, 3), max_size=2)
VALUE = st.recursive(LEAF, lambda below: st.dictionaries(st.sampled_from("abc"), below, max_size=3), max_leaves=8)
MAP = st.dictionaries(st.sampled_from("abc"), VALUE, max_size=3)


def merged(*layers: Any) -> Any:
    return merge_layers([((index,), layer) for index, layer in enumerate(layers)], {})


def without_nulls(value: Any) -> Any:
    """A map without nulls and the maps that they leave empty; ABSENT when nothing is left of it."""
    if value is None:
        return ABSENT
    if not isinstance(value, Mapping):
        return value
    kept = {key: cleaned for key, below in value.items() if (cleaned := without_nulls(below)) is not ABSENT}
    return kept if kept or not value else ABSENT


@given(MAP)
def test_one_layer_is_itself_without_nulls(layer: dict[str, Any]) -> None:
    assert merged(layer) == without_nulls(layer)


@given(MAP)
def test_a_layer_over_itself_changes_nothing(layer: dict[str, Any]) -> None:
    assert merged(layer, layer) == merged(layer)


@given(MAP, MAP)
def test_what_the_upper_layer_says_holds(lower: dict[str, Any], upper: dict[str, Any]) -> None:
    result = merged(lower, upper)
    for key, value in upper.items():
        if value is None:
            assert result is ABSENT or key not in result
        elif not isinstance(value, dict):
            assert result[key] == value


@given(MAP, MAP)
def test_keys_that_the_upper_layer_leaves_alone_stay(lower: dict[str, Any], upper: dict[str, Any]) -> None:
    result, alone = merged(lower, upper), merged(lower)
    for key in set(lower) - set(upper):
        kept = ABSENT if result is ABSENT else result.get(key, ABSENT)
        assert kept == (ABSENT if alone is ABSENT else alone.get(key, ABSENT))


def has_null(value: Any) -> bool:
    return value is None or (isinstance(value, Mapping) and any(map(has_null, value.values())))


@given(MAP, MAP, MAP)
def test_null_never_comes_out_and_every_leaf_has_an_origin(a: Any, b: Any, c: Any) -> None:
    layers = [((index,), layer) for index, layer in enumerate((a, b, c))]
    origins: dict[tuple[str, ...], tuple[str | int, ...]] = {}
    result = merge_layers(layers, origins)
    assert result is ABSENT or not has_null(result)
    for path, (layer, *rest) in ((path, origin) for path, origin in origins.items()):
        assert tuple(rest) == path
        source, target = (a, b, c)[int(layer)], result
        for key in path:
            source, target = source[key], target[key]
        assert source == target
