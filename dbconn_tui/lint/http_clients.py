"""Analysis: the HTTP requests of a script, whichever client sends them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.expressions import (
    CALLS,
    Nodes,
    arguments,
    callee,
    path_of,
    properties,
    receiver_of,
    text_value,
)
from dbconn_tui.lint.modules import CALLED, Modules
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.variables import Variables

_VERBS: Final = ("get", "head", "options", "delete", "del", "post", "put", "patch")
_SENDING: Final = frozenset({"post", "put", "patch"})


@dataclass(frozen=True, slots=True)
class Client:
    """How one client is called. `timeouts` are options that limit a request's time.

    `rejects`: answers of 400 and above are errors by themselves. `body_first`: post, put and patch
    take the body before the options.
    """

    name: str
    timeouts: frozenset[str]
    rejects: bool
    body_first: bool = False
    factories: frozenset[str] = frozenset()
    """Functions that make a client with options of its own, e.g. `axios.create`."""


_FETCH: Final = Client("fetch", frozenset({"signal"}), rejects=False)
_REQUEST: Final = Client("request", frozenset({"timeout"}), rejects=False, factories=frozenset({"defaults"}))
_PROMISED: Final = Client("request-promise", frozenset({"timeout"}), rejects=True, factories=frozenset({"defaults"}))
_NODE: Final = Client("http", frozenset({"timeout", "signal"}), rejects=False)

CLIENTS: Final[Mapping[str, Client]] = {
    "node-fetch": Client("fetch", frozenset({"signal", "timeout"}), rejects=False),
    "cross-fetch": _FETCH,
    "isomorphic-fetch": _FETCH,
    "undici": Client("fetch", frozenset({"signal", "headersTimeout", "bodyTimeout"}), rejects=False),
    "axios": Client(
        "axios", frozenset({"timeout", "signal"}), rejects=True, body_first=True, factories=frozenset({"create"})
    ),
    "request": _REQUEST,
    "request-promise": _PROMISED,
    "request-promise-native": _PROMISED,
    "got": Client("got", frozenset({"timeout", "signal"}), rejects=True, factories=frozenset({"extend"})),
    "needle": Client(
        "needle",
        frozenset({"timeout", "open_timeout", "response_timeout", "read_timeout"}),
        rejects=False,
        body_first=True,
    ),
    "superagent": Client("superagent", frozenset(), rejects=True),
    "http": _NODE,
    "https": _NODE,
}
"""Module → client; `fetch` itself is the platform's own."""


@dataclass(frozen=True, slots=True)
class HttpCall:
    """One request. `options` are the object literals that set it up, `known` whether there are no others.

    `url` is None when it is not written in the call. `method` is upper case, "" when nobody can tell.
    """

    node: Node
    client: Client
    url: Node | None
    options: tuple[Node, ...]
    known: bool
    method: str
    body: Node | None = None
    handler: Node | None = None
    """A function literal that gets the answer: Node style `(error, response, body)`."""
    values: Mapping[str, Node] = field(default_factory=dict)
    """The properties of all `options`."""


def http_calls(subject: ScriptSubject) -> tuple[HttpCall, ...]:
    """The requests of a script, in the order of the text."""
    if not any(name in subject.text for name in ("fetch", "request", *CLIENTS)):
        return ()
    modules, variables = subject.shared(Modules), subject.shared(Variables)
    found = []
    for node in subject.shared(Nodes).of("call_expression"):
        known = _client_of(node, modules, variables)
        if known is not None:
            client, verb, base = known
            found.append(_read(node, client, verb, base, variables))
    return tuple(found)


def _client_of(
    node: Node,
    modules: Modules,
    variables: Variables,
) -> tuple[Client, str, tuple[Node, ...] | None] | None:
    """The client that a call uses, the verb in its name, and the arguments its maker got."""
    target = callee(node)
    path = path_of(target)
    if not path or (modules.requires == () and path[0] not in ("fetch", "request", "globalThis")):
        return None
    if path[0] in ("fetch", "request") and variables.binding(_first(target)) is None:
        if path == ("fetch",):
            return _FETCH, "", ()
        if path[0] == "request" and (len(path) == 1 or path[1:] in [(verb,) for verb in _VERBS]):
            return _REQUEST, path[1] if len(path) > 1 else "", ()
    if path[:2] == ("globalThis", "fetch") and len(path) == 2:
        return _FETCH, "", ()
    origin = modules.origin(target)
    client = CLIENTS.get(origin.module) if origin is not None else None
    if origin is None or client is None:
        return None
    steps = tuple(step for step in origin.path if step != "default")
    if client.name == "fetch" and origin.module == "undici" and steps[:1] not in (("fetch",), ("request",)):
        return None
    base: tuple[Node, ...] | None = ()
    if len(steps) >= 2 and steps[0] in client.factories and steps[1] == CALLED:
        base = _made_with(target, modules)
        steps = steps[2:]
    if client.name == "http":
        return (client, steps[0], base) if steps in (("request",), ("get",)) else None
    if client.name == "superagent":
        return (client, steps[0], base) if len(steps) == 1 and steps[0] in _VERBS else None
    if steps in ((), ("request",), ("fetch",)):
        return client, "", base
    if len(steps) == 1 and steps[0] in _VERBS:
        return client, steps[0], base
    return None


def _first(target: Node | None) -> Node:
    assert target is not None
    while (inner := target.field("object")) is not None:
        target = inner.without_parentheses()
    return target


def _made_with(target: Node | None, modules: Modules) -> tuple[Node, ...] | None:
    """The arguments of the call that made a client; None when it is out of sight."""
    node = target
    while node is not None:
        origin = modules.origin(node)
        if node.type in CALLS and origin is not None and origin.path[-1:] == (CALLED,):
            return tuple(arguments(node))
        values = modules.variables.values(node) if node.type == "identifier" else None
        if values and len(values) == 1:
            node = values[0].without_parentheses()
            continue
        node = node.field("object") or (receiver_of(node) if node.type in CALLS else None)
    return None


def _read(node: Node, client: Client, verb: str, base: tuple[Node, ...] | None, variables: Variables) -> HttpCall:
    given = arguments(node)
    url, rest, body = (given[0] if given else None), given[1:], None
    if client.body_first and verb in _SENDING and rest:
        body, rest = rest[0], rest[1:]
    options: list[Node] = []
    known = base is not None
    handler = None
    for one in [*given[:1], *rest, *(base or ())]:
        resolved = variables.resolve(one)
        function = variables.function(one)
        if function is not None:
            handler = function
        elif resolved.type == "object":
            options.append(resolved)
            known = known and not properties(resolved).spreads
            url = None if one is url else url
        elif one is not url:
            # The callback, an options object made elsewhere, or the like.
            known = known and _is_harmless(one, variables)
        elif one.type == "identifier" and len(given) == 1 and text_value(resolved) is None and client.name != "fetch":
            known = known and resolved.type in ("template_string", "binary_expression", "string")
    values: dict[str, Node] = {}
    for literal in options:
        values.update(properties(literal).values)
    for name in ("url", "uri", "baseURL"):
        url = url or values.get(name)
    method = text_value(values.get("method")) if "method" in values else (verb or "get")
    if body is None:
        body = next((values[name] for name in ("body", "data", "json", "form") if name in values), None)
    method = "DELETE" if method == "del" else (method or "").upper()
    return HttpCall(node, client, url, tuple(options), known, method, body, handler, values)


def _is_harmless(node: Node, variables: Variables) -> bool:
    """Whether an argument surely is no options object: the script's callback, a text, nothing."""
    if text_value(node) is not None or node.type in ("template_string", "null", "undefined"):
        return True
    binding = variables.binding(node) if node.type == "identifier" else None
    return binding is not None and binding.kind == "parameter" and binding.name in ("callback", "cb", "done", "next")


def sets_default_timeout(subject: ScriptSubject, client: Client) -> bool:
    """Whether the script sets a time limit for all requests of a client: `axios.defaults.timeout = …`."""
    return any(
        path_of(assignment.field("left"))[-2:] in [("defaults", name) for name in client.timeouts]
        for assignment in subject.shared(Nodes).of("assignment_expression")
    )


def is_raced(call: HttpCall) -> bool:
    """Whether the request runs against a timer: `Promise.race([fetch(url), timer])`."""
    return any(
        outer.type == "call_expression" and path_of(callee(outer)) == ("Promise", "race")
        for outer in call.node.ancestors()
    )
