"""A rename recognised: a new name in the files while our old connection with the same scripts is still there. Pure.

The platform cannot rename a connection (api.md §1.3: the name is no part of what PATCH takes), so a changed
`name:` or key makes a second connection and leaves every user in the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dbconn_tui.action_scripts.kinds import is_placeholder
from dbconn_tui.deploy.fingerprint import canonical_text
from dbconn_tui.deploy.values import ConnectionPlan, ConnectionState
from dbconn_tui.project.values import Connection
from dbconn_tui.tenant.values import LiveConnection


def note_renames(
    plans: Sequence[ConnectionPlan], connections: Sequence[Connection], ours: Sequence[LiveConnection]
) -> list[ConnectionPlan]:
    """The plans, with a note on both sides of what looks like a rename.

    `ours` are live connections that the files do not name and that carry this project's record. A new
    connection is taken for one of them when it is the only one with the same scripts, and the other way round.
    """
    created = {one.key for one in plans if one.live_id is None and one.state is not ConnectionState.ONLY_ON_TENANT}
    new = [connection for connection in connections if connection.key in created]
    notes: dict[tuple[str, bool], str] = {}
    for connection in new:
        matches = [live for live in ours if _same_scripts(connection, live)]
        rivals = [other for other in new if matches and _same_scripts(other, matches[0])]
        if len(matches) == 1 and len(rivals) == 1:
            old = matches[0].name
            notes[connection.key, False] = (
                f"looks like {old} under a new name: the platform cannot rename, so this makes a second connection "
                f"and its users stay behind in {old}; `name: {old}` keeps them"
            )
            notes[old, True] = (
                f"{connection.name} looks like its new name: the platform cannot rename, its users stay behind here"
            )
    noted = []
    for plan in plans:
        note = notes.get((plan.key, plan.state is ConnectionState.ONLY_ON_TENANT))
        noted.append(replace(plan, notes=(*plan.notes, note)) if note else plan)
    return noted


def _same_scripts(connection: Connection, live: LiveConnection) -> bool:
    theirs = {
        kind: canonical_text(text)
        for kind, text in (live.options.get("customScripts") or {}).items()
        if not is_placeholder(text)
    }
    ours = {kind: canonical_text(script.text) for kind, script in connection.scripts.items()}
    return bool(ours) and ours == theirs
