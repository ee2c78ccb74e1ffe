"""Short ways to write a rule's examples: the body of a script in, a whole script out."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from dbconn_tui.action_scripts.kinds import BY_NAME
from dbconn_tui.lint.rule import Example


def script_text(kind: str, body: str, *, context: bool = False, is_async: bool = False) -> str:
    """The script of `kind` with the recommended name and parameters around `body`."""
    known = BY_NAME[kind]
    head = f"{'async ' if is_async else ''}function {known.function}({', '.join(known.signature(context=context))})"
    inside = textwrap.indent(textwrap.dedent(body).strip("\n"), "  ")
    return f"{head} {{\n{inside}\n}}\n"


def example(
    kind: str, body: str, *, context: bool = False, is_async: bool = False, preset: str = "recommended"
) -> Example:
    """An example of one script with `body`."""
    return Example({kind: script_text(kind, body, context=context, is_async=is_async)}, preset=preset)


def connection_example(
    scripts: Mapping[str, str],
    *,
    import_mode: bool | None = None,
    options: Mapping[str, Any] | None = None,
    configuration: tuple[str, ...] = (),
    preset: str = "recommended",
) -> Example:
    """An example of a connection whose scripts have these bodies."""
    return Example(
        {kind: script_text(kind, body) for kind, body in scripts.items()},
        import_mode=import_mode,
        options=options or {},
        configuration=configuration,
        preset=preset,
    )
