from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

WriteProject = Callable[..., Path]

LOGIN = "function login(identifier, password, callback) {\n  callback(null, { user_id: '1' });\n}\n"


@pytest.fixture
def write_project(tmp_path: Path) -> WriteProject:
    """Writes dbconn.yaml and files beside it into a folder of its own; gives the path of dbconn.yaml."""

    def write(text: str | bytes, files: Mapping[str, str | bytes] | None = None) -> Path:
        everything: dict[str, str | bytes] = {"dbconn.yaml": text, **(files or {})}
        for name, content in everything.items():
            path = tmp_path / "project" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / "project" / "dbconn.yaml"

    return write
