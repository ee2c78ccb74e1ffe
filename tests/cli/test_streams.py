"""Streams: what goes where, when it is coloured, and what happens when a stream is gone or a bug shows up."""

from __future__ import annotations

import io
import json
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from dbconn_tui.cli import main
from dbconn_tui.cli.output import Output, wants_colour
from dbconn_tui.cli.progress import Progress
from dbconn_tui.cli.session import Streams
from dbconn_tui.cli.text import Span, Style, clean, columns, encodable, paint, width
from dbconn_tui.errors import UsageError
from dbconn_tui.events import Event, EventKind

if TYPE_CHECKING:
    from tests.cli.conftest import World


class Stream(io.StringIO):
    """A stream in memory, a terminal or not."""

    def __init__(self, *, terminal: bool = False) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize(
    ("no_color", "environment", "terminal", "coloured"),
    [
        (False, {}, True, True),
        (False, {}, False, False),
        (True, {"FORCE_COLOR": "1"}, True, False),
        (False, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        (False, {"NO_COLOR": ""}, True, True),
        (False, {"FORCE_COLOR": "1", "TERM": "dumb"}, False, True),
        (False, {"TERM": "dumb"}, True, False),
    ],
)
def test_who_decides_about_colour(no_color: bool, environment: dict[str, str], terminal: bool, coloured: bool) -> None:
    assert wants_colour(Stream(terminal=terminal), environment, no_color=no_color) is coloured


def test_text_from_elsewhere_cannot_speak_to_the_terminal() -> None:
    assert clean("a\x1b[2Jb\x07\r\x9b\u202e\tc\n") == "a\\x1b[2Jb\\x07\\x0d\\x9b\\u202e\tc\n"
    assert paint([Span("\x1b]0;x\x07", Style.RED)], colour=False) == "\\x1b]0;x\\x07"


def test_a_live_script_with_escapes_is_shown_harmless(project: World) -> None:
    project.write("scripts/users/get_user.js", "function getUser(i, callback) { callback(null); } // \x1b[2J\n")
    result = project("plan", "--verbose", environment={"FORCE_COLOR": "1"})
    assert "\x1b[2J" not in result.out
    assert "\\x1b[2J" in result.out


def test_signs_that_an_encoding_lacks_are_replaced() -> None:
    assert encodable("✓ → … é", "ascii") == "v -> ... \\xe9"
    assert encodable("✓ é", "utf-8") == "✓ é"
    assert encodable("\udcff", "utf-8") == "\\udcff"


def test_columns_are_as_wide_as_what_they_show() -> None:
    lines = columns([["名前", "a"], ["x", Span("b", Style.RED)]])
    texts = [paint(line, colour=False) for line in lines]
    assert texts == ["名前  a", "x     b"]
    assert width("名前") == 4


class TestProgress:
    """Steps share one redrawn line at a terminal and are plain lines elsewhere."""

    EVENTS = (
        Event(EventKind.STEP, "reading dev"),
        Event(EventKind.REQUEST, "GET /api/v2/connections 200"),
        Event(EventKind.WAITING, "rate limit: waiting 2.0 s", seconds=2.0),
        Event(EventKind.WRITING, "creating", "users"),
        Event(EventKind.WRITTEN, "created", "users"),
        Event(EventKind.FAILED, "no", "others"),
        Event(EventKind.VERIFIED, "read back", "users"),
        Event(EventKind.NOTE, "worth knowing"),
    )

    def shown(self, *, redraws: bool = False, quiet: bool = False, verbose: bool = False) -> str:
        stream = Stream(terminal=redraws)
        progress = Progress(stream, colour=False, redraws=redraws, quiet=quiet, verbose=verbose)
        progress.expected = 2
        for event in self.EVENTS:
            progress.event(event)
        progress.error(UsageError("it failed", "do this"))
        return stream.getvalue()

    def test_plain_lines(self) -> None:
        assert self.shown().splitlines() == [
            "reading dev",
            "rate limit: waiting 2.0 s",
            "[1/2] users: created",
            "✗ [2/2] others: no",
            "worth knowing",
            "error: it failed",
            "  next: do this",
        ]

    def test_verbose_shows_requests(self) -> None:
        moment = datetime(2026, 11, 28, 9, 5, 7, 250_000).timestamp()
        stream = Stream(terminal=False)
        progress = Progress(stream, colour=False, redraws=False, quiet=False, verbose=True, wall_clock=lambda: moment)
        request = Event(EventKind.REQUEST, "GET /api/v2/connections 200", seconds=0.034, budget_left=9, request_id="a1")
        progress.event(request)
        progress.event(Event(EventKind.REQUEST, "PATCH /x 500", seconds=1.2))
        assert stream.getvalue().splitlines() == [
            "09:05:07.250  GET /api/v2/connections 200  34 ms  9 left  a1",
            "09:05:07.250  PATCH /x 500  1200 ms",
        ]

    def test_quiet_leaves_errors(self) -> None:
        assert self.shown(quiet=True).splitlines() == ["error: it failed", "  next: do this"]

    def test_at_a_terminal_only_failures_and_notes_stay(self) -> None:
        screen = self.shown(redraws=True)
        lines = [line.rpartition("\x1b[K")[2] for line in screen.split("\n")]
        assert lines == ["✗ [2/2] others: no", "worth knowing", "error: it failed", "  next: do this", ""]
        assert "\r\x1b[K[1/2] users: creating" in screen

    def test_a_long_line_never_wraps(self) -> None:
        stream = Stream(terminal=True)
        progress = Progress(stream, colour=False, redraws=True, quiet=False, verbose=False)
        progress.event(Event(EventKind.STEP, "名" * 200))
        assert width(stream.getvalue().removeprefix("\r\x1b[K")) <= 78

    def test_the_line_makes_room_for_a_result(self) -> None:
        stream = Stream(terminal=True)
        progress = Progress(stream, colour=False, redraws=True, quiet=False, verbose=False)
        out = Output(stream, colour=False, before=progress.clear)
        progress.event(Event(EventKind.STEP, "reading"))
        out.line("result")
        assert stream.getvalue() == "\r\x1b[Kreading\r\x1b[Kresult\n"

    def test_a_stderr_that_is_gone_stops_nothing(self) -> None:
        class Gone(Stream):
            def write(self, text: str) -> int:
                raise BrokenPipeError

        progress = Progress(Gone(), colour=False, redraws=False, quiet=False, verbose=False)
        progress.event(Event(EventKind.STEP, "reading"))
        progress.note("still here")


class TestFailures:
    """Every failure is words and an exit code."""

    def test_as_json_it_is_one_object_on_stdout_and_words_on_stderr(self, world: World) -> None:
        result = world("plan", "--json")
        assert set(result.json) == {"version", "error"}
        assert result.json["version"] == 1
        assert set(result.json["error"]) == {"code", "message", "hint"}
        assert result.err.startswith("error: no dbconn.yaml here")
        assert world("plan", "--json", "--quiet").err == ""

    def test_a_mistake_on_the_command_line_is_json_too(self, world: World) -> None:
        for words in (["plan", "--json", "--nonsense"], ["--json", "nonsense"], ["plan", "--format", "json", "-x"]):
            result = world(*words)
            assert result.code == 3
            assert result.json["error"]["code"] == "usage"

    def test_quiet_still_says_what_went_wrong(self, world: World) -> None:
        assert "error: no dbconn.yaml" in world("plan", "--quiet").err

    def test_a_declined_question_is_json_too(self, project: World) -> None:
        result = project("deploy", "--json", terminal=True, stdin="n\n")
        assert result.code == 130
        assert result.json["error"]["code"] == "interrupted"

    def test_a_bug_is_one_line_and_never_shows_values(self, project: World, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*arguments: object, **named: object) -> object:
            secret = "a-local-value"
            raise RuntimeError(f"about {secret}")

        monkeypatch.setattr("dbconn_tui.tasks.status.offline_status", broken)
        result = project("status")
        assert result.code == 1
        assert result.err.splitlines()[0].startswith("error: RuntimeError inside dbconn; this is a bug of dbconn")
        assert "Traceback" not in result.err
        verbose = project("status", "--verbose")
        assert "in broken" in verbose.err
        assert "a-local-value" not in verbose.err.replace('secret = "a-local-value"', "")
        assert json.loads(project("status", "--json").out)["error"]["code"] == "bug"

    def test_ctrl_c_is_130(self, project: World, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupted(*arguments: object, **named: object) -> object:
            raise KeyboardInterrupt

        monkeypatch.setattr("dbconn_tui.tasks.status.offline_status", interrupted)
        result = project("status")
        assert (result.code, result.err) == (130, "interrupted\n")

    @pytest.mark.parametrize(
        ("failure", "said"), [(BrokenPipeError(), ""), (OSError(28, "No space left on device"), "No space left")]
    )
    def test_a_stdout_that_takes_nothing(self, failure: OSError, said: str) -> None:
        class Full(Stream):
            def flush(self) -> None:
                raise failure

        err = Stream()
        assert main(["help"], streams=Streams(Stream(), Full(), err)) == 1
        assert said in err.getvalue()
        assert bool(said) == bool(err.getvalue())
