"""`guideline-email-verified-use`: an address that nobody verified decides nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, argument, is_tested, method_of, path_of, receiver_of, text_value
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Certainty, Severity

_DECIDING: Final = frozenset({"endsWith", "includes", "match", "test", "indexOf", "split"})
_RIGHTS: Final = re.compile(r"\b(?:roles?|admin|isAdmin|is_admin|permissions?|groups?)\b")


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """A possible finding where the domain of an address decides about roles, verified or not."""
    if subject.kind not in ("login", "get_user") or "verified" in subject.text or not _RIGHTS.search(subject.text):
        return
    for call in subject.shared(Nodes).of("call_expression"):
        receiver = receiver_of(call)
        first = text_value(argument(call, 0)) or ""
        if method_of(call) not in _DECIDING or receiver is None or "@" not in first or not is_tested(call):
            continue
        if "".join(path_of(receiver)[-1:]).lower() in ("email", "identifier", "mail"):
            yield Finding(
                "the domain of an unverified address decides what the user may do",
                subject.parsed.span(call),
                "Keep roles in the store, or look at email_verified first.",
                certainty=Certainty.POSSIBLE,
            )
            return


RULE = Rule(
    id="guideline-email-verified-use",
    severity=Severity.INFO,
    title="An address that nobody verified decides nothing.",
    why="Anybody can sign up with any address. Until it is verified, its domain proves nothing.",
    source="Auth0 docs, Action coding guidelines (check if an email is verified)",
    bad=(example("login", "const roles = row.email.endsWith('@acme.com') ? ['admin'] : [];\nuse(roles);"),),
    good=(
        example(
            "login",
            "const roles = row.email_verified && row.email.endsWith('@acme.com') ? ['admin'] : [];\nuse(roles);",
        ),
        example("login", "const name = row.email.split('@')[0];\nuse(name);"),
    ),
    script=check,
)
