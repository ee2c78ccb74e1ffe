"""`configuration-undefined`: every configuration key that a script reads is declared."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.action_scripts.configuration import ReadUse
from dbconn_tui.lint.configuration_keys import configuration_keys
from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.spelling import nearest
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.problems import Certainty, Severity

_LOGIN = "function login(email, password, callback) {{\n  {0}\n  return callback(null, {{ user_id: url }});\n}}\n"


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """One finding a read of an undeclared key.

    A read with a default is a note. Where a script looks first whether the key is there, its other
    reads of the same key are only possibly wrong. Keys known on the tenant count as declared.
    """
    keys = subject.shared(configuration_keys)
    declared = subject.connection.configuration.keys() | subject.live_keys
    for key, reads in keys.reads.items():
        if key in declared or key in keys.written:
            continue
        tested_in = {kind for kind, read in reads if read.use is ReadUse.TESTED}
        meant = nearest(key, declared)
        hint = f"Did you mean `configuration.{meant}`?" if meant else f"Declare {key} under `configuration`."
        for kind, read in reads:
            if read.optional:
                yield Finding(
                    f"configuration.{key} is not declared; the script's own default is used",
                    read.span,
                    hint,
                    severity=Severity.INFO,
                    script=kind,
                )
            else:
                yield Finding(
                    f"configuration.{key} is not declared for this connection, so it is undefined at run time",
                    read.span,
                    hint,
                    certainty=Certainty.POSSIBLE if kind in tested_in else Certainty.CERTAIN,
                    script=kind,
                )


RULE = Rule(
    id="configuration-undefined",
    severity=Severity.ERROR,
    title="Every configuration key that a script reads is declared.",
    why="`configuration` is a plain object: a key that was never declared, or is misspelt, reads as undefined, "
    "and the first login shows it.",
    source="Auth0 docs, Custom database connections: configuration",
    bad=(
        Example({"login": _LOGIN.format("const url = configuration.API_URl;")}, configuration=("API_URL",)),
        Example({"login": _LOGIN.format("const { API_URL: url } = configuration;")}),
        Example({"login": _LOGIN.format("const url = configuration.API_URL || 'https://users.example.com';")}),
    ),
    good=(
        Example({"login": _LOGIN.format("const url = configuration['API_URL'];")}, configuration=("API_URL",)),
        Example({"login": _LOGIN.format("const configuration = { A: 1 }; const url = configuration.B;")}),
        Example({"login": _LOGIN.format("const url = configuration[`URL_${email}`];")}),
    ),
    connection=check,
)
