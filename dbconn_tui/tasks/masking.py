"""Masking: values that came from a secret or the environment are taken out of any text that is shown.

A script or an option may repeat a configuration value in the clear; a diff of it must not print the value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from dbconn_tui.project.values import Connection, TextValue
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tasks.plan import Planned

MASK: Final = "***"
SHORTEST: Final = 6
"""Characters of a value worth masking; a shorter one, such as `true`, occurs everywhere by chance."""

_IN_ADDRESS: Final = re.compile(r"(://[^\s:/@'\"]*:)[^\s@/'\"]+(@)")
_ASSIGNED: Final = re.compile(
    r"""((?:secret|passw(?:or)?d|token|api_?key)['"]?\s*[:=]\s*)(["'`])(?:(?!\2).){4,}\2""", re.IGNORECASE
)


def mask_values(planned: Planned) -> Callable[[str], str]:
    """A function that masks in a text the values used in a plan, unless dbconn.yaml itself says them."""
    return mask_values_of((work.connection, work.values) for work in planned.works)


def mask_values_of(used: Iterable[tuple[Connection, Mapping[str, Sensitive]]]) -> Callable[[str], str]:
    """As `mask_values`, from connections and their configuration values by key."""
    hidden = {
        value.reveal()
        for connection, values in used
        for key, value in values.items()
        if not isinstance(connection.configuration.get(key), TextValue)
    }
    long_enough = sorted((value for value in hidden if len(value) >= SHORTEST), key=len, reverse=True)
    if not long_enough:
        return lambda text: text
    pattern = re.compile("|".join(re.escape(value) for value in long_enough))
    return lambda text: pattern.sub(MASK, text)


def mask_credentials(text: str) -> str:
    """A text for a public page: passwords in addresses and literals assigned to secret-sounding names masked."""
    masked = _IN_ADDRESS.sub(rf"\1{MASK}\2", text)
    return _ASSIGNED.sub(rf"\1\2{MASK}\2", masked)
