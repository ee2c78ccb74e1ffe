"""Calls: of values that are known, and of everything else by name."""

from __future__ import annotations

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.flow import tables
from dbconn_tui.lint.flow.binding import knowing_length
from dbconn_tui.lint.flow.events import identity, later
from dbconn_tui.lint.flow.functions import can_matter, invoke, start_step
from dbconn_tui.lint.flow.paths import Path, after_rejection, merged
from dbconn_tui.lint.flow.promises import chain, combine, make_promise
from dbconn_tui.lint.flow.run import Frame, Results, Run, Site
from dbconn_tui.lint.flow.values import (
    CALLABLE,
    TRUTHY,
    UNDEFINED,
    UNKNOWN,
    Bound,
    Callback,
    Closure,
    Constant,
    Deferred,
    Elements,
    Members,
    NextStep,
    Once,
    Opaque,
    Pending,
    Rejected,
    Value,
    carries_functions,
)

_THEN = frozenset({"then", "catch", "finally"})


def call(run: Run, frame: Frame, node: Node, path: Path) -> Results:
    """A call expression."""
    callee = node.field("function")
    if callee is None:
        return [(path, UNKNOWN)]
    callee = callee.without_parentheses()
    if callee.type == "member_expression":
        return _call_member(run, frame, node, callee, path)
    results: Results = []
    for after, function in run.evaluate(frame, callee, path):
        for ready, arguments in _arguments(run, frame, node, after):
            if isinstance(function, CALLABLE):
                _note_site(run, frame, node, function, skipped=0)
                results += invoke(run, frame, function, arguments, ready, node)
            elif isinstance(function, Deferred):
                results += _run_one(run, node, list(function.functions), ready)
            else:
                results += _call_unknown(run, frame, node, callee, UNKNOWN, arguments, ready)
    return results


def _note_site(run: Run, frame: Frame, node: Node, function: Value, skipped: int) -> None:
    """Note a call of the callback that stands in the script, with the arguments the callback gets."""
    while isinstance(function, Once):
        function = function.inner
    field = node.field("arguments")
    if isinstance(function, Callback) and field is not None and node not in run.notes.sites:
        given = [child for child in field.named_children if child.type != "comment"][skipped:]
        run.notes.sites[node] = Site(node, tuple(given), frame.function)


def _arguments(run: Run, frame: Frame, node: Node, path: Path) -> list[tuple[Path, tuple[Value, ...]]]:
    """The values of a call's arguments; the elements of a known array that is spread stand one by one."""
    field = node.field("arguments")
    if field is None or field.type != "arguments":
        return [(path, ())]
    nodes = [child for child in field.named_children if child.type != "comment"]
    found = []
    for after, values in run.evaluate_all(frame, nodes, path):
        flat: list[Value] = []
        for argument, value in zip(nodes, values, strict=True):
            if argument.type == "spread_element" and isinstance(value, Elements):
                flat.extend(value.values)
            else:
                flat.append(value)
        found.append((after, tuple(flat)))
    return found


def _call_member(run: Run, frame: Frame, node: Node, callee: Node, path: Path) -> Results:
    target, name = callee.field("object"), callee.field("property")
    if target is None or name is None:
        return [(path, UNKNOWN)]
    results: Results = []
    for after, owner in run.evaluate(frame, target, path):
        for ready, arguments in _arguments(run, frame, node, after):
            results += _call_method(run, frame, node, target, name.text, owner, arguments, ready)
    return results


def _call_method(
    run: Run,
    frame: Frame,
    node: Node,
    target: Node,
    name: str,
    owner: Value,
    arguments: tuple[Value, ...],
    path: Path,
) -> Results:
    callee = node.field("function")
    assert callee is not None
    if isinstance(owner, CALLABLE):
        if name == "call":
            _note_site(run, frame, node, owner, skipped=1)
            return invoke(run, frame, owner, arguments[1:], path, node)
        if name == "apply":
            given = arguments[1] if len(arguments) > 1 else UNKNOWN
            return invoke(run, frame, owner, given.values if isinstance(given, Elements) else None, path, node)
        if name == "bind":
            return [(path, Bound(owner) if len(arguments) > 1 else owner)]
    if isinstance(owner, Members) and (member := owner.get(name)) is not None and isinstance(member, CALLABLE):
        return invoke(run, frame, member, arguments, path, node)
    known = run.look_up(frame, callee, path)
    if isinstance(known, CALLABLE):
        return invoke(run, frame, known, arguments, path, node)
    if target.text == "Promise":
        return combine(run, frame, node, name, list(arguments), path)
    method = name if name in _THEN else tables.ONE_OUTCOME_NAMES.get(name, "") if len(arguments) == 1 else ""
    if method and (name in _THEN or any(can_matter(run, value) for value in arguments)):
        return chain(run, frame, node, method, owner, list(arguments), path)
    if target.text == "async" and arguments:
        stepped = _call_async_module(run, frame, node, name, arguments, path)
        if stepped is not None:
            return stepped
    if isinstance(owner, Elements) and name in tables.SYNCHRONOUS and arguments:
        return _over_elements(run, frame, node, name, owner, arguments[0], path)
    return _call_unknown(run, frame, node, target, owner, arguments, path, method=name)


def _over_elements(
    run: Run,
    frame: Frame,
    node: Node,
    name: str,
    owner: Elements,
    function: Value,
    path: Path,
) -> Results:
    """`[a, b].forEach(f)`: once for each element."""
    if not isinstance(function, CALLABLE):
        return [(path, UNKNOWN)]
    known: list[tuple[Path, tuple[Value, ...]]] = [(path, ())]
    for index, element in enumerate(owner.values):
        known = [
            (after, (*values, value))
            for before, values in known
            for after, value in invoke(run, frame, function, (element, Constant(float(index))), before, node)
        ]
    if name == "map":
        return [(after, Elements(values)) for after, values in known]
    return [(lost, UNKNOWN) for after, values in known for lost in _lost(after, values)]


def _lost(path: Path, values: tuple[Value, ...]) -> list[Path]:
    """The path after values were thrown away, perhaps rejected promises."""
    for value in values:
        if isinstance(value, Rejected):
            lost = after_rejection(path, value)
            if lost is None:
                return []
            path = lost
    return [path]


def _call_async_module(
    run: Run,
    frame: Frame,
    node: Node,
    name: str,
    arguments: tuple[Value, ...],
    path: Path,
) -> Results | None:
    """`async.series([…], last)` and the like; None for functions of the module that are not known."""
    last = arguments[-1] if len(arguments) > 1 else UNDEFINED
    first = arguments[0]
    if name in tables.STEPS and isinstance(first, Elements | Members):
        steps = first.values if isinstance(first, Elements) else tuple(value for _, value in first.members)
        if not steps:
            return invoke(run, frame, last, (UNDEFINED,), path, node)
        return start_step(run, frame, NextStep(steps[1:], last), steps[0], path, node)
    functions = [value for value in arguments[:-1] if isinstance(value, CALLABLE)]
    if name in tables.OVER_EACH and functions:
        results = invoke(run, frame, last, (UNDEFINED,), path, node)
        return results + start_step(run, frame, NextStep((), last), functions[-1], path, node)
    return None


def _call_unknown(
    run: Run,
    frame: Frame,
    node: Node,
    about: Node,
    owner: Value,
    arguments: tuple[Value, ...],
    path: Path,
    method: str = "",
) -> Results:
    """A call of something that is not in the script; `about` is the callee, or the object of the method."""
    callee = node.field("function") or node.field("constructor")
    name = callee.text if callee is not None else ""
    if frame.caught and not run.is_harmless(node):
        frame.throw(path, node, soft=True)
    if name in tables.CLEARING:
        sites = [value.site for value in arguments[:1] if isinstance(value, Opaque)]
        return [(path.with_fact(("cleared", site), TRUTHY), UNDEFINED) for site in sites] or [(path, UNDEFINED)]
    listens = method in tables.EVENT_METHODS and len(arguments) > 1 and isinstance(arguments[0], Constant)
    if tables.NEUTRAL.fullmatch(name) or not (listens or any(_matters(run, value) for value in arguments)):
        return [(path, Opaque(node))]
    if name in tables.TIMERS or name == "process.nextTick":
        event = "timer" if name == "setTimeout" else "once"
        return [(later(run, path, arguments[0], event, node), Opaque(node))]
    if name == "setInterval":
        return [(later(run, path, arguments[0], "interval", node), Opaque(node))]
    if listens and isinstance(arguments[0], Constant):
        return [(_listen(run, frame, node, about, owner, str(arguments[0].value), arguments[1], path), Opaque(node))]
    if (method or name) in tables.ONCE:
        return [(path, Once(arguments[0], node))]
    if _is_synchronous(method, arguments):
        return _run_repeatedly(run, frame, node, [value for value in arguments if can_matter(run, value)], path)
    wrapped = _wrapped(run, node, name, arguments)
    if wrapped is not None:
        return [(path, wrapped)]
    return _hand_over(run, frame, node, about, owner, arguments, path)


def _matters(run: Run, value: Value) -> bool:
    if isinstance(value, Members):
        return any(_matters(run, member) for _, member in value.members)
    if isinstance(value, Elements):
        return any(_matters(run, element) for element in value.values)
    return isinstance(value, Deferred | Pending) or can_matter(run, value)


def _listen(
    run: Run,
    frame: Frame,
    node: Node,
    about: Node,
    owner: Value,
    event: str,
    function: Value,
    path: Path,
) -> Path:
    """`emitter.on(event, function)`."""
    group = _emitter(run, frame, about, owner, path)
    answers = isinstance(function, CALLABLE) and event == "error"
    if event in tables.NEVER_EVENTS or not (answers or _matters(run, function)):
        return path
    if event in tables.ERROR_EVENTS:
        return later(run, path, function, "error", node, group)
    if event in tables.REPEATED_EVENTS:
        return later(run, path, function, "many", node, group)
    waiting = later(run, path, function, "once", node, group)
    return waiting if event in tables.ONE_TIME_EVENTS else waiting.weakened()


def _emitter(run: Run, frame: Frame, about: Node, owner: Value, path: Path) -> object:
    """What tells one emitter from another: the call that made it, or its name. `.on` returns its object."""
    node = about.without_parentheses()
    while node.type == "call_expression" and (callee := node.field("function")) is not None:
        name, target = callee.field("property"), callee.field("object")
        if name is None or target is None or name.text not in tables.EVENT_METHODS:
            return node
        node = target.without_parentheses()
        owner = run.plain_value(frame, node, path)
    if isinstance(owner, Deferred):
        return owner.site
    return identity(owner) or run.fact_of(node)


def _run_repeatedly(run: Run, frame: Frame, node: Node, functions: list[Value], path: Path) -> Results:
    """A function that is called now, any number of times."""
    callee = node.field("function")
    target = callee.field("object") if callee is not None else None
    paths = [knowing_length(run, target, path, there=False).without_rounds(node)]
    rounds = [knowing_length(run, target, path, there=True)]
    for _ in range(2):
        rounds = merged(
            lost
            for before in rounds
            for function in functions
            for after, value in invoke(run, frame, function, None, before, node)
            for lost in (_lost(after, (value,)) if node.text.endswith("forEach") or _is_dropped(node) else [after])
        )
        paths += rounds
    return [(after, Opaque(node)) for after in merged(paths)]


def _is_synchronous(method: str, arguments: tuple[Value, ...]) -> bool:
    """Whether a method is one of arrays or strings, which run their function at once.

    Databases have a `find(query, function)`, too: there the function comes last, not first.
    """
    if method in tables.FUNCTION_SECOND:
        return len(arguments) == 2
    return method in tables.SYNCHRONOUS and bool(arguments) and isinstance(arguments[0], CALLABLE)


def _is_dropped(node: Node) -> bool:
    return node.parent is not None and node.parent.type == "expression_statement"


def _wrapped(run: Run, node: Node, name: str, arguments: tuple[Value, ...]) -> Value | None:
    """The function or object that a call makes of a function, where it is used as such later."""
    functions = tuple(value for value in arguments if can_matter(run, value))
    declarator = node.parent
    if not functions or declarator is None or declarator.type not in ("variable_declarator", "assignment_expression"):
        return None
    target = declarator.field("name") or declarator.field("left")
    binding = run.scopes.binding(target) if target is not None and target.type == "identifier" else None
    if binding is None:
        return None
    is_called = is_passed = False
    for reference in binding.references:
        around = reference.parent
        is_called = is_called or (around is not None and reference.field_name == "function")
        is_passed = is_passed or (around is not None and around.type == "arguments")
    if node.type == "new_expression":
        return Deferred(node, functions) if is_passed and tables.DEFERRED_CLASSES.search(name) else None
    if is_called or (is_passed and tables.WRAPPING.search(name)):
        return functions[0]
    return None


def _hand_over(
    run: Run,
    frame: Frame,
    node: Node,
    about: Node,
    owner: Value,
    arguments: tuple[Value, ...],
    path: Path,
) -> Results:
    """Functions given to somebody else: one runs once, of several one, of an array all."""
    group = _emitter(run, frame, about, owner, path) if node.type == "call_expression" else None
    functions: list[Value] = []
    answers: list[Value] = []
    for value in arguments:
        if isinstance(value, Deferred):
            for function in value.functions:
                path = later(run, path, function, "once", node, value.site, group)
        elif isinstance(value, Elements):
            for element in value.values:
                if can_matter(run, element):
                    path = later(run, path, element, "once", node, group)
        elif isinstance(value, Members):
            for name, member in value.members:
                if name in tables.REPEATED_HANDLERS:
                    path = later(run, path, member, "many", node, group) if can_matter(run, member) else path
                elif can_matter(run, member):
                    functions.append(member)
                elif isinstance(member, Closure) and tables.OUTCOME_HANDLERS.search(name):
                    answers.append(member)
        elif can_matter(run, value):
            functions.append(value)
        elif isinstance(value, Closure) and functions:
            # After a function for success comes one for failure.
            answers.append(value)
    reaching = [value for value in functions if not isinstance(value, Closure) or value.node in run.relevance.reaching]
    results = _run_one(run, node, reaching or functions, path, group)
    if reaching:
        for answer in answers:
            results += _run_one(run, node, [answer], path.weakened(), group)
    return results


def _run_one(run: Run, node: Node, functions: list[Value], path: Path, group: object = None) -> Results:
    """Exactly one of the functions runs later."""
    if not functions:
        return [(path, Opaque(node))]
    return [(later(run, path, function, "once", node, group), Opaque(node)) for function in functions]


def construct(run: Run, frame: Frame, node: Node, path: Path) -> Results:
    """A `new` expression."""
    callee = node.field("constructor")
    if callee is None:
        return [(path, UNKNOWN)]
    results: Results = []
    for ready, arguments in _arguments(run, frame, node, path):
        if callee.text == "Promise" and arguments:
            results += make_promise(run, frame, node, arguments[0], ready)
            continue
        binding = run.scopes.binding(callee) if callee.type == "identifier" else None
        if binding is not None and binding.kind == "class" and any(carries_functions(value) for value in arguments):
            results.append((ready.silenced(), Opaque(node)))
            continue
        results += _call_unknown(run, frame, node, callee, UNKNOWN, arguments, ready)
    return results
