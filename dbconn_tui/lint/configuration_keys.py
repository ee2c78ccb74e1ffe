"""Analysis: which configuration keys the scripts of a connection read, and which nobody can tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dbconn_tui.action_scripts.configuration import ConfigurationRead
from dbconn_tui.lint.subject import ConnectionSubject


@dataclass(frozen=True, slots=True)
class ConfigurationKeys:
    """`reads`: key → (kind of script, read), in the order of scripts and text.

    `written` are keys that a script sets itself. `complete` is False when a script has a syntax
    error or reaches for keys that only a run can tell.
    """

    reads: Mapping[str, tuple[tuple[str, ConfigurationRead], ...]]
    written: frozenset[str]
    complete: bool


def configuration_keys(subject: ConnectionSubject) -> ConfigurationKeys:
    """The keys that the scripts of a connection read and write."""
    reads: dict[str, tuple[tuple[str, ConfigurationRead], ...]] = {}
    written: set[str] = set()
    complete = True
    for kind, script in subject.scripts.items():
        if not script.is_whole:
            complete = False
            continue
        use = script.parsed.configuration
        complete = complete and not use.dynamic
        written |= use.written
        for read in use.reads:
            reads[read.key] = (*reads.get(read.key, ()), (kind, read))
    return ConfigurationKeys(reads, frozenset(written), complete)
