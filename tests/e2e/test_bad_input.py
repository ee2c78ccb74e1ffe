"""Bad input: a clear message with its place, the exit code of design §4, and nothing sent, not even for the healthy."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Project

Breaking = Callable[["Project"], None]

LOGIN = "scripts/other/login.js"


def script(content: str | bytes) -> Breaking:
    return lambda project: (project.write(LOGIN, content), None)[1]


def yaml(connections: str, top: str = "") -> Breaking:
    return lambda project: project.write_yaml(connections, top)


def missing_script(project: Project) -> None:
    project.write_yaml("  healthy: {}\n  other: {scripts: {login: scripts/other/nowhere.js}}\n")


def missing_folder(project: Project) -> None:
    project.write_yaml("  healthy: {}\n  other: {scripts: scripts/nowhere}\n")


def outside(project: Project) -> None:
    secret = project.folder.parent / "outside.js"
    secret.write_text("function login(identifier, password, callback) { return callback(null); }\n")
    project.write_yaml("  healthy: {}\n  other: {scripts: {login: ../outside.js}}\n")


def outside_by_link(project: Project) -> None:
    secret = project.folder.parent / "outside.js"
    secret.write_text("function login(identifier, password, callback) { return callback(null); }\n")
    target = project.folder / LOGIN
    target.unlink()
    target.symlink_to(secret)


FILES: dict[str, tuple[Breaking, int, str]] = {
    "a script that is not there": (missing_script, 3, "dbconn.yaml:7:28"),
    "a folder that is not there": (missing_folder, 3, "dbconn.yaml:7:20"),
    "an empty script": (script(""), 3, LOGIN),
    "a script of blanks": (script("  \n\n"), 3, LOGIN),
    "a binary script": (script(b"\x7fELF\x00\x01\xff\xfe" * 20), 3, LOGIN),
    "a script in Latin-1": (script("// é\n".encode("latin-1") + b"function login(a, b, callback) {}"), 3, LOGIN),
    "a script over 100,000 bytes": (
        script(
            "function login(identifier, password, callback) {\n//" + "x" * 100_000 + "\n return callback(null); }\n"
        ),
        1,
        LOGIN,
    ),
    "a syntax error": (
        script("function login(identifier, password, callback) {\n  return callback(;\n}\n"),
        1,
        f"{LOGIN}:2:",
    ),
    "two functions": (
        script("function login(a, b, callback) { return callback(null); }\nfunction help() {}\n"),
        1,
        f"{LOGIN}:2:1",
    ),
    "the dashboard's placeholder": (
        script("function login(a, b, callback) { return callback(new Error('Please implement the Login script')); }\n"),
        1,
        LOGIN,
    ),
    "a path outside": (outside, 3, "dbconn.yaml:7:"),
    "a link to the outside": (outside_by_link, 3, LOGIN),
    "an unresolved secret": (
        yaml("  healthy: {}\n  other: {configuration: {KEY: {secret: never_set}}}\n"),
        3,
        "dbconn.yaml:7:",
    ),
    "an unset variable": (
        yaml("  healthy: {}\n  other: {configuration: {KEY: {env: NEVER_SET}}}\n"),
        3,
        "dbconn.yaml:7:",
    ),
    "an unknown option near a known one": (
        yaml("  healthy: {}\n  other: {options: {import_mod: true}}\n"),
        3,
        "dbconn.yaml:7:",
    ),
    "an unknown key": (yaml("  healthy: {}\n  other: {optionz: {}}\n"), 3, "dbconn.yaml:7:"),
    "a name the platform refuses": (yaml("  healthy: {}\n  other: {name: bad name!}\n"), 3, "dbconn.yaml:7:"),
}


@pytest.mark.parametrize("case", FILES)
def test_a_bad_file_stops_the_deploy_before_the_first_request(two_connections: Project, case: str) -> None:
    project, control = two_connections, two_connections.control
    breaking, code, place = FILES[case]
    breaking(project)
    control.forget()
    done = project.dbconn("deploy", "--yes")
    assert done.returncode == code, done.stdout + done.stderr
    assert place in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert control.total() == 0, "nothing was sent at all"
    answer = project.json("deploy", "--yes", code=code)
    assert answer["version"] == 1
    assert answer["error"]["message"]


def wrong_secret(project: Project) -> None:
    project.environment["AUTH0_CLIENT_SECRET"] = "wrong"


def no_credentials(project: Project) -> None:
    del project.environment["AUTH0_CLIENT_SECRET"]


def nothing_listens(project: Project) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        domain = f"127.0.0.1:{probe.getsockname()[1]}"
    text = (project.folder / "dbconn.yaml").read_text()
    project.write("dbconn.yaml", text.replace(project.control.address.domain, domain))
    project.environment["AUTH0_DOMAIN"] = domain


def untrusted_certificate(project: Project) -> None:
    del project.environment["SSL_CERT_FILE"]


def fault(**fields: Any) -> Breaking:
    return lambda project: project.control.call("POST", "/faults", {"times": 100, **fields})


OUTSIDE: dict[str, tuple[Breaking, int, str]] = {
    "a wrong client secret": (wrong_secret, 4, "client"),
    "no credentials": (no_credentials, 4, "dbconn login"),
    "nothing listens": (nothing_listens, 6, "127.0.0.1"),
    "an untrusted certificate": (untrusted_certificate, 6, "certificate"),
    "HTML instead of JSON": (fault(kind="html", path="/connections"), 6, "web page"),
    "HTML instead of a token": (fault(kind="html", path="/oauth/token"), 6, "web page"),
    "an answer cut off": (fault(kind="cut", method="GET", path="/connections"), 6, ""),
    "a connection reset": (fault(kind="reset", method="GET", path="/connections"), 6, ""),
    "a tenant in trouble": (fault(kind="status", status=503, method="GET", path="/connections"), 6, "503"),
}


@pytest.mark.parametrize("case", OUTSIDE)
@pytest.mark.parametrize("verb", [("plan",), ("deploy", "--yes")], ids=["plan", "deploy"])
def test_a_bad_tenant_gets_no_write(two_connections: Project, case: str, verb: tuple[str, ...]) -> None:
    project, control = two_connections, two_connections.control
    breaking, code, word = OUTSIDE[case]
    breaking(project)
    control.forget()
    done = project.dbconn(*verb, "--json")
    assert done.returncode == code, done.stdout + done.stderr
    error = json.loads(done.stdout)["error"]
    assert word.lower() in (error["message"] + error["hint"]).lower()
    assert "Traceback" not in done.stderr
    assert control.writes() == []


@pytest.mark.parametrize(
    ("verb", "lacking"),
    [
        ("plan", "read:connections_options"),
        ("plan", "read:connections"),
        ("deploy", "read:connections_options"),
        ("deploy", "update:connections_options"),
        ("deploy", "update:connections"),
        ("deploy", "create:connections"),
    ],
)
def test_a_missing_scope_is_named_and_nothing_is_written(two_connections: Project, verb: str, lacking: str) -> None:
    project, control = two_connections, two_connections.control
    scopes = [
        "read:connections",
        "read:connections_options",
        "update:connections",
        "update:connections_options",
        "create:connections",
    ]
    control.call(
        "POST",
        "/clients",
        {
            "client_id": "LimitedClient0000000000000000001",
            "client_secret": "limited-secret-for-this-test",
            "name": "limited",
            "scopes": [scope for scope in scopes if scope != lacking],
        },
    )
    project.environment |= {
        "AUTH0_CLIENT_ID": "LimitedClient0000000000000000001",
        "AUTH0_CLIENT_SECRET": "limited-secret-for-this-test",
    }
    control.forget()
    arguments = [verb, "--yes"] if verb == "deploy" else [verb]
    answer = project.json(*arguments, code=4)
    assert lacking in answer["error"]["message"]
    assert control.writes() == []


def test_broken_yaml_shows_every_problem_at_once_with_its_place(two_connections: Project) -> None:
    project = two_connections
    project.write_yaml("  healthy: {optionz: 1}\n  other: {import_mode: 'yes', display_name: [1]}\n")
    done = project.dbconn("deploy", "--yes")
    assert done.returncode == 3
    for place in ("dbconn.yaml:6:13", "dbconn.yaml:7:24", "dbconn.yaml:7:45"):
        assert place in done.stderr
    assert project.control.total() == 0


@pytest.mark.parametrize(
    "arguments",
    [("deploy", "--dry-run"), ("plan", "--yess"), ("dploy",), ("plan", "nobody"), ("deploy", "--overwrite")],
)
def test_a_typo_never_deploys(two_connections: Project, arguments: tuple[str, ...]) -> None:
    two_connections.control.forget()
    done = two_connections.dbconn(*arguments)
    assert done.returncode == 3
    assert two_connections.control.writes() == []


def test_a_deploy_without_a_terminal_names_the_flag_and_sends_nothing(two_connections: Project) -> None:
    two_connections.control.forget()
    done = two_connections.dbconn("deploy")
    assert done.returncode == 3
    assert "--yes" in done.stderr
    assert two_connections.control.writes() == []


def test_a_protected_tenant_wants_its_name(two_connections: Project) -> None:
    project = two_connections
    text = (project.folder / "dbconn.yaml").read_text()
    project.write("dbconn.yaml", text.replace("'}", "', protected: true}", 1))
    project.control.forget()
    for arguments in (("deploy", "--yes"), ("deploy", "--confirm", "other")):
        done = project.dbconn(*arguments)
        assert done.returncode == 3, done.stderr
        assert "--confirm local-dev" in done.stderr
    assert project.control.writes() == []
    project.json("deploy", "--confirm", "local-dev")
