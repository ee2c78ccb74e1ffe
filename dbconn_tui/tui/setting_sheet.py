"""SettingSheet: a connection's settings as the files say them now, and writing one change of dbconn.yaml."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dbconn_tui.errors import ProjectError, RefusedError
from dbconn_tui.project.layers import ABSENT
from dbconn_tui.project.settings import Setting, SettingPlan, layer_paths, plan_setting, settings_of, tenants_of
from dbconn_tui.project.values import LOCAL
from dbconn_tui.project.write import write_file

if TYPE_CHECKING:
    from dbconn_tui.project.values import Project
    from dbconn_tui.tasks.outside import Outside

REMOVED = ABSENT
"""In place of a value: the key is taken out of its layer."""


@dataclass(frozen=True, slots=True, eq=False)
class SettingSheet:
    """The settings of a connection on one tenant of `tenants`; `layers` are where a change can go, the widest first."""

    key: str
    tenant: str
    tenants: tuple[str, ...]
    file: str
    settings: tuple[Setting, ...]
    layers: tuple[str, ...]
    project: Project = field(repr=False)

    def plan(self, layer: str, path: tuple[str, ...], value: Any) -> SettingPlan:
        """What writing a value (or REMOVED) at `path` of a layer would do. Pure."""
        return plan_setting(self.project.text, self.file, (*layer_paths(self.key, self.tenant)[layer], *path), value)

    def write(self, plan: SettingPlan) -> None:
        """Write it. Raises RefusedError when the file changed since it was read, ProjectError."""
        if plan.edit.text is None or not plan.possible:
            raise RefusedError("this change cannot be written", plan.edit.reason)
        try:
            now = self.project.file.read_bytes()
        except OSError as failure:
            raise ProjectError(f"{self.file} cannot be read: {failure.strerror}") from None
        if now != plan.before.encode():
            raise RefusedError(f"{self.file} changed on the disk since it was read; nothing was written", "Try again.")
        write_file(self.project.file, plan.edit.text.encode())


def read_sheet(outside: Outside, config: Path | None, key: str, tenant: str) -> SettingSheet:
    """The sheet from the files as they are now. Raises ProjectError, also when the connection is gone."""
    from dbconn_tui.tasks.workspace import open_project

    project, _ = open_project(outside, config, partial=True)
    if key not in project.connection_keys:
        raise ProjectError(f"{project.shown_file} has no connection {key} any more")
    tenants = tenants_of(project)
    tenant = tenant if tenant in tenants else LOCAL
    rows = settings_of(project, key, tenant)
    return SettingSheet(key, tenant, tenants, project.shown_file, rows, tuple(layer_paths(key, tenant)), project)
