"""A template folder written for a test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

MANIFEST = """\
version: 3
title: A table
description: Reads a table.
needs:
  - A table
modules:
  pg: 8.16.3
variables:
  table: {type: identifier, default: users, help: The table.}
  label: {type: text, default: Shop, help: A label., maximum: 20}
  size: {type: integer, default: 2, help: The pool's size., minimum: 1, maximum: 5}
  scheme: {type: choice, default: bcrypt, choices: [bcrypt, argon2], help: How passwords are hashed.}
  address: {type: url, default: 'https://users.example.com', help: The address.}
  import_mode: {type: boolean, default: false, help: Import users.}
secrets:
  db_password: The password of the database user.
configuration:
  DB_ADDRESS: {variable: address}
  DB_SIZE: {variable: size}
  DB_PASSWORD: {secret: db_password}
  DB_MODE: fixed
  DB_PEPPER: {variable: label, when: {scheme: argon2}}
options:
  mfa: {value: {active: true}}
  requires_username: {value: true, when: {import_mode: true}}
scripts:
  login:
  create: {when: {import_mode: false}}
"""

LOGIN = """\
function login(identifier, password, callback) {
<% include '_shared.js' %>
<% if scheme == 'argon2' %>
  const pepper = configuration.DB_PEPPER;
<% endif %>
  return callback(new Error(<%= label | js %>));
<%# never shown %>
}


"""

MakeTemplate = Callable[..., Path]


@pytest.fixture
def make_template(tmp_path: Path) -> MakeTemplate:
    """Writes a template folder; `files` replaces or adds files, None leaves one out."""

    def make(name: str = "table", manifest: str = MANIFEST, **files: str | None) -> Path:
        folder = tmp_path / "templates" / name
        folder.mkdir(parents=True)
        texts: dict[str, str | None] = {
            "template.yaml": manifest,
            "login.js": LOGIN,
            "create.js": "function create(user, callback) {\n  return callback(null);\n}\n",
            "_shared.js": "  const size = <%= size | js %>;\n",
            "README.md": "# A table\n",
        }
        texts |= {f"{stem}.js": text for stem, text in files.items()}
        for file, text in texts.items():
            if text is not None:
                (folder / file).write_bytes(text.encode("utf-8", "surrogateescape"))
        return folder

    return make
