"""`weak-password-hash`: passwords are hashed by something made for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.credentials import password_in
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import (
    Nodes,
    argument,
    arguments,
    callee,
    method_of,
    number_value,
    path_of,
    receiver_of,
    text_value,
)
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.variables import Variables
from dbconn_tui.problems import Severity

_FAST: Final = re.compile(r"\A(?:md[45]|sha-?1|sha-?224|sha-?256|sha-?384|sha-?512|ripemd\w*)\Z", re.IGNORECASE)
_SLOW: Final = re.compile(r"(?:bcrypt(?:js)?|argon2|scrypt|pbkdf2)(?:Sync)?(?:@[\d.]+)?\Z")
_ROUNDS: Final = 10
_ITERATIONS: Final = 100_000


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a fast hash over the password, or a slow one with too little work.

    Silent about a fast one in a login that knows a slow one too: it lets old hashes in while they are replaced.
    """
    if not any(word in subject.text for word in ("createH", "pbkdf2", "crypt")):
        return
    variables = subject.shared(Variables)
    for call in subject.shared(Nodes).of("call_expression"):
        name, given = method_of(call), arguments(call)
        message = ""
        if name == "update" and given and password_in(_text_of(given[0]), subject) is not None:
            made = _maker(call, subject)
            if made is not None and not (subject.kind == "login" and _knows_a_slow_one(subject)):
                message = f"a single round of {made} is no password hash"
        elif name in ("pbkdf2", "pbkdf2Sync") and len(given) >= 4:
            iterations = number_value(variables.resolve(given[2]))
            if iterations is not None and iterations < _ITERATIONS:
                message = f"{iterations:,.0f} iterations of PBKDF2 are too few"
        elif (
            name in ("hash", "hashSync", "genSalt", "genSaltSync")
            and "bcrypt" in "".join(path_of(callee(call))[:1]).lower()
        ):
            rounds = (
                number_value(variables.resolve(given[0 if name.startswith("gen") else 1]))
                if len(given) > (0 if name.startswith("gen") else 1)
                else None
            )
            if rounds is not None and rounds < _ROUNDS:
                message = f"bcrypt with cost {rounds:g} is too fast"
        if message:
            yield Finding(
                message,
                subject.parsed.span(call),
                "Use bcrypt with a cost of 10 or more, scrypt, argon2, or PBKDF2 with 210,000 iterations of SHA-512.",
            )


def _text_of(node: Node) -> Node:
    """What `Buffer.from(text)` is made of; any other expression is itself."""
    is_buffer = node.type == "call_expression" and path_of(callee(node)) == ("Buffer", "from")
    return (argument(node, 0) or node) if is_buffer else node


def _knows_a_slow_one(subject: ScriptSubject) -> bool:
    """Whether the code, not a comment, names a password hash: a module, or a function of Node's crypto."""
    nodes = subject.shared(Nodes)
    names = nodes.of("identifier", "property_identifier", "shorthand_property_identifier_pattern")
    modules = (text_value(node) or "" for node in nodes.of("string"))
    return any(_SLOW.match(name) for name in (*(node.text for node in names), *modules))


def _maker(update: Node, subject: ScriptSubject) -> str | None:
    """The hash that an `.update(…)` belongs to: `createHash('md5')`; None when it is another thing's update."""
    node = receiver_of(update)
    for _ in range(4):
        if node is None:
            return None
        node = subject.shared(Variables).resolve(node)
        if node.type == "call_expression" and method_of(node) in ("createHash", "createHmac"):
            algorithm = text_value(argument(node, 0))
            return algorithm if algorithm is not None and _FAST.match(algorithm) else None
        node = receiver_of(node) if node.type == "call_expression" else None
    return None


RULE = Rule(
    id="weak-password-hash",
    severity=Severity.WARNING,
    title="Passwords are hashed by something made for it.",
    why="MD5 and SHA are made to be fast: a stolen table is guessed through in hours. Where an old table leaves no "
    "choice at login, new passwords should still be stored better.",
    source="Auth0 docs, the database templates (bcrypt)",
    bad=(
        example("login", "const h = crypto.createHash('md5').update(password).digest('hex');\nuse(h);"),
        example("create", "bcrypt.hash(user.password, 4, done);"),
        example(
            "login",
            "// scrypt would be better\nconst h = crypto.createHash('sha256').update(salt + password).digest('hex');",
        ),
        example(
            "create",
            "const h = crypto.createHash('sha256').update(user.password).digest('hex');\n"
            "crypto.scrypt(h, salt, 32, done);",
        ),
        example("change_password", "crypto.pbkdf2(newPassword, salt, 1000, 32, 'sha1', done);"),
    ),
    good=(
        example("login", "const h = crypto.createHash('sha256').update(configuration.SALT).digest('hex');\nuse(h);"),
        example("create", "bcrypt.hash(user.password, 12, done);"),
        example(
            "login",
            "const old = crypto.createHash('sha256').update(salt + password).digest('hex');\n"
            "if (old === row.old) return renew(row);\n"
            "return require('bcrypt@5.1.1').compare(password, row.hash, done);",
        ),
        example("change_password", "users.update({ password: newPassword });"),
    ),
    script=check,
)
