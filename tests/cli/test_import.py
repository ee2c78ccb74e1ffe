"""import: exports of auth0-deploy-cli in both layouts become files, offline, and nothing in them is substituted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.cli.conftest import World

LOGIN = "function login(identifier, password, callback) {\n  return callback(new Error('closed'));\n}\n"
GET_USER = "function getUser(identifier, callback) {\r\n  return callback(null);\r\n}"
CHANGE_USERNAME = "function changeUsername(old, name, callback) {\n  return callback(null, true);\n}\n"

TENANT_YAML = """\
rules: []
clients:
  - name: Web app
    callbacks: ['https://a.example.com/##NOT_OURS##', @@ALSO_NOT@@]
databases:
  - name: Username-Password-Authentication
    strategy: auth0
    options: {brute_force_protection: true}
  - name: users
    strategy: auth0
    display_name: Our users
    enabled_clients:
      - Web app
      - Admin (EU)
    is_domain_connection: false
    realms:
      - users
    metadata: {team: blue}
    options:
      enabledDatabaseCustomization: true
      import_mode: true
      customScripts:
        login: ./databases/users/login.js
        get_user: .\\databases\\users\\get_user.js
        change_username: ./databases/users/change_username.js
      configuration:
        API_URL: https://users.example.com
        DB_URL: ##DB_URL##
        DB_NAME: @@DB_NAME@@
        ADDRESS: "https://##HOST##/api"
        API_SECRET: hunter2-in-the-clear
        PORT: 5432
        DSN: postgres://app:hunter3@db.example.com/users
      disable_signup: true
      requires_username: @@WITH_NAMES@@
      passwordPolicy: good
      password_options:
        complexity: {min_length: 15}
      mfa:
        active: true
  - name: partners
    strategy: samlp
    options: {}
"""


def write_yaml_export(world: World, text: str = TENANT_YAML) -> Path:
    world.write("export/databases/users/login.js", LOGIN)
    (world.folder / "export/databases/users/get_user.js").write_bytes(GET_USER.encode())
    world.write("export/databases/users/change_username.js", CHANGE_USERNAME)
    return world.write("export/tenant.yaml", text)


def write_database(world: World, name: str = "users", content: Any = None, **files: str) -> Path:
    folder = world.folder / "export/database-connections" / name
    folder.mkdir(parents=True, exist_ok=True)
    for kind, text in files.items():
        (folder / f"{kind}.js").write_text(text, encoding="utf-8")
    body = {"name": name, "options": {"enabledDatabaseCustomization": True}} if content is None else content
    (folder / "database.json").write_text(body if isinstance(body, str) else json.dumps(body), encoding="utf-8")
    return folder


def entry_of(world: World, file: str = "dbconn.yaml") -> str:
    return world.read(file).partition("connections:\n")[2]


class TestYamlLayout:
    def test_everything_of_it(self, world: World) -> None:
        write_yaml_export(world)
        result = world("import", "export/tenant.yaml", "--config", "dbconn.yaml", "--yes")
        assert result.code == 0, result.err
        assert entry_of(world) == (
            "  users:\n"
            "    display_name: Our users\n"
            "    import_mode: true\n"
            "    configuration:\n"
            "      API_URL: https://users.example.com\n"
            "      DB_URL: {secret: db_url}\n"
            "      DB_NAME: {secret: db_name}\n"
            "      ADDRESS: {secret: users_address}\n"
            "      API_SECRET: {secret: users_api_secret}\n"
            '      PORT: "5432"\n'
            "      DSN: {secret: users_dsn}\n"
            "    enabled_clients: [Web app, Admin (EU)]\n"
            "    options:\n"
            "      disable_signup: true\n"
            "      password_options:\n"
            "        complexity:\n"
            "          min_length: 15\n"
            "      mfa:\n"
            "        active: true\n"
        )
        assert world.read("scripts/users/login.js") == LOGIN
        assert (world.folder / "scripts/users/get_user.js").read_bytes() == GET_USER.encode()
        assert world.read("scripts/users/change_username.js") == CHANGE_USERNAME
        assert world("lint", "--json").json["problems"] is not None

    def test_what_was_not_taken_and_why(self, world: World) -> None:
        write_yaml_export(world)
        line = TENANT_YAML[: TENANT_YAML.index("requires_username")].count("\n") + 1
        out = world("import", "export", "--config", "dbconn.yaml", "--yes").out
        assert "Username-Password-Authentication  not taken: enabledDatabaseCustomization is off" in out
        assert "partners  not taken: its strategy is samlp" in out
        assert "metadata  left: dbconn does not manage it" in out
        assert "option passwordPolicy  left: password_options says it" in out
        assert f"option requires_username  left: export/tenant.yaml:{line}:26" in out
        assert "realms" not in out

    def test_the_commands_to_run_next_and_no_value(self, world: World) -> None:
        write_yaml_export(world)
        result = world("import", "export", "--config", "dbconn.yaml", "--yes")
        assert (
            "dbconn secrets set db_url --config dbconn.yaml    # DB_URL: what DB_URL was for deploy-cli" in result.out
        )
        assert "# ADDRESS: what export/tenant.yaml:30:18 says, its keywords filled in" in result.out
        shown = result.out + result.err + world.read("dbconn.yaml")
        assert "hunter" not in shown
        assert "https://users.example.com" not in result.out + result.err

    def test_keywords_can_be_variables(self, world: World) -> None:
        write_yaml_export(world)
        assert world("import", "export", "--config", "dbconn.yaml", "--keywords", "env", "--yes").code == 0
        assert "DB_URL: {env: DB_URL}\n" in entry_of(world)
        assert "ADDRESS: {secret: users_address}\n" in entry_of(world)

    def test_one_keyword_is_one_secret(self, world: World) -> None:
        again = TENANT_YAML.partition("  - name: users\n")[2].partition("  - name: partners")[0]
        write_yaml_export(
            world, TENANT_YAML + "  - name: more\n" + again.replace("realms:\n      - users", "realms: [more]")
        )
        assert world("import", "export", "--config", "dbconn.yaml", "--yes").code == 0
        assert entry_of(world).count("DB_URL: {secret: db_url}") == 2
        assert "ADDRESS: {secret: more_address}" in entry_of(world)

    def test_a_comment_that_begins_with_a_keyword(self, world: World) -> None:
        write_yaml_export(
            world, "##TENANT## is replaced\n" + TENANT_YAML.replace("##DB_URL##", '"##DB_URL##"').replace("@@", "##")
        )
        text = (world.folder / "export/tenant.yaml").read_text(encoding="utf-8")
        world.write(
            "export/tenant.yaml",
            text.replace(", ##ALSO_NOT##", "").replace(" ##DB_NAME##", " x").replace(" ##WITH_NAMES##", " false"),
        )
        assert world("import", "export", "--config", "dbconn.yaml", "--yes").code == 0
        assert "DB_URL: {secret: db_url}" in entry_of(world)

    def test_without_databases_there_is_nothing_to_write(self, project: World) -> None:
        project.write("export/tenant.yaml", "rules: []\n")
        before = project.read("dbconn.yaml")
        result = project("import", "export", "--yes")
        assert result.code == 0
        assert "Nothing to write" in result.out
        assert project.read("dbconn.yaml") == before


class TestDirectoryLayout:
    def test_scripts_beside_and_legacy_maps(self, world: World) -> None:
        content = {
            "name": "users",
            "customScripts": {"login": "./login.js"},
            "options": {
                "enabledDatabaseCustomization": True,
                "customScripts": {"login": "./nowhere.js", "get_user": "get_user.js"},
                "configuration": {"KEY_NAME": "##KEY_NAME##"},
            },
        }
        write_database(world, content=content, login=LOGIN, get_user=GET_USER, notes="x")
        result = world("import", "export", "--config", "dbconn.yaml", "--yes")
        assert result.code == 0, result.err
        assert world.read("scripts/users/login.js") == LOGIN
        assert "users/notes.js is not in customScripts" in result.out
        assert "KEY_NAME: {secret: key_name}" in entry_of(world)

    def test_unlisted_scripts_are_found_by_their_names(self, world: World) -> None:
        write_database(world, login=LOGIN, change_username=CHANGE_USERNAME)
        assert world("import", "export", "--config", "dbconn.yaml", "--yes").code == 0
        assert world.read("scripts/users/change_username.js") == CHANGE_USERNAME

    def test_an_unquoted_keyword_in_json(self, world: World) -> None:
        options = '{"enabledDatabaseCustomization": true, "mfa": @@MFA@@,\n "disable_signup": true}'
        text = f'{{"name": "users", "options": {options}}}'
        write_database(world, content=text, login=LOGIN)
        result = world("import", "export", "--config", "dbconn.yaml", "--yes")
        assert result.code == 0, result.err
        assert "option mfa  left: export/database-connections/users/database.json:1:" in result.out
        assert "disable_signup: true" in entry_of(world)

    @pytest.mark.parametrize(
        "path", ["export", "export/database-connections", "export/database-connections/users/database.json"]
    )
    def test_ways_to_name_it(self, world: World, path: str) -> None:
        write_database(world, login=LOGIN)
        assert world("import", path, "--config", "dbconn.yaml", "--yes").code == 0

    def test_kinds_that_nobody_knows_are_kept(self, world: World) -> None:
        content = {"name": "users", "options": {"customScripts": {"login": "login.js", "migrate": "migrate.js"}}}
        write_database(world, content=content, login=LOGIN, migrate="function migrate(cb) {}\n")
        assert world("import", "export", "--config", "dbconn.yaml", "--yes").code == 0
        assert "migrate: scripts/users/migrate.js" in entry_of(world)
        assert world.read("scripts/users/migrate.js") == "function migrate(cb) {}\n"


def test_a_keyword_in_a_script_stays_and_is_told_with_its_place(world: World) -> None:
    script = LOGIN.replace("return", "const id = '##PREFIX##' + @@ID@@;\n  return")
    write_database(world, login=script)
    result = world("import", "export", "--config", "dbconn.yaml", "--yes")
    assert result.code == 0
    assert "export/database-connections/users/login.js:2:" in result.err
    assert "##PREFIX## stays in the script login as it is" in result.err
    assert "@@ID@@ stays" in result.err
    assert world.read("scripts/users/login.js") == script


def test_placeholders_are_left(world: World) -> None:
    placeholder = (
        "function create(u, callback) {\n  return callback(new Error('Please implement the Create script'));\n}\n"
    )
    write_database(world, login=LOGIN, create=placeholder)
    result = world("import", "export", "--config", "dbconn.yaml", "--yes")
    assert "script create  left: the dashboard's placeholder" in result.out
    assert not (world.folder / "scripts/users/create.js").exists()


def test_a_connection_that_is_there_already_stays(project: World) -> None:
    before = {name: project.read(name) for name in ("dbconn.yaml", "scripts/users/login.js")}
    write_database(project, login="function login() {}\n")
    write_database(project, "others", login=LOGIN)
    result = project("import", "export", "--yes")
    assert result.code == 0
    assert "users  not taken: dbconn.yaml has it already" in result.out
    assert project.read("scripts/users/login.js") == before["scripts/users/login.js"]
    assert project.read("dbconn.yaml") == before["dbconn.yaml"] + "  others: {}\n"
    assert project.requests == []


def test_an_existing_file_is_shown_and_never_silently_replaced(project: World) -> None:
    write_database(project, "others", login=LOGIN)
    project.write("scripts/others/login.js", "// precious\n")
    project.write("scripts/others/create.js", "function create(u, callback) {}\n")
    result = project("import", "export", "--yes")
    assert result.code == 5
    assert "- // precious" in result.out
    assert "scripts/others/create.js was there before and would be deployed, too" in result.out
    assert project.read("scripts/others/login.js") == "// precious\n"
    assert project("import", "export", terminal=True, stdin="y\n").code == 0
    assert project.read("scripts/others/login.js") == LOGIN


def test_asking(world: World) -> None:
    write_database(world, login=LOGIN)
    words = ["import", "export", "--config", "dbconn.yaml"]
    assert world(*words).code == 3
    assert world(*words, "--dry-run").code == 0
    assert world(*words, terminal=True, stdin="n\n").code == 130
    assert not (world.folder / "dbconn.yaml").exists()
    assert not (world.folder / "scripts").exists()
    assert world(*words, terminal=True, stdin="y\n").code == 0


def test_as_json(world: World) -> None:
    write_yaml_export(world)
    answer = world("import", "export", "--config", "dbconn.yaml", "--yes", "--json").json
    assert set(answer) == {"version", "connections", "skipped"}
    [users] = answer["connections"]
    assert (users["name"], users["state"], users["written"]) == ("users", "new", True)
    assert {"file": "scripts/users/login.js", "state": "new"} in users["files"]
    assert {"name": "db_url", "key": "DB_URL"} in users["secrets"]
    assert [one["name"] for one in answer["skipped"]] == ["Username-Password-Authentication", "partners"]


BAD_EXPORTS = [
    ("export/tenant.yaml", b"databases:\n  - name: [\n", "export/tenant.yaml:3:1: a value is missing"),
    ("export/tenant.yaml", b"databases:\n\t- name: users\n", "a tab indents"),
    ("export/tenant.yaml", b"\x00\x01\x02", "NUL"),
    ("export/tenant.yaml", b"name: \xff\xfe", "not UTF-8"),
    ("export/tenant.yaml", b"", "the file is empty"),
    ("export/tenant.yaml", b"databases: 12\n", "must be a list"),
    ("export/tenant.yaml", b"databases: [12]\n", "must be a map"),
    ("export/tenant.yaml", b"databases:\n  - strategy: auth0\n", "has no name"),
    ("export/tenant.yaml", b"databases:\n  - name: ##ENV##-users\n", "holds a keyword"),
    ("export/tenant.yaml", b"databases:\n  - name: a user\n", "cannot name a connection"),
    ("export/tenant.yaml", b"databases:\n  - {name: a, strategy: x}\n  - {name: a}\n", "has a twice"),
    ("export/tenant.yaml", b"databases:\n  - {name: a, options: 1}\n", "options must be a map"),
    ("export/database-connections/a/database.json", b'{"name": "a",}', "database.json:1:14: not valid JSON"),
    ("export/database-connections/a/database.json", b"[1]", "must hold one JSON object"),
    ("export/database-connections/a/database.json", b'{"name": "a", "options": {"x": NaN}}', "NaN is no JSON number"),
    ("export/database-connections/a/database.json", b"[" * 100_000, "nested too deep"),
    ("export/database-connections/a/database.json", b"\xff", "not UTF-8"),
    ("export/database-connections/a/notes.txt", b"x", "holds no database.json"),
    ("export/other.txt", b"x", "holds no export of auth0-deploy-cli"),
]


@pytest.mark.parametrize(("name", "content", "said"), BAD_EXPORTS)
def test_a_broken_export_is_refused_whole_with_its_place(world: World, name: str, content: bytes, said: str) -> None:
    world.write(name, "")
    (world.folder / name).write_bytes(content)
    result = world("import", "export", "--config", "dbconn.yaml", "--yes")
    assert result.code == 3
    assert said in result.err
    assert "Traceback" not in result.err
    assert not (world.folder / "dbconn.yaml").exists()


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("./missing.js", "does not exist"),
        ("../../../../etc/hostname", "lies outside of the export"),
        ("/etc/hostname", "lies outside of the export"),
        ("./link.js", "lies outside of the export"),
        ("./binary.js", "NUL"),
        ("./latin.js", "not UTF-8"),
        ("./folder", "no regular file"),
        ("./empty.js", "the script is empty"),
        ("a\0b", "control character"),
        ("./##ENV##.js", "without keywords"),
        (12, "must be the path of a file"),
    ],
)
def test_a_script_that_cannot_be_read(world: World, file: Any, said: str) -> None:
    content = {"name": "users", "options": {"enabledDatabaseCustomization": True, "customScripts": {"login": file}}}
    folder = write_database(world, content=content, empty="  \n")
    write_database(world, "healthy", login=LOGIN)
    (folder / "binary.js").write_bytes(b"function\x00")
    (folder / "latin.js").write_bytes(b"// \xe9\n")
    (folder / "folder").mkdir()
    (folder / "link.js").symlink_to("/etc/hostname")
    result = world("import", "export", "--config", "dbconn.yaml", "--yes")
    assert result.code == 3
    assert said in result.err
    assert "Traceback" not in result.err
    assert not (world.folder / "scripts").exists()


def test_both_layouts_in_one_folder_must_be_told_apart(world: World) -> None:
    write_yaml_export(world)
    write_database(world, login=LOGIN)
    result = world("import", "export", "--config", "dbconn.yaml", "--yes")
    assert result.code == 3
    assert "Name the one that is meant" in result.err


@pytest.mark.parametrize("path", ["nowhere", "dbconn.yaml/x"])
def test_a_path_that_is_not_there(world: World, path: str) -> None:
    result = world("import", path, "--config", "new.yaml", "--yes")
    assert result.code == 3
    assert "does not exist" in result.err


def test_every_problem_at_once(world: World) -> None:
    write_database(world, "a", "{")
    write_database(world, "b", {"name": "b", "options": {"customScripts": {"login": "none.js", "create": "nil.js"}}})
    result = world("import", "export", "--config", "dbconn.yaml", "--yes", "--json")
    assert result.code == 3
    assert len(result.json["problems"]) == 3


def test_importing_needs_a_project_or_a_name_for_one(world: World) -> None:
    write_database(world, login=LOGIN)
    result = world("import", "export", "--yes")
    assert result.code == 3
    assert "--config" in result.err


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["##A##", "@@B@@", "users"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "options", "customScripts", "configuration", "mfa", "active", "enabled_clients"])
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=values, options=values)
def test_whatever_a_database_json_holds_there_is_an_answer(world: World, content: Any, options: Any) -> None:
    if isinstance(content, dict):
        content = {"name": "users", "options": options, **content}
    write_database(world, content=json.dumps(content), login=LOGIN)
    result = world("import", "export", "--config", "dbconn.yaml", "--dry-run")
    assert result.code in (0, 3), result.err
    assert "inside dbconn" not in result.err
