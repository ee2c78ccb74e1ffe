"""`use-before-define`: a `let` or `const` is read after it was made."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, function_around
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a read in the same function before the declaration ends; functions run later are free."""
    scopes = subject.parsed.scopes
    for declarator in subject.shared(Nodes).of("variable_declarator"):
        holder, name = declarator.parent, declarator.field("name")
        if holder is None or holder.type != "lexical_declaration" or name is None or name.type != "identifier":
            continue
        binding = scopes.binding(name)
        if binding is None or binding.declarator is not declarator:
            continue
        home = function_around(declarator)
        for reference in binding.references:
            if reference.start < declarator.end and function_around(reference) is home:
                yield Finding(
                    f"`{name.text}` is used before its declaration is complete, which throws",
                    subject.parsed.span(reference),
                    f"Declare `{name.text}` before this line.",
                )
                break


RULE = Rule(
    id="use-before-define",
    severity=Severity.ERROR,
    title="A `let` or `const` is not used before its declaration.",
    why="Until its declaration has run, reading or writing a `let` or `const` throws a ReferenceError.",
    source="ECMAScript (temporal dead zone); seen in public scripts",
    bad=(
        example("get_user", "let profile = profile = { user_id: identifier };\nreturn callback(null, profile);"),
        example("get_user", "send(url);\nconst url = configuration.URL;\nreturn callback(null);"),
    ),
    good=(
        example(
            "get_user",
            "function send() {\n  return url;\n}\nconst url = configuration.URL;\nreturn callback(null, send());",
        ),
        example("get_user", "const again = () => again;\nreturn callback(null);"),
        example("get_user", "for (const item of []) {\n  item.go();\n}\nreturn callback(null);"),
    ),
    script=check,
)
