"""Pictures of every screen, at a size and in a theme, to be looked at.

Run as `python -m benchmarks.gallery FOLDER [COLUMNSxROWS] [THEME] [NAME…]`.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from benchmarks.screenshots import Stage, clean, make_stage, set_scene, settle, to_template
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.backend import TaskBackend

WIDE: Final = (150, 40)
SMALL: Final = (80, 24)
DARK: Final = "textual-dark"
LIGHT: Final = "textual-light"

WAYS: Final[dict[str, Sequence[Sequence[str]]]] = {
    "home": [["j"]],
    "details": [["j", "enter"]],
    "filter": [["slash", *"portal"]],
    "plan": [["p"], ["g", "right_square_bracket"]],
    "confirm": [["p"], ["a", "d"]],
    "editor": [["g", "e"], ["ctrl+f", *"callback"]],
    "settings": [["g", "o"]],
    "try": [["g", "t"]],
    "test": [["g", "T"]],
    "problems": [["a", "l"]],
    "checklist": [["a", "l"], ["L"]],
    "secrets": [["s"]],
    "set-secret": [["s"], ["enter"]],
    "tenants": [["ctrl+t"]],
    "login": [["ctrl+t", "a"]],
    "history": [["h"]],
    "log": [["at"]],
    "templates": [["n"], to_template("generic")],
    "add": [["n"], to_template("generic"), ["enter"], list("new-users")],
    "jump": [["ctrl+o"]],
    "palette": [["ctrl+p"]],
    "go-to": [["ctrl+g"]],
    "help": [["question_mark"]],
}
"""Picture → the keys that lead to it from the table, group by group."""


async def take_gallery(
    stage: Stage, save: Callable[[str, str], None], size: tuple[int, int], theme: str, names: Sequence[str] = ()
) -> None:
    """One picture a screen, each by a fresh app."""
    for name in names or WAYS:
        app = DbconnApp(TaskBackend(stage.outside), "dev")
        app.theme = theme
        async with app.run_test(size=size) as pilot:
            await settle(app, pilot.pause)
            for keys in WAYS[name]:
                await pilot.press(*keys)
                await settle(app, pilot.pause)
            # What is typed is answered after a pause.
            await pilot.pause(0.4)
            await settle(app, pilot.pause)
            save(name, clean(app.export_screenshot(title="dbconn")))


def main(arguments: list[str]) -> int:
    """Write the pictures into a folder."""
    folder = Path(arguments[0])
    size = tuple(int(number) for number in arguments[1].split("x")) if len(arguments) > 1 else WIDE
    theme = arguments[2] if len(arguments) > 2 else DARK
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="dbconn-pictures-") as project:
        stage = make_stage(Path(project))
        asyncio.run(set_scene(stage))

        def save(name: str, svg: str) -> None:
            (folder / f"{name}.svg").write_text(svg, encoding="utf-8")

        asyncio.run(take_gallery(stage, save, (size[0], size[1]), theme, arguments[3:]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
