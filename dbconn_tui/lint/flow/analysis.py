"""callback_flow: the verdict on one script, for the rules that ask when its callback is called."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from dbconn_tui.action_scripts.scopes import Binding, parameters_of
from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.flow.events import drain
from dbconn_tui.lint.flow.expressions import EXPRESSIONS
from dbconn_tui.lint.flow.facts import LOOPS, function_around
from dbconn_tui.lint.flow.functions import invoke, is_generator
from dbconn_tui.lint.flow.paths import MANY, Path, after_rejection
from dbconn_tui.lint.flow.relevance import relevance_of
from dbconn_tui.lint.flow.run import Exhausted, Frame, Run, Site
from dbconn_tui.lint.flow.statements import STATEMENTS
from dbconn_tui.lint.flow.values import CALLBACK, UNKNOWN, Closure, Rejected, Value
from dbconn_tui.lint.subject import ScriptSubject

_CALLBACK_NAMES: Final = frozenset({"callback", "cb", "done", "next"})
_STEPS: Final = 4_000
_STEPS_A_NODE: Final = 6


@dataclass(frozen=True, slots=True)
class Missing:
    """A way through the script without a call. `end` is where it is left."""

    end: Node
    certain: bool


@dataclass(frozen=True, slots=True)
class Multiple:
    """A way through the script with a second call. Both may be calls that hand the callback over."""

    first: Node
    second: Node
    certain: bool


@dataclass(frozen=True, slots=True)
class Unhandled:
    """A rejection, at `origin`, after which nothing calls the callback."""

    origin: Node
    certain: bool


@dataclass(frozen=True, slots=True)
class CallbackFlow:
    """All that the analysis can say of one script.

    `known` is False when the callback cannot be followed; then nothing is missing, multiple or
    unhandled. `sites` are the calls of the callback in the order of the text. `afterwards` maps
    work after the callback in the same function to the call. `thrown_outside` maps a `throw` to the
    function, called by others, that it leaves; `thrown_by_script` are those that leave a synchronous
    script; `returned` maps returns before any call to the returned value. `continued` are calls
    after which the same function goes on. `entered` are the functions that run.
    """

    function: Node | None = None
    callback: Binding | None = None
    known: bool = False
    missing: tuple[Missing, ...] = ()
    multiple: tuple[Multiple, ...] = ()
    unhandled: tuple[Unhandled, ...] = ()
    sites: tuple[Site, ...] = ()
    afterwards: dict[Node, Node] = field(default_factory=dict)
    thrown_outside: dict[Node, Node] = field(default_factory=dict)
    thrown_by_script: frozenset[Node] = frozenset()
    returned: dict[Node, Node] = field(default_factory=dict)
    continued: frozenset[Node] = frozenset()
    entered: frozenset[Node] = frozenset()


def callback_flow(subject: ScriptSubject) -> CallbackFlow:
    """How often the script calls its callback on every path. Never raises; what cannot be told is left out."""
    parsed = subject.parsed
    function = parsed.function
    if function is None or not subject.is_whole:
        return CallbackFlow()
    main = function.node
    callback = _callback(subject, main)
    if callback is None or is_generator(main):
        return CallbackFlow(main, callback)
    nodes = max(len(subject.text) // 4, 1)
    relevance = relevance_of(main, callback, parsed.scopes)
    run = Run(main, parsed.scopes, relevance, EXPRESSIONS, STATEMENTS, _STEPS + _STEPS_A_NODE * nodes)
    try:
        ended = _follow(run, main, callback)
    except Exhausted:
        ended = None
    return _verdict(run, callback, ended, sure=parsed.tree_is_whole)


def _callback(subject: ScriptSubject, main: Node) -> Binding | None:
    """The binding of the parameter that is the callback: the last one, or one named so."""
    parameters = parameters_of(main)
    if not parameters:
        return None
    named = [parameter for parameter in parameters if parameter.text in _CALLBACK_NAMES]
    chosen = named[-1] if named else parameters[-1]
    kind = subject.known_kind
    if not named and kind is not None and kind.parameters and len(parameters) <= len(kind.parameters):
        # The parameter that would be the callback is not there; `script-params` says so.
        return None
    return subject.parsed.scopes.binding(chosen) if chosen.type == "identifier" else None


def _follow(run: Run, main: Node, callback: Binding) -> list[Path]:
    """Every way through the script, to its end."""
    host = Frame(main, frozenset(), is_async=False, caught=False)
    arguments: list[Value] = [UNKNOWN] * len(parameters_of(main))
    for index, parameter in enumerate(parameters_of(main)):
        if run.scopes.binding(parameter) is callback:
            arguments[index] = CALLBACK
    start = Path()
    left: list[Path] = []
    for path, value in invoke(run, host, Closure(main), tuple(arguments), start, main):
        if isinstance(value, Rejected):
            lost = after_rejection(path, value)
            left += [lost] if lost is not None else []
        else:
            left.append(path)
    for thrown in host.throws:
        if not thrown.soft and not thrown.path.silent:
            run.notes.thrown_by_script.setdefault(thrown.origin, main)
    ended = drain(run, left)
    return ended + drain(run, run.stuck)


def _verdict(run: Run, callback: Binding, ended: list[Path] | None, *, sure: bool) -> CallbackFlow:
    notes = run.notes
    missing: dict[Node, Missing] = {}
    multiple: dict[Node, Multiple] = {}
    unhandled: dict[Node, Unhandled] = {}
    is_followed = ended is not None and not _escapes(run)
    plausible = _plausible(ended or [])
    speaks_already = run.counted or any(not path.empty and path.calls != 1 for path in plausible)
    for path in plausible:
        if path.calls == 0 and path.empty and speaks_already:
            # Of an empty list there is nothing to say where other lists go wrong, or where one counts down.
            continue
        certain = sure and not path.weak and not path.many and not path.silent
        if path.calls == MANY and path.first is not None and path.second is not None:
            known = multiple.get(path.second)
            if known is None or (certain and not known.certain):
                multiple[path.second] = Multiple(path.first, path.second, certain)
        elif path.calls == 0 and is_followed:
            if path.rejected is not None:
                if path.rejected not in notes.thrown_outside:
                    before = unhandled.get(path.rejected)
                    unhandled[path.rejected] = Unhandled(
                        path.rejected, certain or (before is not None and before.certain)
                    )
            else:
                end = path.end or run.main
                left = missing.get(end)
                missing[end] = Missing(end, certain or (left is not None and left.certain))
    if not callback.references:
        missing = {run.main: Missing(run.main, sure)}
    return CallbackFlow(
        function=run.main,
        callback=callback,
        known=is_followed,
        missing=tuple(sorted(missing.values(), key=lambda one: one.end.start)),
        multiple=tuple(sorted(multiple.values(), key=lambda one: one.second.start)),
        unhandled=tuple(sorted(unhandled.values(), key=lambda one: one.origin.start)),
        sites=tuple(sorted(notes.sites.values(), key=lambda site: site.node.start)),
        afterwards=notes.afterwards,
        thrown_outside=notes.thrown_outside,
        thrown_by_script=frozenset(notes.thrown_by_script),
        returned=notes.returned,
        continued=frozenset(notes.continued),
        entered=frozenset(notes.entered),
    )


def _plausible(paths: list[Path]) -> list[Path]:
    """The paths something can be said of.

    Where an event comes any number of times, some condition of the script usually goes with whether
    it came: if any combination calls once, the others are taken for impossible.
    """
    spoken = [path for path in paths if not path.silent or _is_blatant(path)]
    fitting = {path.many for path in spoken if path.many and path.calls == 1}
    return [path for path in spoken if not path.many or path.calls == 1 or path.many not in fitting]


def _is_blatant(path: Path) -> bool:
    """Whether two calls stand in one function, one after the other: nothing unknown can excuse that."""
    if not path.blatant or path.first is None or path.second is None:
        return False
    function = function_around(path.first)
    if function is not function_around(path.second):
        return False
    around = path.second.parent
    while around is not None and around is not function:
        if around.type in LOOPS:
            return False
        around = around.parent
    return True


def _escapes(run: Run) -> bool:
    """Whether a function that reaches the callback got somewhere it was not seen to run."""
    for function in run.relevance.reaching:
        if function in run.notes.entered or function is run.main:
            continue
        if function in run.notes.made or is_generator(function):
            return True
        if (
            function.type == "method_definition"
            and function.parent is not None
            and function.parent.type == "class_body"
        ):
            return True
    return any(
        function_around(reference) in run.notes.entered
        for binding, function in run.relevance.functions.items()
        if function in run.relevance.reaching and function not in run.notes.entered
        for reference in binding.references
    )
