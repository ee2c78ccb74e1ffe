"""adopt from the command line: one PATCH of metadata, the question, the refusals, JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from dbconn_tui.local_tenant.connections import seed
from dbconn_tui.local_tenant.control import change

if TYPE_CHECKING:
    from tests.cli.conftest import World

THEIRS = "function login(identifier, password, callback) { return callback(new Error('closed')); }\n"


def writes(world: World) -> list[str]:
    return [method for method, path in world.requests if method in ("POST", "PATCH") and "/connections" in path]


@pytest.fixture
def there(project: World) -> World:
    """The project, and its connection on the tenant from before, with another login and a key of its own."""
    options = {
        "enabledDatabaseCustomization": True,
        "customScripts": {"login": THEIRS, "get_user": project.read("scripts/users/get_user.js")},
        "configuration": {"API_KEY": "somebody's value"},
        "brute_force_protection": True,
        "disable_signup": True,
    }
    seed(project.app.state.tenant, {"name": "users", "options": options, "metadata": {"team": "identity"}})
    return project


def live(world: World) -> Any:
    return world.app.state.tenant.by_name("users")


def test_what_was_there_before_is_adopted_without_touching_an_option(there: World) -> None:
    undecided = there("plan").out
    assert "was there before dbconn" in undecided
    assert "dbconn adopt users" in undecided
    before = live(there)
    result = there("adopt", "users", "--yes")
    assert result.code == 0
    assert "✓ script get_user" in result.out
    assert "~ script login  differs: a deploy would write yours" in result.out
    assert "~ configuration API_KEY  cannot be compared: a deploy writes yours" in result.out
    assert "✓ users  adopted" in result.out
    assert "dbconn plan users" in result.err
    assert writes(there) == ["PATCH"]
    assert live(there).options == before.options
    assert live(there).top["metadata"]["team"] == "identity"
    planned = there("plan")
    assert "~ script login  your change" in planned.out
    assert "undecided" not in planned.out
    assert there("deploy", "--yes").code == 0
    assert live(there).options["disable_signup"] is True
    assert there("plan", "--detailed-exitcode").code == 0


def test_a_second_time_there_is_nothing_to_adopt(there: World) -> None:
    there("adopt", "users", "--yes")
    again = there("adopt", "users", "--yes", "--json")
    assert again.code == 5
    assert again.json["error"]["code"] == "refused"
    assert "nothing to adopt" in again.json["error"]["message"]
    assert writes(there) == ["PATCH"]


def test_json_lists_what_was_adopted_and_what_differs(there: World) -> None:
    answer = there("adopt", "users", "--yes", "--json").json
    assert answer["version"] == 1
    (one,) = answer["connections"]
    assert (one["name"], one["state"], one["error"]) == ("users", "adopted", None)
    assert set(one["differs"]) == {"script:login", "configuration:API_KEY"}
    assert set(one["differs"]) < set(one["adopted"])


@pytest.mark.parametrize(("answer", "code", "sent"), [("y\n", 0, ["PATCH"]), ("\n", 130, []), ("", 130, [])])
def test_it_asks_at_a_terminal(there: World, answer: str, code: int, sent: list[str]) -> None:
    result = there("adopt", "users", terminal=True, stdin=answer)
    assert "Write the record of 1 connection to dev (dev.example.com)? [y/N]" in result.err
    assert result.code == code
    assert writes(there) == sent


def test_elsewhere_it_names_the_flag(there: World) -> None:
    result = there("adopt", "users")
    assert result.code == 3
    assert "--yes" in result.err
    assert writes(there) == []


def test_a_protected_tenant_needs_its_name(there: World) -> None:
    text = there.read("dbconn.yaml").replace("    client_id:", "    protected: true\n    client_id:")
    there.write("dbconn.yaml", text)
    assert there("adopt", "users", "--yes").code == 3
    assert writes(there) == []
    assert there("adopt", "users", "--confirm", "dev").code == 0


def test_a_read_only_tenant_is_never_written(there: World) -> None:
    text = there.read("dbconn.yaml").replace("    client_id:", "    read_only: true\n    client_id:")
    there.write("dbconn.yaml", text)
    assert there("adopt", "users", "--yes").code == 3
    assert there.requests == []


@pytest.mark.parametrize(("words", "code"), [([], 3), (["usres"], 3)])
def test_names_are_needed_and_must_be_the_projects(there: World, words: list[str], code: int) -> None:
    assert there("adopt", *words, "--yes").code == code
    assert there.requests == []


def test_what_is_not_on_the_tenant_cannot_be_adopted(project: World) -> None:
    result = project("adopt", "users", "--yes")
    assert result.code == 5
    assert "dbconn deploy users" in result.err
    assert writes(project) == []


def test_another_projects_connection_is_taken_over_only_on_purpose_and_it_says_so(project: World) -> None:
    assert project("deploy", "--yes").code == 0
    project.write("dbconn.yaml", project.read("dbconn.yaml").replace("00112233", "99887766"))
    assert project("deploy", "--yes").code == 5
    result = project("adopt", "users", "--yes")
    assert result.code == 0
    assert "note: another project" in result.out
    assert "takes it over" in result.out
    assert project("deploy", "--yes").code == 0


def test_it_needs_no_scope_for_options(make_world: Callable[..., World], fill: Callable[[World], Any]) -> None:
    world = make_world(scopes=("read:connections", "read:connections_options", "update:connections"))
    fill(world)
    seed(
        world.app.state.tenant,
        {"name": "users", "options": {"enabledDatabaseCustomization": True, "customScripts": {"login": THEIRS}}},
    )
    assert world("adopt", "users", "--yes").code == 0


def test_l1_without_the_scope_to_see_options_nothing_is_written(
    make_world: Callable[..., World], fill: Callable[[World], Any]
) -> None:
    world = make_world(scopes=("read:connections", "update:connections"))
    fill(world)
    seed(world.app.state.tenant, {"name": "users", "options": {"customScripts": {"login": THEIRS}}})
    for verb in ("adopt", "plan", "deploy"):
        result = world(verb, "users", *([] if verb == "plan" else ["--yes"]))
        assert result.code == 4
        assert "read:connections_options" in result.err
    assert writes(world) == []


def test_tracked_locally_it_sends_nothing_at_all(there: World) -> None:
    text = there.read("dbconn.yaml").replace("    client_id:", "    track: local\n    client_id:")
    there.write("dbconn.yaml", text)
    assert there("adopt", "users", "--yes").code == 0
    assert writes(there) == []
    assert "undecided" not in there("plan").out
    assert there("deploy", "--yes").code == 0


def test_without_a_project_key_values_are_adopted_on_this_machine(there: World) -> None:
    kept = [line for line in there.read("dbconn.yaml").splitlines() if "project_key" not in line]
    there.write("dbconn.yaml", "\n".join(kept) + "\n")
    assert there("adopt", "users", "--yes").code == 0
    assert writes(there) == ["PATCH"]
    assert "configuration API_KEY  your change" in there("plan").out


def test_the_status_says_what_comes_of_it(there: World) -> None:
    there("plan")
    assert "there before dbconn" in there("status").out
    there("adopt", "users", "--yes")
    assert "changed here" in there("status", "--check").out


def test_after_a_pull_the_next_change_is_yours_once_adopted(project: World) -> None:
    assert project("deploy", "--yes").code == 0
    state = project.app.state.tenant
    theirs = project.read("scripts/users/get_user.js").replace("callback(null)", "callback(null, null)")
    change(state, state.by_name("users"), ("options", "customScripts", "get_user"), theirs)
    pulled = project("pull", "users/script:get_user", stdin="y\n", terminal=True)
    assert pulled.code == 0
    assert "dbconn adopt users" in pulled.out
    assert project.read("scripts/users/get_user.js") == theirs
    before = len(writes(project))
    adopted = project("adopt", "users", "--yes")
    assert adopted.code == 0
    assert "✓ script get_user" in adopted.out
    assert "login" not in adopted.out
    assert len(writes(project)) == before + 1
    project.write("scripts/users/get_user.js", theirs + "// mine\n")
    planned = project("plan")
    assert "conflict" not in planned.out
    assert "script get_user  your change" in planned.out
