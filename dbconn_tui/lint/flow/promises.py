"""Promises: how each may be settled, chains of handlers, `new Promise`, `Promise.all` and its like."""

from __future__ import annotations

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.flow.events import drain
from dbconn_tui.lint.flow.functions import invoke, promise_fact
from dbconn_tui.lint.flow.paths import Path
from dbconn_tui.lint.flow.run import Frame, Results, Run
from dbconn_tui.lint.flow.values import (
    CALLABLE,
    PROMISES,
    TRUTHY,
    UNKNOWN,
    Assigned,
    Constant,
    Elements,
    Fulfilled,
    Opaque,
    Pending,
    Rejected,
    Settler,
    Undefined,
    Unknown,
    Value,
)


def settle(run: Run, path: Path, value: Value, waiting: Node) -> Results:
    """How waiting for a value may end: its result, or a Rejected, with the path on which it does.

    A path that would wait for ever is kept in `run.stuck`.
    """
    if isinstance(value, Fulfilled):
        inner = value.value
        return settle(run, path, inner, waiting) if isinstance(inner, (*PROMISES, Opaque)) else [(path, inner)]
    if isinstance(value, Rejected):
        return [(path.weakened(), Rejected(value.origin, value.soft))] if value.doubtful else [(path, value)]
    if isinstance(value, Pending):
        return _settle_pending(run, path, value, waiting)
    if isinstance(value, Opaque) and ("outcome", value.site) in path.facts:
        known = path.facts["outcome", value.site]
        return [(path, known if isinstance(known, Rejected) else UNKNOWN)]
    if isinstance(value, Opaque | Unknown | Assigned):
        fulfilled, rejected = path, path
        if isinstance(value, Opaque) and value in path.facts.values():
            fulfilled = path.with_fact(("outcome", value.site), TRUTHY)
            rejected = path.with_fact(("outcome", value.site), Rejected(_whole_chain(waiting)))
        origin = _whole_chain(waiting)
        if path.calls and waiting.type != "await_expression":
            rejected = rejected.weakened()
        return [(fulfilled, UNKNOWN), (rejected, Rejected(origin))]
    return [(path, value)]


def _whole_chain(call: Node) -> Node:
    """The whole of `a.then(…).catch(…)` for one of its calls."""
    node = call
    while (
        call.type == "call_expression"
        and (member := node.parent) is not None
        and member.type == "member_expression"
        and member.parent is not None
        and member.parent.type == "call_expression"
    ):
        node = member.parent
    return node


def _settle_pending(run: Run, path: Path, value: Pending, waiting: Node) -> Results:
    results: Results = []
    fact = promise_fact(value.site)
    paths = [path] if fact in path.facts else drain(run, [path])
    for after in paths:
        known = after.facts.get(fact)
        if known is not None:
            results += settle(run, after, known, waiting)
        else:
            stuck = after.copy()
            stuck.end = waiting
            run.stuck.append(stuck)
    return results


def chain(run: Run, frame: Frame, node: Node, method: str, target: Value, handlers: list[Value], path: Path) -> Results:
    """`target.then(…)`, `.catch(…)` or `.finally(…)`; the results are promises."""
    results: Results = []
    first: Value = handlers[0] if handlers else UNKNOWN
    second: Value = handlers[1] if len(handlers) > 1 else Undefined()
    for settled, value in settle(run, path, target, node):
        rejected = isinstance(value, Rejected)
        if method == "finally":
            for after, outcome in _handle(run, frame, first, (), settled, node):
                passed = value if rejected else Fulfilled(value)
                results.append((after, outcome if isinstance(outcome, Rejected) else passed))
            continue
        handler = first if rejected == (method == "catch") else second if method == "then" else Undefined()
        if handler == Undefined() or handler == Constant(None):
            results.append((settled, value if rejected else Fulfilled(value)))
        else:
            results += _handle(run, frame, handler, (TRUTHY if rejected else value,), settled, node)
    return results


def _handle(run: Run, frame: Frame, handler: Value, arguments: tuple[Value, ...], path: Path, site: Node) -> Results:
    """The promise of what a handler returns or throws."""
    if not isinstance(handler, CALLABLE):
        return [(path, Fulfilled(UNKNOWN))]
    host = Frame(frame.function, frame.environment, is_async=False, caught=True, names=frame.names)
    results: Results = []
    for after, value in invoke(run, host, handler, arguments, path, site, handles=True):
        results.append((after, value if isinstance(value, (*PROMISES, Opaque)) else Fulfilled(value)))
    results += [(thrown.path, Rejected(thrown.origin, thrown.soft)) for thrown in host.throws]
    return results


def make_promise(run: Run, frame: Frame, node: Node, executor: Value, path: Path) -> Results:
    """`new Promise(executor)`: the executor runs now, and so does what only waits for others."""
    fact = promise_fact(node)
    if not isinstance(executor, CALLABLE):
        return [(path, Opaque(node))]
    entering = path.copy()
    entering.facts = {known: value for known, value in path.facts.items() if known != fact}
    host = Frame(frame.function, frame.environment, is_async=False, caught=True, names=frame.names)
    settlers = Settler(node, fulfils=True), Settler(node, fulfils=False)
    before = len(entering.tasks)
    paths = [after for after, _ in invoke(run, host, executor, settlers, entering, node)]
    for thrown in host.throws:
        rejection = Rejected(thrown.origin, thrown.soft)
        settled = thrown.path if fact in thrown.path.facts else thrown.path.with_fact(fact, rejection)
        paths.append(settled)
    return [_known_promise(fact, node, after) for after in drain(run, paths, before)]


def _known_promise(fact: tuple[str, Node], node: Node, path: Path) -> tuple[Path, Value]:
    value = path.facts.get(fact)
    if value is None:
        return path, Pending(node)
    new = path.copy()
    new.facts = {known: held for known, held in path.facts.items() if known != fact}
    return new, value


def combine(run: Run, frame: Frame, node: Node, name: str, values: list[Value], path: Path) -> Results:
    """`Promise.resolve`, `reject`, `all`, `allSettled`, `race`, `any`."""
    first = values[0] if values else Undefined()
    if name == "resolve":
        return [(path, first if isinstance(first, (*PROMISES, Opaque)) else Fulfilled(first))]
    if name == "reject":
        return [(path, Rejected(node))]
    if name == "allSettled":
        elements = first.values if isinstance(first, Elements) else ()
        results: Results = [(path, UNKNOWN)]
        for element in elements:
            results = [(after, UNKNOWN) for before, _ in results for after, _ in settle(run, before, element, node)]
        return [(after, Fulfilled(UNKNOWN)) for after, _ in results]
    if name == "all" and isinstance(first, Elements):
        return _all(run, node, first.values, path)
    return [(path, Opaque(node))]


def _all(run: Run, node: Node, elements: tuple[Value, ...], path: Path) -> Results:
    fulfilled: list[tuple[Path, tuple[Value, ...]]] = [(path, ())]
    results: Results = []
    for element in elements:
        going_on: list[tuple[Path, tuple[Value, ...]]] = []
        for before, known in fulfilled:
            for after, value in settle(run, before, element, node):
                if isinstance(value, Rejected):
                    results.append((after, value))
                else:
                    going_on.append((after, (*known, value)))
        fulfilled = going_on
    return results + [(after, Fulfilled(Elements(values))) for after, values in fulfilled]
