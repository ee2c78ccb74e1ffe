"""AccessBackend: getting in: a project where there is none, a tenant's credentials, an export taken over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dbconn_tui.tui.port import FileDifference, LoggedIn, Opened, Taking
from dbconn_tui.tui.script_backend import ScriptBackend

if TYPE_CHECKING:
    from dbconn_tui.sensitive import Sensitive
    from dbconn_tui.tasks.incoming import Incoming
    from dbconn_tui.tasks.login import Access


def taking_of(incoming: Incoming) -> Taking:
    """What would be written, with both sides as texts that may be shown."""
    return Taking(
        tuple(FileDifference(one.file, *map(incoming.mask, one.texts())) for one in incoming.changes),
        tuple(one.file for one in incoming.lost()),
        tuple(f"{left.item}: {left.reason}" for one in incoming.connections for left in one.left),
        tuple(note for one in incoming.connections for note in one.notes),
        incoming.edit.paste if incoming.edit.text is None else "",
        incoming,
    )


class AccessBackend(ScriptBackend):
    """Makes projects, stores and tries credentials, and reads exports."""

    def new_project_folder(self) -> str:
        """Where a project would be made."""
        return str(self._outside.folder)

    async def make_project(self) -> tuple[str, ...]:
        """Make a project here; the files that were written. Raises UsageError, ProjectError."""
        from dbconn_tui.tasks.init import FileOutcome, make_project

        made = await self._background.call(make_project, self._outside, self._outside.folder)
        return tuple(name for name, outcome in made.files if outcome is not FileOutcome.KEPT)

    async def plan_import(self, path: str) -> Taking:
        """What importing an export of auth0-deploy-cli would write. Raises ProjectError, UsageError."""
        return await self._background.call(self._plan_import, path)

    def _plan_import(self, path: str) -> Taking:
        from dbconn_tui.project.read import find_project_file
        from dbconn_tui.tasks.import_export import open_target, plan_import
        from dbconn_tui.tasks.init import PROJECT_FILE

        config = self._config
        if config is None and find_project_file(self._outside.folder, self._outside.home) is None:
            config = Path(PROJECT_FILE)
        target = open_target(self._outside, config=config)
        return taking_of(plan_import(self._outside, target, Path(path).expanduser()))

    async def log_in(self, name: str, domain: str, client_id: str, secret: Sensitive) -> LoggedIn:
        """Try credentials, keep them in the keyring and the tenant in dbconn.yaml.

        Raises UsageError, AuthenticationError, UnreachableError, SecretStoreError, ProjectError; nothing is kept then.
        """
        return await self._background.run(self._log_in(name, domain, client_id, secret))

    async def _log_in(self, name: str, domain: str, client_id: str, secret: Sensitive) -> LoggedIn:
        from dbconn_tui.secret_store.admission import admit
        from dbconn_tui.tasks.login import check_access, keep_login, tenant_to_log_in
        from dbconn_tui.tasks.secrets import require_store
        from dbconn_tui.tasks.workspace import open_project
        from dbconn_tui.tenant.token import Credentials

        project, _ = open_project(self._outside, self._config, partial=True)
        require_store(self._outside)
        tenant = tenant_to_log_in(project, name, domain=domain, client_id=client_id)
        credentials = Credentials.secret(tenant.client_id, admit(secret.reveal()).value)
        access = await check_access(self._outside, tenant, credentials)
        return LoggedIn(tenant, access, keep_login(self._outside, project, tenant, credentials))

    async def check_access(self, opened: Opened, name: str) -> Access:
        """What a tenant's credentials allow. Raises AuthenticationError, UnreachableError, SecretStoreError."""
        return await self._background.run(self._check_access(opened, name))

    async def _check_access(self, opened: Opened, name: str) -> Access:
        from dbconn_tui.tasks.access import credentials_for
        from dbconn_tui.tasks.login import check_access

        tenant = next(one for one in opened.tenants if one.name == name)
        return await check_access(self._outside, tenant, credentials_for(self._outside, tenant))

    async def set_read_only(self, name: str, read_only: bool) -> str:
        """Lock a tenant against writes, or unlock it, in dbconn.yaml.

        Returns the lines to change by hand where the file is not edited safely, else nothing. Raises ProjectError.
        """
        return await self._background.call(self._set_read_only, name, read_only)

    def _set_read_only(self, name: str, read_only: bool) -> str:
        from dbconn_tui.tasks.login import set_read_only
        from dbconn_tui.tasks.workspace import open_project

        project, _ = open_project(self._outside, self._config, partial=True)
        return set_read_only(project, name, read_only)
