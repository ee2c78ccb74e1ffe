"""`hard-coded-secret`: secrets stand in `configuration`, not in the script."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, path_of, property_name, text_value
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.secret_words import has_secret_shape, is_secret_value, looks_random, names_secret
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.texts import Texts
from dbconn_tui.problems import Certainty, Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a literal that is a secret by its looks, or by the name it is given. The text is never repeated."""
    for node in subject.shared(Nodes).of("string", "template_string"):
        text = text_value(node)
        if text is None:
            text = subject.shared(Texts).read(node).constant if has_secret_shape(node.text) else ""
        if not text or len(text) > 20_000:
            continue
        if has_secret_shape(text):
            yield _found(subject, node, "this text is a key, token or address with a password", Certainty.CERTAIN)
            continue
        name = _name(node)
        if name is not None and names_secret(name) and is_secret_value(text) and text.lower() != name.lower():
            certainty = Certainty.CERTAIN if looks_random(text) else Certainty.POSSIBLE
            yield _found(subject, node, f"the value of `{name}` stands in the script", certainty)


def _found(subject: ScriptSubject, node: Node, message: str, certainty: Certainty) -> Finding:
    return Finding(
        message,
        subject.parsed.span(node),
        "Make it a secret under `configuration`, read it as `configuration.KEY`, and change it where it is valid.",
        certainty=certainty,
    )


def _name(node: Node) -> str | None:
    """What a literal is called: a property, a variable, a member that it is assigned to."""
    outer = node.parent
    if outer is None:
        return None
    if outer.type == "pair" and node.field_name == "value":
        return property_name(outer.field("key"))
    if outer.type == "variable_declarator" and node.field_name == "value":
        name = outer.field("name")
        return name.text if name is not None and name.type == "identifier" else None
    if outer.type == "assignment_expression" and node.field_name == "right":
        path = path_of(outer.field("left"))
        return path[-1] if path else None
    return None


RULE = Rule(
    id="hard-coded-secret",
    severity=Severity.ERROR,
    title="Secrets stand in `configuration`, not in the script.",
    why="Everybody who may see the connection, or the repository, reads the script. Values of `configuration` are "
    "encrypted, and can be changed without a change of the script.",
    source="Auth0 docs, Custom database connections: configuration; Pre-launch tips (no plain text secrets)",
    bad=(
        example("login", "open({ password: 'S3cret!pw', host: configuration.HOST });"),
        example("login", "const url = 'postgres://app:tR0ub4dor@db.acme.com/users';\nopen(url);"),
        example("login", "const headers = { authorization: 'Basic YWRtaW46aHVudGVyMg==' };\nuse(headers);"),
    ),
    good=(
        example("login", "open({ password: configuration.DB_PASSWORD });"),
        example(
            "login",
            "const form = { grant_type: 'password', token_type: 'bearer', password: '##DB_PASSWORD##' };\nuse(form);",
        ),
        example("login", "const headers = { authorization: 'Bearer ' + configuration.TOKEN };\nuse(headers);"),
        example(
            "login",
            "const errors = { password: 'The password is wrong', tokenUrl: 'https://a.acme.com/oauth' };\nuse(errors);",
        ),
    ),
    script=check,
)
