"""Tables: names that exist in a script without being declared (Node 22; reference runtime.md §3, October 2026)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_LANGUAGE: Final = (
    "undefined NaN Infinity globalThis Object Function Boolean Symbol Error AggregateError EvalError RangeError "
    "ReferenceError SyntaxError TypeError URIError Number BigInt Math Date String RegExp Array Int8Array Uint8Array "
    "Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array BigInt64Array BigUint64Array Float32Array "
    "Float64Array Map Set WeakMap WeakSet WeakRef FinalizationRegistry ArrayBuffer SharedArrayBuffer Atomics DataView "
    "JSON Promise Reflect Proxy Intl Iterator eval isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent "
    "encodeURI encodeURIComponent escape unescape arguments WebAssembly"
)
_NODE: Final = (
    "global process Buffer console require module exports __dirname __filename setTimeout clearTimeout setInterval "
    "clearInterval setImmediate clearImmediate queueMicrotask structuredClone fetch Request Response Headers FormData "
    "URL URLSearchParams AbortController AbortSignal Event EventTarget TextEncoder TextDecoder TextEncoderStream "
    "TextDecoderStream Blob File crypto Crypto CryptoKey SubtleCrypto performance atob btoa MessageChannel MessagePort "
    "MessageEvent BroadcastChannel ReadableStream WritableStream TransformStream CompressionStream DecompressionStream "
    "ByteLengthQueuingStrategy CountQueuingStrategy DOMException WebSocket navigator Navigator CustomEvent"
)
PLATFORM_GLOBALS: Final = frozenset(
    {"configuration", "WrongUsernameOrPasswordError", "ValidationError", "UnauthorizedError"},
)
"""What the platform adds for database scripts."""

GLOBALS: Final = frozenset(_LANGUAGE.split()) | frozenset(_NODE.split()) | PLATFORM_GLOBALS

RULES_ONLY: Final = frozenset({"auth0", "api", "event"})
"""Globals of the platform's other extension points."""

MAGIC_GLOBALS: Final[Mapping[str, str]] = {
    "_": "lodash",
    "async": "async",
    "Auth0": "auth0",
    "azure_storage": "azure-storage",
    "bcrypt": "bcrypt",
    "couchbase": "couchbase",
    "cql": "cassandra-driver",
    "ip": "ip",
    "jwt": "jsonwebtoken",
    "Knex": "knex",
    "mongo": "mongodb",
    "mysql": "mysql2",
    "mysql_pool": "mysql2",
    "ObjectID": "mongodb",
    "pbkdf2": "crypto",
    "pg": "pg",
    "postgres": "pg",
    "Pubnub": "pubnub",
    "q": "q",
    "querystring": "querystring",
    "request": "",
    "sqlserver": "tedious",
    "uuid": "uuid",
    "xml2js": "xml2js",
    "xmldom": "@xmldom/xmldom",
    "xpath": "xpath",
    "xtend": "xtend",
}
"""Globals of the sandbox before Node 16 → the module to require in their place; "" where fetch serves."""
