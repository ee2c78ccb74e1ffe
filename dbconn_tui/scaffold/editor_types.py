"""EditorTypes: jsconfig.json and dbconn.d.ts, with which any editor completes and checks action scripts. Pure.

What the platform gives a script: reference runtime.md §3 (globals), §4 (arguments and results), §5 (error classes).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final

from dbconn_tui.action_scripts.kinds import KINDS, Kind

JSCONFIG: Final = "jsconfig.json"
DECLARATIONS: Final = "dbconn.d.ts"
HEADER: Final = "// Written by dbconn"
"""How the declarations begin; a file that begins otherwise is somebody's own and stays."""

_TYPES: Final[Mapping[str, str]] = {"verified": "boolean", "user": "NewUser"}
"""Parameter → type; every other one is a string."""

_RESULTS: Final[Mapping[str, str]] = {
    "login": "Profile",
    "get_user": "Profile",
    "create": "never",
    "verify": "boolean",
    "change_password": "boolean | { last_password_reset: string }",
    "delete": "never",
    "change_email": "boolean",
}
"""Kind → what its callback gets after `null`."""

_REST: Final = """\
/** Called exactly once. The first argument says that it failed; `null` that it did not. */
type Callback<Result> = (error?: Error | null, result?: Result | null) => any;

/** What login and get_user tell of a user; both must tell the same. */
interface Profile {
  /** Permanent, and never given to another user. */
  user_id: string;
  email?: string;
  email_verified?: boolean;
  username?: string;
  name?: string;
  given_name?: string;
  family_name?: string;
  nickname?: string;
  picture?: string;
  phone_number?: string;
  phone_verified?: boolean;
  user_metadata?: Record<string, unknown>;
  app_metadata?: Record<string, unknown>;
  [attribute: string]: unknown;
}

/** What create gets. */
interface NewUser {
  email: string;
  password: string;
  username?: string;
  client_id: string;
  tenant: string;
  connection: string;
  user_metadata?: Record<string, unknown>;
  app_metadata?: Record<string, unknown>;
}

/** With the option enable_script_context; it is empty outside of an organization, and always for delete. */
interface Context {
  organization?: { id: string; name: string; display_name: string; metadata: Record<string, string> };
}

/** The credentials are wrong: a failed login, not an outage. */
declare class WrongUsernameOrPasswordError extends Error {
  constructor(user: string, message?: string);
}

/** What was asked for cannot be: `user_exists` in create. */
declare class ValidationError extends Error {
  constructor(code: string, message?: string);
}

declare class UnauthorizedError extends Error {
  constructor(message?: string);
}

/** Scripts hang what they need to know on their errors. */
interface Error {
  [field: string]: any;
}

/** Shared by all runs in one container; a new one begins empty. */
declare const global: Record<string, any>;
declare const process: any;
declare const Buffer: any;
/** `name@version`: the versions that the platform has. */
declare function require(name: string): any;
declare module '*';
"""


def jsconfig() -> str:
    """The text of jsconfig.json: every script is a file of its own, checked as the platform's Node would run it."""
    options = {
        "allowJs": True,
        "checkJs": True,
        "noEmit": True,
        "target": "ES2022",
        "lib": ["ES2022", "DOM", "DOM.Iterable"],
        "module": "Preserve",
        "moduleDetection": "force",
        "moduleResolution": "Bundler",
        "strict": False,
        "types": [],
    }
    return json.dumps({"compilerOptions": options, "include": ["scripts/**/*.js", DECLARATIONS]}, indent=2) + "\n"


def declarations(keys: Mapping[str, Iterable[str]]) -> str:
    """The text of dbconn.d.ts. `keys` maps a configuration key to the connections that have it."""
    lines = [
        f"{HEADER} for editors; it is not deployed. `dbconn init` writes it anew from dbconn.yaml.",
        "",
        "/** What dbconn.yaml gives the scripts; every value is text. */",
        "interface Configuration {",
    ]
    for key, connections in sorted(keys.items()):
        lines.append(f"  /** {', '.join(sorted(connections))} */")
        lines.append(f"  readonly {_name(key)}: string;")
    lines += ["}", "declare const configuration: Configuration;", ""]
    for kind in KINDS:
        if kind.documented:
            lines += _kind_lines(kind)
    return "\n".join(lines) + "\n" + _REST


def _name(key: str) -> str:
    """A property's name: plain where it can be, else as a string. Comments and quotes cannot be left."""
    return key if key.isidentifier() and key.isascii() else json.dumps(key)


def _kind_lines(kind: Kind) -> list[str]:
    """Both shapes of one kind, as a comment over an async function can name them: `@type {LoginScript}`."""
    name = f"{kind.function[0].upper()}{kind.function[1:]}Script"
    lines = [f"/** Run {kind.called}. The callback gets {kind.result}. */"]
    for suffix, context in (("", False), ("WithContext", True)):
        types = {"context": "Context", "callback": f"Callback<{_RESULTS[kind.name]}>", **_TYPES}
        parameters = ", ".join(f"{one}: {types.get(one, 'string')}" for one in kind.signature(context=context))
        lines.append(f"type {name}{suffix} = ({parameters}) => Promise<any>;")
    return [*lines, ""]
