"""What a rule is: its words for `dbconn explain`, and the functions that look for it.

A rule file selects and words; what several rules need to know is an analysis they share through
their subject, and what a table decides is a table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from dbconn_tui.action_scripts.positions import Span
from dbconn_tui.problems import Certainty, Severity

if TYPE_CHECKING:
    from dbconn_tui.lint.edits import Edit
    from dbconn_tui.lint.subject import ConnectionSubject, ScriptSubject


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a rule found. Severity and place are worked out by `check.py`.

    `span` None means the whole file, or, with `item`, the place of that item in dbconn.yaml.
    `severity` is set only where this finding weighs less than the rule.
    """

    message: str
    span: Span | None = None
    hint: str = ""
    certainty: Certainty = Certainty.CERTAIN
    severity: Severity | None = None
    script: str = ""
    """Of a connection rule: the kind of the script that `span` belongs to."""
    item: str = ""
    """Of a connection rule: a word of `Connection.places`, e.g. `configuration:KEY`."""
    pedantic: bool = False
    """Shown under the preset `strict` only."""
    edits: tuple[Edit, ...] = ()
    """A change of the script that mends it and nothing else; made together or not at all."""


class Needs(IntEnum):
    """How whole a script must be before a rule can look at it."""

    TEXT = 0
    """Any text, however large."""
    TREE = 1
    """A text that was parsed, also with syntax errors."""
    WHOLE = 2
    """A script without syntax errors."""


@dataclass(frozen=True, slots=True)
class Example:
    """A script, or a small connection, that breaks or keeps a rule; tests run every one.

    `scripts` maps kind to text. `configuration` lists the keys that are declared,
    as KEY or KEY=value; `name` is the connection's, `clients` its enabled_clients. `shown` replaces
    the scripts in `dbconn explain` where they are long.
    """

    scripts: Mapping[str, str]
    import_mode: bool | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    configuration: tuple[str, ...] = ()
    lint: Mapping[str, str] = field(default_factory=dict)
    preset: str = "recommended"
    shown: str = ""
    name: str = "users"
    clients: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `source` names where the demand comes from; `title` is one sentence.

    `script` looks at one script by itself, `connection` at all of a connection. `refuses`: its
    certain errors stop a deploy whatever the severity chosen for it (design §5.1).
    """

    id: str
    severity: Severity
    title: str
    why: str
    source: str
    bad: tuple[Example, ...]
    good: tuple[Example, ...]
    script: Callable[[ScriptSubject], Iterable[Finding]] | None = None
    connection: Callable[[ConnectionSubject], Iterable[Finding]] | None = None
    needs: Needs = Needs.WHOLE
    refuses: bool = False
    ignorable: bool = True
    """Whether a comment in a script can silence it."""

    @property
    def applies_to(self) -> str:
        """`script` when one script alone shows it, else `connection`."""
        return "script" if self.script is not None else "connection"
