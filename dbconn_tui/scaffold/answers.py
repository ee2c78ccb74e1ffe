"""Answers: the values given for a template's variables, checked against their types, all mistakes at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from dbconn_tui.errors import UsageError
from dbconn_tui.project.near_names import nearest
from dbconn_tui.scaffold.template import Template, Value, Variable, VariableType

LONGEST_TEXT: Final = 1_000
"""Characters of a text without a `maximum` of its own."""

LARGEST_INTEGER: Final = 2**53 - 1
"""JavaScript holds no larger integer exactly."""

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})

_BOOLEANS: Final = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,16}")
_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9a-f:]+")


def check_answers(template: Template, given: Mapping[str, Value]) -> dict[str, Value]:
    """The value of every variable: the given ones, converted to the variable's type, and defaults for the rest.

    `--set` hands over text, a form may hand over booleans and integers; both are taken. Raises UsageError
    with every mistake at once and the `--set` that would mend it.
    """
    mistakes: list[str] = []
    mends: list[str] = []
    values = template.defaults
    for name, answer in given.items():
        variable = template.variable(name)
        if variable is None:
            mistakes.append(unknown_variable(template, name))
            continue
        try:
            values[name] = convert(variable, answer)
        except ValueError as reason:
            mistakes.append(f"{name} {reason}")
            mends.append(f"--set {name}={shown(variable.default)}")
    if not mistakes:
        return values
    message = f"template {template.name}: {'; '.join(mistakes)}"
    hint = f"for example {' '.join(mends)}" if mends else f"dbconn templates {template.name} lists the variables"
    raise UsageError(message, hint)


def unknown_variable(template: Template, name: str) -> str:
    """The sentence for a variable that the template does not have."""
    names = [variable.name for variable in template.variables]
    near = nearest(name, names)
    if near:
        return f"there is no variable {brief(name)}; did you mean {near}?"
    known = f"its variables are {', '.join(names)}" if names else "it has no variables"
    return f"there is no variable {brief(name)}; {known}"


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
    if not _IDENTIFIER.fullmatch(text):
        raise ValueError(
            f"must be a plain name of up to 63 letters, digits and _, not starting with a digit; {brief(text)} is not"
        )
    return _text(variable, text)


def _url(variable: Variable, answer: Value) -> str:
    text = _plain(answer).strip().rstrip("/")
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
    return str(value)


def brief(value: Value) -> str:
    """A value for a message: quoted, escaped, cut after 60 characters."""
    text = ascii(shown(value)) if not shown(value).isprintable() else f"'{shown(value)}'"
    return text if len(text) <= 60 else f"{text[:59]}…"
