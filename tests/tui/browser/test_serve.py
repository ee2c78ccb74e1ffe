"""`dbconn serve` as a process, asked by an HTTP client as a browser would."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

SERVE = [sys.executable, "-W", "error", "-m", "dbconn_tui", "serve"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "dbconn.yaml").write_text("version: 1\n", encoding="utf-8")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "DBCONN_STATE_DIR": str(tmp_path / "state"),
    }


@contextmanager
def served(
    folder: Path, environment: dict[str, str], *words: str
) -> Iterator[tuple[subprocess.Popen[str], dict[str, list[str]]]]:
    process = subprocess.Popen(
        [*SERVE, "--json", *words],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line == "}\n":
                break
        yield process, json.loads("".join(lines))
    finally:
        process.kill()
        process.communicate()


def test_only_the_browser_that_used_the_address_gets_anything(tmp_path: Path, environment: dict[str, str]) -> None:
    with served(tmp_path, environment) as (process, said):
        address = httpx.URL(said["addresses"][0])
        assert address.host == "127.0.0.1"
        site = address.copy_with(query=None)
        with httpx.Client() as stranger, httpx.Client(follow_redirects=True) as browser:
            for path in ("/", "/ws", "/static/js/textual.js", "/page.css", "/download/x", "/nowhere"):
                assert stranger.get(site.copy_with(path=path)).status_code == 403, path
            page = browser.get(address)
            assert page.status_code == 200
            assert "token" not in str(page.url)
            assert page.headers["content-security-policy"].startswith("default-src 'self'")
            assert "data-session-websocket-url" in page.text
            assert "https://" not in page.text, "the page asks no other host"
            assert browser.get(site.copy_with(path="/static/js/textual.js")).status_code == 200
            assert browser.get(site.copy_with(path="/page.css")).status_code == 200
            assert browser.get(site, headers={"origin": "http://evil.example"}).status_code == 403
            assert browser.get(site, headers={"host": f"rebound.example:{site.port}"}).status_code == 403
            assert stranger.get(address).status_code == 403, "the address works once"
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out) == (0, "")
        assert "works once" in err
        assert "Traceback" not in err


def test_ctrl_c_is_an_interruption(tmp_path: Path, environment: dict[str, str]) -> None:
    with served(tmp_path, environment) as (process, _):
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        assert process.returncode == 130


def test_a_taken_port_is_said(tmp_path: Path, environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*SERVE, "--port", port], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
    assert done.returncode == 3
    assert f"port {port} cannot be used" in done.stderr


def test_without_the_extra_the_way_to_it_is_said(tmp_path: Path, environment: dict[str, str]) -> None:
    code = (
        "import sys\nsys.modules['textual_serve'] = None\nsys.modules['textual_serve.server'] = None\n"
        "from dbconn_tui.cli import main\nsys.exit(main(['serve']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert "extra `web`" in done.stderr
    assert "pip install '.[web]'" in done.stderr
