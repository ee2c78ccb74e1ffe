"""`dbconn explain`: what a lint rule means."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session

USAGE: Final = "[RULE]"
ABOUT: Final = "Says why a lint rule is there, with a bad and a good script; without a name, lists all rules."
EXAMPLES: Final = """\
dbconn explain                        # all rules
dbconn explain script-params          # one of them"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("rule", metavar="RULE", nargs="?", help="the rule's id, as lint prints it")


def run(session: Session, arguments: Namespace) -> int:
    """Print the explanation, or the list."""
    from dbconn_tui.lint.explain import explain, rules_json, rules_table

    text = explain(arguments.rule) if arguments.rule else rules_table()
    if session.json:
        rules = [rule for rule in rules_json() if arguments.rule in (None, rule["id"])]
        session.out.answer({"rules": rules})
    else:
        session.out.text(text)
    return 0
