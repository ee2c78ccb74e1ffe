"""The verbs of the command line, one line each, sorted; each lives in the module of its name.

`plan` is `dbconn_tui.cli.plan`, `local-tenant` is `dbconn_tui.cli.local_tenant`, `secrets set` is
`dbconn_tui.cli.secrets_set`. Only the module of the verb that runs is imported.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, cast

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from dbconn_tui.cli.session import Session


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: its words on the command line, the group it is listed in, and what it does in a few words."""

    name: str
    group: str
    summary: str
    file: str = ""
    """The module's name where the verb's own cannot be one."""

    @property
    def module(self) -> str:
        """The module's name under dbconn_tui.cli."""
        return self.file or self.name.replace("-", "_").replace(" ", "_")


class VerbModule(Protocol):
    """What the module of a verb offers."""

    USAGE: str
    """What stands after `dbconn VERB` in the usage line."""
    ABOUT: str
    """What it does, in two or three sentences."""
    EXAMPLES: str
    """Command lines, one a line, each with a comment."""
    add_arguments: Callable[[ArgumentParser], None]
    run: Callable[[Session, Namespace], int]


START: Final = "Start"
WORK: Final = "Work on files"
TENANT: Final = "Work with a tenant"
MORE: Final = "More"
GROUPS: Final = (START, WORK, TENANT, MORE)

VERBS: Final[tuple[Verb, ...]] = (
    Verb("add", WORK, "make a connection from a template"),
    Verb("adopt", TENANT, "make what is live the record of a connection that was there before"),
    Verb("completion", MORE, "print the completion script of a shell"),
    Verb("demo", START, "show everything on a ready project, offline"),
    Verb("deploy", TENANT, "carry the files to the tenant, all scripts of a connection together"),
    Verb("doctor", MORE, "check this machine, the project and the tenant; each with its fix"),
    Verb("explain", WORK, "say what a lint rule means and how to mend it"),
    Verb("help", MORE, "help on a verb, or on exit-codes"),
    Verb("history", TENANT, "list what was deployed from here; show one script of it"),
    Verb("import", WORK, "take over an export of auth0-deploy-cli", "import_export"),
    Verb("init", START, "make a new project"),
    Verb("lint", WORK, "check the action scripts"),
    Verb("local-tenant", MORE, "run a stand-in tenant on this machine"),
    Verb("login", START, "store an application's credentials and check its scopes"),
    Verb("modules install", MORE, "fetch npm modules for try and test"),
    Verb("modules list", MORE, "list the npm modules that scripts can require here"),
    Verb("plan", TENANT, "show what a deploy would do, with content"),
    Verb("pull", TENANT, "take what the tenant has into the files"),
    Verb("rollback", TENANT, "take a connection back to an earlier state"),
    Verb("schema", MORE, "print the JSON Schema of dbconn.yaml"),
    Verb("secrets check", TENANT, "say which values are missing"),
    Verb("secrets delete", TENANT, "take a stored value away"),
    Verb("secrets list", TENANT, "list the secrets, never their values"),
    Verb("secrets set", TENANT, "store a value from a hidden prompt or stdin"),
    Verb("secrets undo", TENANT, "bring back the value before the last set"),
    Verb("serve", START, "show the terminal app in a browser of this machine"),
    Verb("status", TENANT, "a line a connection: state, scripts, lint, values"),
    Verb("template check", WORK, "say what a template of your own lacks"),
    Verb("template update", WORK, "follow the template of a connection, keeping your edits"),
    Verb("templates", WORK, "list the templates, or show one"),
    Verb("test", WORK, "play the life cycle against the user store"),
    Verb("trust", TENANT, "let the command of secrets_from run on this machine"),
    Verb("try", WORK, "run one script on this machine, as the sandbox would", "try_script"),
)

BY_NAME: Final = {verb.name: verb for verb in VERBS}


def load(name: str) -> VerbModule:
    """The module of a verb. Raises KeyError for an unknown one."""
    from importlib import import_module

    return cast("VerbModule", import_module(f"dbconn_tui.cli.{BY_NAME[name].module}"))
