"""`dbconn lint`: reports for programs, the checklist, and mending what is safe to mend."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import World

SCRIPT = "scripts/users/get_user.js"
LOOSE = """\
function remove(identifier, callback) {
  if (typeof identifier == 'string') return callback('none');
  return callback(null);
};
"""


@pytest.fixture
def loose(project: World) -> World:
    project.write(SCRIPT, LOOSE)
    return project


def test_sarif_names_the_rules_and_places(loose: World) -> None:
    log = json.loads(loose("lint", "--format", "sarif").out)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    found = {result["ruleId"] for result in run["results"]}
    assert "callback-error-type" in found
    assert found <= {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    places = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]}
    assert SCRIPT in places


def test_annotations_are_automatic_in_github_actions_and_never_elsewhere(loose: World) -> None:
    assert loose("lint", environment={"GITHUB_ACTIONS": "true"}).out.startswith("::")
    assert not loose("lint").out.startswith("::")
    assert not loose("lint", "--format", "text", environment={"GITHUB_ACTIONS": "true"}).out.startswith("::")


def test_junit_has_a_suite_for_each_script(loose: World) -> None:
    suites = ElementTree.fromstring(loose("lint", "--format", "junit").out)
    assert {suite.get("name") for suite in suites} >= {SCRIPT, "scripts/users/login.js"}
    assert int(suites.get("failures", "0")) > 0


def test_the_checklist_names_a_source_for_each(project: World) -> None:
    assert "[ ]" in project("lint", "--checklist").out
    checks = project("lint", "--checklist", "--json").json["checks"]
    assert checks
    assert all(check["source"] for check in checks)


def test_fix_mends_shows_a_diff_and_leaves_the_rest_alone(loose: World) -> None:
    login = loose.read("scripts/users/login.js")
    done = loose("lint", "--fix")
    assert f"mended {SCRIPT}" in done.err
    mended = loose.read(SCRIPT)
    assert "new Error('none')" in mended
    assert "typeof identifier === 'string'" in mended
    assert "function getUser(" in mended
    assert loose.read("scripts/users/login.js") == login
    again = loose("lint", "--fix")
    assert "nothing that is safe to mend" in again.err
    assert loose.read(SCRIPT) == mended


def test_fix_touches_no_script_that_is_broken(project: World) -> None:
    project.write(SCRIPT, "function remove(identifier, callback) { callback('x' ")
    assert project("lint", "--fix").code == 1
    assert project.read(SCRIPT) == "function remove(identifier, callback) { callback('x' "
