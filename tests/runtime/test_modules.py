"""The cache of npm modules, and what scripts get out of it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from script_jobs import make_job, marked

from dbconn_tui.errors import DbconnError, UsageError
from dbconn_tui.runtime.modules import Module, install_module, list_modules, module_table, parse_module
from dbconn_tui.runtime.node import Node
from dbconn_tui.runtime.process import Isolation
from dbconn_tui.runtime.runner import ScriptRunner
from dbconn_tui.runtime.verdict import Answer, Run, Verdict


def put(cache: Path, name: str, version: str, text: str = "") -> None:
    """A package in the cache, as npm would lay it out."""
    folder = cache / f"{name.replace('/', '+')}@{version}" / "node_modules" / name
    folder.mkdir(parents=True)
    (folder / "package.json").write_text(f'{{"name": "{name}", "version": "{version}", "main": "main.js"}}')
    (folder / "main.js").write_text(text or f"module.exports = '{version}';", encoding="utf-8")
    (folder / "part.js").write_text("module.exports = 'part';", encoding="utf-8")


def test_names_and_versions() -> None:
    assert parse_module("pg@8.11.3") == Module("pg", "8.11.3")
    assert parse_module("@scope/it@1.0.0-rc.1").folder == "@scope+it@1.0.0-rc.1"


@pytest.mark.parametrize("text", ["pg", "pg@", "pg@^8.0.0", "pg@8", "pg@latest", "@scope/it", "..@1.0.0", "a/b@1.0.0"])
def test_what_is_no_exact_version(text: str) -> None:
    with pytest.raises(UsageError):
        parse_module(text)


def test_list_is_in_order_and_leaves_out_what_is_no_module(tmp_path: Path) -> None:
    assert list_modules(tmp_path / "nowhere") == ()
    for version in ("8.11.3", "8.2.0", "8.11.3-rc.1"):
        put(tmp_path, "pg", version)
    put(tmp_path, "@scope/it", "1.0.0")
    (tmp_path / ".install-x").mkdir()
    (tmp_path / "half@1.0.0").mkdir()
    assert [str(one) for one in list_modules(tmp_path)] == [
        "@scope/it@1.0.0",
        "pg@8.2.0",
        "pg@8.11.3-rc.1",
        "pg@8.11.3",
    ]


async def get_value(node: Node, cache: Path, expression: str) -> Run:
    script = f"(e, cb) => cb(null, {{ user_id: 'u1', email: e, value: {expression} }})"
    table = module_table(cache)
    async with ScriptRunner(node, Isolation(modules=Path(table.folder)), table, spare=False) as runner:
        return await runner.run(make_job("get_user", script))


@pytest.mark.anyio
async def test_exact_versions_side_by_side(each_node: Node, tmp_path: Path) -> None:
    put(tmp_path, "pg", "8.2.0")
    put(tmp_path, "pg", "8.11.3")
    put(tmp_path, "@scope/it", "1.0.0")
    expression = "[require('pg@8.2.0'), require('pg'), require('@scope/it@1.0.0'), require('pg@8.2.0/part')]"
    run = await get_value(each_node, tmp_path, expression)
    assert run.verdict is Verdict.OK, run.problems
    assert run.raw_result["value"] == ["8.2.0", "8.11.3", "1.0.0", "part"]
    assert run.modules == ("pg@8.2.0", "pg@8.11.3", "@scope/it@1.0.0")


@pytest.mark.anyio
async def test_substitute_is_told(node: Node, tmp_path: Path) -> None:
    put(tmp_path, "bcrypt", "6.0.0")
    run = await get_value(node, tmp_path, "require('bcrypt@5.0.1')")
    assert run.raw_result["value"] == "6.0.0"
    assert [problem.rule for problem in run.problems] == ["module-substituted"]
    assert "bcrypt@5.0.1" in run.problems[0].message


@pytest.mark.anyio
async def test_what_a_module_tries_is_a_note_only(node: Node, tmp_path: Path) -> None:
    probing = "try { require('fs').readFileSync('/etc/passwd') } catch {} module.exports = 1;"
    put(tmp_path, "probing", "1.0.0", probing)
    run = await get_value(node, tmp_path, "require('probing@1.0.0')")
    assert run.verdict is Verdict.OK
    assert ["a module tried" in problem.message for problem in run.problems] == [True]


@pytest.mark.anyio
async def test_missing_one_has_the_platforms_words_and_the_command(node: Node, tmp_path: Path) -> None:
    put(tmp_path, "pg", "8.2.0")
    run = await get_value(node, tmp_path, "(() => { try { require('pg@8.11.3') } catch (x) { return x.message } })()")
    assert run.raw_result["value"].startswith("Cannot find module 'pg@8.11.3'\nRequire stack:")
    assert run.verdict is Verdict.MISSING_MODULE
    assert run.problems[0].hint == "dbconn modules install pg@8.11.3"


@pytest.mark.peers
@pytest.mark.anyio
async def test_real_modules(each_node: Node, tmp_path: Path) -> None:
    environment = {**os.environ}
    for text in ("bcrypt@5.0.1", "pg@8.11.3"):
        install_module(parse_module(text), tmp_path, each_node, environment)
    assert [str(one) for one in list_modules(tmp_path)] == ["bcrypt@6.0.0", "pg@8.11.3"]
    script = """(e, cb) => {
      const { Client } = require('pg@8.11.3');
      require('bcrypt@5.0.1').compare('x', '$2b$04$', () => {
        new Client({ host: '127.0.0.1', port: 1 }).connect((error) => cb(error));
      });
    }"""
    table = module_table(tmp_path)
    async with ScriptRunner(each_node, Isolation(modules=Path(table.folder)), table, spare=False) as runner:
        run = await runner.run(make_job("verify", script))
    assert run.verdict is Verdict.OK, run.problems
    assert "ECONNREFUSED" in str(run.error)


@pytest.mark.peers
def test_module_that_does_not_exist(node: Node, tmp_path: Path) -> None:
    with pytest.raises(DbconnError, match=r"npm could not install pg@8\.999\.0"):
        install_module(Module("pg", "8.999.0"), tmp_path, node, {**os.environ})
    assert list_modules(tmp_path) == ()


@pytest.mark.anyio
async def test_globals_of_old_are_there_only_when_asked_for_and_said(node: Node, tmp_path: Path) -> None:
    put(tmp_path, "request", "2.88.2", "exports.get = (url, then) => then(null, url);")
    script, line, column = marked("(e, cb) => request.‸get('x', (error, url) => cb(error, url === 'x'))")
    table = module_table(tmp_path)
    async with ScriptRunner(node, Isolation(modules=Path(table.folder)), table, spare=False) as runner:
        job = make_job("verify", script)
        run = await runner.run(replace(job, compat=True))
        assert (run.verdict, run.answer, run.modules) == (Verdict.OK, Answer.DONE, ("request@2.88.2",))
        (problem,) = run.problems
        assert (problem.rule, problem.place.line, problem.place.column) == ("magic-global", line, column)
        assert "because of --compat" in problem.message
        without = await runner.run(job)
        assert without.verdict is Verdict.THREW
        assert "--compat" in without.problems[0].hint
        own = make_job("verify", "(e, cb) => { const bcrypt = 1; global.uuid = 2; cb(null, uuid + bcrypt === 3); }")
        run = await runner.run(replace(own, compat=True))
        assert (run.verdict, run.answer, run.problems) == (Verdict.OK, Answer.DONE, ())
