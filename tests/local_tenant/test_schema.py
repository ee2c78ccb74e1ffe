"""Our table of shapes against the official description: both must give the same verdict on any body."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbconn_tui.local_tenant import schema
from dbconn_tui.local_tenant.answers import Refusal

JUNK = st.sampled_from([None, True, False, 0, 1, -1, 129, 1.5, 2.0, "", "x", "x" * 300, [], [None], {}, {"x": 1}])
NAMED: dict[str, st.SearchStrategy[Any]] = {}
"""Strategies already built, by the schema's name."""
KEY = st.sampled_from(["x", "active", "login", "enable", "made up"])


@pytest.fixture(scope="session")
def oracles(openapi: dict[str, Any]) -> dict[str, jsonschema.Draft202012Validator]:
    """The description's verdicts, made one for strategy auth0.

    The path's own schema, joined with what only ConnectionOptionsAuth0 and ConnectionRealms say. Two
    edits: a username identifier takes default_method (a recorded request has it), scripts may have
    at most 100,000 characters (documented outside of the description).
    """
    components = deepcopy(openapi["components"])
    schemas = components["schemas"]
    schemas["UsernameAttributeIdentifier"]["properties"]["default_method"] = {"type": "string", "enum": ["password"]}
    for script in schemas["ConnectionCustomScripts"]["properties"].values():
        script["maxLength"] = 100_000
    auth0 = schemas["ConnectionOptionsAuth0"]["allOf"][1]["properties"]
    merged: dict[str, Any] = {}
    for name, path in (("create", "ConnectionPropertiesOptions"), ("update", "UpdateConnectionOptions")):
        properties = schemas[path]["properties"]
        only_auth0 = {key: value for key, value in auth0.items() if key not in properties}
        others = set(properties) - set(auth0) - {"non_persistent_attrs", "upstream_params", "set_user_root_attributes"}
        kept = {key: value for key, value in properties.items() if key not in others}
        kept["precedence"] = auth0["precedence"]
        limits = schemas["ConnectionNonPersistentAttrs"]
        kept["non_persistent_attrs"] = {**limits, "type": ["array", "null"]}
        schemas[path] = {**schemas[path], "properties": {**kept, **only_auth0}}
        request = schemas[f"{'Create' if name == 'create' else 'Update'}ConnectionRequestContent"]
        request["properties"]["realms"] = schemas["ConnectionRealms"]
        request["properties"]["display_name"] = schemas["ConnectionDisplayName"]
        merged[name] = request
    merged["clients"] = {**schemas["UpdateEnabledClientConnectionsRequestContent"], "maxItems": 50}
    return {name: jsonschema.Draft202012Validator({**one, "components": components}) for name, one in merged.items()}


def verdict(check: Any, body: Any, **more: Any) -> bool:
    try:
        check(body, **more)
    except Refusal as refusal:
        return not (refusal.status == 400 and refusal.body["message"].startswith("Payload validation error: '"))
    return True


def values(one: dict[str, Any], schemas: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that mostly fit a JSON schema of the description, and sometimes don't."""
    if "$ref" in one:
        name = one["$ref"].rpartition("/")[2]
        if name not in NAMED:
            NAMED[name] = values(schemas[name], schemas)
        return NAMED[name]
    fitting: list[st.SearchStrategy[Any]] = []
    types = one.get("type", "object")
    for kind in types if isinstance(types, list) else [types]:
        fitting += _fitting(kind, one, schemas)
    if "const" in one:
        fitting = [st.just(one["const"])]
    if "enum" in one:
        fitting = [st.sampled_from(one["enum"])]
    for other in one.get("oneOf", []):
        fitting.append(values(other, schemas))
    return st.integers(0, 11).flatmap(lambda luck: JUNK if luck == 0 else st.one_of(fitting))


def bodies(oracle: Any, name: str) -> st.SearchStrategy[Any]:
    """Bodies for one request."""
    if name not in NAMED:
        NAMED[name] = values(oracle.schema, oracle.schema["components"]["schemas"])
    return NAMED[name]


def _fitting(kind: str, one: dict[str, Any], schemas: dict[str, Any]) -> list[st.SearchStrategy[Any]]:
    match kind:
        case "boolean":
            return [st.booleans()]
        case "null":
            return [st.none()]
        case "integer" | "number":
            least, most = one.get("minimum", 0), one.get("maximum", 200)
            return [st.integers(least - 1, most + 1), st.sampled_from([least, most, least + 0.5, float(most)])]
        case "string":
            most = one.get("maxLength", 40)
            ends = st.sampled_from([0, 1, most, most + 1]).map(lambda length: "x" * min(length, 1000))
            return [st.text("aA0-_ é", max_size=6), ends]
        case "array":
            most = one.get("maxItems", 3)
            return [st.lists(values(one["items"], schemas), min_size=one.get("minItems", 0), max_size=most + 1)]
        case _:
            named = {key: values(value, schemas) for key, value in one.get("properties", {}).items()}
            rest = one.get("additionalProperties")
            other = values(rest, schemas) if isinstance(rest, dict) else JUNK
            required = {key: value for key, value in named.items() if key in one.get("required", [])}
            optional = {key: value for key, value in named.items() if key not in required}
            whole = st.fixed_dictionaries(required, optional=optional)
            chosen = (
                st.lists(st.sampled_from(sorted(named)), max_size=5).flatmap(
                    lambda keys: st.fixed_dictionaries({**required, **{key: named[key] for key in keys}})
                )
                if named
                else st.just({})
            )
            extended = st.tuples(chosen, st.dictionaries(KEY, other, max_size=1)).map(lambda two: {**two[1], **two[0]})
            return [
                chosen,
                chosen,
                chosen,
                extended,
                st.lists(st.sampled_from(sorted(required)), max_size=1).flatmap(
                    lambda gone: chosen.map(lambda value: {key: item for key, item in value.items() if key not in gone})
                )
                if required
                else whole,
            ]


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_creations_get_the_description_s_verdict(oracles: dict[str, Any], data: st.DataObject) -> None:
    oracle = oracles["create"]
    body = data.draw(bodies(oracle, "create"))
    if isinstance(body, dict) and "strategy" in body and data.draw(st.integers(0, 9)):
        body["strategy"] = "auth0"
    if isinstance(body, dict) and body.get("strategy") != "auth0":
        body.pop("options", None)
    assert verdict(schema.check_creation, body) == oracle.is_valid(body)


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_updates_get_the_description_s_verdict(oracles: dict[str, Any], data: st.DataObject) -> None:
    oracle = oracles["update"]
    body = data.draw(bodies(oracle, "update"))
    found = verdict(schema.check_update, body, strategy="auth0", legacy_enabled_clients=True)
    assert found == oracle.is_valid(body)


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_single_options_get_the_description_s_verdict(oracles: dict[str, Any], data: st.DataObject) -> None:
    oracle = oracles["update"]
    schemas = oracle.schema["components"]["schemas"]
    key = data.draw(st.sampled_from(sorted(schemas["UpdateConnectionOptions"]["properties"])))
    body = {"options": {key: data.draw(values(schemas["UpdateConnectionOptions"]["properties"][key], schemas))}}
    found = verdict(schema.check_update, body, strategy="auth0", legacy_enabled_clients=True)
    assert found == oracle.is_valid(body)


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_writes_of_clients_get_the_description_s_verdict(oracles: dict[str, Any], data: st.DataObject) -> None:
    oracle = oracles["clients"]
    body = data.draw(bodies(oracle, "clients"))
    assert verdict(schema.check_clients_write, body) == oracle.is_valid(body)


def fitting(one: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """One value that fits a schema, the smallest."""
    if "$ref" in one:
        return fitting(schemas[one["$ref"].rpartition("/")[2]], schemas)
    if "enum" in one:
        return one["enum"][0]
    if "oneOf" in one:
        return {"value": "x"}
    kind = one.get("type", "object")
    match kind[0] if isinstance(kind, list) else kind:
        case "boolean":
            return True
        case "integer" | "number":
            return one.get("minimum", 1)
        case "string":
            return "x"
        case "array":
            if one.get("uniqueItems"):
                return list(schemas["ConnectionIdentifierPrecedenceEnum"]["enum"])
            return [fitting(one["items"], schemas)] * one.get("minItems", 0)
        case _:
            least = ["username"] if one.get("minProperties") and "username" in one["properties"] else []
            return {key: fitting(one["properties"][key], schemas) for key in [*one.get("required", []), *least]}


def deviations(one: dict[str, Any], schemas: dict[str, Any]) -> Iterator[Any]:
    """Values on and just beyond every bound of a schema, one deviation each, and values of every other type."""
    if "$ref" in one:
        yield from deviations(schemas[one["$ref"].rpartition("/")[2]], schemas)
        return
    yield from (None, True, 1, 1.5, "x", ["x"], {}, {"made up": 1})
    yield from one.get("enum", [])
    yield from (value for other in one.get("oneOf", []) for value in deviations(other, schemas))
    for bound in (one.get("minimum"), one.get("maximum")):
        if bound is not None:
            yield from (bound - 1, bound - 0.5, float(bound), bound, bound + 0.5, bound + 1)
    for bound in (one.get("minLength"), one.get("maxLength")):
        if bound is not None:
            yield from ("x" * max(0, bound + by) for by in (-1, 0, 1))
    if "pattern" in one:
        yield from ("a-b", "-a", "a-", "a--b", "a_b", "", "é")
    base = fitting(one, schemas)
    if "items" in one:
        item = fitting(one["items"], schemas)
        yield from ([value, *base[1:]] for value in deviations(one["items"], schemas))
        counts = (
            one.get("minItems", 0),
            one.get("minItems", 0) + 1,
            one.get("maxItems", 3),
            one.get("maxItems", 3) + 1,
        )
        yield from ([item] * max(0, count + by) for count in counts for by in (-1, 0))
        yield from (base[:-1], [*base, item])
    if not isinstance(base, dict):
        return
    yield {**base, "made up": 1}
    for key in base:
        yield {name: value for name, value in base.items() if name != key}
    for key, inner in one.get("properties", {}).items():
        yield from ({**base, key: value} for value in deviations(inner, schemas))
    if isinstance(one.get("additionalProperties"), dict):
        rest = one["additionalProperties"]
        yield from ({**base, "made up": value} for value in deviations(rest, schemas))
        value = fitting(rest, schemas)
        yield from ({str(number): value for number in range(one.get("maxProperties", 1) + by)} for by in (0, 1))


def agreements(check: Any, oracle: Any, candidates: Iterable[Any], **more: Any) -> Counter[bool]:
    """Compares the verdicts on all candidates and counts them."""
    found: Counter[bool] = Counter()
    for body in candidates:
        expected = oracle.is_valid(body)
        assert verdict(check, body, **more) is expected, body
        found[expected] += 1
    return found


def test_every_bound_of_the_description_is_ours(oracles: dict[str, Any]) -> None:
    update = oracles["update"]
    schemas = update.schema["components"]["schemas"]
    described = schemas["UpdateConnectionOptions"]["properties"]
    options = ({"options": {key: value}} for key, inner in described.items() for value in deviations(inner, schemas))
    allowed = {"strategy": "auth0", "legacy_enabled_clients": True}
    found = agreements(schema.check_update, update, options, **allowed)
    assert found[True] > 300
    assert found[False] > 900
    top = deviations({**update.schema, "properties": {**update.schema["properties"], "options": {}}}, schemas)
    assert min(agreements(schema.check_update, update, top, **allowed).values()) > 20
    create = oracles["create"]
    properties = {key: value for key, value in create.schema["properties"].items() if key != "options"}
    properties["strategy"] = {"type": "string", "enum": ["auth0", "oidc", "auth0-adldap"]}
    creations = deviations({**create.schema, "properties": properties}, schemas)
    assert min(agreements(schema.check_creation, create, creations).values()) > 20
    clients = agreements(schema.check_clients_write, oracles["clients"], deviations(oracles["clients"].schema, schemas))
    assert min(clients.values()) > 3


def test_the_table_knows_every_option_of_the_description(openapi: dict[str, Any]) -> None:
    described = openapi["components"]["schemas"]["ConnectionOptionsAuth0"]["allOf"][1]["properties"]
    assert set(described) <= set(schema.AUTH0_OPTIONS.fields)
    strategies = openapi["components"]["schemas"]["ConnectionIdentityProviderEnum"]["enum"]
    assert set(strategies) == schema.STRATEGIES
