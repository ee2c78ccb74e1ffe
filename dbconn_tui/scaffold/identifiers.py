"""Identifiers: names of tables, columns, fields and attributes, checked and quoted for the store they are used in.

A name is never pasted raw: it either fits the dialect's rule, which leaves no room for a quote, a bracket or a
backslash, or it is refused. The rules are narrower than the stores' own on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

LONGEST_PATH: Final = 255
"""Characters of a whole dotted name."""

_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
_ATTRIBUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,62}")
_FORBIDDEN: Final = frozenset({"__proto__"})
"""Names with which a JavaScript object does something else than hold a value."""


def _is_sql_name(part: str) -> bool:
    """Letters of any script, digits, `_`, `$`, `-` and single spaces inside; no character that quotes or ends."""
    allowed = all(character.isalnum() or character in "_$- " for character in part)
    return allowed and part == part.strip(" ") and "  " not in part


def _is_field(part: str) -> bool:
    return _is_sql_name(part) and not part.startswith("$")


def _is_plain(part: str) -> bool:
    return _PLAIN.fullmatch(part) is not None


def _is_attribute(part: str) -> bool:
    return _ATTRIBUTE.fullmatch(part) is not None


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one kind of store names things. `longest` counts UTF-8 bytes of one part, `parts` those between dots.

    `opening` and `closing` stand around a part in a statement; `literal` makes a JavaScript string of the whole
    name instead, and `nested` means that dots lead into objects.
    """

    name: str
    fits: Callable[[str], bool]
    says: str
    longest: int
    parts: int = 1
    opening: str = ""
    closing: str = ""
    literal: bool = False
    nested: bool = False


_SQL: Final = "letters, digits, _, $, - and single spaces"

PLAIN: Final = Dialect(
    "", _is_plain, "a plain name of up to 63 letters, digits and _, not starting with a digit", longest=63
)
"""For a template that names no dialect."""

DIALECTS: Final = {
    dialect.name: dialect
    for dialect in (
        # PostgreSQL cuts names at 63 bytes (NAMEDATALEN), MySQL takes 64 characters, SQL Server 128.
        Dialect("postgresql", _is_sql_name, f"a name of up to 63 bytes: {_SQL}", 63, 2, '"', '"'),
        Dialect("mysql", _is_sql_name, f"a name of up to 64 bytes: {_SQL}", 64, 2, "`", "`"),
        Dialect("sqlserver", _is_sql_name, f"a name of up to 128 bytes: {_SQL}", 128, 3, "[", "]"),
        Dialect("mongodb", _is_field, f"a name: {_SQL}, not starting with $", 120, 8, literal=True, nested=True),
        Dialect("ldap", _is_attribute, "an attribute name: letters, digits and -, starting with a letter", 63),
    )
}
"""Dialect by the name that template.yaml gives under `dialect`."""


def check_identifier(name: str, dialect: Dialect, *, qualified: bool = False) -> str:
    """The name, when it fits; dots only where `qualified`. Raises ValueError with the rest of a sentence."""
    parts = name.split(".") if qualified else [name]
    fits = all(
        part and dialect.fits(part) and len(part.encode("utf-8", "replace")) <= dialect.longest for part in parts
    )
    if not fits or _FORBIDDEN & set(parts) or len(name) > LONGEST_PATH:
        more = f", or up to {dialect.parts} of them with dots in between" if qualified and dialect.parts > 1 else ""
        raise ValueError(f"must be {dialect.says}{more}")
    if len(parts) > dialect.parts:
        raise ValueError(f"must have at most {dialect.parts} parts between dots")
    return name


def quote(name: str, dialect: Dialect) -> str:
    """The name as a statement of the dialect writes it: `"app"."users"`, `[users]`, 'users', mail.

    Raises ValueError for a name that does not fit.
    """
    check_identifier(name, dialect, qualified=dialect.parts > 1)
    if dialect.literal:
        return f"'{name}'"
    return ".".join(f"{dialect.opening}{part}{dialect.closing}" for part in name.split("."))


def property_access(name: str, dialect: Dialect) -> str:
    """What reads a column, field or attribute of a JavaScript object: `.email`, `['e-mail']`, `.profile?.email`."""
    check_identifier(name, dialect, qualified=dialect.nested)
    steps = [f".{part}" if _PLAIN.fullmatch(part) else f"['{part}']" for part in _steps(name, dialect)]
    return "".join(step if not index else f"?.{step.removeprefix('.')}" for index, step in enumerate(steps))


def _steps(name: str, dialect: Dialect) -> list[str]:
    return name.split(".") if dialect.nested else [name]


def object_key(name: str) -> str:
    """The key of an object literal: `nickname`, or `'e-mail'`. Raises ValueError for a name of odd characters."""
    check_identifier(name, DIALECTS["mongodb"])
    return name if _PLAIN.fullmatch(name) else f"'{name}'"
