"""AccessApp: getting in: a project where there is none, tenants and their credentials, an export taken over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dbconn_tui.errors import DbconnError
from dbconn_tui.tui import messages
from dbconn_tui.tui.deploying import DeployingApp
from dbconn_tui.tui.port import Failure, describe_failure

if TYPE_CHECKING:
    from dbconn_tui.project.values import Tenant
    from dbconn_tui.tui.port import LoggedIn
    from dbconn_tui.tui.screens.tenants import TenantWish

DEMO: Final = "demo"
"""What the app answers when somebody left it for the demo."""


class AccessApp(DeployingApp):
    """Makes projects, logs in to tenants, and reads exports; each after a question."""

    @property
    def lacks_project(self) -> bool:
        """Whether there is no project here, and none that is broken either."""
        failure = self.state.project_failure
        return failure is not None and failure.code == "no-project"

    def action_make_project(self) -> None:
        """Make a project in the folder dbconn was started in."""
        from dbconn_tui.tui.screens.ask import AskScreen
        from dbconn_tui.tui.widgets.line_view import Line

        if self.lacks_project:
            lines = (
                Line(f"In {self.backend.new_project_folder()}:"),
                Line(
                    "dbconn.yaml with a key of its own, a folder for scripts, and files for editors and git.", "muted"
                ),
            )
            screen = AskScreen("Make a project here?", lines, "Make")
            self.push_screen(screen, lambda yes: self._start("access", self._make_project()) if yes else None)

    async def _make_project(self) -> None:
        try:
            files = await self.backend.make_project()
        except DbconnError as error:
            self.show_failure(describe_failure(error, "No project made"))
        else:
            self.notify(f"Written: {', '.join(files)}")
            self.action_reread()

    def action_import_export(self) -> None:
        """Ask for an export of auth0-deploy-cli, then show what taking it over would write."""
        from dbconn_tui.tui.screens.ask_text import AskTextScreen
        from dbconn_tui.tui.widgets.line_view import Line

        lines = (
            Line("The path of an export of auth0-deploy-cli: tenant.yaml, or its folder."),
            Line("Everything is shown before it is written.", "muted"),
        )
        screen = AskTextScreen("Take over an export", lines, lambda text: "", hint="../auth0/tenant.yaml")
        self.push_screen(screen, lambda path: self._start("taking", self._plan_import(path)) if path else None)

    async def _plan_import(self, path: str) -> None:
        try:
            taking = await self.backend.plan_import(path)
        except DbconnError as error:
            self.show_failure(describe_failure(error, "Not taken over"))
        else:
            self.on_taking_planned(messages.TakingPlanned(taking))

    def action_demo(self) -> None:
        """Leave for the demo."""
        if self.lacks_project:
            self.exit(DEMO)

    def action_tenants(self) -> None:
        """Choose a tenant, add one, try its credentials, or lock it."""
        from dbconn_tui.tui.screens.tenants import TenantsScreen

        opened = self.state.opened
        if opened is not None and not self.state.deploying and not isinstance(self.screen, TenantsScreen):
            screen = TenantsScreen(opened.tenants, opened.tenant.name if opened.tenant else "")
            self.push_screen(screen, self._grant)

    def _grant(self, wanted: TenantWish | None) -> None:
        from dbconn_tui.tui.screens.login import LoginScreen
        from dbconn_tui.tui.screens.tenants import Wish

        opened = self.state.opened
        if wanted is None or opened is None:
            return
        tenant = next((one for one in opened.tenants if one.name == wanted.name), None)
        match wanted.wish:
            case Wish.ADD:
                self.push_screen(LoginScreen(), self._logged_in)
            case Wish.LOG_IN:
                self.push_screen(LoginScreen(tenant), self._logged_in)
            case Wish.CHECK if tenant is not None:
                self._start("access", self._check_access(tenant))
            case Wish.LOCK if tenant is not None:
                self._ask_lock(tenant)
            case Wish.CHOOSE:
                self.action_switch_tenant(wanted.name)

    def action_switch_tenant(self, name: str) -> None:
        """See the project for another tenant."""
        raise NotImplementedError

    def _logged_in(self, logged_in: LoggedIn | None) -> None:
        from dbconn_tui.tui.access_lines import access_lines, paste_lines
        from dbconn_tui.tui.screens.details import DetailsScreen
        from dbconn_tui.tui.widgets.line_view import Line

        if logged_in is None:
            return
        lines = [Line(f"The credentials of {logged_in.tenant.name} work and are in the keyring.", "good", "✓ ")]
        lines += access_lines(logged_in.access)
        if logged_in.paste:
            lines += [Line(), *paste_lines("dbconn.yaml", logged_in.paste)]
        self._wanted_tenant = logged_in.tenant.name
        self.action_reread()
        self.push_screen(DetailsScreen(f"{logged_in.tenant.name}: {logged_in.tenant.domain}", tuple(lines)))

    async def _check_access(self, tenant: Tenant) -> None:
        from dbconn_tui.tui.access_lines import access_lines
        from dbconn_tui.tui.screens.details import DetailsScreen

        opened = self.state.opened
        if opened is None:
            return
        self.notify(f"Trying the credentials of {tenant.name} …")
        try:
            access = await self.backend.check_access(opened, tenant.name)
        except DbconnError as error:
            self.show_failure(describe_failure(error, f"No access to {tenant.name}"))
        else:
            self.push_screen(DetailsScreen(f"{tenant.name}: {tenant.domain}", tuple(access_lines(access))))

    def _ask_lock(self, tenant: Tenant) -> None:
        from dbconn_tui.tui.screens.ask import AskScreen
        from dbconn_tui.tui.widgets.line_view import Line

        if tenant.read_only:
            title, yes, words = f"Let {tenant.name} be written again?", "Unlock", "takes read_only away in dbconn.yaml."
        else:
            title, yes, words = (
                f"Lock {tenant.name}?",
                "Lock",
                "writes read_only: true into dbconn.yaml; no deploy then.",
            )
        screen = AskScreen(title, (Line(f"This {words}"),), yes, danger=tenant.read_only)
        self.push_screen(screen, lambda sure: self._start("access", self._lock(tenant)) if sure else None)

    async def _lock(self, tenant: Tenant) -> None:
        try:
            paste = await self.backend.set_read_only(tenant.name, not tenant.read_only)
        except DbconnError as error:
            self.show_failure(describe_failure(error, "Not changed"))
            return
        if paste:
            self.show_failure(Failure("Change it by hand", paste, "Then r reads the files again."))
        self.action_reread()
