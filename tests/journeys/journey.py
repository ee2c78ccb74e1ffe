"""Journey: a template's way from `dbconn add` to a login through the tenant, once for every two answers together.

An author adds one row to `table.py`. The answers that vary are the template's switches and choices; every two values
of two of them meet at least once. What a store needs for one combination is made by the row's `prepare`.
"""

from __future__ import annotations

import io
import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sign_in import log_in, user_info

from dbconn_tui.cli import main
from dbconn_tui.cli.session import Streams
from dbconn_tui.local_tenant.server import LocalTenant
from dbconn_tui.scaffold.catalogue import find_template, template_folders
from dbconn_tui.scaffold.combinations import answer_combinations, dimension
from dbconn_tui.scaffold.conversion import shown
from dbconn_tui.scaffold.render import render
from dbconn_tui.scaffold.template import Template, Value, VariableType
from dbconn_tui.secret_store.memory_store import MemoryStore
from dbconn_tui.secret_store.values import login_service
from dbconn_tui.tasks.access import CLIENT_SECRET
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.script_runs import modules_folder

Answers = Mapping[str, Value]

ORGANIZATION = "org_dbconntest"
"""The id of the organization that `dbconn test` gives scripts that take one."""


@dataclass(frozen=True)
class Prepared:
    """A store made ready for one combination: `answers` and `secrets` lead to it, and one user is in it."""

    answers: Answers
    email: str
    password: str = field(repr=False)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Journey:
    """One row: a template, the fixture that gives its running store, and what makes the store fit some answers.

    `prepare(store, answers)` gets the fixture's value and the answers that vary. `dimensions` replaces the values
    of a variable; one value alone keeps it at the
    template's default. `edit` changes each script after `add`, as a user may.
    """

    template: str
    store: str
    prepare: Callable[[Any, Answers], Prepared]
    dimensions: Mapping[str, list[Value]] = field(default_factory=dict)
    edit: Callable[[str], str] = str

    @property
    def shipped(self) -> Template:
        """The template."""
        return find_template(self.template, template_folders())

    @property
    def combinations(self) -> tuple[dict[str, Value], ...]:
        """The answers of each way: switches and choices, every two values together at least once."""
        template = self.shipped
        varying = (VariableType.BOOLEAN, VariableType.CHOICE)
        values = {one.name: dimension(one) if one.type in varying else [one.default] for one in template.variables}
        return answer_combinations(template, {**values, **self.dimensions})

    @property
    def needs_modules(self) -> bool:
        """Whether any of its scripts requires an npm module."""
        return bool(self.shipped.modules)


def words(answers: Answers) -> str:
    """A combination on one line: `import_mode=false username=true`."""
    return " ".join(f"{name}={shown(value)}" for name, value in answers.items()) or "defaults"


class Traveller:
    """Walks one way with the real command line, in a folder of its own, to a local tenant that runs.

    `state` is the state folder of the tenant, so that both run scripts with the same modules.
    """

    def __init__(self, folder: Path, tenant: LocalTenant, state: Path, prepared: Prepared) -> None:
        self.tenant = tenant
        self.prepared = prepared
        self.name = f"users-{secrets.token_hex(4)}"
        project = f"version: 1\ntenants: {{dev: {{domain: {tenant.url}, client_id: {tenant.client_id}}}}}\n"
        (folder / "dbconn.yaml").write_text(project, encoding="utf-8")
        values = {
            f"DBCONN_SECRET_{place}__{name.upper()}": value
            for name, value in prepared.secrets.items()
            for place in ("LOCAL", "DEV")
        }
        store = MemoryStore()
        store.set(login_service(tenant.url), CLIENT_SECRET, tenant.client_secret)
        environment = {"PATH": os.environ.get("PATH", ""), **values}
        self.outside = Outside(environment, folder, home=folder, state_folder=state, store=store)

    def run(self, *arguments: str, stdin: str = "") -> Any:
        """One command line that must succeed; its JSON answer."""
        out, err = io.StringIO(), io.StringIO()
        streams = Streams(io.StringIO(stdin), out, err, lambda question: "")
        code = main([*arguments, "--json"], outside=self.outside, streams=streams)
        assert code == 0, f"dbconn {' '.join(arguments)}: exit {code}\n{out.getvalue()}{err.getvalue()}"
        return json.loads(out.getvalue())

    def walk(self, journey: Journey, answers: Answers) -> None:
        """All steps: add, lint without a word, test on the real store, deploy, and log in through the tenant."""
        self.add_and_test(journey, answers)
        self.deploy_and_log_in()

    def add_and_test(self, journey: Journey, answers: Answers, *flags: str) -> str:
        """The first three steps; the version of Node that the test ran on. `flags` go to `dbconn test`."""
        user = self.prepared
        settings = [f"--set={name}={shown(value)}" for name, value in {**user.answers, **answers}.items()]
        (added,) = self.run("add", self.name, "--template", journey.template, *settings)["connections"]
        assert added["written"]
        for file in added["files"]:
            path = self.outside.folder / file["file"]
            path.write_text(journey.edit(path.read_text(encoding="utf-8")), encoding="utf-8")
        assert self.run("lint", self.name)["problems"] == []
        known = json.dumps({"email": user.email, "password": user.password})
        tests = self.run("test", self.name, "--quick", "--args", "-", *flags, stdin=known)["tests"]
        assert len(tests) == (2 if answers.get("organization_context") else 1)
        return str(tests[0]["node"])

    def deploy_and_log_in(self) -> None:
        """The last two steps, for the user that is in the store."""
        user = self.prepared
        (deployed,) = self.run("deploy", self.name, "--yes")["connections"]
        assert deployed["state"] == "deployed"
        refused = log_in(self.tenant, self.name, user.email, "not the password")
        assert refused.json()["error"] == "invalid_grant", refused.text
        answer = log_in(self.tenant, self.name, user.email, user.password)
        assert answer.status_code == 200, answer.text
        info = user_info(self.tenant, answer)
        assert info["email"] == user.email
        assert info["sub"].startswith("auth0|")

    def modules_of(self, journey: Journey, answers: Answers) -> tuple[str, ...]:
        """The npm modules that the scripts of a combination require, as `dbconn modules install` takes them."""
        rendering = render(journey.shipped, {**self.prepared.answers, **answers}, self.name)
        return tuple(f"{name}@{version}" for name, version in rendering.modules.items())

    @property
    def modules_folder(self) -> Path:
        """Where the module cache is."""
        return modules_folder(self.outside)
