"""The command line read: the verb, its arguments, and the flags that every verb takes.

Each verb has a parser of its own, so that global flags stand before or after it and NAME… on both sides
of flags; argparse's own exit code 2 never happens, every mistake is a UsageError (exit 3).
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

from dbconn_tui.cli.verbs import BY_NAME, VERBS, VerbModule, load
from dbconn_tui.errors import UsageError

EVERYTHING: Final = "*"
"""What a flag with an optional `=VALUE` gets when none was given."""

_NO_FLAG: Final = "\0"
"""Put before words that come after `--`; no word of a command line can hold it."""

_VALUE_FLAGS: Final = ("--config", "--tenant", "-t")
_SWITCHES: Final = {
    "--json": "answer with one JSON object on stdout",
    "--quiet": "no progress and no notes",
    "--verbose": "more detail, and every request",
    "--no-color": "no colour (as with NO_COLOR)",
    "--no-input": "never ask; fail naming the flag to pass",
}


class Parser(argparse.ArgumentParser):
    """argparse with our errors and our layout of help."""

    color: bool
    optional_values: tuple[str, ...] = ()
    """Flags whose `=VALUE` may be left out."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, f"`{self.prog} --help` shows how it is used.")


@dataclass(frozen=True, slots=True)
class Request:
    """A command line as understood. `verb` is empty for `dbconn` alone; `module` is then None too."""

    verb: str
    module: VerbModule | None
    arguments: argparse.Namespace


@dataclass(frozen=True, slots=True)
class HelpWanted:
    """`--help` was given: `topic` is a verb, the first word of some verbs, or empty."""

    topic: str


@dataclass(frozen=True, slots=True)
class VersionWanted:
    """`--version` was given."""


def read_command_line(words: Sequence[str]) -> Request | HelpWanted | VersionWanted:
    """What the words after `dbconn` ask for. Raises UsageError for anything that is not understood."""
    flags = set(_before_separator(words))
    if "--version" in flags:
        return VersionWanted()
    wants_help = bool(flags & {"--help", "-h"})
    verb, rest = _find_verb(words, wants_help=wants_help)
    if wants_help:
        return HelpWanted(verb)
    if not verb:
        return Request("", None, _parse(_parser("", None), rest))
    module = load(verb)
    return Request(verb, module, _parse(_parser(verb, module), rest))


def verb_parser(verb: str) -> Parser:
    """The parser of a verb, for help and completion."""
    return _parser(verb, load(verb))


def global_parser() -> Parser:
    """The parser of the flags that stand without a verb."""
    return _parser("", None)


def asks_for_json(words: Sequence[str]) -> bool:
    """Whether a command line wants JSON, also when it cannot be understood otherwise."""
    known = _before_separator(words)
    pairs = itertools.pairwise(known)
    return "--json" in known or "--format=json" in known or ("--format", "json") in pairs


def _before_separator(words: Sequence[str]) -> list[str]:
    return list(words[: words.index("--")]) if "--" in words else list(words)


def _find_verb(words: Sequence[str], *, wants_help: bool) -> tuple[str, list[str]]:
    """The verb, and all other words in their order."""
    before, first, after = _first_word(words)
    if not first:
        return "", before
    if first in BY_NAME:
        return first, [*before, *after]
    actions = [verb.name.partition(" ")[2] for verb in VERBS if verb.name.startswith(f"{first} ")]
    if not actions:
        names = sorted({verb.name.partition(" ")[0] for verb in VERBS})
        raise UsageError(f"there is no verb {first!r}", f"{_near(first, names)}`dbconn help` lists the verbs.")
    between, action, after = _first_word(after)
    if wants_help and not action:
        return first, []
    if action not in actions:
        said = f"`dbconn {first} {action}` is not a verb" if action else f"`dbconn {first}` needs one word more"
        raise UsageError(
            said, f"{_near(action, actions)}There are: {', '.join(f'dbconn {first} {one}' for one in actions)}."
        )
    return f"{first} {action}", [*before, *between, *after]


def _first_word(words: Sequence[str]) -> tuple[list[str], str, list[str]]:
    """The global flags before the first word that is no flag, that word (empty when there is none), the rest."""
    before: list[str] = []
    index = 0
    while index < len(words):
        word = words[index]
        if word == "-" or not word.startswith("-"):
            return before, word, list(words[index + 1 :])
        name = word.partition("=")[0]
        if word.startswith("-t") and not word.startswith("--"):
            name = "-t"
        if name not in (*_VALUE_FLAGS, *_SWITCHES, "--help", "-h"):
            raise UsageError(
                f"unknown flag {name} before the verb",
                f"{_near(name, (*_VALUE_FLAGS, *_SWITCHES))}A verb's own flags stand after it.",
            )
        takes = 2 if word in _VALUE_FLAGS else 1
        before += words[index : index + takes]
        index += takes
    return before, "", []


def _parser(verb: str, module: VerbModule | None) -> Parser:
    program = f"dbconn {verb}".strip()
    parser = Parser(
        prog=program,
        usage=f"{program} {module.USAGE}".strip() if module else f"{program} [VERB] [flags]",
        description=module.ABOUT if module else None,
        add_help=False,
        allow_abbrev=False,
        formatter_class=_layout,
    )
    # Newer versions of argparse paint help themselves; cli.text decides here.
    parser.color = False
    if module:
        module.add_arguments(parser)
    everywhere = parser.add_argument_group("flags of every verb")
    everywhere.add_argument("--config", metavar="FILE", help="the project file (else dbconn.yaml here or above)")
    everywhere.add_argument("--tenant", "-t", metavar="NAME", help="the tenant, by its name in the project")
    for flag, words in _SWITCHES.items():
        everywhere.add_argument(flag, action="store_true", help=words)
    everywhere.add_argument("--help", "-h", action="store_true", help="this text")
    everywhere.add_argument("--version", action="store_true", help="the version")
    return parser


def _layout(prog: str) -> argparse.HelpFormatter:
    return argparse.RawDescriptionHelpFormatter(prog, max_help_position=32, width=98)


def _parse(parser: Parser, words: Sequence[str]) -> argparse.Namespace:
    before = _before_separator(words)
    completed = [f"{word}={EVERYTHING}" if word in parser.optional_values else word for word in before]
    # argparse loses `--` when names stand on both sides of flags: what follows it is marked as no flag.
    completed += [f"{_NO_FLAG}{word}" for word in words[len(before) + 1 :]]
    known, unknown = parser.parse_known_intermixed_args(completed)
    if unknown:
        flag = next((word.partition("=")[0] for word in unknown if word.startswith("-") and word != "-"), "")
        hint = f"`{parser.prog} --help` lists what it takes."
        if flag:
            raise UsageError(f"unknown flag {flag}", _near(flag, _flags(parser)) + hint)
        raise UsageError(f"unexpected argument {unknown[0]!r}", hint)
    for name, value in vars(known).items():
        if isinstance(value, list):
            setattr(known, name, [one.removeprefix(_NO_FLAG) for one in value])
        elif isinstance(value, str):
            setattr(known, name, value.removeprefix(_NO_FLAG))
    return known


def _flags(parser: Parser) -> list[str]:
    return [flag for action in parser._actions for flag in action.option_strings]


def _near(word: str, names: Iterable[str]) -> str:
    import difflib

    near = difflib.get_close_matches(word, list(names), n=1, cutoff=0.55)
    return f"Did you mean {near[0]}? " if near else ""
