"""Every theme is readable: 4.5:1 for all text on what it stands on, computed from the theme and from the screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from screen_text import settle
from scripted_backend import ScriptedBackend
from textual.app import App
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.colours import DISTINCT, READABLE, contrast, readable_variables

THEMES = {name: theme for name, theme in BUILTIN_THEMES.items() if not name.startswith("ansi")}
TEXTS = ("foreground", "text-muted", *(f"text-{name}" for name in ("accent", "error", "primary", "success", "warning")))
PLAIN_GROUNDS = ("background", "surface", "panel")
COLOURED = ("cursor", "cursor-blurred", "mark-error", "mark-warning", "mark-info")
ON_SCREEN = ("textual-dark", "textual-light", "solarized-light", "solarized-dark", "catppuccin-latte", "tokyo-night")
FRAMES = set("│╭╮╰╯─█▌▎▁▔▊▃▄▅▆▇ ")
colours = st.tuples(*[st.integers(0, 255)] * 3).map(lambda rgb: Color(*rgb))


def variables_of(theme: Theme) -> dict[str, str]:
    return {**theme.to_color_system().generate(), **theme.variables}


def ratio(variables: dict[str, str], text: str, ground: str) -> float:
    return contrast(Color.parse(variables[text]), Color.parse(variables[ground]))


@pytest.mark.parametrize("name", sorted(THEMES))
def test_every_text_of_a_theme_is_readable_on_every_ground(name: str) -> None:
    variables = readable_variables(variables_of(THEMES[name]), dark=THEMES[name].dark)
    for text in TEXTS:
        for ground in (*PLAIN_GROUNDS, *COLOURED):
            assert ratio(variables, text, ground) >= READABLE, (text, ground)
    for ground in ("added", "removed", "added-word", "removed-word"):
        assert ratio(variables, "foreground", ground) >= READABLE, ground
    for name in ("success", "error"):
        assert ratio(variables, f"on-{name}", name) >= READABLE, name
    for ground in PLAIN_GROUNDS:
        assert ratio(variables, "text-disabled", ground) >= DISTINCT


@given(background=colours, primary=colours, error=colours, dark=st.booleans())
def test_a_theme_of_anybodys_gets_as_readable_as_its_grounds_allow(
    background: Color, primary: Color, error: Color, dark: bool
) -> None:
    theme = Theme("any", primary=primary.hex, error=error.hex, background=background.hex, dark=dark)
    given_variables = variables_of(theme)
    variables = readable_variables(given_variables, dark=dark)
    grounds = [Color.parse(variables[ground]) for ground in PLAIN_GROUNDS]
    best = max(min(contrast(Color.parse(end), ground) for ground in grounds) for end in ("#000000", "#ffffff"))
    worst = min(contrast(Color.parse(variables["foreground"]), ground) for ground in grounds)
    assert worst >= min(READABLE, best)
    assert variables.keys() >= given_variables.keys()


def test_a_readable_colour_stays_as_it_is() -> None:
    before = variables_of(THEMES["textual-dark"])
    after = readable_variables(before, dark=True)
    for name in ("background", "surface", "panel", "primary", "foreground", "text-success", "text-accent"):
        assert Color.parse(after[name]) == Color.parse(before[name]), name


@pytest.mark.parametrize("name", ["ansi-dark", "ansi-light"])
def test_the_terminals_own_colours_are_left_to_the_terminal(name: str) -> None:
    theme = BUILTIN_THEMES[name]
    before = variables_of(theme)
    after = readable_variables(before, dark=theme.dark)
    assert {key: after[key] for key in before} == before
    assert after["cursor"].startswith("ansi_")


def test_known_ratios() -> None:
    assert contrast(Color.parse("#000000"), Color.parse("#ffffff")) == pytest.approx(21)
    assert contrast(Color.parse("#777777"), Color.parse("#ffffff")) == pytest.approx(4.48, abs=0.01)


def faint_texts(app: App[None]) -> Iterator[tuple[str, float]]:
    """Text on screen below READABLE, but for keys that cannot be used now."""
    disabled = Color.parse(app.get_css_variables()["text-disabled"])
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            style = segment.style
            if style is None or style.color is None or style.bgcolor is None or set(segment.text) <= FRAMES:
                continue
            text, ground = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
            if text != disabled and contrast(text, ground) < READABLE:
                yield segment.text.strip(), round(contrast(text, ground), 2)


@pytest.mark.anyio
async def test_what_is_on_the_screen_is_readable_in_every_theme(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(150, 40)) as pilot:
        await settle(pilot)
        for keys in ((), ("p",), ("escape", "e"), ("escape", "h"), ("escape", "s")):
            await pilot.press(*keys)
            await settle(pilot)
            for theme in ON_SCREEN:
                app.theme = theme
                await settle(pilot)
                assert dict(faint_texts(app)) == {}, (theme, keys)
