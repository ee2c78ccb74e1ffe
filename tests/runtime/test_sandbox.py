"""The sandbox as scripts see it (runtime.md §3 to §5): globals, error classes, configuration, the JSON border."""

from __future__ import annotations

import pytest
from script_jobs import EMAIL, make_job

from dbconn_tui.runtime.job import Job
from dbconn_tui.runtime.node import Node
from dbconn_tui.runtime.observation import Ending
from dbconn_tui.runtime.process import Isolation, NodeProcess
from dbconn_tui.runtime.runner import ScriptRunner
from dbconn_tui.runtime.verdict import Answer, Run, Verdict
from dbconn_tui.sensitive import Sensitive

pytestmark = pytest.mark.anyio


def profile(extra: str) -> str:
    """A get_user whose profile has one more field."""
    return f"async (e, cb) => {{ const value = await ({extra}); cb(null, {{ user_id: 'u1', email: e, value }}); }}"


async def value_of(runner: ScriptRunner, extra: str) -> object:
    run = await runner.run(make_job("get_user", profile(extra)))
    assert run.verdict is Verdict.OK, run.problems
    return run.raw_result.get("value")


async def test_error_classes_have_the_platforms_fields(runner: ScriptRunner) -> None:
    script = """[
        new WrongUsernameOrPasswordError('u', 'm'), new ValidationError('c', 'm'), new UnauthorizedError('m'),
    ].map(({ name, code, message, user_id, description, statusCode }) => (
        { name, code, message, user_id, description, statusCode }))"""
    assert await value_of(runner, script) == [
        {
            "name": "WrongUsernameOrPasswordError",
            "code": "wrongusernameorpassword",
            "message": "m",
            "user_id": "u",
            "statusCode": 400,
        },
        {"name": "ValidationError", "code": "c", "message": "m", "description": "m", "statusCode": 400},
        {"name": "UnauthorizedError", "code": "unauthorized", "message": "m", "description": "m", "statusCode": 401},
    ]


async def test_only_some_fields_of_an_error_leave_the_sandbox(runner: ScriptRunner) -> None:
    script = (
        "(e, p, cb) => cb(Object.assign(new WrongUsernameOrPasswordError('u1', 'No.'), { mine: 1, status_code: 4 }))"
    )
    run = await runner.run(make_job("login", script))
    assert run.error is not None
    assert set(run.error) == {"name", "message", "code", "user_id", "stack", "status_code"}


async def test_text_as_an_error_becomes_a_message(runner: ScriptRunner) -> None:
    run = await runner.run(make_job("create", "(user, cb) => cb('taken')"))
    assert run.error == {"message": "taken"}
    run = await runner.run(make_job("create", "(user, cb) => cb({ a: 1 })"))
    assert run.error == {"message": {"a": 1}}


async def test_result_crosses_as_json(runner: ScriptRunner) -> None:
    found = await value_of(runner, "{ date: new Date(0), gone: undefined, f() {}, map: new Map([[1, 2]]), nan: NaN }")
    assert found == {"date": "1970-01-01T00:00:00.000Z", "map": {}, "nan": None}


async def test_globals(runner: ScriptRunner) -> None:
    names = "fetch Promise URL Buffer setTimeout console process require global AbortSignal crypto"
    script = f"'{names}'.split(' ').filter((name) => eval('typeof ' + name) === 'undefined')"
    assert await value_of(runner, script) == []
    magic = "'request bcrypt mysql pg mongo _ jwt auth0 user context'.split(' ').filter((n) => n in globalThis)"
    assert await value_of(runner, magic) == []


async def test_configuration_cannot_be_changed(runner: ScriptRunner) -> None:
    script = "(() => { configuration.URL = 'x'; delete configuration.URL; return Object.keys(configuration); })()"
    run = await runner.run(make_job("get_user", profile(script)))
    assert run.raw_result["value"] == ["URL", "API_KEY"]


async def test_default_for_a_missing_key_is_no_warning(runner: ScriptRunner) -> None:
    run = await runner.run(make_job("verify", "(e, cb) => cb(null, (configuration.NOPE || 'x') === 'x')"))
    assert run.problems == ()


async def test_context_stands_before_the_callback(runner: ScriptRunner) -> None:
    script = "(e, context, cb) => cb(null, context.organization.id === 'org_1')"
    job = make_job("verify", script, arguments=(EMAIL, {"organization": {"id": "org_1"}}), context=True)
    run = await runner.run(job)
    assert (run.answer, run.problems) == (Answer.DONE, ())


async def test_no_ecmascript_modules(runner: ScriptRunner) -> None:
    run = await runner.run(make_job("verify", "async (e, cb) => { await import('node:fs'); cb(null, true); }"))
    assert run.verdict is Verdict.UNHANDLED_REJECTION


async def test_console_is_captured_with_level_time_and_place(runner: ScriptRunner) -> None:
    script = """(e, cb) => {
      console.warn('a %d', 1);
      console.error(new Error('x').message, { b: [1] });
      process.stdout.write('raw\\n');
      console.table([1]);
      cb(null, true);
    }"""
    run = await runner.run(make_job("verify", script))
    assert [(line.level, line.text, line.place.line) for line in run.logs[:3]] == [
        ("warn", "a 1", 2),
        ("error", "x { b: [ 1 ] }", 3),
        ("log", "raw", 4),
    ]
    assert "(index)" in "".join(line.text for line in run.logs[3:])
    assert all(not line.after_callback and line.at >= 0 for line in run.logs)


async def test_secrets_are_masked_in_logs_results_and_errors(runner: ScriptRunner) -> None:
    script = """(e, p, cb) => {
      console.log(configuration.API_KEY, encodeURIComponent(p), JSON.stringify({ p }));
      cb(new Error(p + configuration.API_KEY));
    }"""
    run = await runner.run(make_job("login", script))
    assert run.logs[0].text == '*** *** {"p":"***"}'
    assert "correct horse" not in repr(run)
    assert "93f1c7" not in repr(run)


async def run_all(runner: ScriptRunner, jobs: list[Job]) -> list[Run]:
    async with runner.container() as container:
        return [await container.run(job) for job in jobs]


COUNT = "(e, cb) => { global.count = (global.count || 0) + 1; cb(null, { user_id: String(global.count), email: e }); }"


async def test_container_keeps_globals_and_a_run_of_its_own_does_not(runner: ScriptRunner) -> None:
    job = make_job("get_user", COUNT)
    runs = await run_all(runner, [job, job, job])
    assert [run.raw_result["user_id"] for run in runs] == ["1", "2", "3"]
    assert (await runner.run(job)).raw_result["user_id"] == "1"
    assert (await runner.run(job)).raw_result["user_id"] == "1"


async def test_container_that_broke_is_a_new_one(runner: ScriptRunner) -> None:
    job = make_job("get_user", COUNT)
    loop = make_job("get_user", "(e, cb) => { for (;;); }", limit=0.2)
    runs = await run_all(runner, [job, loop, job])
    assert [run.verdict for run in runs] == [Verdict.OK, Verdict.TIMEOUT, Verdict.OK]
    assert runs[2].raw_result["user_id"] == "1"


async def test_callback_of_an_earlier_run_is_told(runner: ScriptRunner) -> None:
    keep = make_job("verify", "(e, cb) => { global.old = cb; cb(null, true); }")
    again = make_job("verify", "(e, cb) => { global.old(null, true); cb(null, true); }")
    runs = await run_all(runner, [keep, again])
    assert [run.verdict for run in runs] == [Verdict.OK, Verdict.CALLED_TWICE]


async def test_pool_kept_in_global_is_no_leak(runner: ScriptRunner, silent_port: int) -> None:
    script = f"""(e, cb) => {{
      if (!global.pool) global.pool = require('net').connect({silent_port}, '127.0.0.1');
      cb(null, true);
    }}"""
    runs = await run_all(runner, [make_job("verify", script)] * 2)
    assert [run.verdict for run in runs] == [Verdict.OK, Verdict.OK]


async def test_plain_data_in_global_excuses_no_open_connection(runner: ScriptRunner, silent_port: int) -> None:
    script = f"""(e, cb) => {{
      global.tokens = {{ a: [1, {{ b: 'c' }}] }};
      require('net').connect({silent_port}, '127.0.0.1');
      cb(null, true);
    }}"""
    assert (await runner.run(make_job("verify", script))).verdict is Verdict.OPEN_HANDLES


async def test_events_on_stdout_where_there_is_no_channel_of_its_own(each_node: Node) -> None:
    """As on Windows, where a child gets no further descriptors."""
    from dbconn_tui.runtime.job import ModuleTable, encode

    process = await NodeProcess.start(each_node, Isolation(), own_channel=False)
    job = make_job("verify", "(e, cb) => { process.stdout.write('noise'); cb(null, true); }")
    observation = await process.run(encode(job, "nonce", ModuleTable(), job.text), "nonce", 5.0)
    await process.close()
    assert observation.ending is Ending.DRAINED
    assert [call.result for call in observation.calls] == [True]
    assert [noted.text("text") for noted in observation.of("log")] == ["noise"]


async def test_spare_process_is_used_and_replaced(node: Node) -> None:
    async with ScriptRunner(node) as runner:
        job = make_job("get_user", COUNT)
        runs = [await runner.run(job) for _ in range(3)]
    assert [run.raw_result["user_id"] for run in runs] == ["1", "1", "1"]


async def test_script_that_tampers_with_built_ins_is_still_judged(runner: ScriptRunner) -> None:
    script = """(e, cb) => {
      JSON.stringify = () => 'x'; globalThis.setTimeout = null; Object.defineProperty = null;
      cb(null, true);
    }"""
    run = await runner.run(make_job("verify", script))
    assert run.answer is Answer.DONE


async def test_log_codes(runner: ScriptRunner) -> None:
    async def code(kind: str, script: str) -> str:
        run = await runner.run(make_job(kind, script))
        return run.log_code.code if run.log_code else ""

    assert await code("login", "(e, p, cb) => cb(new WrongUsernameOrPasswordError(e, 'No.'))") == "fp"
    assert await code("login", "(e, p, cb) => cb(new WrongUsernameOrPasswordError(null, 'No.'))") == "fu"
    assert await code("login", "(e, p, cb) => cb(new Error('down'))") == "f"
    assert await code("create", "(u, cb) => cb(new ValidationError('user_exists', 'Taken.'))") == "fs"
    assert await code("change_password", "(e, p, cb) => cb(null, true)") == "scp"
    assert await code("get_user", "(e, cb) => cb(null)") == ""


def test_hidden_values_are_not_in_a_jobs_repr() -> None:
    job = make_job("login", "(e, p, cb) => cb(null)", passwords=(Sensitive("hush-hush"),), arguments=("a", "hush-hush"))
    assert "hush" not in repr(job)
