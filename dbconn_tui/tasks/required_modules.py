"""The npm modules that scripts require, beside those that are here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from dbconn_tui.errors import ProjectError
from dbconn_tui.lint.module_tables import BUILT_IN, KNOWN_VERSIONS
from dbconn_tui.lint.modules import Modules
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.project.overlay import connections_for
from dbconn_tui.project.values import LOCAL, Connection, Script
from dbconn_tui.runtime.modules import Module, list_modules, stand_in
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.script_runs import modules_folder
from dbconn_tui.tasks.workspace import open_project


def missing_modules(connections: Iterable[Connection], cache: Path) -> tuple[Module, ...]:
    """The modules that scripts require and the cache lacks, nor has what stands in for them; by name and version.

    Where a script names no version any will do, and one in use is what is missing. A version that is not exact is
    not fetched by dbconn either, and left out.
    """
    here = list_modules(cache)
    names = {module.name for module in here}
    wanted = set()
    for connection in connections:
        for script in connection.scripts.values():
            for name, version in _required(script):
                if version:
                    wanted.add(Module(name, version))
                elif name not in names and name in KNOWN_VERSIONS:
                    wanted.add(Module(name, KNOWN_VERSIONS[name]))
    return tuple(sorted(module for module in wanted if stand_in(module) not in here))


def missing_in_project(outside: Outside, config: Path | None) -> tuple[Module, ...]:
    """What the scripts of the project here lack; nothing where there is no project that can be read."""
    try:
        project, _ = open_project(outside, config, partial=True)
    except ProjectError:
        return ()
    return missing_modules(connections_for(project, LOCAL)[0], modules_folder(outside))


def install_command(modules: Iterable[Module]) -> str:
    """What to type to have them."""
    return f"dbconn modules install {' '.join(map(str, modules))}"


def _required(script: Script) -> Iterator[tuple[str, str]]:
    """Name and exact version of every package that a script requires; the version is empty when none is named."""
    subject = ScriptSubject(script.kind, script.text, context=None, rule_ids=frozenset())
    for require in subject.shared(Modules).requires:
        is_package = require.name and require.name not in BUILT_IN and require.name[0] not in "./"
        if is_package and (require.version.exact or not require.version.text):
            yield require.name, require.version.text
