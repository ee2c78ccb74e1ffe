"""JSON Schema: shapes in the words of draft 2020-12, for editors that complete and check while one types.

It knows less than reading does: nothing about script files, near names or words that YAML's versions
disagree about. What reading accepts, it accepts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dbconn_tui.project.shapes import (
    Anything,
    Choice,
    Either,
    Flag,
    Group,
    Key,
    ListOf,
    MapOf,
    Measure,
    Number,
    Shape,
    Text,
)
from dbconn_tui.project.values import Json

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"


def schema_of(
    top: Group | MapOf, shared: Mapping[str, Shape], description: str, title: str = "dbconn.yaml"
) -> dict[str, Json]:
    """The JSON Schema of `top`; each of the `shared` shapes becomes a definition that is referred to by name."""
    names = {id(shape): name for name, shape in shared.items()}
    return {
        "$schema": DRAFT,
        "title": title,
        "description": description,
        **_shape(top, names, False),
        "$defs": {name: _shape(shape, names, False, inside=True) for name, shape in shared.items()},
    }


def _shape(shape: Shape, names: Mapping[int, str], nullable: bool, *, inside: bool = False) -> dict[str, Json]:
    """One shape; `nullable` says whether values below it may be null, `inside` that it is a definition itself."""
    if not inside and (name := names.get(id(shape))) is not None:
        return {"$ref": f"#/$defs/{name}"}
    match shape:
        case Text():
            return _text(shape)
        case Flag():
            return {"type": "boolean"}
        case Number():
            return _number(shape)
        case Measure():
            return {"anyOf": [_number(shape.number), {"enum": list(shape.names)}]}
        case Choice():
            return {"enum": list(shape.values)}
        case ListOf():
            return _list(shape, names)
        case MapOf():
            return {
                "type": "object",
                "propertyNames": _text(shape.name),
                "additionalProperties": _value(shape.value, names, nullable),
            }
        case Group():
            return _group(shape, names, nullable)
        case Either():
            return {"anyOf": [_text(shape.single), _shape(shape.map, names, nullable)]}
        case Anything():
            return {}


def _value(shape: Shape, names: Mapping[int, str], nullable: bool) -> dict[str, Json]:
    """A shape as the value of a key: a map may always be left empty, which YAML reads as null."""
    schema = _shape(shape, names, nullable)
    if (nullable or isinstance(shape, Group | MapOf)) and schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return schema


def _text(shape: Text) -> dict[str, Json]:
    schema: dict[str, Json] = {"type": "string"}
    if shape.pattern:
        schema["pattern"] = f"^({shape.pattern})$"
    if shape.shortest:
        schema["minLength"] = shape.shortest
    if shape.longest is not None:
        schema["maxLength"] = shape.longest
    return schema


def _number(shape: Number) -> dict[str, Json]:
    schema: dict[str, Json] = {"type": "integer" if shape.whole else "number"}
    if shape.least is not None:
        schema["exclusiveMinimum" if shape.above else "minimum"] = shape.least
    if shape.most is not None:
        schema["maximum"] = shape.most
    return schema


def _list(shape: ListOf, names: Mapping[int, str]) -> dict[str, Json]:
    schema: dict[str, Json] = {"type": "array", "items": _shape(shape.item, names, False)}
    if shape.least:
        schema["minItems"] = shape.least
    if shape.most is not None:
        schema["maxItems"] = shape.most
    if shape.unique:
        schema["uniqueItems"] = True
    return schema


def _group(shape: Group, names: Mapping[int, str], nullable: bool) -> dict[str, Json]:
    # In layers null takes a key away again (design §3); a map of which one key must stand is no layer.
    nullable = (nullable or shape.layered) and not shape.one_of
    properties: dict[str, Json] = {key.name: _property(key, names, nullable) for key in shape.keys}
    properties.update(dict.fromkeys(shape.reserved, False))
    schema: dict[str, Json] = {"type": "object", "properties": properties, "additionalProperties": shape.open}
    if required := [key.name for key in shape.keys if key.required]:
        schema["required"] = required
    if shape.one_of:
        schema |= {"minProperties": 1, "maxProperties": 1}
    return schema


def _property(key: Key, names: Mapping[int, str], nullable: bool) -> dict[str, Json]:
    schema = {"description": key.sentence, **_value(key.shape, names, nullable)}
    if key.default:
        schema["description"] = f"{key.sentence} Default: {key.default}."
    return schema
