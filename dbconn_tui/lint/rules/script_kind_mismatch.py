"""`script-kind-mismatch`: a script stands under its own kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from dbconn_tui.action_scripts.kinds import KINDS, Kind
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.rules.function_name import TEMPLATE_NAMES
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Certainty, Severity

_KIND_OF: Final[Mapping[str, Kind]] = {kind.function: kind for kind in KINDS if kind.documented}


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding when the function bears the recommended name of another kind.

    Certain only when its parameters do not fit this kind either; someone may have copied a file and kept the name.
    """
    function, kind = subject.parsed.function, subject.known_kind
    if function is None or kind is None or function.name is None or not kind.documented:
        return
    other = _KIND_OF.get(function.name)
    if other is None or other is kind or function.name in TEMPLATE_NAMES.get(kind.name, ()):
        return
    fits = len(function.parameters) in (len(kind.signature()), len(kind.signature(context=True)))
    yield Finding(
        f"a function `{function.name}` stands in the {kind.name} script; that is the name of a {other.name} script",
        function.name_span,
        f"Put it under {other.name}; if it is the right script, rename the function to `{kind.function}`.",
        certainty=Certainty.POSSIBLE if fits else Certainty.CERTAIN,
    )


RULE = Rule(
    id="script-kind-mismatch",
    severity=Severity.ERROR,
    title="A script stands under its own kind.",
    why="The platform stores any function under any kind. A login function deployed as create is called with the "
    "arguments of create and fails at the first sign-up.",
    source="Auth0 docs, the template page of each script (names and parameters)",
    bad=(
        Example({"create": "function login(email, password, callback) {\n  return callback(null);\n}\n"}),
        Example({"delete": "function verify(email, callback) {\n  return callback(null, true);\n}\n"}),
    ),
    good=(
        example("create", "return callback(null);"),
        Example({"get_user": "function loginByEmail(email, callback) {\n  return callback(null);\n}\n"}),
    ),
    script=check,
)
