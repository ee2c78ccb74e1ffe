"""The real TypeScript compiler reads what init and add write for editors: shipped scripts pass, slips are named."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from stores.cache import cached

from dbconn_tui.scaffold.catalogue import list_templates, template_folders
from dbconn_tui.scaffold.combinations import answer_combinations
from dbconn_tui.scaffold.editor_types import DECLARATIONS, JSCONFIG, declarations, jsconfig
from dbconn_tui.scaffold.render import render

pytestmark = pytest.mark.peers

VERSION = "5.9.3"
SLIPS = {
    "unknown key": ("configuration.API_ULR", "TS2551", "API_ULR"),
    "no such result": ("callback(null, true)", "TS2345", "Profile"),
    "profile without an id": ("callback(null, { email: identifier })", "TS2345", "user_id"),
    "no code": ("callback(new ValidationError())", "TS2554", ""),
    "no such context": ("context.organization", "TS2304", "context"),
    "a number is no password": ("password.toExponential(2)", "TS2339", "toExponential"),
}
"""What somebody writes into a login → the code of the compiler's message, and a word of it."""


def compiler() -> list[str]:
    """The command, fetched once by npm without install scripts. Skips where npm or Node is missing."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("npm is not on this machine")

    def fill(folder: Path) -> None:
        install = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", f"typescript@{VERSION}"]
        subprocess.run(install, cwd=folder, check=True, capture_output=True, timeout=300)

    return [node, str(cached(f"typescript-{VERSION}", fill) / "node_modules/typescript/bin/tsc")]


def test_every_shipped_script_passes_and_slips_are_named(tmp_path: Path) -> None:
    keys: dict[str, set[str]] = {}
    for template in list_templates(template_folders()):
        for number, answers in enumerate(answer_combinations(template)):
            rendering = render(template, answers)
            folder = tmp_path / "scripts" / f"{template.name}-{number}"
            folder.mkdir(parents=True)
            for kind, text in rendering.files.items():
                (folder / f"{kind}.js").write_text(text, encoding="utf-8")
            for key in rendering.configuration:
                keys.setdefault(key, set()).add(template.name)
    (tmp_path / "scripts" / "slips").mkdir()
    for number, (code, _, _) in enumerate(SLIPS.values()):
        text = f"/** @type {{LoginScript}} */\nasync function login(identifier, password, callback) {{\n  {code};\n}}\n"
        (tmp_path / "scripts" / "slips" / f"{number}.js").write_text(text, encoding="utf-8")
    (tmp_path / JSCONFIG).write_text(jsconfig(), encoding="utf-8")
    (tmp_path / DECLARATIONS).write_text(declarations(keys), encoding="utf-8")

    checked = subprocess.run(
        [*compiler(), "--noEmit", "--checkJs", "--project", JSCONFIG],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    lines = [line for line in checked.stdout.splitlines() if not line.startswith(" ")]
    slips = [line for line in lines if line.startswith("scripts/slips/")]
    assert [line for line in lines if line not in slips] == []
    for number, (slip, (_, code, word)) in enumerate(SLIPS.items()):
        said = [line for line in checked.stdout.split("scripts/slips/") if line.startswith(f"{number}.js")]
        assert any(re.search(rf"error {code}: ", line) and word in line for line in said), (slip, said)
