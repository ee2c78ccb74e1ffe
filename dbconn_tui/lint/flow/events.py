"""What runs later: functions that others call, by event, in every order that makes a difference."""

from __future__ import annotations

from collections.abc import Iterable

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.flow.functions import invoke
from dbconn_tui.lint.flow.paths import Path, Task, after_rejection, merged
from dbconn_tui.lint.flow.run import Frame, Run
from dbconn_tui.lint.flow.tables import EVENT_METHODS, HTTP_CLIENTS
from dbconn_tui.lint.flow.values import TRUTHY, Closure, Opaque, Rejected, Value

_ORDER = ("once", "many", "interval", "timer", "error")
"""Timers come last: whether they come first makes a difference only when nothing guards against it."""


def drain(run: Run, paths: Iterable[Path], kept: int = 0) -> list[Path]:
    """The paths after all that was to run later has run; the first `kept` tasks of each are left."""
    done: list[Path] = []
    pending = list(paths)
    while pending:
        run.enter()
        run.depth -= 1
        path = pending.pop()
        task = _first(path.tasks[kept:])
        if task is None:
            done.append(path)
            continue
        pending = merged(pending + _run(run, path, task))
    return merged(done)


def _first(tasks: tuple[Task, ...]) -> Task | None:
    for event in _ORDER:
        for task in tasks:
            if task.event == event:
                return task
    return None


def _run(run: Run, path: Path, task: Task) -> list[Path]:
    rest = list(path.tasks)
    rest.remove(task)
    if task.event == "error":
        # Nothing else of its emitter is waiting: the error, though looked at, does not happen.
        _call(run, path.with_tasks(rest), task)
        return [path.with_tasks(rest)]
    failing = [other for other in rest if other.event == "error" and other.groups & task.groups]
    behind: list[Path] = []
    for failure in failing:
        without = [other for other in rest if not other.groups & failure.groups]
        for after in _call(run, path.with_tasks(without), failure):
            if _differs(path, after):
                behind.append(after)
            elif _must_answer(failure, task):
                unanswered = after.weakened()
                unanswered.end = failure.site
                behind.append(unanswered)
    going_on = path.with_tasks(other for other in rest if other not in failing)
    if task.event == "many":
        return behind + _many(run, going_on, task)
    if task.event == "interval":
        return behind + _interval(run, going_on, task)
    if task.event == "timer" and ("cleared", task.site) in path.facts:
        late = [after.weakened() for after in _call(run, going_on, task) if after.calls > path.calls]
        return [*behind, going_on, *late]
    return behind + _call(run, going_on, task)


def _many(run: Run, path: Path, task: Task) -> list[Path]:
    """An event that comes any number of times."""
    once = _call(run, path, task)
    if not any(_differs(path, after) for after in once):
        return merged([path, *once])
    never = _tagged(path, "none")
    never.end = task.site
    paths = [never]
    paths += [_tagged(after, "once") for after in once]
    paths += [_tagged(twice, "twice") for after in once for twice in _call(run, after, task)]
    return merged(paths)


def _tagged(path: Path, times: str) -> Path:
    new = path.copy()
    new.many = times
    return new


def _interval(run: Run, path: Path, task: Task) -> list[Path]:
    """A function that runs again and again until it is cleared."""
    stopped: list[Path] = []
    running = [path]
    for _ in range(2):
        again: list[Path] = []
        for before in running:
            for after in _call(run, before, task):
                (stopped if ("cleared", task.site) in after.facts else again).append(after)
        running = merged(again)
    return stopped + [after for after in running if after.calls > path.calls or not stopped]


def _call(run: Run, path: Path, task: Task) -> list[Path]:
    """The paths after the task's function was called by somebody else."""
    host = Frame(run.main, frozenset(), is_async=False, caught=False)
    active = run.active
    run.active = list(task.inside)
    entering = path.copy()
    entering.here = False
    arguments: tuple[Value, ...] | None = None
    if task.event == "error":
        arguments = (TRUTHY,)
    behind = []
    for after, value in invoke(run, host, task.function, arguments, entering, task.site):
        lost = after_rejection(after, value) if isinstance(value, Rejected) else after
        if lost is not None:
            behind.append(lost)
    run.active = active
    for thrown in host.throws:
        if not thrown.soft:
            function = task.function.node if isinstance(task.function, Closure) else task.site
            run.notes.thrown_outside.setdefault(thrown.origin, function)
            lost_path = thrown.path.copy()
            lost_path.rejected = thrown.origin
            behind.append(lost_path)
    return behind


def _differs(before: Path, after: Path) -> bool:
    """Whether something was called or settled."""
    return (
        after.calls != before.calls
        or after.rejected is not before.rejected
        or _settlements(before)
        != _settlements(
            after,
        )
    )


def _settlements(path: Path) -> int:
    return sum(isinstance(fact, tuple) and fact[0] == "promise" for fact in path.facts)


def _must_answer(failure: Task, other: Task) -> bool:
    """Whether `other` will not run after this error: it is an event of the same stream, or an HTTP answer."""
    if _event_name(failure.site) != "error":
        return False
    callee = other.site.field("function")
    method = callee.field("property") if callee is not None else None
    is_event = method is not None and method.text in EVENT_METHODS and other.event == "once"
    return is_event or any(is_http_client(group) for group in failure.groups)


def is_http_client(emitter: object) -> bool:
    """Whether an emitter is a request of Node's own HTTP client."""
    callee = emitter.field("function") if isinstance(emitter, Node) else None
    return callee is not None and HTTP_CLIENTS.search(callee.text) is not None


def _event_name(site: Node) -> str:
    arguments = site.field("arguments")
    named = arguments.named_children if arguments is not None else []
    return named[0].text.strip("'\"`") if named else ""


def later(run: Run, path: Path, function: Value, event: str, site: Node, *groups: object) -> Path:
    """The path with a function that runs later."""
    known = frozenset(group for group in (site, *groups) if group is not None)
    return path.with_task(Task(function, event, site, known, tuple(run.active)))


def identity(value: Value) -> Node | None:
    """The call an emitter comes from."""
    return value.site if isinstance(value, Opaque) else None
