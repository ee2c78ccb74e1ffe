"""SqlScripts: the scripts of an SQL template, rendered for one database and run as `dbconn try` runs them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from stores.database import Database

from dbconn_tui.runtime.hosts import AllowedHost
from dbconn_tui.runtime.job import Job
from dbconn_tui.runtime.modules import module_table
from dbconn_tui.runtime.node import Node
from dbconn_tui.runtime.process import Isolation
from dbconn_tui.runtime.runner import Container, ScriptRunner
from dbconn_tui.runtime.verdict import Answer, Run
from dbconn_tui.scaffold.catalogue import read_template, shipped_folder
from dbconn_tui.scaffold.render import Rendering, render
from dbconn_tui.scaffold.template import Value
from dbconn_tui.sensitive import Sensitive

CHEAPER = {
    "$2b$12$": "$2b$04$",
    ".hash(plain, 12)": ".hash(plain, 4)",
    "2 ** 15": "2 ** 8",
    "ln=15": "ln=8",
    "600000": "1000",
    "m=65536": "m=1024",
    "argon2@0.41.1').hash(plain)": "argon2@0.41.1').hash(plain, { memoryCost: 1024 })",
}
"""What a hash costs in the scripts → a cost at which a life cycle takes a second. All else stays as it is."""

KINDS: Mapping[str, tuple[Any, ...]] = {
    "login": ("robin@example.com", "Passw0rd of robin"),
    "get_user": ("robin@example.com",),
    "create": ({"email": "new@example.com", "password": "a password"},),
    "verify": ("robin@example.com",),
    "change_password": ("robin@example.com", "another password"),
    "delete": ("legacy-users|1",),
    "change_email": ("robin@example.com", "robin.new@example.com", True),
}
"""Kind → arguments for a user who is there."""


def cheaper(text: str) -> str:
    """A script whose hashes cost next to nothing."""
    for dear, cheap in CHEAPER.items():
        text = text.replace(dear, cheap)
    return text


@dataclass(frozen=True)
class SqlScripts:
    """The scripts of one rendering. `where` is what they read as configuration; `node` and `modules` run them."""

    template: str
    where: Mapping[str, str]
    node: Node
    modules: Path
    values: Mapping[str, Value] = field(default_factory=dict)
    secure: str = ""
    """A PEM file with an authority that Node trusts."""
    expected: frozenset[str] = frozenset()
    """Rules that a driver itself sets off in every run."""

    @property
    def rendering(self) -> Rendering:
        """The scripts as they are written, for the connection `legacy-users`."""
        return render(read_template(shipped_folder() / self.template), {"tls": "none", **self.values})

    def files(self, *, dear: bool = False) -> Mapping[str, str]:
        """Kind → text, with hashes at their real cost where `dear`."""
        return {kind: text if dear else cheaper(text) for kind, text in self.rendering.files.items()}

    def with_values(self, **values: Value) -> SqlScripts:
        """The same with more answers."""
        return replace(self, values={**self.values, **values})

    def at(self, **where: str) -> SqlScripts:
        """The same with other configuration."""
        return replace(self, where={**self.where, **where})

    @asynccontextmanager
    async def container(self, *, dear: bool = False) -> AsyncIterator[RunScript]:
        """A container of the platform: what scripts keep in `global` stays from one run to the next."""
        table = module_table(self.modules)
        isolation = Isolation(modules=Path(table.folder), certificates=self.secure)
        async with (
            ScriptRunner(self.node, isolation, table, spare=False) as runner,
            runner.container() as container,
        ):
            yield RunScript(self, self.files(dear=dear), container)

    async def run(self, kind: str, *arguments: Any) -> Run:
        """One run in a container of its own."""
        async with self.container() as call:
            return await call(kind, *arguments)


@dataclass(frozen=True)
class RunScript:
    """Runs scripts in one container."""

    scripts: SqlScripts
    files: Mapping[str, str]
    container: Container

    def using(self, scripts: SqlScripts, *, dear: bool = False) -> RunScript:
        """Other scripts, or the same elsewhere, in this container."""
        return RunScript(scripts, scripts.files(dear=dear), self.container)

    async def __call__(self, kind: str, *arguments: Any) -> Run:
        """Run a script. Without arguments for the user of KINDS. It must keep its contract and leave nothing open."""
        given = arguments or KINDS[kind]
        context = self.scripts.values.get("organization_context") is True
        if context and len(given) == len(KINDS[kind]):
            given = (*given, {})
        words = [one for one in given[1:] if isinstance(one, str)] if kind in ("login", "change_password") else []
        words += [given[0].get("password") or ""] if kind == "create" else []
        job = Job(
            kind,
            f"{kind}.js",
            self.files[kind],
            arguments=given,
            configuration={key: Sensitive(value) for key, value in self.scripts.where.items()},
            public=frozenset(self.scripts.where) - {"DB_PASSWORD"},
            passwords=tuple(Sensitive(word) for word in words if word),
            identifier=given[0] if isinstance(given[0], str) else "",
            context=context,
            hosts=(AllowedHost("127.0.0.1"), AllowedHost("localhost")),
            limit=15.0,
            grace=0.1,
        )
        run = await self.container.run(job)
        assert run.kept, (kind, run.verdict, [str(problem) for problem in run.problems], run.error)
        assert {problem.rule for problem in run.problems} <= {"module-substituted", *self.scripts.expected}, (
            run.problems
        )
        return run


def where_is(database: Database, **changes: str) -> dict[str, str]:
    """A database as scripts read it from their configuration."""
    found = {
        "DB_HOST": database.host,
        "DB_PORT": str(database.port),
        "DB_NAME": database.name,
        "DB_USER": database.user,
        "DB_PASSWORD": database.password,
    }
    return found | changes


def assert_outage(run: Run, *secrets: str) -> None:
    """A plain error that names no person and repeats no secret."""
    assert run.answer is Answer.FAILED, (run.kind, run.answer, run.error)
    error = run.error or {}
    assert run.error_class in ("", "Error"), (run.kind, error)
    for word in ("robin", "example.com", "another password", *secrets):
        assert word not in str(error), (run.kind, error)
