"""Settings in words: a value as a line of text and back, what a key takes, what a form offers for it. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from dbconn_tui.errors import UsageError
from dbconn_tui.project.shapes import Anything, Choice, Either, Flag, Group, ListOf, MapOf, Measure, Number, Shape, Text
from dbconn_tui.tui.widgets.line_view import Line

if TYPE_CHECKING:
    from dbconn_tui.project.settings import Setting

Json = Any

CONFIGURATION_WAYS: Final = ("text", "secret", "env", "keep")
"""How a configuration value is given; the schema's own words, `text` for a plain one."""

CONFIGURATION_HELP: Final = {
    "text": "The value itself, as it stands in dbconn.yaml: nothing secret.",
    "secret": "The name of a secret: from the environment, or this machine's keyring.",
    "env": "The name of an environment variable.",
    "keep": "The tenant's own value goes back as received; nothing to type.",
}


_REFERENCE: Final = re.compile(r"\{?\s*([a-z]+)\s*:\s*([A-Za-z0-9_]+)\s*\}?")
"""`{secret: NAME}`, also without its braces."""


def value_words(value: Json) -> str:
    """A value in one line: text as it is, everything else as JSON; `{secret: NAME}` as in the file."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and len(value) == 1 and (way := next(iter(value))) in CONFIGURATION_WAYS:
        return f"{{{way}: {value[way]}}}"
    if value is None:
        return "null"
    if isinstance(value, list) and value and all(isinstance(one, str) and "," not in one for one in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False)


def shape_words(shape: Shape) -> str:
    """What a key takes: `true or false`, `one of low, fair`, `a whole number, 1 to 72`."""
    match shape:
        case Flag():
            return "true or false"
        case Choice(values):
            return f"one of {', '.join(map(str, values))}"
        case Number() | Measure():
            number = shape.number if isinstance(shape, Measure) else shape
            return f"a {'whole ' if number.whole else ''}number{_range(number)}"
        case Text():
            return shape.says or "text"
        case ListOf():
            return "a list, its items divided by commas"
        case Group(keys, one_of=True):
            return " or ".join(f"{{{key.name}: …}}" for key in keys)
        case Group(keys):
            return f"a map with {', '.join(key.name for key in keys)}, as JSON"
        case MapOf():
            return "a map, as JSON"
        case Either():
            return "text, {secret: NAME}, {env: NAME} or {keep: live}"
        case Anything():
            return "any value, as JSON; a word is text"


def _range(number: Number) -> str:
    if number.least is None:
        return "" if number.most is None else f", at most {number.most:g}"
    return f", {number.least:g} to {number.most:g}" if number.most is not None else f", at least {number.least:g}"


def offered(shape: Shape) -> tuple[str, ...]:
    """The words to choose among; empty where something is typed."""
    match shape:
        case Flag():
            return ("true", "false")
        case Choice(values):
            return tuple(map(str, values))
        case _:
            return ()


def parse_words(shape: Shape, words: str) -> Json:
    """What was chosen or typed as a value; whether it fits, the project's own check says. Raises UsageError."""
    match shape:
        case Flag():
            return words == "true"
        case Choice(values):
            return next((one for one in values if str(one) == words), words)
        case Text():
            return words
        case ListOf():
            return _list(shape, words.strip())
        case Number():
            return _json(words, otherwise=words)
        case Measure():
            return words if words in shape.names else _json(words, otherwise=words)
        case Anything():
            return _json(words, otherwise=words)
        case Group(one_of=True) if match := _REFERENCE.fullmatch(words.strip()):
            return {match[1]: match[2]}
        case _:
            return _json(words)


def _list(shape: ListOf, words: str) -> Json:
    if words.startswith("["):
        return _json(words)
    items = [item.strip() for item in words.split(",") if item.strip()]
    return [parse_words(shape.item, item) for item in items]


_NO: Final = object()


def _json(words: str, otherwise: Json = _NO) -> Json:
    try:
        return json.loads(words)
    except (ValueError, RecursionError):
        if otherwise is _NO:
            raise UsageError("this is not JSON", 'For example {"key": "value"}.') from None
        return otherwise


def configuration_way(value: Json) -> tuple[str, str]:
    """A configuration value as the way it is given and what is typed for it."""
    if isinstance(value, dict) and len(value) == 1 and (way := next(iter(value))) in CONFIGURATION_WAYS:
        return way, "" if way == "keep" else str(value[way])
    return "text", "" if value is None else str(value)


def configuration_value(way: str, words: str) -> Json:
    """The other way round."""
    return words if way == "text" else {"keep": "live"} if way == "keep" else {way: words.strip()}


def setting_lines(setting: Setting, tenant: str) -> Iterator[Line]:
    """What a key is for, what it takes, and what every layer says, the one that holds marked."""
    yield Line(setting.sentence)
    default = setting.default or "the tenant's own"
    yield Line(f"{shape_words(setting.shape)}; without it: {default}", "muted")
    yield Line()
    if not setting.layers:
        yield Line(f"Nothing says it on {tenant}.", "muted")
    width = max((len(one.layer) for one in setting.layers), default=0)
    for one in setting.layers:
        holds = one.layer == setting.source
        words = "taken away" if one.value is None else value_words(one.value)
        yield Line(f"{one.layer:<{width}}  {words}   {one.place}", "" if holds else "muted", "→ " if holds else "  ")
    for other, value in setting.elsewhere:
        yield Line(f"on {other} it is {'taken away' if value is None else value_words(value)}", "muted", "  ")
