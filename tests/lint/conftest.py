"""Connections made of texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from dbconn_tui.problems import Place
from dbconn_tui.project.values import Connection, Script, TextValue

MakeConnection = Callable[..., Connection]


@pytest.fixture
def make_connection() -> MakeConnection:
    def make(
        scripts: Mapping[str, str],
        *,
        key: str = "users",
        folder: str = "scripts",
        configuration: tuple[str, ...] = (),
        **fields: Any,
    ) -> Connection:
        places = {f"configuration:{name}": Place("dbconn.yaml", 10 + n, 7) for n, name in enumerate(configuration)}
        places["scripts"] = Place("dbconn.yaml", 5, 5)
        return Connection(
            key=key,
            name=key,
            scripts={
                kind: Script(kind, Path(folder, f"{kind}.js"), f"{folder}/{kind}.js", text)
                for kind, text in scripts.items()
            },
            configuration={name: TextValue("x") for name in configuration},
            place=Place("dbconn.yaml", 4, 3),
            places=places,
            **fields,
        )

    return make
