"""`dbconn completion`: the completion script of a shell, generated from the verbs' own parsers."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.parser import Parser
    from dbconn_tui.cli.session import Session

USAGE: Final = "bash|zsh|fish"
ABOUT: Final = "Prints a script that completes verbs, flags and their values in a shell."
EXAMPLES: Final = """\
source <(dbconn completion bash)                                    # in ~/.bashrc
dbconn completion zsh > "${fpath[1]}/_dbconn"                       # then start a new shell
dbconn completion fish > ~/.config/fish/completions/dbconn.fish"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("shell", metavar="SHELL", choices=("bash", "zsh", "fish"), help="bash, zsh or fish")


def run(session: Session, arguments: Namespace) -> int:
    """Print the script."""
    scripts = {"bash": bash_script, "zsh": zsh_script, "fish": fish_script}
    session.out.text(scripts[arguments.shell](read_grammar()))
    return 0


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag: its spellings, its help, whether a value follows as its own word, and the values it may have."""

    names: tuple[str, ...]
    help: str
    takes_value: bool
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grammar:
    """What can be completed: `verbs` maps a verb to its summary, `flags` a verb (or "") to its flags,
    `words` a verb to what its first word may be."""

    verbs: dict[str, str]
    flags: dict[str, tuple[Flag, ...]]
    words: dict[str, tuple[str, ...]]

    @property
    def first_words(self) -> dict[str, str]:
        """The words that may follow `dbconn`, each with a summary."""
        return {verb.partition(" ")[0]: summary for verb, summary in reversed(self.verbs.items())}

    def second_words(self, first: str) -> tuple[str, ...]:
        """The second words of the verbs that begin with `first`."""
        return tuple(verb.partition(" ")[2] for verb in self.verbs if verb.startswith(f"{first} "))

    @property
    def double(self) -> tuple[str, ...]:
        """The first words that need a second one."""
        return tuple(sorted(word for word in self.first_words if self.second_words(word)))


def read_grammar() -> Grammar:
    """The grammar of all verbs, out of their parsers."""
    from dbconn_tui.cli.help import EXIT_CODES
    from dbconn_tui.cli.parser import global_parser, verb_parser
    from dbconn_tui.cli.verbs import VERBS

    flags = {"": tuple(_flags(global_parser()))}
    words = {}
    for verb in VERBS:
        parser = verb_parser(verb.name)
        flags[verb.name] = tuple(_flags(parser))
        first = next((one for one in parser._actions if not one.option_strings), None)
        if first is not None and first.choices:
            words[verb.name] = tuple(str(choice) for choice in first.choices)
    words["help"] = (*dict.fromkeys(verb.name.partition(" ")[0] for verb in VERBS), EXIT_CODES)
    return Grammar({verb.name: verb.summary for verb in VERBS}, flags, words)


def _flags(parser: Parser) -> Iterator[Flag]:
    for action in parser._actions:
        if action.option_strings:
            values = tuple(str(choice) for choice in action.choices or ())
            takes = action.nargs != 0 and not set(action.option_strings) & set(parser.optional_values)
            words = (action.help or "").replace("%(default)s", str(action.default))
            yield Flag(tuple(action.option_strings), words, takes, values)


def _all_names(flags: tuple[Flag, ...]) -> str:
    return " ".join(name for flag in flags for name in flag.names)


def _value_flags(grammar: Grammar) -> str:
    return "|".join(name for flag in grammar.flags[""] if flag.takes_value for name in flag.names)


def _quoted(text: str) -> str:
    """A text in single quotes, as all three shells take it."""
    return "'" + text.replace("\\", "").replace("'", "") + "'"


def _cases(grammar: Grammar) -> Iterator[tuple[str, str]]:
    """(`verb`, the words to offer) for every verb and for a first word that needs a second one."""
    yield "", f"{' '.join(sorted(grammar.first_words))} {_all_names(grammar.flags[''])}"
    for first in grammar.double:
        yield first, " ".join(grammar.second_words(first))
    for verb, flags in grammar.flags.items():
        if verb:
            yield verb, " ".join([*grammar.words.get(verb, ()), _all_names(flags)])


def _value_cases(grammar: Grammar) -> Iterator[tuple[str, str]]:
    """(`verb:flag`, the values to offer) for every flag with a fixed set of values."""
    for verb, flags in grammar.flags.items():
        for flag in flags:
            if flag.values:
                yield "|".join(f'"{verb}:{name}"' for name in flag.names), " ".join(flag.values)


_FIND_VERB: Final = """\
    local verb="" index={first}
    while [ $index -lt $current ]; do
        case "{word_at}" in
            {value_flags}) index=$((index + 1)) ;;
            -*) ;;
            {double}) if [ -z "$verb" ]; then verb="{word_at}"; else verb="$verb {word_at}"; fi ;;
            *) case "$verb" in {double}) verb="$verb {word_at}" ;; "") verb="{word_at}" ;; esac ;;
        esac
        index=$((index + 1))
    done
    local offered=""
    case "$verb" in
{cases}
    esac
    case "$verb:$previous" in
{value_cases}
    esac"""


def _body(grammar: Grammar, *, first: int, word_at: str) -> str:
    cases = "\n".join(f'        "{verb}") offered="{words}" ;;' for verb, words in _cases(grammar))
    values = "\n".join(f'        {verb}) offered="{words}" ;;' for verb, words in _value_cases(grammar))
    return _FIND_VERB.format(
        first=first,
        word_at=word_at,
        value_flags=_value_flags(grammar),
        double="|".join(grammar.double),
        cases=cases,
        value_cases=values,
    )


def bash_script(grammar: Grammar) -> str:
    """For bash 3.2 and newer; files are offered where nothing else fits."""
    body = _body(grammar, first=1, word_at="${COMP_WORDS[index]}")
    return f"""\
# bash completion of dbconn
_dbconn() {{
    local current=$COMP_CWD word="${{COMP_WORDS[COMP_CWD]}}" previous="${{COMP_WORDS[COMP_CWD-1]}}"
{body}
    COMPREPLY=($(compgen -W "$offered" -- "$word"))
}}
complete -o default -F _dbconn dbconn"""


def zsh_script(grammar: Grammar) -> str:
    """For zsh; works from fpath and from `source`."""
    body = _body(grammar, first=2, word_at="${words[index]}")
    return f"""\
#compdef dbconn
# zsh completion of dbconn
_dbconn() {{
    local current=$CURRENT previous="${{words[CURRENT-1]}}"
{body}
    if [ -n "$offered" ]; then compadd -- ${{=offered}}; fi
    _files
}}
if [ "$funcstack[1]" = "_dbconn" ]; then _dbconn "$@"; else compdef _dbconn dbconn; fi"""


def fish_script(grammar: Grammar) -> str:
    """For fish 3 and newer, with a sentence at every flag."""
    firsts = " ".join(sorted(grammar.first_words))
    lines = ["# fish completion of dbconn"]
    for word, summary in sorted(grammar.first_words.items()):
        about = "" if word in grammar.double else f" -d {_quoted(summary)}"
        lines.append(f"complete -c dbconn -n 'not __fish_seen_subcommand_from {firsts}' -f -a {word}{about}")
    for flag in grammar.flags[""]:
        lines.append(f"complete -c dbconn{_fish_flag(flag)}")
    everywhere = {flag.names for flag in grammar.flags[""]}
    for first in grammar.double:
        seconds = " ".join(grammar.second_words(first))
        condition = f"__fish_seen_subcommand_from {first}; and not __fish_seen_subcommand_from {seconds}"
        for second in grammar.second_words(first):
            about = _quoted(grammar.verbs[f"{first} {second}"])
            lines.append(f"complete -c dbconn -n '{condition}' -f -a {second} -d {about}")
    for verb, flags in grammar.flags.items():
        if not verb:
            continue
        condition = "; and ".join(f"__fish_seen_subcommand_from {word}" for word in verb.split())
        for word in grammar.words.get(verb, ()):
            lines.append(f"complete -c dbconn -n '{condition}' -f -a {word}")
        for flag in flags:
            if flag.names not in everywhere:
                lines.append(f"complete -c dbconn -n '{condition}'{_fish_flag(flag)}")
    return "\n".join(lines)


def _fish_flag(flag: Flag) -> str:
    names = "".join(
        f" -l {name.removeprefix('--')}" if name.startswith("--") else f" -s {name.removeprefix('-')}"
        for name in flag.names
    )
    value = f" -x -a {_quoted(' '.join(flag.values))}" if flag.values else " -r" if flag.takes_value else ""
    return f"{names}{value} -d {_quoted(flag.help)}"
