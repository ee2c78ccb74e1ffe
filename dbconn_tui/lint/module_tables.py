"""Tables about npm modules: what replaces them, versions known to work, names Node itself provides (October 2026)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

BUILT_IN: Final = frozenset(
    [
        "assert",
        "async_hooks",
        "buffer",
        "child_process",
        "cluster",
        "console",
        "constants",
        "crypto",
        "dgram",
        "diagnostics_channel",
        "dns",
        "domain",
        "events",
        "fs",
        "http",
        "http2",
        "https",
        "inspector",
        "module",
        "net",
        "os",
        "path",
        "perf_hooks",
        "process",
        "punycode",
        "querystring",
        "readline",
        "repl",
        "stream",
        "string_decoder",
        "sys",
        "timers",
        "tls",
        "trace_events",
        "tty",
        "url",
        "util",
        "v8",
        "vm",
        "wasi",
        "worker_threads",
        "zlib",
        "test",
        "sqlite",
    ],
)
"""Modules of Node; `require` takes them with or without `node:`, never with a version."""

KNOWN_VERSIONS: Final[Mapping[str, str]] = {
    "auth0": "4.10.0",
    "axios": "1.7.9",
    "bcrypt": "5.1.1",
    "bcryptjs": "2.4.3",
    "jsonwebtoken": "9.0.2",
    "ldapjs": "2.3.3",
    "ldapts": "7.4.0",
    "lodash": "4.17.21",
    "mongodb": "6.12.0",
    "mssql": "10.0.2",
    "mysql2": "3.9.7",
    "pg": "8.11.3",
    "tedious": "18.2.1",
    "uuid": "9.0.1",
}
"""A current version of each; whether the platform offers it, its module list says (runtime.md §2)."""

DEPRECATED: Final[Mapping[str, str]] = {
    "request": "Use the built-in `fetch`.",
    "request-promise": "Use the built-in `fetch`.",
    "request-promise-native": "Use the built-in `fetch`.",
    "node-fetch": "Use the built-in `fetch`; Node has it since version 18.",
    "cross-fetch": "Use the built-in `fetch`; Node has it since version 18.",
    "isomorphic-fetch": "Use the built-in `fetch`; Node has it since version 18.",
    "aws-sdk": "Use the `@aws-sdk/client-…` modules.",
    "q": "Use the language's own promises.",
    "bluebird": "Use the language's own promises.",
    "native-or-bluebird": "Use the language's own promises.",
    "es6-promise": "Use the language's own promises.",
    "mysql": "Use `mysql2`: same calls, kept up, with promises.",
    "ldapjs": "It is no longer maintained; `ldapts` is.",
    "moment": "Use `Date` and `Intl`.",
    "node-uuid": "Use `crypto.randomUUID()`.",
    "querystring": "Use `URLSearchParams`.",
    "sys": "Use `util`.",
    "punycode": "Use the module `punycode` of npm, or `URL`.",
    "domain": "Handle the error where it happens.",
    "crypto-js": "Use Node's `crypto`.",
    "xmldom": "Use `@xmldom/xmldom`.",
    "superagent-promise": "Use the built-in `fetch`.",
}
"""Modules that are no longer maintained, with what to do (rules.md `module-deprecated`)."""

BLOCKING: Final = frozenset(
    {
        *(
            "compareSync",
            "hashSync",
            "genSaltSync",
            "pbkdf2Sync",
            "scryptSync",
            "execSync",
            "execFileSync",
            "spawnSync",
        ),
        *("generateKeyPairSync", "gzipSync", "gunzipSync", "deflateSync", "inflateSync", "brotliCompressSync"),
    },
)
"""Calls that stop every run in the container until they are done (rules.md `sync-blocking`)."""

FILE_WRITES: Final = frozenset(
    {
        *("writeFile", "writeFileSync", "appendFile", "appendFileSync", "mkdir", "mkdirSync", "mkdtemp", "mkdtempSync"),
        *("createWriteStream", "write", "writeSync", "copyFile", "copyFileSync", "rename", "renameSync", "unlink"),
        *("unlinkSync", "rm", "rmSync", "truncate", "truncateSync", "symlink", "symlinkSync", "chmod", "chmodSync"),
    },
)
"""Functions of `fs` that change files, which Node 22 on the platform refuses (rules.md `node22-restrictions`)."""

NEWER_THAN_18: Final[Mapping[str, int]] = {
    "toSorted": 20,
    "toReversed": 20,
    "toSpliced": 20,
    "isWellFormed": 20,
    "toWellFormed": 20,
    "Object.groupBy": 21,
    "Map.groupBy": 21,
    "Promise.withResolvers": 22,
    "Array.fromAsync": 22,
    "Promise.try": 24,
    "RegExp.escape": 24,
    "Error.isError": 24,
    "Math.f16round": 24,
    "Uint8Array.fromBase64": 25,
}
"""Built-in functions → the first major version of Node that has them. A name without a dot is a method."""
