from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dbconn_tui.problems import Problem, Severity, has_errors
from dbconn_tui.project.overlay import connections_for
from dbconn_tui.project.read import find_project_file, read_project
from dbconn_tui.project.values import Allowance

WriteProject = Callable[..., Path]

LOGIN = {"scripts/users/login.js": "function login() {}\n"}


def said(problems: tuple[Problem, ...]) -> list[str]:
    return [f"{problem.rule} {problem}" for problem in problems]


def test_a_project_is_read_with_everything_it_says(write_project: WriteProject) -> None:
    file = write_project(
        """\
version: 1
project_key: "0123456789abcdef0123456789abcdef"
tenants:
  dev: {domain: "https://ACME-dev.eu.auth0.com/", client_id: abc, rate: 1.5, track: local, read_only: true}
  prod: {domain: acme.eu.auth0.com, audience: https://acme.eu.auth0.com/api/v2/, protected: yes}
lint: {rules: {no-console: off}}
connections:
  users:
""",
        LOGIN,
    )
    project, problems = read_project(file)
    assert problems == ()
    assert project is not None
    assert (project.root, project.file, project.shown_file) == (file.parent, file, "dbconn.yaml")
    assert project.project_key == "0123456789abcdef0123456789abcdef"
    assert project.connection_keys == ("users",)
    assert (project.lint_preset, project.lint_rules) == ("recommended", {"no-console": "off"})
    dev, prod = project.tenants.values()
    assert (dev.domain, dev.client_id, dev.rate, dev.track) == ("acme-dev.eu.auth0.com", "abc", 1.5, "local")
    assert (dev.read_only, dev.protected, prod.protected, prod.rate) == (True, False, True, None)
    assert str(dev.place) == "dbconn.yaml:4:8"
    script = project.scripts["users"]["login"]
    assert (script.kind, script.file, script.text) == ("login", "scripts/users/login.js", "function login() {}\n")
    assert script.path == file.parent / "scripts/users/login.js"
    assert "function" not in repr(project)
    assert str(project.places["tenants", "dev", "client_id"]) == "dbconn.yaml:4:62"


def test_all_problems_come_at_once_with_their_places(write_project: WriteProject) -> None:
    file = write_project("""\
version: 2
tenents: {}
tenants:
  dev: {domain: acme.com/login, protected: maybe}
  local: {domain: acme.eu.auth0.com}
  prod: {client_id: 12}
connections:
  legacy_users:
    requires_username: true
    only: [prd]
    options: {require_usernameXYZ: true, mfa: {activ: true}}
    tenants: {dve: {}}
""")
    project, problems = read_project(file)
    assert project is None
    assert said(problems) == [
        "wrong-value dbconn.yaml:1:10: version must be 1, not '2'",
        "unknown-key dbconn.yaml:2:1: unknown key 'tenents'; did you mean 'tenants'?",
        "tenant-domain dbconn.yaml:4:17: 'acme.com/login' holds more than a domain; give only the tenant's address, "
        "such as acme.eu.auth0.com",
        "wrong-type dbconn.yaml:4:44: tenants.dev.protected must be true or false, not the text 'maybe'",
        "tenant-reserved dbconn.yaml:5:10: the tenant name 'local' is reserved for `try`, `test` and the local tenant",
        "missing-key dbconn.yaml:6:9: tenants.prod lacks the key 'domain'",
        "wrong-type dbconn.yaml:6:21: tenants.prod.client_id must be text, not 12",
        "connection-name dbconn.yaml:8:3: 'legacy_users' cannot be the connection's name: that is letters, digits and "
        "single dashes in between, as the tenant demands",
        "script-missing dbconn.yaml:8:3: the scripts folder scripts/legacy_users of legacy_users does not exist",
        "unknown-key dbconn.yaml:9:5: unknown key 'requires_username' in connections.legacy_users; "
        "did you mean 'options.requires_username'?",
        "unknown-tenant dbconn.yaml:10:12: there is no tenant 'prd'; did you mean 'prod'?",
        "option-unknown dbconn.yaml:11:15: unknown option 'require_usernameXYZ' in connections.legacy_users.options; "
        "did you mean 'requires_username'?",
        "option-unknown dbconn.yaml:11:48: unknown option 'activ' in connections.legacy_users.options.mfa; "
        "did you mean 'active'?",
        "unknown-tenant dbconn.yaml:12:20: there is no tenant 'dve'; did you mean 'dev'?",
    ]
    assert {problem.connection for problem in problems} == {"", "legacy_users"}


CONNECTION = "connections:\n  users:\n    "


@pytest.mark.parametrize(
    ("text", "rule", "place", "says"),
    [
        ("configuration: {A: no}", "yaml-surprise", "3:24", "`no` without quotes means false"),
        ("configuration: {A: on}", "yaml-surprise", "3:24", "means true"),
        ("configuration: {A: 0123}", "yaml-surprise", "3:24", "different things"),
        ("configuration: {A: 1_000}", "yaml-surprise", "3:24", "different things"),
        ("configuration: {A: 12:30}", "yaml-surprise", "3:24", "different things"),
        ("configuration: {A: 2024-01-31}", "yaml-surprise", "3:24", "different things"),
        ("configuration: {A: }", "yaml-surprise", "3:24", "has no value"),
        ("configuration: {no: x}", "yaml-surprise", "3:21", "not text"),
        ("configuration: {12: x}", "yaml-surprise", "3:21", "not text"),
        ("configuration: {A: 5000}", "configuration-value-type", "3:24", "must be text"),
        ("configuration: {A: true}", "configuration-value-type", "3:24", "must be text"),
        ("configuration: {A: [x]}", "wrong-type", "3:24", "must be text or a map, not a list"),
        ("configuration: {A: {}}", "wrong-type", "3:24", "exactly one of {secret: …}"),
        ("configuration: {A: {secret: a, env: B}}", "wrong-type", "3:24", "exactly one"),
        ("configuration: {A: {secrets: a}}", "unknown-key", "3:25", "did you mean 'secret'?"),
        ("configuration: {A: {secret: a-b}}", "wrong-value", "3:33", "the name of a secret"),
        ("configuration: {A: {secret: null}}", "yaml-surprise", "3:33", "null"),
        ("configuration: {A: {env: 1A}}", "wrong-value", "3:30", "environment variable"),
        ("configuration: {A: {keep: it}}", "wrong-value", "3:31", "must be live"),
        ("configuration: {A: {secret: Key}, B: {secret: key}}", "secret-name-taken", "3:51", "without case"),
        ("display_name: null\n    name: ", "yaml-surprise", "4:10", "has no value"),
        ("display_name: ''", "wrong-value", "3:19", "must not be empty"),
        (f"display_name: {'x' * 129}", "wrong-value", "3:19", "at most 128"),
        ("display_name: 2024", "wrong-type", "3:19", "must be text, not 2024"),
        ("name: my--users", "wrong-value", "3:11", "single dashes"),
        ("name: -users", "wrong-value", "3:11", "single dashes"),
        (f"name: {'x' * 129}", "wrong-value", "3:11", "at most 128"),
        ("import_mode: 'true'", "wrong-type", "3:18", "true or false"),
        ("enabled_clients: Web app", "wrong-type", "3:22", "a list"),
        ("enabled_clients: [a, a]", "wrong-value", "3:26", "twice"),
        ("enabled_clients: [null]", "yaml-surprise", "3:23", "null"),
        ("options: {customScripts: {}}", "option-reserved", "3:15", "use `scripts` of the connection"),
        ("options: {configuration: {}}", "option-reserved", "3:15", "use `configuration`"),
        ("options: {import_mode: true}", "option-reserved", "3:15", "use `import_mode`"),
        ("options: {enabledDatabaseCustomization: true}", "option-reserved", "3:15", "leave it out"),
        ("options: {password_policy: good}", "option-unknown", "3:15", "did you mean 'passwordPolicy'?"),
        ("options: {import_mod: true}", "option-unknown", "3:15", "did you mean 'import_mode'? Then use"),
        ("options: {passwordPolicy: strong}", "wrong-value", "3:31", "one of none, low, fair, good, excellent"),
        ("options: {password_history: {enable: 1}}", "wrong-type", "3:42", "true or false"),
        ("options: {password_history: {size: 25}}", "wrong-value", "3:40", "at least 0 and at most 24"),
        ("options: {password_history: {size: 2.5}}", "wrong-type", "3:40", "whole number"),
        ("options: {password_history: {size: 0x10}}", "yaml-surprise", "3:40", "different things"),
        ("options: {precedence: [email, username]}", "wrong-value", "3:27", "exactly 3"),
        ("options: {unheard_of: yes}", "yaml-surprise", "3:27", "means true"),
        ("options: {unheard_of: [null]}", "yaml-surprise", "3:28", "null is never sent"),
        ("options: [mfa]", "wrong-type", "3:14", "a map"),
        ("lint: {preset: strict}", "unknown-key", "3:12", "unknown key 'preset'"),
        ("lint: {rules: {no-console: of}}", "wrong-value", "3:32", "one of error, warning, info, off"),
        ("lint: {rules: {No_Console: off}}", "wrong-key", "3:20", "the id of a rule"),
        ("template: {version: 1}", "missing-key", "3:15", "lacks the key 'name'"),
        ("tenants: {local: {scripts: x}}", "unknown-key", "3:23", "unknown key 'scripts'"),
        ("tenants: {local: {only: [x]}}", "unknown-key", "3:23", "unknown key 'only'"),
        ("script: x", "unknown-key", "3:5", "did you mean 'scripts'?"),
    ],
)
def test_a_wrong_value_is_named_at_its_place(
    write_project: WriteProject, text: str, rule: str, place: str, says: str
) -> None:
    project, problems = read_project(write_project(f"{CONNECTION}{text}\n", LOGIN))
    assert project is None
    errors = [problem for problem in problems if problem.blocks]
    assert [(problem.rule, str(problem.place)) for problem in errors] == [(rule, f"dbconn.yaml:{place}")]
    assert says in errors[0].message
    assert errors[0].connection == "users"


@pytest.mark.parametrize(
    ("text", "rule", "place"),
    [
        ("project_key: abc\n", "wrong-value", "1:14"),
        ("version: '1'\n", "wrong-value", "1:10"),
        ("lint: {preset: stict}\n", "wrong-value", "1:16"),
        ("tenants: {dev: acme.eu.auth0.com}\n", "wrong-type", "1:16"),
        ("tenants: {dev: }\n", "missing-key", "1:16"),
        ("tenants: {de v: {domain: a.b}}\n", "wrong-key", "1:11"),
        ("tenants: {a: {domain: x.y}, b: {domain: 'https://X.y/'}}\n", "tenant-domain-taken", "1:41"),
        ("tenants: {a-b: {domain: x.y}, A_B: {domain: z.y}}\n", "tenant-name-taken", "1:36"),
        ("tenants: {a: {domain: x.y, rate: 0}}\n", "wrong-value", "1:34"),
        ("tenants: {a: {domain: x.y, track: nowhere}}\n", "wrong-value", "1:35"),
        ("defaults: {name: x}\n", "unknown-key", "1:12"),
        ("defaults: {template: {name: x}}\n", "unknown-key", "1:12"),
        ("connections: {a/b: {name: x}}\n", "wrong-key", "1:15"),
        ("connections: [users]\n", "wrong-type", "1:14"),
        ("42: x\n", "yaml-surprise", "1:1"),
    ],
)
def test_a_wrong_value_outside_connections(write_project: WriteProject, text: str, rule: str, place: str) -> None:
    project, problems = read_project(write_project(text))
    assert project is None
    assert (rule, f"dbconn.yaml:{place}") in [(problem.rule, str(problem.place)) for problem in problems]


def test_unknown_options_and_long_names_are_only_warnings(write_project: WriteProject) -> None:
    text = f"{CONNECTION}name: {'x' * 36}\n    options: {{brand_new: {{deep: [1, a]}}, mfa: {{brand_new: 1.5}}}}\n"
    project, problems = read_project(write_project(text, LOGIN))
    assert project is not None
    assert [(problem.rule, problem.severity, str(problem.place)) for problem in problems] == [
        ("connection-name", Severity.WARNING, "dbconn.yaml:3:11"),
        ("option-unknown", Severity.WARNING, "dbconn.yaml:4:15"),
        ("option-unknown", Severity.WARNING, "dbconn.yaml:4:48"),
    ]
    connection = connections_for(project, "any")[0][0]
    assert connection.options == {"brand_new": {"deep": [1, "a"]}, "mfa": {"brand_new": 1.5}}


@pytest.mark.parametrize("value", ["hunter2 ", "0123_9876", "98765432", "!hunter2", "[hunter2]", "{secret: hunter-2}"])
def test_no_message_repeats_a_configuration_value(write_project: WriteProject, value: str) -> None:
    text = f"{CONNECTION}configuration: {{PASSWORD: {value}, URL: no}}\n"
    _, problems = read_project(write_project(text, LOGIN))
    assert problems
    everything = repr(problems)
    assert not any(part in everything for part in ("hunter", "9876"))


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for name, says in (("none.yaml", "does not exist"), ("folder", "is a folder")):
        project, problems = read_project(tmp_path / name)
        assert project is None
        assert [problem.rule for problem in problems] == ["file-unreadable"]
        assert says in problems[0].message


def test_places_call_the_file_what_the_caller_does(write_project: WriteProject) -> None:
    _, problems = read_project(write_project("a: 1\n"), shown="../project/dbconn.yaml")
    assert str(problems[0]).startswith("../project/dbconn.yaml:1:1: unknown key 'a'")


def test_a_missing_script_gives_no_project_unless_only_a_look_is_wanted(write_project: WriteProject) -> None:
    file = write_project("connections:\n  users:\n  partners:\n", LOGIN)
    project, problems = read_project(file)
    assert project is None
    partial, same = read_project(file, partial=True)
    assert partial is not None
    assert same == problems
    assert has_errors(problems)
    assert [problem.connection for problem in problems] == ["partners"]
    assert (list(partial.scripts["users"]), list(partial.scripts["partners"])) == (["login"], [])
    broken, _ = read_project(write_project("versio: 1\n"), partial=True)
    assert broken is None


# Finding the file.


def test_the_file_is_found_here_or_above(tmp_path: Path) -> None:
    home = tmp_path / "home"
    deep = home / "work" / "scripts" / "users"
    deep.mkdir(parents=True)
    (home / "work" / "dbconn.yaml").write_text("version: 1\n")
    assert find_project_file(deep, home) == home / "work" / "dbconn.yaml"
    (deep / "dbconn.yaml").write_text("version: 1\n")
    assert find_project_file(deep, home) == deep / "dbconn.yaml"


def test_the_search_ends_at_home_and_at_the_work_tree(tmp_path: Path) -> None:
    home = tmp_path / "home"
    repository = home / "repository"
    (repository / "inner").mkdir(parents=True)
    (tmp_path / "dbconn.yaml").write_text("version: 1\n")
    assert find_project_file(repository / "inner", home) is None
    (home / "dbconn.yaml").write_text("version: 1\n")
    assert find_project_file(repository / "inner", home) == home / "dbconn.yaml"
    (repository / ".git").write_text("gitdir: elsewhere\n")
    assert find_project_file(repository / "inner", home) is None
    (repository / "dbconn.yaml").write_text("version: 1\n")
    assert find_project_file(repository / "inner", home) == repository / "dbconn.yaml"


@pytest.mark.parametrize(
    ("text", "counts"),
    [("connections:\n", True), ("x: 1\n'connections' : {}\n", True), ("x: {connections: 1}\n", False), ("", False)],
)
def test_config_yaml_counts_only_with_connections_and_only_here(tmp_path: Path, text: str, counts: bool) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "config.yaml").write_text(text)
    inner = tmp_path / "inner"
    inner.mkdir()
    assert find_project_file(tmp_path, tmp_path) == (tmp_path / "config.yaml" if counts else None)
    assert find_project_file(inner, tmp_path) is None


def test_a_folder_of_that_name_is_no_project(tmp_path: Path) -> None:
    (tmp_path / "dbconn.yaml").mkdir()
    assert find_project_file(tmp_path, tmp_path) is None


# Nothing that a file holds may raise.

KEYS = st.sampled_from(
    [
        *("version", "project_key", "tenants", "defaults", "connections", "lint", "domain", "name", "scripts"),
        *("options", "configuration", "only", "template", "mfa", "active", "secret", "keep", "rules", "preset"),
        *("enabled_clients", "<<", "dev", "local", "users"),
    ]
)
WORDS = st.sampled_from(
    ["true", "no", "0123", "1", "1.5", "null", "", "x", "'y'", '"\\0"', "*a", "&a z", "!t", "2024-01-31"]
)


def spelled(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {spelled(below)}" for key, below in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(spelled, value)) + "]"
    return str(value)


DOCUMENTS = st.recursive(
    WORDS, lambda below: st.lists(below, max_size=3) | st.dictionaries(KEYS, below, max_size=4), max_leaves=25
).map(spelled)
SHAPED = st.dictionaries(
    st.sampled_from(["tenants", "defaults", "connections", "lint"]),
    st.dictionaries(KEYS, st.dictionaries(KEYS, DOCUMENTS, max_size=4), max_size=3),
).map(spelled)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=200)
    | st.text(max_size=200).map(str.encode)
    | DOCUMENTS.map(str.encode)
    | SHAPED.map(str.encode)
)
def test_whatever_the_bytes_are_reading_gives_a_project_or_problems(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "dbconn.yaml"
    file.write_bytes(data)
    project, problems = read_project(file)
    assert (project is None) == has_errors(problems)
    assert all(problem.message and "\n" not in problem.message for problem in problems)
    if project is not None:
        for tenant in [*project.tenants, "local", "none"]:
            connections_for(project, tenant)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_whatever_a_script_holds_it_is_taken_byte_for_byte_or_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "scripts" / "users").mkdir(parents=True, exist_ok=True)
    (tmp_path / "scripts" / "users" / "login.js").write_bytes(data)
    (tmp_path / "dbconn.yaml").write_text("connections: {users: }\n")
    project, problems = read_project(tmp_path / "dbconn.yaml")
    assert (project is None) == bool(problems)
    if project is not None:
        assert project.scripts["users"]["login"].text.encode() == data


@pytest.mark.parametrize(
    ("written", "rate", "allowance"),
    [
        ("2", 2.0, None),
        ("0.5", 0.5, None),
        ("free", None, Allowance(2, 2.0)),
        ('"enterprise"', None, Allowance(50, 16.0)),
    ],
)
def test_a_rate_is_the_most_that_is_wanted_or_a_subscription_to_guess_from(
    write_project: WriteProject, written: str, rate: float | None, allowance: Allowance | None
) -> None:
    file = write_project(f"version: 1\ntenants: {{dev: {{domain: acme.eu.auth0.com, rate: {written}}}}}\n")
    project, problems = read_project(file)
    assert problems == ()
    assert project is not None
    assert (project.tenants["dev"].rate, project.tenants["dev"].allowance) == (rate, allowance)


@pytest.mark.parametrize(("written", "says"), [("fre", "Did you mean free?"), ("0", "more than 0"), ("[]", "number")])
def test_a_rate_that_is_none_is_said(write_project: WriteProject, written: str, says: str) -> None:
    file = write_project(f"version: 1\ntenants: {{dev: {{domain: acme.eu.auth0.com, rate: {written}}}}}\n")
    _, problems = read_project(file)
    assert any(says in problem.message + problem.hint for problem in problems)
