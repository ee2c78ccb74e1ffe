"""What is known of functions that are not in the script, by name (feasibility.md §A3, point 4)."""

from __future__ import annotations

import re
from typing import Final

TIMERS: Final = frozenset({"setTimeout", "setImmediate", "queueMicrotask"})
"""Run their first argument once, later; `process.nextTick` does, too."""
CLEARING: Final = frozenset({"clearTimeout", "clearImmediate", "clearInterval"})

EVENT_METHODS: Final = frozenset({"on", "once", "addListener", "addEventListener", "prependListener"})
ONE_TIME_EVENTS: Final = frozenset(
    {
        "close",
        "connect",
        "connected",
        "done",
        "drain",
        "end",
        "finish",
        "load",
        "loaded",
        "open",
        "ready",
        "requestCompleted",
        "response",
        "secureConnect",
        "success",
    },
)
ERROR_EVENTS: Final = frozenset(
    {"abort", "aborted", "connectError", "connectRefused", "connectTimeout", "err", "error", "fail", "timeout"},
)
"""Come instead of the others of the same emitter."""
REPEATED_EVENTS: Final = frozenset(
    {"chunk", "columnMetadata", "data", "document", "entry", "errorMessage", "infoMessage", "message", "row",
     "readable", "result", "searchEntry", "searchReference"},
)  # fmt: skip
NEVER_EVENTS: Final = frozenset({"uncaughtException", "unhandledRejection", "exit", "SIGTERM", "debug", "warning"})

SYNCHRONOUS: Final = frozenset(
    {"each", "every", "filter", "find", "findIndex", "findLast", "flatMap", "forEach", "map", "reduce",
     "reduceRight", "some", "sort", "toSorted"},
)  # fmt: skip
"""Methods that run their function, the first argument, now and any number of times."""
FUNCTION_SECOND: Final = frozenset({"from", "replace", "replaceAll"})
"""The same, with the function as the second argument."""

STEPS: Final = frozenset({"series", "waterfall", "parallel", "parallelLimit", "tryEach", "race"})
"""Functions of the module async that take an array of functions and a last one."""
OVER_EACH: Final = frozenset(
    {"each", "eachSeries", "eachLimit", "eachOf", "eachOfSeries", "forEach", "forEachSeries", "map", "mapSeries",
     "mapLimit", "filter", "detect", "some", "every", "concat", "times", "timesSeries", "whilst", "doWhilst", "until",
     "retry", "retryable"},
)  # fmt: skip
"""Functions of the module async that run one function any number of times, then the last one."""

ONCE: Final = frozenset({"once", "onlyOnce", "callOnce"})
WRAPPING: Final = re.compile(
    r"once|wrap|bind|guard|safe|debounce|throttle|limit|callback|domain|trace|partial|curry",
    re.IGNORECASE,
)
"""Names of functions that make a function of a function."""
DEFERRED_CLASSES: Final = re.compile(r"(Request|Query|Statement|Command|Operation|BulkLoad|Job|Task)$")
"""Classes whose objects run their function when they are handed on."""

ONE_OUTCOME_NAMES: Final = {"done": "then", "success": "then", "fail": "catch", "always": "finally"}
"""Older names of the methods of promises."""
REPEATED_HANDLERS: Final = frozenset({"next", "onNext", "onData", "onRow", "progress", "onProgress"})
"""Members of an object of handlers that run any number of times; of the others, one runs."""

PROMISING: Final = re.compile(
    r"^(fetch|axios|got|jwtVerify)$|^(axios|got|jose)\.\w+$|\.(json|text|formData|arrayBuffer|blob)$|Async$",
)
"""Callees that give a promise when no callback is passed to them."""

OUTCOME_HANDLERS: Final = re.compile(
    r"err|fail|success|complete|done|reject|resolve|refuse|required|^ok$", re.IGNORECASE
)
"""Members of an object of handlers that tell how something ended."""

HARMLESS: Final = re.compile(
    r"(console\.\w+|Error|TypeError|RangeError|WrongUsernameOrPasswordError|ValidationError|UnauthorizedError"
    r"|String|Number|Boolean|Symbol|Date|Map|Set|WeakMap|Promise|AbortController|URLSearchParams|Date\.now"
    r"|Math\.\w+|Object\.(assign|keys|freeze)|Array|Array\.isArray|setTimeout|setImmediate|setInterval|clearTimeout"
    r"|clearInterval|clearImmediate|queueMicrotask|process\.nextTick|Promise\.\w+|parseInt|parseFloat|isNaN)",
)
"""Callees that do not throw."""
NEUTRAL: Final = re.compile(r"console\.\w+|assert(\.\w+)?|Boolean|String|JSON\.stringify|util\.inspect|Object\.keys")
"""Callees that do nothing with a function they get."""
HTTP_CLIENTS: Final = re.compile(r"\bhttps?['\")]*\s*\.\s*(get|request)$")
"""Calls whose emitter answers a network failure with `error`, and nothing else."""
