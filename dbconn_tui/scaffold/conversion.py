"""Conversion: one answer as a value of its variable's type, or the reason why it cannot be one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from dbconn_tui.project.near_names import nearest
from dbconn_tui.scaffold.identifiers import check_identifier
from dbconn_tui.scaffold.profile_fields import check_field, read_fields
from dbconn_tui.scaffold.template import Value, Variable, VariableType

LONGEST_TEXT: Final = 1_000
"""Characters of a text without a `maximum` of its own."""

LONGEST_LIST: Final = 40
"""Entries of a list or of profile fields without a `maximum` of its own."""

LARGEST_INTEGER: Final = 2**53 - 1
"""JavaScript holds no larger integer exactly."""

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})

_BOOLEANS: Final = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,16}")
_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9a-f:]+")


def convert(variable: Variable, answer: Value) -> Value:
    """One answer as a value of the variable's type. Raises ValueError with the rest of a sentence ("must be …")."""
    match variable.type:
        case VariableType.BOOLEAN:
            return _boolean(answer)
        case VariableType.INTEGER:
            return _integer(variable, answer)
        case VariableType.TEXT:
            return _text(variable, answer)
        case VariableType.CHOICE:
            return _choice(variable, answer)
        case VariableType.IDENTIFIER:
            return _identifier(variable, answer)
        case VariableType.URL:
            return _url(variable, answer)
        case VariableType.LIST:
            return _list(variable, answer)
        case VariableType.FIELDS:
            return _fields(variable, answer)


def _boolean(answer: Value) -> bool:
    if isinstance(answer, bool):
        return answer
    known = _BOOLEANS.get(str(answer).strip().lower())
    if known is None:
        raise ValueError(f"must be true or false, not {brief(answer)}")
    return known


def _integer(variable: Variable, answer: Value) -> int:
    text = str(answer).strip()
    if isinstance(answer, bool) or not _INTEGER.fullmatch(text):
        raise ValueError(f"must be a whole number, not {brief(answer)}")
    number = int(text)
    lowest = -LARGEST_INTEGER if variable.minimum is None else variable.minimum
    highest = LARGEST_INTEGER if variable.maximum is None else variable.maximum
    if not lowest <= number <= highest:
        raise ValueError(f"must be from {lowest} to {highest}, not {number}")
    return number


def _text(variable: Variable, answer: Value) -> str:
    text = _plain(answer)
    if any((ord(character) < 0x20 and character not in "\n\t") or character == "\x7f" for character in text):
        raise ValueError("must not hold control characters")
    shortest = variable.minimum or 0
    longest = LONGEST_TEXT if variable.maximum is None else variable.maximum
    if not shortest <= len(text) <= longest:
        raise ValueError(f"must have {shortest} to {longest} characters, not {len(text)}")
    if variable.pattern and not re.fullmatch(variable.pattern, text):
        raise ValueError(f"must match {variable.pattern}, and {brief(text)} does not")
    return text


def _choice(variable: Variable, answer: Value) -> str:
    text = _plain(answer)
    if text in variable.choices:
        return text
    near = nearest(text, variable.choices)
    asked = f"; did you mean {near}?" if near else ""
    raise ValueError(f"must be one of {', '.join(variable.choices)}, not {brief(text)}{asked}")


def _identifier(variable: Variable, answer: Value) -> str:
    text = _plain(answer)
    if variable.optional and not text.strip():
        return ""
    try:
        check_identifier(text, variable.dialect, qualified=variable.qualified)
    except ValueError as rule:
        raise ValueError(f"{rule}; {brief(text)} is not") from None
    return _text(variable, text)


def _list(variable: Variable, answer: Value) -> list[str]:
    if isinstance(answer, str):
        entries = [part.strip() for part in answer.split(",") if part.strip()]
    elif isinstance(answer, list | tuple):
        entries = [_plain(entry) for entry in answer]
    else:
        raise ValueError(f"must be texts with commas in between, not {brief(answer)}")
    fewest, most = variable.minimum or 0, LONGEST_LIST if variable.maximum is None else variable.maximum
    if not fewest <= len(entries) <= most:
        raise ValueError(f"must hold {fewest} to {most} texts, not {len(entries)}")
    one = replace(variable, minimum=1, maximum=None)
    return [_text(one, entry) for entry in entries]


def _fields(variable: Variable, answer: Value) -> dict[str, str]:
    if isinstance(answer, Mapping):
        pairs = {_plain(field): _plain(column) for field, column in answer.items()}
    elif isinstance(answer, str):
        pairs = read_fields(_plain(answer))
    else:
        raise ValueError("must be pairs such as 'nickname: nick_name, app_metadata.plan: plan_code'")
    if len(pairs) > LONGEST_LIST:
        raise ValueError(f"must hold at most {LONGEST_LIST} fields, not {len(pairs)}")
    for field, column in pairs.items():
        check_field(field)
        try:
            check_identifier(column, variable.dialect, qualified=variable.dialect.nested)
        except ValueError as rule:
            raise ValueError(f"has a bad column for {field}: it {rule}; {brief(column)} is not") from None
    return pairs


def _url(variable: Variable, answer: Value) -> str:
    text = _plain(answer).strip().rstrip("/")
    if variable.optional and not text:
        return ""
    if "@" in text:
        raise ValueError("must not hold a user name or password; put credentials into configuration")
    if not text.isascii() or not text.isprintable() or any(character in text for character in " \"'<>\\^`{|}"):
        raise ValueError(f"must be an address without spaces or quotes, not {brief(text)}")
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(f"must be an address such as https://users.example.com, not {brief(text)}") from None
    if parts.query or parts.fragment:
        raise ValueError("must not have a query or a fragment")
    if not _HOST.fullmatch(host):
        raise ValueError(f"must be an address such as https://users.example.com, not {brief(text)}")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        raise ValueError("must start with https:// (http:// only on 127.0.0.1 or localhost)")
    return _text(variable, text)


def _plain(answer: Value) -> str:
    """Text that has a UTF-8 form; booleans and numbers as YAML would write them."""
    text = shown(answer)
    if any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        raise ValueError("must be valid Unicode text")
    return text


def shown(value: Value) -> str:
    """A value as `--set` and configuration write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return ", ".join(f"{field}: {column}" for field, column in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(value)
    return str(value)


def brief(value: Value) -> str:
    """A value for a message: quoted, escaped, cut after 60 characters."""
    text = ascii(shown(value)) if not shown(value).isprintable() else f"'{shown(value)}'"
    return text if len(text) <= 60 else f"{text[:59]}…"
