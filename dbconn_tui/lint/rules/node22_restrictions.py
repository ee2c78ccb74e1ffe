"""`node22-restrictions`: what Node 22 on the platform does not allow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, callee, text_value
from dbconn_tui.lint.module_tables import FILE_WRITES
from dbconn_tui.lint.modules import Modules
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Certainty, Severity

_DIRECTIVES: Final = frozenset({"use npm", "use latest"})


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a directive that is gone, or a write to the file system. Only possible: older tenants run Node 18."""
    for node in subject.shared(Nodes).of("string"):
        outer = node.parent
        if outer is not None and outer.type == "expression_statement" and text_value(node) in _DIRECTIVES:
            yield Finding(
                f"{node.text} does nothing on Node 22",
                subject.parsed.span(node),
                "Require each module with its version instead.",
                certainty=Certainty.POSSIBLE,
            )
    modules = subject.shared(Modules)
    if not modules.named("fs", "fs-extra"):
        return
    for call in subject.shared(Nodes).of("call_expression"):
        origin = modules.origin(callee(call))
        if (
            origin is not None
            and origin.require.name in ("fs", "fs-extra")
            and origin.path[-1:]
            and origin.path[-1] in FILE_WRITES
        ):
            yield Finding(
                "scripts cannot write files on Node 22, not even to /tmp",
                subject.parsed.span(call),
                "Keep it in memory, e.g. pass a certificate as text.",
                certainty=Certainty.POSSIBLE,
            )


RULE = Rule(
    id="node22-restrictions",
    severity=Severity.ERROR,
    title="A script writes no files and uses no `use npm`.",
    why="On Node 22 the platform ignores the `use npm` directive and refuses every write to the file system.",
    source="Auth0 docs, Migrate to Node.js 22",
    bad=(
        example("login", "const fs = require('fs');\nfs.writeFileSync('/tmp/ca.pem', configuration.CA);"),
        example("login", "'use npm';\nreturn callback(null);"),
    ),
    good=(
        example("login", "const fs = require('fs');\nuse(fs.existsSync('/etc/ssl'));"),
        example("login", "use('use npm');\nlog.write('x');"),
    ),
    script=check,
)
