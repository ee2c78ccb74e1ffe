"""The generic scripts say honestly that they are not written yet, and work once their one function is."""

from __future__ import annotations

import re

from dbconn_tui.scaffold.catalogue import read_template, shipped_folder
from dbconn_tui.scaffold.render import render

from .conftest import Call, Run, RunScripts

RECORD = "{ id: 7, email: 'robin@example.com', email_verified: true, name: '', password_hash: 'x' }"


def generic(**values: str) -> dict[str, str]:
    return dict(render(read_template(shipped_folder() / "generic"), values).files)


def written(script: str, body: str) -> str:
    """The script with its one open function written."""
    changed, count = re.subn(r"throw new Error\('\w+ is not implemented here yet: .*?'\);", body, script)
    assert count == 1
    return changed


ARGUMENTS: dict[str, tuple[object, ...]] = {
    "login": ("robin@example.com", "a password"),
    "get_user": ("robin@example.com",),
    "create": ({"email": "robin@example.com", "password": "a password"},),
    "verify": ("robin@example.com",),
    "change_password": ("robin@example.com", "a password"),
    "delete": ("7",),
    "change_email": ("robin@example.com", "new@example.com", True),
}


def test_unwritten_scripts_say_so(run_scripts: RunScripts) -> None:
    scripts = generic()
    calls = run_scripts([Run(kind, scripts[kind], arguments) for kind, arguments in ARGUMENTS.items()])
    for kind, call in calls.items():
        assert call.error is not None
        assert call.error["name"] == "Error"
        assert call.error["message"].startswith(f"{kind} is not implemented here yet")
        assert "robin" not in call.error["message"]
        assert call.result is None


def test_written_scripts_keep_the_contract(run_scripts: RunScripts) -> None:
    scripts = generic(user_id_prefix="shop|")
    bodies = {
        "login": [f"return {RECORD};", "return null;"],
        "get_user": [f"return {RECORD};", "return null;"],
        "create": ["return true;", "return false;"],
        "verify": ["return true;", "return false;"],
        "change_password": ["return true;", "return false;"],
        "delete": ["return;", "return false;"],
        "change_email": ["return true;", "return false;"],
    }
    runs = []
    for kind, (good, none) in bodies.items():
        runs.append(Run(kind, written(scripts[kind], good), ARGUMENTS[kind]))
        runs.append(Run(f"{kind} none", written(scripts[kind], none), ARGUMENTS[kind]))
        runs.append(Run(f"{kind} down", written(scripts[kind], "throw new Error('down');"), ARGUMENTS[kind]))
    runs.append(Run("empty password", written(scripts["login"], bodies["login"][0]), ("robin@example.com", "")))
    calls = run_scripts(runs)

    profile = {"user_id": "shop|7", "email": "robin@example.com", "email_verified": True}
    assert calls["login"] == Call(2, None, profile)
    assert calls["get_user"] == Call(2, None, profile)
    assert calls["get_user none"] == calls["create"] == calls["delete"] == calls["delete none"] == Call(1, None, None)
    assert calls["verify"] == calls["change_password"] == calls["change_email"] == Call(2, None, True)
    assert calls["verify none"] == calls["change_password none"] == calls["change_email none"] == Call(2, None, False)
    names = {name: (call.error or {}).get("name") for name, call in calls.items()}
    assert names["login none"] == names["empty password"] == "WrongUsernameOrPasswordError"
    assert names["create none"] == "ValidationError"
    assert all(names[f"{kind} down"] == "Error" for kind in bodies)
