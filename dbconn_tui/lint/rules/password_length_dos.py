"""`password-length-dos`: a password is not hashed at any length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.credentials import password_in
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, argument, callee, method_of, receiver_of
from dbconn_tui.lint.modules import Modules
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_HASHING: Final = frozenset({"hash", "compare", "pbkdf2", "scrypt"})


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """Under `strict`: one finding at the first slow hash over a password whose length nobody looks at.

    Silent about Argon2, which takes all of a password, and its length hardly matters to it (RFC 9106 §3.2).
    """
    text = subject.text
    if not any(word in text for word in _HASHING) or any(
        word in text for word in (".length", "maxLength", "byteLength")
    ):
        return
    modules = subject.shared(Modules)
    for call in subject.shared(Nodes).of("call_expression"):
        first = argument(call, 0)
        origin = modules.origin(callee(call))
        if origin is not None and origin.module == "argon2":
            continue
        if method_of(call) in _HASHING and receiver_of(call) is not None and password_in(first, subject) is not None:
            yield Finding(
                "a password of any length is hashed; bcrypt looks at 72 bytes only",
                subject.parsed.span(call),
                "Refuse what is longer than 72 bytes, or set a maximum in the password policy.",
                pedantic=True,
            )
            return


RULE = Rule(
    id="password-length-dos",
    severity=Severity.INFO,
    title="A password's length is limited before it is hashed.",
    why="Hashing takes time in proportion to the length with some functions, and bcrypt ignores all after 72 bytes.",
    source="Auth0 docs, Password options (72 bytes)",
    bad=(
        example("login", "bcrypt.compare(password, row.hash, done);", preset="strict"),
        example("change_password", "require('bcrypt@5.1.1').hash(newPassword, 12, done);", preset="strict"),
    ),
    good=(
        example(
            "change_password", "require('argon2@0.41.1').hash(newPassword).then((hash) => done(hash));", preset="strict"
        ),
        example(
            "login",
            "if (password.length > 72) return callback(null);\nbcrypt.compare(password, row.hash, done);",
            preset="strict",
        ),
        example(
            "change_password",
            "if (Buffer.byteLength(newPassword) > 72) return callback(null, false);\n"
            "bcrypt.hash(newPassword, 12, done);",
            preset="strict",
        ),
    ),
    script=check,
)
