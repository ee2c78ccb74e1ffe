"""Makes docs/pictures/*.svg from the real app, driven by keyboard against an in-process local tenant.

Run as `python -m benchmarks.screenshots [FOLDER]`.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx

from benchmarks.tour import make_tour
from dbconn_tui.deploy.values import OutcomeState
from dbconn_tui.local_tenant.app import create_app
from dbconn_tui.local_tenant.settings import Settings
from dbconn_tui.project.values import Tenant
from dbconn_tui.scaffold.catalogue import read_catalogue, shipped_folder
from dbconn_tui.secret_store.memory_store import MemoryStore
from dbconn_tui.secret_store.values import login_service
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tasks.access import CLIENT_SECRET, open_tenant
from dbconn_tui.tasks.add import plan_addition, write_addition
from dbconn_tui.tasks.deploy import check_plan, deploy_plan
from dbconn_tui.tasks.init import FirstTenant, make_project
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.plan import plan_connections
from dbconn_tui.tasks.secrets import set_secret
from dbconn_tui.tasks.templates import one_template
from dbconn_tui.tasks.workspace import open_project, open_workspace
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.backend import TaskBackend
from dbconn_tui.tui.screens.edit_setting import PREVIEW_PAUSE
from dbconn_tui.tui.screens.editor import LINT_PAUSE
from dbconn_tui.tui.screens.settings import SettingsScreen

PICTURES: Final = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SIZE: Final = (112, 24)
"""Columns and rows: readable on a page 800 pixels wide."""
DOMAIN: Final = "acme-dev.eu.auth0.com"
CLIENT_ID: Final = "8dKqAcmeDevManagement"
FONTS: Final = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
START: Final = 1_795_000_000.0
HOUR: Final = 3_600.0

DEPLOYED_LOGIN: Final = "Wrong user name or password"
EDITED_LOGIN: Final = "Wrong e-mail address or password"
EDITED: Final = "partner-portal"
MISTAKE: Final = "  if (recrod) return callback(null, recrod);"
MISTAKE_LINE: Final = 23
"""Lines above the one that is typed in the editor's picture."""


class Clock:
    """Seconds since 1970 that pass a little with every look, so that every run shows the same."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        self.now += 0.02
        return self.now


@dataclass(frozen=True, slots=True)
class Stage:
    """A project on disk and the tenant that it is deployed to."""

    outside: Outside
    clock: Clock

    def add(self, name: str, template: str = "generic") -> None:
        """A connection from a template with its defaults."""
        project, _ = open_project(self.outside)
        write_addition(plan_addition(project, name, one_template(self.outside, template), {}))

    def edit(self, file: str, change: Callable[[str], str]) -> None:
        """Change a file of the project."""
        path = self.outside.folder / file
        before = path.read_text(encoding="utf-8")
        after = change(before)
        if after == before:
            raise RuntimeError(f"nothing to change in {file}")
        path.write_text(after, encoding="utf-8")

    async def deploy(self) -> None:
        """Deploy everything."""
        workspace = open_workspace(self.outside)
        async with open_tenant(self.outside, workspace.tenant) as tenant:
            planned = await plan_connections(self.outside, workspace, tenant)
            await check_plan(planned, tenant)
            deployment = await deploy_plan(self.outside, planned, tenant)
        bad = [one for one in deployment.outcomes if one.state not in (OutcomeState.DEPLOYED, OutcomeState.UNCHANGED)]
        if bad:
            raise RuntimeError(f"{bad[0].key}: {bad[0].message}")

    async def save_in_dashboard(self, name: str, kind: str, change: Callable[[str], str]) -> None:
        """Change one script on the tenant as its web page would."""
        workspace = open_workspace(self.outside)
        async with open_tenant(self.outside, workspace.tenant) as tenant:
            live = (await tenant.find_connections([name])).by_name(name)
            if live is None:
                raise RuntimeError(f"{name} is not on the tenant")
            options: dict[str, Any] = dict(live.options)
            options["customScripts"] = {**options["customScripts"], kind: change(options["customScripts"][kind])}
            await tenant.update_connection(live.id, {"options": options})


def make_stage(folder: Path) -> Stage:
    """An empty project with one tenant, which answers inside this process."""
    clock = Clock()
    secret = Sensitive("of the pictures only")
    settings = Settings(client_id=CLIENT_ID, client_secret=secret, domain=DOMAIN)
    app = create_app(settings, clock=clock, random=Random(7), sleep=asyncio.sleep)
    store = MemoryStore()
    store.set(login_service(DOMAIN), CLIENT_SECRET, secret)
    outside = Outside(
        environment={},
        folder=folder,
        home=folder,
        state_folder=folder / ".state",
        store=store,
        clock=clock,
        wall_clock=clock,
        random_bytes=Random(3).randbytes,
        transport=httpx.ASGITransport(app=app),
    )
    make_project(outside, folder, FirstTenant("dev", DOMAIN, CLIENT_ID))
    return Stage(outside, clock)


async def set_scene(stage: Stage) -> None:
    """Connections in many states: in sync, changed here, drifted, with a lint error, new, only on the tenant."""
    for name in ("partner-portal", "crm-import", "field-service"):
        stage.add(name)
    stage.add("legacy-users", "rest-api")
    project, _ = open_project(stage.outside)
    set_secret(stage.outside, project, _dev(project.tenants), "api_client_secret", Sensitive("not a real secret"))
    text = (stage.outside.folder / "dbconn.yaml").read_text(encoding="utf-8")
    stage.add("old-intranet")
    await stage.deploy()
    (stage.outside.folder / "dbconn.yaml").write_text(text, encoding="utf-8")
    stage.clock.now += 70 * HOUR
    stage.edit("scripts/legacy-users/login.js", lambda script: f"{script}\n// Timeouts agreed with the user service.\n")
    await stage.deploy()
    stage.clock.now += 2 * HOUR
    stage.edit("scripts/partner-portal/login.js", lambda script: script.replace(DEPLOYED_LOGIN, EDITED_LOGIN))
    stage.edit(
        "scripts/crm-import/get_user.js",
        lambda script: f"{script}\nfunction normalise(email) {{\n  return email.trim();\n}}\n",
    )
    await stage.save_in_dashboard(
        "field-service", "login", lambda script: script.replace(DEPLOYED_LOGIN, "No such user")
    )
    stage.add("staging-sql")


def _dev(tenants: Any) -> Tenant:
    tenant: Tenant = tenants["dev"]
    return tenant


def to_template(name: str) -> list[str]:
    """The keys from the first template of the list to one of the shipped ones."""
    names = sorted(one.name for one in read_catalogue((shipped_folder(),)).templates)
    return ["j"] * names.index(name)


def clean(svg: str) -> str:
    """An exported picture without anything that a browser would fetch, spaces kept, in a font of the reader's."""
    svg = re.sub(r"@font-face\s*\{[^}]*\}\s*", "", svg)
    svg = svg.replace("Fira Code, monospace", FONTS).replace("font-family: Fira Code", f"font-family: {FONTS}")
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace("<text ", '<text xml:space="preserve" ')
    addresses = set(re.findall(r"https?://[^\"'\s<)]+", svg)) - {"http://www.w3.org/2000/svg"}
    if addresses:
        raise RuntimeError(f"the picture names {', '.join(sorted(addresses))}")
    return svg


async def take_pictures(stage: Stage, save: Callable[[str, str], None]) -> None:
    """Walk from the table through the editor to the end of a deploy, its history, and a setting."""
    app = DbconnApp(TaskBackend(stage.outside), "dev")
    async with app.run_test(size=SIZE) as pilot:

        async def picture(name: str, *keys: str) -> None:
            await pilot.press(*keys)
            await settle(app, pilot.pause)
            save(name, clean(app.export_screenshot(title="dbconn")))

        await settle(app, pilot.pause)
        await picture("home", "j")
        await pilot.press("n")
        await settle(app, pilot.pause)
        await picture("templates", *to_template("rest-api"))
        await pilot.press("escape")
        await settle(app, pilot.pause)
        app.action_edit(EDITED)
        await settle(app, pilot.pause)
        await pilot.press("ctrl+home", *["down"] * MISTAKE_LINE, "end", "enter", *MISTAKE)
        # Lint waits for a pause in typing.
        await pilot.pause(2 * LINT_PAUSE)
        await picture("editor", "f8", "down")
        await pilot.press("escape")
        await settle(app, pilot.pause)
        await pilot.press("y")
        await settle(app, pilot.pause)
        await picture("plan", "p", "g", "right_square_bracket")
        await picture("confirm", "a", "d")
        await picture("deploy", "y")
        if app.state.deploy is None or not app.state.deploy.succeeded:
            raise RuntimeError("the deploy in the pictures did not succeed")
        await pilot.press("1")
        app.action_history(EDITED)
        await settle(app, pilot.pause)
        await picture("history")
        await pilot.press("1")
        app.push_screen(SettingsScreen(EDITED))
        await settle(app, pilot.pause)
        await pilot.press("slash", *"passwordpol", "enter", "enter", "right")
        # What it changes in dbconn.yaml is shown after a pause.
        await pilot.pause(2 * PREVIEW_PAUSE)
        await picture("settings")


async def settle(app: DbconnApp, pause: Callable[[], Awaitable[None]]) -> None:
    await pause()
    while any(not worker.is_finished for worker in app.workers):
        await app.workers.wait_for_complete()
        await pause()
    await pause()


def main(arguments: list[str]) -> int:
    """Write the pictures and print their names and sizes."""
    target = Path(arguments[0]) if arguments else PICTURES
    target.mkdir(parents=True, exist_ok=True)

    pictures: dict[str, str] = {}

    def save(name: str, svg: str) -> None:
        pictures[name] = svg
        path = target / f"{name}.svg"
        path.write_text(svg, encoding="utf-8")
        print(f"{path.name}  {len(svg) / 1024:.0f} kB")

    with tempfile.TemporaryDirectory(prefix="dbconn-pictures-") as folder:
        stage = make_stage(Path(folder))
        asyncio.run(set_scene(stage))
        asyncio.run(take_pictures(stage, save))
    save("tour", make_tour(pictures, FONTS))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
