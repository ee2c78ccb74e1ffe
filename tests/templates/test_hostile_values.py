"""Values that try to leave their place in a script: Node reads back exactly the value, or the value is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dbconn_tui.errors import UsageError
from dbconn_tui.scaffold.catalogue import read_template
from dbconn_tui.scaffold.render import Rendering, render
from dbconn_tui.scaffold.template import Template

from .conftest import Run, RunScripts

MANIFEST = """\
version: 1
title: Echo
description: Gives its variable back, from every place a value can stand in.
variables:
  text: {type: text, default: '', help: Any text., maximum: 20000}
scripts: {login: }
"""

SCRIPT = """\
function login(identifier, password, callback) {
  /* <%= text | js %> */
  // <%= text | js %>
  const inTemplate = `${<%= text | js %>}`; // <script>
  const pattern = /<%# nothing %>x/;
  return callback(null, { plain: <%= text | js %>, inTemplate, last: <%= text | js %>, unchanged: pattern.source });
}
"""

HOSTILE = [
    "",
    "'",
    '"',
    "`",
    "\\",
    "\\'",
    "'); process.exit(9); ('",
    "${process.exit(9)}",
    "`${process.exit(9)}`",
    "*/ process.exit(9); /*",
    "*\\/ process.exit(9) /*",
    "**/",
    "line\nprocess.exit(9)\nend",
    "a\r\nb",
    "a\u2028process.exit(9)\u2029b",
    "<% raise %>",
    "<%= text %>",
    "<%# comment %>",
    "%>",
    "</script><!-- x -->",
    "{{ text }} {% if %}",
    "\u202eright to left\u2066",
    "\ufeffmark\u200b",
    "x\x00y",
    "\ud800",
    "é 漢字 🙂 \U000e0041",
    "\x7f\x80\x85\xa0",
    "x" * 10_000,
    "'\\" * 5_000,
    "trailing spaces   ",
    "__proto__",
    "constructor",
    "tab\tand\x0bvertical\x0c",
]

texts = st.text(st.characters(exclude_categories=[])) | st.lists(
    st.sampled_from(["'", '"', "`", "\\", "$", "{", "}", "*", "/", "<", "!", "%", ">", "-", "=", "\n", "\u2028", "x"])
).map("".join)


@pytest.fixture(scope="module")
def echo(tmp_path_factory: pytest.TempPathFactory) -> Template:
    folder: Path = tmp_path_factory.mktemp("echo")
    (folder / "template.yaml").write_text(MANIFEST, "utf-8")
    (folder / "login.js").write_text(SCRIPT, "utf-8")
    return read_template(folder)


def rendered(template: Template, name: str, value: str) -> Rendering | None:
    """The rendering with one value given, or None after asserting that the refusal names the variable."""
    try:
        return render(template, {name: value})
    except UsageError as refusal:
        refused = refusal
    assert f"{name} must" in refused.message
    assert "\n" not in refused.message
    return None


def read_back(echo: Template, run_scripts: RunScripts, values: list[str]) -> list[str]:
    """The values that were not refused, after asserting that Node gives each of them back."""
    renderings = {value: rendered(echo, "text", value) for value in values}
    accepted = {value: rendering.files["login"] for value, rendering in renderings.items() if rendering}
    calls = run_scripts([Run(value, script, ("", "")) for value, script in accepted.items()])
    for value in accepted:
        assert calls[value].result == {"plain": value, "inTemplate": value, "last": value, "unchanged": "x"}
    return list(accepted)


def test_known_attacks(echo: Template, run_scripts: RunScripts) -> None:
    refused = set(HOSTILE) - set(read_back(echo, run_scripts, HOSTILE))
    assert refused == {"a\r\nb", "x\x00y", "\ud800", "\x7f\x80\x85\xa0", "tab\tand\x0bvertical\x0c"}


# Without shrinking: each try is a process, and a failure names the one value it is about anyway.
@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(values=st.lists(texts, min_size=20, max_size=80, unique=True))
def test_any_text(echo: Template, run_scripts: RunScripts, values: list[str]) -> None:
    read_back(echo, run_scripts, values)


@given(name=st.sampled_from(["api_url", "token_url", "client_id", "audience", "user_id_prefix"]), value=texts)
@settings(max_examples=200, deadline=None)
def test_rest_api_takes_a_value_whole_or_not_at_all(rest_api: Template, name: str, value: str) -> None:
    rendering = rendered(rest_api, name, value)
    if rendering is None:
        return
    kept = rendering.memory["values"][name]
    assert kept == (value.strip().rstrip("/") if name.endswith("url") else value)
    assert kept == "" or kept in rendering.configuration.values() or kept in rendering.files["login"]
