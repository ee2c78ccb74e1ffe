"""Where templates are found, which one wins, and what happens to a broken one."""

from __future__ import annotations

from pathlib import Path

import pytest

from dbconn_tui.errors import ProjectError, UsageError
from dbconn_tui.scaffold.catalogue import (
    find_template,
    list_templates,
    read_catalogue,
    shipped_folder,
    template_folders,
)
from dbconn_tui.scaffold.template import SHARED

from .conftest import MANIFEST, MakeTemplate

SHIPPED = sorted(folder.name for folder in shipped_folder().iterdir() if folder.name != SHARED)


def test_the_shipped_templates_are_found() -> None:
    folders = template_folders()
    assert folders == (shipped_folder(),)
    assert [template.name for template in list_templates(folders)] == SHIPPED
    assert {"generic", "rest-api"} <= set(SHIPPED)
    assert find_template("rest-api", folders).title == "HTTPS user API"


def test_the_projects_own_come_first(make_template: MakeTemplate, tmp_path: Path) -> None:
    make_template("rest-api", MANIFEST.replace("title: A table", "title: Our own API"))
    make_template("table")
    user = tmp_path / "user"
    (user / "table").mkdir(parents=True)
    (user / "table" / "template.yaml").write_text(MANIFEST.replace("title: A table", "title: The user's"))
    (user / "table" / "login.js").write_text("")
    (user / "table" / "create.js").write_text("")

    folders = template_folders(project=tmp_path, user=user)
    assert find_template("rest-api", folders).title == "Our own API"
    assert find_template("table", folders).title == "A table"
    assert find_template("table", template_folders(user=user)).title == "The user's"
    assert [template.name for template in list_templates(folders)] == sorted({*SHIPPED, "table"})


def test_missing_folders_are_no_mistake(tmp_path: Path) -> None:
    folders = template_folders(project=tmp_path / "nowhere", user=tmp_path / "neither")
    assert find_template("generic", folders).name == "generic"


def test_a_project_that_is_dbconn_itself_lists_each_template_once() -> None:
    folders = template_folders(project=shipped_folder().parent)
    assert folders == (shipped_folder(),)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("restapi", "did you mean rest-api?"),
        ("oracle", f"there are {', '.join(SHIPPED)}"),
        ("", "there are"),
        ("../templates/generic", ""),
        (".", "there are"),
    ],
)
def test_an_unknown_name(name: str, hint: str) -> None:
    with pytest.raises(UsageError, match="there is no template called") as refused:
        find_template(name, template_folders())
    assert hint in refused.value.hint


def test_a_broken_template_hides_no_healthy_one(make_template: MakeTemplate, tmp_path: Path) -> None:
    make_template("broken", "version: 1\n")
    make_template("table")
    folders = template_folders(project=tmp_path)
    assert find_template("table", folders).name == "table"
    catalogue = read_catalogue(folders)
    assert [template.name for template in catalogue.templates] == sorted({*SHIPPED, "table"})
    assert {problem.place.file for problem in catalogue.problems} == {"broken/template.yaml"}
    with pytest.raises(ProjectError, match="some templates cannot be used") as refused:
        list_templates(folders)
    assert refused.value.problems == catalogue.problems
    with pytest.raises(ProjectError, match="template broken cannot be used"):
        find_template("broken", folders)
