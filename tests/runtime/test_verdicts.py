"""Every verdict and the ways to reach it: the exact verdict, rule, line and column (at the `‸`)."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from script_jobs import make_job, marked

from dbconn_tui.runtime.judge import judge
from dbconn_tui.runtime.node import Node
from dbconn_tui.runtime.observation import Ending, Observation
from dbconn_tui.runtime.runner import ScriptRunner
from dbconn_tui.runtime.verdict import Answer, Verdict

PROFILE = "{ user_id: 'u1', email: 'robin@example.com' }"


@dataclass(frozen=True)
class Case:
    """A script, and what must come of it. `rule` is the rule of the problem at the mark; empty = no problem at all."""

    name: str
    kind: str
    script: str
    verdict: Verdict
    rule: str = ""
    answer: Answer = Answer.NONE
    words: str = ""
    """Words that the problem's message has."""
    limit: float = 5.0


V = Verdict
A = Answer
CASES = [
    # Kept contracts.
    Case(
        "declaration",
        "login",
        f"function login(e, p, callback) {{ return callback(null, {PROFILE}); }}",
        V.OK,
        answer=A.PROFILE,
    ),
    Case(
        "anonymous function",
        "login",
        f"function (e, p, callback) {{ callback(null, {PROFILE}); }}",
        V.OK,
        answer=A.PROFILE,
    ),
    Case("arrow", "login", f"(e, p, callback) => callback(null, {PROFILE})", V.OK, answer=A.PROFILE),
    Case("async arrow", "login", f"async (e, p, cb) => {{ await null; cb(null, {PROFILE}); }}", V.OK, answer=A.PROFILE),
    Case("in parentheses", "login", f"(function (e, p, cb) {{ cb(null, {PROFILE}); }})", V.OK, answer=A.PROFILE),
    Case(
        "comments around",
        "login",
        f"// before\nfunction login(e, p, cb) {{ cb(null, {PROFILE}); }}\n// after",
        V.OK,
        answer=A.PROFILE,
    ),
    Case("id for user_id", "login", "(e, p, cb) => cb(null, { id: '7', email: e })", V.OK, answer=A.PROFILE),
    Case(
        "after a timer",
        "login",
        f"(e, p, cb) => {{ setTimeout(() => cb(null, {PROFILE}), 5); }}",
        V.OK,
        answer=A.PROFILE,
    ),
    Case(
        "callback handed on",
        "verify",
        "(e, cb) => { Promise.resolve().then(() => [null, true]).then((r) => cb(...r)); }",
        V.OK,
        answer=A.DONE,
    ),
    Case(
        "wrong password",
        "login",
        "(e, p, cb) => cb(new WrongUsernameOrPasswordError(e, 'Wrong.'))",
        V.OK,
        answer=A.REFUSED,
    ),
    Case("not found", "get_user", "(e, cb) => cb()", V.OK, answer=A.NOT_FOUND),
    Case("created", "create", "(user, cb) => cb(null)", V.OK, answer=A.DONE),
    Case(
        "user exists",
        "create",
        "(user, cb) => cb(new ValidationError('user_exists', 'Taken.'))",
        V.OK,
        answer=A.REFUSED,
    ),
    Case("verified", "verify", "(e, cb) => cb(null, true)", V.OK, answer=A.DONE),
    Case("not changed", "change_password", "(e, p, cb) => cb(null, false)", V.OK, answer=A.NOT_DONE),
    Case(
        "changed with a date",
        "change_password",
        "(e, p, cb) => cb(null, { last_password_reset: 1 })",
        V.OK,
        answer=A.DONE,
    ),
    Case("deleted", "delete", "(id, cb) => cb(null)", V.OK, answer=A.DONE),
    Case("e-mail changed", "change_email", "(e, n, v, cb) => cb(null, true)", V.OK, answer=A.DONE),
    Case("store down", "login", "(e, p, cb) => cb(new Error('the store is down'))", V.OK, answer=A.FAILED),
    # The text.
    Case(
        "syntax error", "login", "function login(e, p, callback) {\n  const a = ‸;\n}", V.SYNTAX_ERROR, "script-syntax"
    ),
    Case(
        "never closed",
        "login",
        "function login(e, p, callback) {\n  callback(null)‸;\n",
        V.SYNTAX_ERROR,
        "script-syntax",
    ),
    Case(
        "await in a plain function",
        "login",
        "function login(e, p, cb) {\n  ‸await cb(null);\n}",
        V.SYNTAX_ERROR,
        "script-syntax",
    ),
    Case(
        "module.exports",
        "login",
        "‸module.exports = (e, p, cb) => cb(null);",
        V.NOT_ONE_FUNCTION,
        "script-single-function",
    ),
    Case(
        "two functions",
        "login",
        "function login(e, p, cb) { help(cb); }\n‸function help(cb) { cb(null); }",
        V.NOT_ONE_FUNCTION,
        "script-single-function",
    ),
    Case("empty", "login", "‸// nothing yet", V.NOT_ONE_FUNCTION, "script-single-function"),
    Case(
        "semicolon behind it",
        "delete",
        "function deleteUser(id, cb) { cb(null); }‸;",
        V.OK,
        "script-single-function",
        A.DONE,
    ),
    # Never called.
    Case("never called", "login", "‸function login(e, p, callback) {\n}", V.NEVER_CALLED, "callback-missing"),
    Case(
        "returned instead", "get_user", "‸async (e, callback) => ({ user_id: '1' })", V.NEVER_CALLED, "callback-missing"
    ),
    Case(
        "one branch without",
        "get_user",
        "‸function getUser(e, callback) {\n  if (!e) callback(null);\n}",
        V.NEVER_CALLED,
        "callback-missing",
    ),
    Case(
        "promise never settles",
        "login",
        "‸function login(e, p, cb) { new Promise(() => {}).then(() => cb(null)); }",
        V.NEVER_CALLED,
        "callback-missing",
    ),
    Case(
        "generator",
        "verify",
        "‸function* verify(e, cb) { cb(null, true); }",
        V.NEVER_CALLED,
        "callback-missing",
    ),
    Case(
        "error of a request ignored",
        "verify",
        "‸(e, cb) => { require('net').connect(9, '127.0.0.1').on('error', () => {}); }",
        V.NEVER_CALLED,
        "callback-missing",
    ),
    # Called twice.
    Case(
        "no return",
        "verify",
        "function verify(e, cb) {\n  if (e) cb(null, true);\n  ‸cb(null, false);\n}",
        V.CALLED_TWICE,
        "callback-multiple",
        A.DONE,
        "2:10",
    ),
    Case(
        "then and catch",
        "verify",
        """
        function verify(e, cb) {
          Promise.resolve(1)
            .then(() => { cb(null, true); null.x; })
            .catch((error) => ‸cb(error));
        }
        """,
        V.CALLED_TWICE,
        "callback-multiple",
        A.DONE,
        "3:19",
    ),
    Case(
        "catch(cb)",
        "verify",
        """
        function verify(e, cb) {
          Promise.resolve(1).then(() => { cb(null, true); null.x; }).catch(‸cb);
        }
        """,
        V.CALLED_TWICE,
        "callback-multiple",
        A.DONE,
    ),
    Case(
        "late second call",
        "verify",
        "(e, cb) => {\n  setTimeout(() => ‸cb(null, false), 20);\n  cb(null, true);\n}",
        V.CALLED_TWICE,
        "callback-multiple",
        A.DONE,
        "3:3",
    ),
    Case(
        "in a loop",
        "verify",
        "(e, cb) => [1, 2].forEach(() => ‸cb(null, true))",
        V.CALLED_TWICE,
        "callback-multiple",
        A.DONE,
    ),
    Case(
        "at the next tick",
        "verify",
        "(e, cb) => {\n  process.nextTick(() => ‸cb(null, true));\n  cb(null, true);\n}",
        V.CALLED_TWICE,
        "callback-multiple",
        A.DONE,
        "3:3",
    ),
    # Thrown and rejected.
    Case(
        "throws at once",
        "login",
        "function login(e, p, cb) {\n  throw ‸new Error('no');\n}",
        V.THREW,
        "throw-in-script",
        words="Error: no",
    ),
    Case(
        "reads off undefined",
        "login",
        "function login(e, p, cb) {\n  const row = [][0];\n  cb(null, row.‸id);\n}",
        V.THREW,
        "throw-in-script",
        words="TypeError",
    ),
    Case(
        "throws in a timer",
        "login",
        "(e, p, cb) => {\n  setTimeout(() => { throw ‸new TypeError('late'); }, 1);\n}",
        V.THREW,
        "throw-in-callback",
    ),
    Case(
        "throws after its callback",
        "verify",
        "(e, cb) => {\n  cb(null, true);\n  throw ‸new Error('x');\n}",
        V.THREW,
        "throw-in-script",
        A.DONE,
        "after the callback",
    ),
    Case("throws text", "login", "‸(e, p, cb) => { throw 'text'; }", V.THREW, "throw-in-script", words="text"),
    Case(
        "magic global",
        "login",
        "(e, p, cb) => {\n  ‸request.get('x', cb);\n}",
        V.THREW,
        "throw-in-script",
        words="request is not defined",
    ),
    Case(
        "wide characters before it",
        "login",
        "(e, p, cb) => { const s = '😀😀'; throw ‸new Error(s); }",
        V.THREW,
        "throw-in-script",
    ),
    Case(
        "async rejects",
        "login",
        "async (e, p, cb) => {\n  await null;\n  throw ‸new Error('lost');\n}",
        V.UNHANDLED_REJECTION,
        "async-unhandled",
        words="Error: lost",
    ),
    Case(
        "no catch",
        "login",
        "(e, p, cb) => {\n  Promise.reject(‸new Error('lost')).then(() => cb(null));\n}",
        V.UNHANDLED_REJECTION,
        "async-unhandled",
    ),
    Case(
        "rejects with text",
        "login",
        "‸async (e, p, cb) => { throw 'no rows'; }",
        V.UNHANDLED_REJECTION,
        "async-unhandled",
        words="no rows",
    ),
    Case(
        "rejects after its callback",
        "verify",
        "async (e, cb) => {\n  cb(null, true);\n  throw ‸new Error('x');\n}",
        V.UNHANDLED_REJECTION,
        "async-unhandled",
        A.DONE,
    ),
    # Time.
    Case(
        "waits for ever",
        "login",
        "‸(e, p, cb) => { setInterval(() => {}, 50); }",
        V.TIMEOUT,
        "runtime-budget",
        words="a timer",
        limit=0.3,
    ),
    Case(
        "loops for ever",
        "login",
        "‸(e, p, cb) => { for (;;); }",
        V.TIMEOUT,
        "runtime-budget",
        words="processor",
        limit=0.3,
    ),
    Case(
        "loops after its callback",
        "verify",
        "‸(e, cb) => { cb(null, true); for (;;); }",
        V.TIMEOUT,
        "runtime-budget",
        A.DONE,
        limit=0.3,
    ),
    # Results.
    Case(
        "login without a profile",
        "login",
        "(e, p, cb) => ‸cb(null)",
        V.WRONG_RESULT,
        "callback-result-type",
        words="neither a profile nor an error",
    ),
    Case(
        "login that finds nobody",
        "login",
        "(e, p, cb) => ‸cb(null, null)",
        V.OK,
        "callback-result-type",
        A.NOT_FOUND,
        words="only when a migration is finished",
    ),
    Case(
        "login with true",
        "login",
        "(e, p, cb) => ‸cb(null, true)",
        V.WRONG_RESULT,
        "callback-result-type",
        words="true",
    ),
    Case(
        "login with rows",
        "login",
        "(e, p, cb) => ‸cb(null, [{ user_id: '1' }])",
        V.WRONG_RESULT,
        "callback-result-type",
        words="an array",
    ),
    Case(
        "get_user with false",
        "get_user",
        "(e, cb) => ‸cb(null, false)",
        V.WRONG_RESULT,
        "callback-result-type",
        words="false",
    ),
    Case(
        "get_user with a login error",
        "get_user",
        "(e, cb) => ‸cb(new WrongUsernameOrPasswordError(e))",
        V.WRONG_RESULT,
        "wrong-error-class",
        A.FAILED,
    ),
    Case(
        "verify with text",
        "verify",
        "(e, cb) => ‸cb(null, 'yes')",
        V.WRONG_RESULT,
        "callback-result-type",
        words="a string",
    ),
    Case("verify without a word", "verify", "(e, cb) => ‸cb(null)", V.OK, "callback-result-type", A.NOT_DONE),
    Case(
        "change_password with a number",
        "change_password",
        "(e, p, cb) => ‸cb(null, 1)",
        V.WRONG_RESULT,
        "callback-result-type",
        words="1",
    ),
    Case("delete with false", "delete", "(id, cb) => ‸cb(null, false)", V.WRONG_RESULT, "callback-result-type", A.DONE),
    Case(
        "create with a profile", "create", f"(user, cb) => ‸cb(null, {PROFILE})", V.OK, "callback-result-type", A.DONE
    ),
    Case("text as an error", "create", "(user, cb) => ‸cb('taken')", V.OK, "callback-error-type", A.FAILED, "a string"),
    Case(
        "circular",
        "login",
        "(e, p, cb) => { const a = { user_id: '1' }; a.a = a; ‸cb(null, a); }",
        V.WRONG_RESULT,
        "callback-result-type",
        words="circular",
    ),
    Case(
        "BigInt",
        "login",
        "(e, p, cb) => ‸cb(null, { user_id: 1n })",
        V.WRONG_RESULT,
        "callback-result-type",
        words="BigInt",
    ),
    # Profiles.
    Case(
        "no user_id",
        "login",
        "(e, p, cb) => ‸cb(null, { email: e })",
        V.BAD_PROFILE,
        "profile-user-id-missing",
        A.PROFILE,
    ),
    Case(
        "number for user_id",
        "get_user",
        "(e, cb) => ‸cb(null, { user_id: 7, email: e })",
        V.BAD_PROFILE,
        "profile-user-id-type",
        A.PROFILE,
        "number",
    ),
    Case(
        "empty user_id",
        "get_user",
        "(e, cb) => ‸cb(null, { user_id: '', email: e })",
        V.BAD_PROFILE,
        "profile-user-id-type",
        A.PROFILE,
    ),
    Case(
        "user_id 'undefined'",
        "get_user",
        "(e, cb) => ‸cb(null, { user_id: String({}.x), email: e })",
        V.BAD_PROFILE,
        "profile-user-id-type",
        A.PROFILE,
    ),
    Case(
        "buffer for user_id",
        "get_user",
        "(e, cb) => ‸cb(null, { user_id: Buffer.from('1'), email: e })",
        V.BAD_PROFILE,
        "profile-user-id-type",
        A.PROFILE,
        "Buffer",
    ),
    Case(
        "auth0| prefix",
        "get_user",
        "(e, cb) => ‸cb(null, { user_id: 'auth0|1', email: e })",
        V.OK,
        "profile-user-id-auth0-prefix",
        A.PROFILE,
    ),
    Case(
        "password in it",
        "login",
        "(e, p, cb) => ‸cb(null, { user_id: '1', email: e, x: p })",
        V.BAD_PROFILE,
        "profile-sensitive",
        A.PROFILE,
        "x of the profile holds the password",
    ),
    Case(
        "hash in it",
        "get_user",
        "(e, cb) => ‸cb(null, { user_id: '1', email: e, app_metadata: { h: '$2b$10$abc' } })",
        V.BAD_PROFILE,
        "profile-sensitive",
        A.PROFILE,
        "app_metadata.h",
    ),
    Case(
        "whole row",
        "get_user",
        "(e, cb) => ‸cb(null, { user_id: '1', email: e, password_hash: 'x' })",
        V.BAD_PROFILE,
        "profile-sensitive",
        A.PROFILE,
    ),
    Case(
        "too large",
        "get_user",
        "(e, cb) => ‸cb(null, { user_id: '1', email: e, x: 'y'.repeat(10240) })",
        V.BAD_PROFILE,
        "profile-too-large",
        A.PROFILE,
    ),
    Case(
        "large",
        "get_user",
        "(e, cb) => ‸cb(null, { user_id: '1', email: e, x: 'y'.repeat(8500) })",
        V.OK,
        "profile-too-large",
        A.PROFILE,
    ),
    Case("no email", "get_user", "(e, cb) => ‸cb(null, { user_id: '1' })", V.OK, "profile-email-missing", A.PROFILE),
    # Modules.
    Case(
        "not in the cache",
        "login",
        "(e, p, cb) => {\n  const pg = ‸require('pg@8.11.3');\n}",
        V.MISSING_MODULE,
        "module-missing",
        words="pg@8.11.3",
    ),
    Case(
        "range of versions",
        "login",
        "(e, p, cb) => {\n  ‸require('pg@^8');\n}",
        V.MISSING_MODULE,
        "module-missing",
        words="no exact version",
    ),
    Case(
        "file of its own",
        "login",
        "(e, p, cb) => { ‸require('./db'); }",
        V.MISSING_MODULE,
        "module-missing",
        words="file",
    ),
    # Leaks.
    Case(
        "logs the password",
        "verify",
        "(e, cb) => { console.‸log('p', 'correct horse'); cb(null, true); }",
        V.LEAKED,
        "log-sensitive",
        A.DONE,
    ),
    Case(
        "logs configuration",
        "verify",
        "(e, cb) => { console.‸log(configuration); cb(null, true); }",
        V.LEAKED,
        "log-sensitive",
        A.DONE,
    ),
    Case(
        "logs a secret in base64",
        "verify",
        "(e, cb) => { console.‸log(btoa('me:' + configuration.API_KEY)); cb(null, true); }",
        V.LEAKED,
        "log-sensitive",
        A.DONE,
    ),
    Case(
        "logs the identifier",
        "verify",
        "(e, cb) => { console.‸log(e); cb(null, true); }",
        V.OK,
        "log-sensitive",
        A.DONE,
    ),
    Case(
        "secret in an error",
        "verify",
        "(e, cb) => ‸cb(new Error(configuration.API_KEY))",
        V.LEAKED,
        "pii-in-error",
        A.FAILED,
    ),
    Case("identifier in an error", "verify", "(e, cb) => ‸cb(new Error('no ' + e))", V.OK, "pii-in-error", A.FAILED),
    Case(
        "password in global",
        "login",
        f"‸(e, p, cb) => {{ global.last = {{ p }}; cb(null, {PROFILE}); }}",
        V.LEAKED,
        "global-user-data",
        A.PROFILE,
        "global.last",
    ),
    # After the callback.
    Case(
        "logs afterwards",
        "verify",
        "(e, cb) => { cb(null, true); console.‸log('done'); }",
        V.OK,
        "callback-then-continue",
        A.DONE,
    ),
    Case(
        "connects afterwards",
        "verify",
        "(e, cb) => {\n  cb(null, true);\n  require('net').‸connect(9, '127.0.0.1').on('error', () => {});\n}",
        V.LATE_WORK,
        "callback-then-continue",
        A.DONE,
    ),
    Case(
        "loads a module afterwards",
        "verify",
        "(e, cb) => {\n  cb(null, true);\n  try { ‸require('pg@8.11.3'); } catch {}\n}",
        V.MISSING_MODULE,
        "module-missing",
        A.DONE,
    ),
    Case(
        "fetches afterwards",
        "verify",
        "(e, cb) => {\n  cb(null, true);\n  ‸fetch('http://127.0.0.1:9').catch(() => {});\n}",
        V.LATE_WORK,
        "callback-then-continue",
        A.DONE,
        "fetches",
    ),
    Case(
        "timer left",
        "verify",
        "(e, cb) => { setTimeout(() => {}, 60000); ‸cb(null, true); }",
        V.OK,
        "callback-then-continue",
        A.DONE,
        "a timer",
    ),
    # The process.
    Case("process.exit", "login", "(e, p, cb) => {\n  process.‸exit(0);\n}", V.EXITED, "process-exit"),
    Case("abort", "login", "(e, p, cb) => { process.‸abort(); }", V.EXITED, "process-exit"),
    # Configuration.
    Case(
        "undefined key",
        "verify",
        "(e, cb) => { cb(null, String(configuration.‸NOPE) !== 'x'); }",
        V.OK,
        "configuration-undefined",
        A.DONE,
        "NOPE",
    ),
    Case(
        "written",
        "verify",
        "(e, cb) => { configuration.URL ‸= 1; cb(null, configuration.URL !== 1); }",
        V.OK,
        "configuration-written",
        A.DONE,
    ),
    # Parameters.
    Case("one too many", "verify", "‸(e, context, cb) => cb(null, true)", V.THREW, "script-params"),
]


@pytest.mark.anyio
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_verdict(case: Case, runner: ScriptRunner) -> None:
    text, line, column = marked(case.script)
    run = await runner.run(make_job(case.kind, text, limit=case.limit))
    shown = [f"{problem.rule} {problem}" for problem in run.problems]
    assert run.verdict is case.verdict, shown
    assert run.answer is case.answer, shown
    if not case.rule:
        assert shown == []
        return
    problem = next((one for one in run.problems if one.rule == case.rule and case.words in one.message), None)
    assert problem is not None, shown
    assert (problem.place.line, problem.place.column) == (line, column), shown
    assert problem.place.file == f"{case.kind}.js"
    assert "correct horse" not in " ".join(shown)


def test_script_that_never_stops_talking_is_told(node: Node) -> None:
    job = make_job("verify", "\n(e, cb) => cb(null, true)")
    run = judge(job, Observation(Ending.FLOOD), node)
    assert run.verdict is Verdict.TOO_MUCH_OUTPUT
    assert [(one.rule, one.place.line, one.place.column) for one in run.problems] == [("too-much-output", 2, 1)]


def test_every_verdict_is_reached() -> None:
    elsewhere = {V.DENIED, V.HOST_NOT_ALLOWED, V.OUT_OF_MEMORY, V.OPEN_HANDLES, V.TOO_MUCH_OUTPUT}
    assert {case.verdict for case in CASES} | elsewhere == set(Verdict)
