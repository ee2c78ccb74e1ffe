"""`magic-global`: modules are required; the old sandbox's globals are gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import is_assigned, is_tested, property_of
from dbconn_tui.lint.module_tables import KNOWN_VERSIONS
from dbconn_tui.lint.names_tested import announced_globals
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.runtime_globals import MAGIC_GLOBALS
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_NODE_CRYPTO: Final = frozenset(
    {
        *("createHash", "createHmac", "pbkdf2", "pbkdf2Sync", "scrypt", "scryptSync", "randomBytes", "timingSafeEqual"),
        *(
            "createCipheriv",
            "createDecipheriv",
            "createSign",
            "createVerify",
            "randomInt",
            "publicEncrypt",
            "privateDecrypt",
        ),
    },
)


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a name of the old sandbox that the script uses and does not declare.

    `crypto` exists, as the Web Crypto API: only functions of Node's own module of that name count.
    """
    free = subject.parsed.scopes.free
    announced = subject.shared(announced_globals)
    for name, module in MAGIC_GLOBALS.items():
        references = free.get(name, [])
        if not references or name in announced or any(is_assigned(one) for one in references):
            continue
        used = next((one for one in references if not is_tested(one)), None)
        if used is not None:
            known = KNOWN_VERSIONS.get(module)
            wanted = f"{module}@{known}" if known else module
            yield Finding(
                f"`{name}` is no global: the sandbox has provided no modules by name since Node 16",
                subject.parsed.span(used),
                f"Write `const {name} = require('{wanted}')`." if module else "Use the built-in `fetch`.",
            )
    for reference in free.get("crypto", []):
        access = reference.parent
        if access is not None and access.type == "member_expression" and property_of(access) in _NODE_CRYPTO:
            yield Finding(
                f"the global `crypto` is the Web Crypto API, which has no `{property_of(access)}`",
                subject.parsed.span(access),
                "Write `const crypto = require('crypto')`.",
            )
            return


RULE = Rule(
    id="magic-global",
    severity=Severity.ERROR,
    title="Modules are required, not taken for granted.",
    why="Until Node 12 the sandbox had request, mysql, bcrypt and others as globals. They are gone, and using one "
    "throws.",
    source="Auth0 docs, Migrate from Node.js 12 to Node.js 16 (list of globals)",
    bad=(
        example("login", "request.get(configuration.URL, callback);"),
        example("login", "const hash = crypto.createHash('sha512');\nuse(hash);"),
    ),
    good=(
        example("login", "const bcrypt = require('bcrypt@5.1.1');\nuse(bcrypt, crypto.randomUUID());"),
        example("login", "/* global request */\nrequest.get(configuration.URL, callback);"),
        example("login", "const crypto = require('crypto');\nuse(crypto.createHash('sha512'));"),
    ),
    script=check,
)
