"""init, login, add, templates, schema, demo, local-tenant: a newcomer's first commands."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dbconn_tui.project.read import read_project
from dbconn_tui.secret_store.values import login_service

if TYPE_CHECKING:
    from tests.cli.conftest import World

DOMAIN = "dev.example.com"
CLIENT_ID = "client-of-the-tests"
SECRET = "the-client-secret-of-the-tests"
SERVICE = login_service(DOMAIN)
SEVEN = {"login", "get_user", "create", "verify", "change_password", "delete", "change_email"}


@pytest.fixture
def started(world: World) -> World:
    """A world with a fresh project that has the tenant dev."""
    assert world("init", "--domain", DOMAIN, "--client-id", CLIENT_ID, "--quiet").code == 0
    return world


class TestInit:
    def test_it_makes_a_project_that_is_read(self, world: World) -> None:
        result = world("init")
        assert result.code == 0
        assert "written  dbconn.yaml" in result.out
        assert "dbconn login dev" in result.err
        project, problems = read_project(world.folder / "dbconn.yaml")
        assert problems == ()
        assert project is not None
        assert len(project.project_key) == 32
        assert world.read(".gitattributes") == "*.js text eol=lf\n"
        assert (world.folder / "scripts").is_dir()

    def test_every_project_gets_a_key_of_its_own(self, world: World) -> None:
        assert world("init", "one").code == world("init", "two").code == 0
        keys = {read_project(world.folder / name / "dbconn.yaml")[0].project_key for name in ("one", "two")}  # type: ignore[union-attr]
        assert len(keys) == 2

    def test_nothing_is_written_over(self, world: World) -> None:
        world("init")
        before = world.read("dbconn.yaml")
        world.write(".gitattributes", "*.png binary")
        again = world("init")
        assert again.code == 0
        assert world.read("dbconn.yaml") == before
        assert world.read(".gitattributes") == "*.png binary\n*.js text eol=lf\n"
        assert "kept     dbconn.yaml (it was there already)" in again.out
        assert world("init", "--domain", DOMAIN).code == 3
        assert world.read("dbconn.yaml") == before

    def test_a_project_without_a_key_gets_one(self, world: World) -> None:
        world.write("dbconn.yaml", "version: 1 # mine\n")
        assert world("init").code == 0
        assert world.read("dbconn.yaml").startswith("version: 1 # mine\nproject_key: ")

    def test_it_asks_at_a_terminal_only(self, world: World) -> None:
        result = world("init", terminal=True, stdin=f"{DOMAIN}\n\n{CLIENT_ID}\n")
        assert result.code == 0
        project, _ = read_project(world.folder / "dbconn.yaml")
        assert project is not None
        assert project.tenants["dev"].domain == DOMAIN
        assert project.tenants["dev"].client_id == CLIENT_ID
        assert world("init", "later", terminal=True, stdin="\n").code == 0
        assert world("init", "never", "--no-input", terminal=True).err.count("?") == 0

    def test_the_answer_as_json(self, world: World) -> None:
        answer = world("init", "--json").json
        assert answer["version"] == 1
        assert {"file": "dbconn.yaml", "state": "written"} in answer["files"]

    @pytest.mark.parametrize(
        "words",
        [["--domain", "not a domain"], ["--client-id", "x"], ["--domain", DOMAIN, "--tenant-name", "local"]],
    )
    def test_mistakes_leave_no_project(self, world: World, words: list[str]) -> None:
        result = world("init", *words)
        assert result.code == 3
        assert not (world.folder / "dbconn.yaml").exists()

    def test_a_file_is_no_folder(self, world: World) -> None:
        world.write("taken", "")
        assert world("init", "taken").code == 3
        assert world("init", "taken/below").code == 3


class TestLogin:
    def test_it_keeps_the_secret_and_writes_the_tenant(self, world: World) -> None:
        world("init")
        before = world.read("dbconn.yaml")
        world.outside.store.delete(SERVICE, "client_secret")
        result = world(
            "login", "dev", "--domain", DOMAIN, "--client-id", CLIENT_ID, "--secret-stdin", stdin=f"{SECRET}\n"
        )
        assert result.code == 0
        assert "enough to plan" in result.out
        assert "enough to deploy" in result.out
        kept = world.outside.store.get(SERVICE, "client_secret")
        assert kept is not None
        assert kept.reveal() == SECRET
        assert SECRET not in world.read("dbconn.yaml") + result.out + result.err
        assert world.read("dbconn.yaml").startswith(before.rstrip("\n"))
        assert f"domain: {DOMAIN}" in world.read("dbconn.yaml")
        assert world("plan").code == 0

    def test_it_asks_at_a_terminal(self, world: World) -> None:
        world("init", "--no-input")
        world.hidden.append(SECRET)
        result = world("login", terminal=True, stdin=f"\n{DOMAIN}\n{CLIENT_ID}\n")
        assert result.code == 0, result.err
        assert "Client secret (not shown)" in result.err
        assert SECRET not in result.out + result.err

    def test_wrong_credentials_keep_nothing(self, started: World) -> None:
        started.outside.store.delete(SERVICE, "client_secret")
        result = started("login", "--secret-stdin", stdin="wrong")
        assert result.code == 4
        assert started.outside.store.get(SERVICE, "client_secret") is None

    def test_missing_scopes_are_explained(self, make_world: Callable[..., World]) -> None:
        world = make_world(scopes=("read:connections", "read:connections_options"))
        world("init", "--domain", DOMAIN, "--client-id", CLIENT_ID)
        result = world("login", "--secret-stdin", stdin=SECRET)
        assert result.code == 0
        assert "enough to plan" in result.out
        assert "update:connections_options  changes a connection's options" in result.out
        assert "Machine to Machine Applications" in result.err
        answer = world("login", "--secret-stdin", "--json", stdin=SECRET).json
        assert answer["tenants"][0]["missing"]["plan"] == []
        assert "create:connections" in answer["tenants"][0]["missing"]["deploy"]

    def test_scopes_that_planning_lacks_are_exit_4(self, make_world: Callable[..., World]) -> None:
        world = make_world(scopes=("read:connections",))
        world("init", "--domain", DOMAIN, "--client-id", CLIENT_ID)
        result = world("login", "--secret-stdin", stdin=SECRET)
        assert result.code == 4
        assert "read:connections_options" in result.out

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["dev"], "--secret-stdin or --key-file"),
            (["new"], "--domain"),
            (["new", "--domain", "new.example.com"], "--client-id"),
            (["dev", "--domain", "other.example.com", "--secret-stdin"], "by hand"),
            (["dev", "--tenant", "prod"], "Name one"),
            (["dev", "--key-file", "none.pem"], "--key-file takes"),
        ],
    )
    def test_what_is_missing_is_named(self, started: World, words: list[str], said: str) -> None:
        result = started("login", *words, stdin="x")
        assert result.code == 3
        assert said in result.err
        assert started.requests == []

    def test_a_signing_key_replaces_a_secret(self, make_world: Callable[..., World]) -> None:
        from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

        key = generate_private_key(65537, 2048)
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        world = make_world(client_public_key=public)
        world("init", "--domain", DOMAIN, "--client-id", CLIENT_ID)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        world.write("key.pem", pem)
        assert world("login", "--key-file", "key.pem").code == 0
        assert world.outside.store.get(SERVICE, "signing_key") is not None
        assert world.outside.store.get(SERVICE, "client_secret") is None
        assert world("plan").code == 0

    def test_it_needs_a_project(self, world: World) -> None:
        result = world("login", "dev", "--domain", DOMAIN, "--client-id", "x", "--secret-stdin", stdin="x")
        assert result.code == 3
        assert "dbconn init" in result.err


class TestAdd:
    @pytest.mark.parametrize("template", ["rest-api", "generic"])
    def test_it_writes_seven_clean_scripts_and_the_entry(self, started: World, template: str) -> None:
        before = started.read("dbconn.yaml")
        result = started("add", "legacy-users", "--template", template, "--no-input")
        assert result.code == 0
        written = {path.stem for path in (started.folder / "scripts/legacy-users").iterdir()}
        assert written == SEVEN
        assert started.read("dbconn.yaml").startswith(before)
        lint = started("lint", "--strict")
        assert (lint.code, lint.out) == (0, "7 scripts of 1 connection: no problems\n")
        assert "dbconn plan legacy-users" in result.out

    def test_the_secrets_to_set_are_said(self, started: World) -> None:
        result = started("add", "legacy-users", "--template", "rest-api", "--tenant", "dev")
        assert "dbconn secrets set api_client_secret --tenant dev" in result.out
        assert started("secrets", "set", "api_client_secret", stdin="x").code == 0
        assert started("deploy", "--yes").code == 0

    def test_answers_come_into_the_configuration(self, started: World) -> None:
        words = ["--set", "api_url=https://users.example.org", "--set", "import_mode=true"]
        assert started("add", "legacy-users", "--template", "rest-api", *words).code == 0
        assert "API_URL: https://users.example.org" in started.read("dbconn.yaml")
        assert "import_mode: true" in started.read("dbconn.yaml")

    def test_a_file_with_other_content_stays(self, started: World) -> None:
        mine = "function login(identifier, password, callback) { callback(null); }\n"
        started.write("scripts/legacy-users/login.js", mine)
        before = started.read("dbconn.yaml")
        result = started("add", "legacy-users", "--template", "generic")
        assert result.code == 3
        assert "scripts/legacy-users/login.js" in result.err
        assert f"-{mine.strip()}" in result.err
        assert started.read("scripts/legacy-users/login.js") == mine
        assert started.read("dbconn.yaml") == before
        assert not (started.folder / "scripts/legacy-users/create.js").exists()
        assert started("add", "legacy-users", "--template", "generic", "--overwrite").code == 0
        assert started.read("scripts/legacy-users/login.js") != mine

    def test_another_script_in_the_folder_is_told(self, started: World) -> None:
        started.write("scripts/legacy-users/change_username.js", "function changeUsername(callback) {}\n")
        result = started("add", "legacy-users", "--template", "generic")
        assert "scripts/legacy-users/change_username.js was there before" in result.err

    def test_dry_run_writes_nothing(self, started: World) -> None:
        before = started.read("dbconn.yaml")
        result = started("add", "legacy-users", "--template", "generic", "--dry-run")
        assert result.code == 0
        assert "scripts/legacy-users/login.js" in result.out
        assert started.read("dbconn.yaml") == before
        assert not (started.folder / "scripts/legacy-users").exists()

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["legacy-users", "--template", "rest-apy"], "rest-api"),
            (["../outside", "--template", "generic"], "cannot name a connection"),
            (["a b", "--template", "generic"], "cannot name a connection"),
            (["legacy-users", "--template", "rest-api", "--set", "api_ulr=x"], "did you mean api_url?"),
            (["legacy-users", "--template", "rest-api", "--set", "timeout_ms=soon"], "--set timeout_ms=4000"),
            (["legacy-users", "--template", "rest-api", "--set", "api_url"], "KEY=VALUE"),
            (["legacy-users", "--template", "generic", "--set", "=x"], "KEY=VALUE"),
        ],
    )
    def test_mistakes_write_nothing(self, started: World, words: list[str], said: str) -> None:
        before = started.read("dbconn.yaml")
        result = started("add", *words)
        assert result.code == 3
        assert said in result.err
        assert started.read("dbconn.yaml") == before
        assert [path.name for path in (started.folder / "scripts").iterdir()] == [".gitkeep"]

    def test_a_name_that_is_taken(self, started: World) -> None:
        assert started("add", "legacy-users", "--template", "generic").code == 0
        result = started("add", "legacy-users", "--template", "rest-api", "--overwrite")
        assert result.code == 3
        assert "already" in result.err

    def test_lines_to_paste_where_the_file_cannot_be_edited(self, started: World) -> None:
        text = started.read("dbconn.yaml") + "connections: &all\n  other:\n    import_mode: false\ndefaults: {}\n"
        started.write("scripts/other/login.js", "function login(identifier, password, callback) { callback(null); }\n")
        started.write("dbconn.yaml", text.replace("connections: &all", "connections: &all # mine"))
        result = started("add", "legacy-users", "--template", "generic", "--json")
        assert result.code == 0
        assert result.json["connections"][0]["name"] == "legacy-users"


def test_templates_are_listed_and_shown(world: World) -> None:
    listed = world("templates")
    assert listed.code == 0
    assert {line.split()[0] for line in listed.out.splitlines()} >= {"generic", "rest-api"}
    shown = world("templates", "rest-api")
    assert "api_url" in shown.out
    assert "api_client_secret" in shown.out
    names = [template["name"] for template in world("templates", "--json").json["templates"]]
    assert names == sorted(names)
    assert world("templates", "nonsense").code == 3


def test_the_schema_is_a_json_schema(world: World) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    result = world("schema")
    assert result.code == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(result.out))


class TestDemo:
    def test_headless_it_walks_the_whole_path_and_leaves_nothing(self, tmp_path: Path) -> None:
        temporary = tmp_path / "temporary"
        temporary.mkdir()
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "TMPDIR": str(temporary),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            # Credentials of somebody's real tenant must not matter.
            "AUTH0_DOMAIN": "real.example.com",
            "AUTH0_CLIENT_ID": "x",
            "AUTH0_CLIENT_SECRET": "y",
            "http_proxy": "http://127.0.0.1:9",
        }
        done = subprocess.run(
            [sys.executable, "-m", "dbconn_tui", "demo"],
            cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        for said in (
            "project made",
            "from the template rest-api",
            "lint clean",
            "Plan: 1 to create, 0 to change, 0 unchanged, 0 blocked.",
            "deployed",
            "verified by reading back",
            "7 scripts",
            "Plan: 0 to create, 0 to change, 1 unchanged, 0 blocked.",
            "dbconn init",
            "dbconn login",
            "dbconn add legacy-users",
        ):
            assert said in done.stdout
        assert done.stdout.count("+ script ") == 7
        assert list(temporary.iterdir()) == []
        assert sorted(path.name for path in tmp_path.iterdir()) == ["temporary"]

    def test_as_json(self, world: World) -> None:
        answer = world("demo", "--json").json
        assert answer["version"] == 1
        assert [step["title"] for step in answer["steps"]][-2] == "second plan is empty"
        assert "logged in" in answer["steps"][-1]["title"]


def test_the_local_tenant_says_when_it_is_ready_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "dbconn_tui", "local-tenant", "--http"],
        cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    with process:
        try:
            ready = json.loads(process.stdout.readline())
            assert ready["url"].startswith("http://127.0.0.1:")
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130
    assert f"export AUTH0_DOMAIN={ready['url']}" in err
    assert "Traceback" not in err
