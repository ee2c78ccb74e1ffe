"""Calls of known functions: the callback, functions of the script, `resolve` and `reject`."""

from __future__ import annotations

from typing import Final

from dbconn_tui.action_scripts.scopes import parameters_of, pattern_names
from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.flow.paths import Path
from dbconn_tui.lint.flow.run import Frame, Results, Run, Summary, Thrown
from dbconn_tui.lint.flow.statements import block
from dbconn_tui.lint.flow.tables import PROMISING
from dbconn_tui.lint.flow.values import (
    CALLABLE,
    PROMISES,
    TRUTHY,
    UNDEFINED,
    UNKNOWN,
    Bound,
    Callback,
    Closure,
    Constant,
    Elements,
    Fulfilled,
    Members,
    NextStep,
    Once,
    Opaque,
    Rejected,
    Settler,
    Undefined,
    Value,
    carries_functions,
    truth,
)

_DEEPEST_RECURSION: Final = 2
"""A function inside itself more often than this is taken for recursion."""


def promise_fact(site: Node) -> tuple[str, Node]:
    """The fact of how the promise made at `site` was settled."""
    return ("promise", site)


def invoke(
    run: Run,
    frame: Frame,
    function: Value,
    arguments: tuple[Value, ...] | None,
    path: Path,
    site: Node,
    *,
    handles: bool = False,
) -> Results:
    """Call a value. `arguments` None: somebody else calls it with something.

    `handles`: it is a promise's handler, so what it throws is caught. Exceptions go to the frame.
    """
    if isinstance(function, Callback):
        return [(path.called(site), UNDEFINED)]
    if isinstance(function, Closure):
        return _run_closure(run, frame, function, arguments, path, site, handles=handles)
    if isinstance(function, Once):
        fact = ("once", function.site)
        if fact in path.facts:
            return [(path, UNDEFINED)]
        return invoke(run, frame, function.inner, arguments, path.with_fact(fact, TRUTHY), site, handles=handles)
    if isinstance(function, Bound):
        return invoke(run, frame, function.inner, None, path, site, handles=handles)
    if isinstance(function, Settler):
        return [(_settled(function, arguments, path, site), UNDEFINED)]
    if isinstance(function, NextStep):
        return _next_step(run, frame, function, arguments, path, site)
    return [(path, UNKNOWN)]


def _settled(settler: Settler, arguments: tuple[Value, ...] | None, path: Path, site: Node) -> Path:
    """The path after `resolve(value)` or `reject(error)`; a promise is settled once."""
    fact = promise_fact(settler.promise)
    if fact in path.facts:
        return path
    if not settler.fulfils:
        return path.with_fact(fact, Rejected(site))
    value = arguments[0] if arguments else UNKNOWN
    return path.with_fact(fact, value if isinstance(value, (*PROMISES, Opaque)) else Fulfilled(value))


def _next_step(
    run: Run,
    frame: Frame,
    step: NextStep,
    arguments: tuple[Value, ...] | None,
    path: Path,
    site: Node,
) -> Results:
    """`next(err)`: the last function when there is an error or no step is left, else the next step."""
    error = UNKNOWN if arguments is None else arguments[0] if arguments else UNDEFINED
    known = truth(error)
    results: Results = []
    if known is not False and step.steps:
        results += invoke(run, frame, step.last, (TRUTHY,), path, site)
    if known is not True and step.steps:
        results += start_step(run, frame, NextStep(step.steps[1:], step.last), step.steps[0], path, site)
    if not step.steps:
        results += invoke(run, frame, step.last, (error, UNKNOWN), path, site)
    return [(after, UNDEFINED) for after, _ in results]


def start_step(run: Run, frame: Frame, following: NextStep, step: Value, path: Path, site: Node) -> Results:
    """Run one step with what comes after it as its last parameter."""
    number = len(parameters_of(step.node)) if isinstance(step, Closure) else 1
    return invoke(run, frame, step, (*[UNKNOWN] * (number - 1), following), path, site)


def _run_closure(
    run: Run,
    outer: Frame,
    closure: Closure,
    arguments: tuple[Value, ...] | None,
    path: Path,
    site: Node,
    *,
    handles: bool,
) -> Results:
    node = closure.node
    if run.active.count(node) >= _DEEPEST_RECURSION or is_generator(node):
        can_settle = any(isinstance(value, Settler) for _, value in closure.captured)
        return [(path.silenced() if can_settle or node in run.relevance.reaching else path, UNKNOWN)]
    if node not in run.relevance.reaching and not handles and not _depends_on(arguments, path):
        summary = _summary(run, outer, closure, site)
        if summary is not None:
            for origin, soft in summary.throws:
                outer.throw(path, origin, soft=soft)
            return [(path, value) for value in summary.values]
    return _step_through(run, outer, closure, arguments, path, handles=handles)


def _depends_on(arguments: tuple[Value, ...] | None, path: Path) -> bool:
    """Whether a call may do something else because of its arguments or of what variables hold."""
    return (
        path.calls > 0
        or any(carries_functions(value) for value in path.facts.values())
        or (
            arguments is not None
            and any(carries_functions(value) or isinstance(value, PROMISES) for value in arguments)
        )
    )


def _summary(run: Run, outer: Frame, closure: Closure, site: Node) -> Summary | None:
    """What a function does that cannot reach the callback; None where it changes what others see."""
    node = closure.node
    if node in run.summaries:
        return run.summaries[node]
    if any(carries_functions(value) and not isinstance(value, Callback | Once) for _, value in closure.captured):
        return None
    run.summaries[node] = None
    host = Frame(outer.function, frozenset(), is_async=False, caught=True)
    results = _step_through(run, host, closure, None, Path(), handles=False)
    paths = [path for path, _ in results] + [thrown.path for thrown in host.throws]
    if any(path.facts or path.tasks or path.silent or path.rejected for path in paths):
        return None
    values: dict[object, Value] = {}
    given = [value.value if isinstance(value, Fulfilled) else value for _, value in results]
    for (_, value), plain in zip(results, given, strict=True):
        if isinstance(value, Rejected):
            values.setdefault(("rejected", value.soft, value.doubtful), value)
        elif isinstance(value, Fulfilled):
            values["fulfilled"] = Fulfilled(plain if values.get("fulfilled", value) == value else UNKNOWN)
        else:
            values[value if isinstance(value, (*PROMISES, Opaque, Closure)) else "value"] = (
                value if values.get("value", value) == value else UNKNOWN
            )
    throws: dict[bool, Node] = {}
    for thrown in host.throws:
        throws.setdefault(thrown.soft, thrown.origin)
    summary = Summary(tuple(values.values()), tuple((origin, soft) for soft, origin in throws.items()))
    run.summaries[node] = summary
    return summary


def _step_through(
    run: Run,
    outer: Frame,
    closure: Closure,
    arguments: tuple[Value, ...] | None,
    path: Path,
    *,
    handles: bool,
) -> Results:
    """Run a function's body on a path."""
    node = closure.node
    is_async = node.has_keyword("async")
    frame = Frame(node, closure.captured, is_async, is_async or handles or outer.caught, dict(closure.captured))
    entering = _with_parameters(run, frame, node, arguments, path)
    frame.environment = frozenset(frame.names.items())
    entering.here = handles and path.calls > 0
    if node in run.relevance.reaching or handles:
        entering.end = None
    run.notes.entered.add(node)
    run.active.append(node)
    run.enter()
    body = node.field("body")
    if body is not None and body.type == "statement_block":
        frame.returns += [(after, UNDEFINED, None) for after in block(run, frame, body, [entering])]
    elif body is not None:
        for after, value in run.evaluate(frame, body, entering):
            if after.calls == entering.calls:
                run.note_work(body, [entering])
            frame.returns.append((after, value, None))
    run.depth -= 1
    run.active.pop()
    return _leave(run, outer, frame, path, handles=handles)


def _leave(run: Run, outer: Frame, frame: Frame, before: Path, *, handles: bool) -> Results:
    """What the caller gets: values, and for an async function promises; the rest is thrown on."""
    node = frame.function
    results: dict[object, tuple[Path, Value]] = {}

    def add(path: Path, value: Value) -> None:
        # Where something odd threw is never told, so one such end is as good as another.
        is_soft = isinstance(value, Rejected) and value.soft
        key = (path.key(), "soft" if is_soft else value)
        if key not in results or (results[key][0].weak and not path.weak):
            results[key] = (path, value)

    for path, value, statement in frame.returns:
        after = path.copy()
        if path.calls == before.calls and after.end is None and (handles or node in run.relevance.reaching):
            after.end = _left_at(node, path, statement)
        after.here = before.here or (path.here and not frame.is_async and not handles)
        after.choice = before.choice
        after.facts = _facts_outside(run, node, path, value)
        if frame.is_async and isinstance(value, Opaque):
            add(after, Rejected(value.site, doubtful=not gives_promise(value.site)))
            value = Fulfilled(UNKNOWN)
        elif frame.is_async and not isinstance(value, PROMISES):
            value = Fulfilled(value)
        add(after, value)
    for thrown in _distinct(frame.throws):
        after = thrown.path.copy()
        after.here = before.here
        after.choice = before.choice
        after.facts = _facts_outside(run, node, thrown.path, UNKNOWN)
        if frame.is_async:
            add(after, Rejected(thrown.origin, thrown.soft))
        else:
            outer.throw(after, thrown.origin, soft=thrown.soft)
    return list(results.values())


def _distinct(throws: list[Thrown]) -> list[Thrown]:
    """The throws without soft ones that leave on the same path as another."""
    known: dict[object, Thrown] = {}
    for thrown in sorted(throws, key=lambda one: (one.soft, one.path.weak)):
        if thrown.soft:
            known.setdefault(thrown.path.key(), thrown)
        else:
            known[thrown.path.key()] = thrown
    hard = [thrown for thrown in throws if not thrown.soft]
    return hard + [thrown for thrown in known.values() if thrown.soft]


def _left_at(function: Node, path: Path, statement: Node | None) -> Node:
    """Where to point when a function was left without a call: the return, the last branch, the function."""
    if statement is not None:
        return statement
    choice = path.choice
    if choice is not None and function.start <= choice.start and choice.end <= function.end:
        return choice
    return function


def _facts_outside(run: Run, node: Node, path: Path, value: Value) -> dict[object, Value]:
    """What stays known when a function was left: its own names only where an inner function may live on."""
    if node not in run.relevance.innermost and (path.tasks or carries_functions(value)):
        return path.facts
    owned = run.relevance.owned.get(node)
    if not owned or not path.facts:
        return path.facts
    return {
        fact: known
        for fact, known in path.facts.items()
        if fact not in owned and not (isinstance(fact, tuple) and fact[0] in owned)
    }


def _with_parameters(
    run: Run,
    frame: Frame,
    node: Node,
    arguments: tuple[Value, ...] | None,
    path: Path,
) -> Path:
    """The path at the start of a function: nothing known of its own names but the arguments."""
    owned = run.relevance.owned.get(node, set())
    new = path.copy()
    new.facts = {
        fact: value
        for fact, value in path.facts.items()
        if fact not in owned and not (isinstance(fact, tuple) and fact[0] in owned)
    }
    for index, parameter in enumerate(parameters_of(node)):
        if arguments is None:
            continue
        value: Value = arguments[index] if index < len(arguments) else UNDEFINED
        if parameter.type == "rest_pattern":
            value = Elements(arguments[index:])
            parameter = parameter.named_children[0]
        elif parameter.type == "assignment_pattern":
            left, default = parameter.field("left"), parameter.field("right")
            if left is None or default is None:
                continue
            if isinstance(value, Undefined):
                value = run.plain_value(frame, default, new)
            parameter = left
        _bind_parameter(run, frame, parameter, value, new)
    return new


def _bind_parameter(run: Run, frame: Frame, parameter: Node, value: Value, path: Path) -> None:
    for name in pattern_names(parameter):
        binding = run.scopes.binding(name)
        if binding is None:
            continue
        if parameter.type != "identifier":
            value = (value.get(name.text) if isinstance(value, Members) else None) or UNKNOWN
        if carries_functions(value) or isinstance(value, (*PROMISES, Opaque, Elements, Members)):
            frame.names[binding] = value
        elif (isinstance(value, Constant | Undefined) or value == TRUTHY) and binding in run.relevance.tracked:
            path.facts = {**path.facts, binding: value}


def gives_promise(call: Node) -> bool:
    """Whether a call is known to give a promise."""
    callee = call.field("function")
    return callee is not None and PROMISING.search(callee.text) is not None


def is_generator(node: Node) -> bool:
    """Whether a function is a generator."""
    return node.type.startswith("generator") or (node.type == "method_definition" and node.has_keyword("*"))


def can_matter(run: Run, value: Value) -> bool:
    """Whether it matters that somebody calls this value."""
    if isinstance(value, Closure):
        return value.node in run.relevance.live
    return isinstance(value, CALLABLE)
