"""ACTIONS: the one table of everything a key, the palette or the help screen can do.

Bindings, palette entries and help are made from it, and a user's keymap names its ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Action:
    """One thing the user can do.

    `keys` are Textual key names, comma-separated, empty = palette only. `where` is a place of PLACES.
    `run` is a Textual action string; `app.` in front reaches the app from any screen.
    `footer` shows it in the last line; at most seven of a screen's may.
    """

    id: str
    keys: str
    title: str
    help: str
    where: str
    run: str
    footer: bool = False
    palette: bool = True
    priority: bool = False
    key_display: str = ""


PLACES: Final = {
    "home": "Connections",
    "plan": "Plan",
    "deploy": "Deploy",
    "editor": "Scripts",
    "history": "History",
    "secrets": "Secrets",
    "settings": "Settings",
    "try": "Try",
    "test": "Test",
    "problems": "Lint",
    "checklist": "Checklist",
    "doctor": "Doctor",
    "log": "Log",
    "templates": "Templates",
    "add": "New connection",
    "list": "Lists",
    "text": "Difference and texts",
    "everywhere": "Everywhere",
}
"""Where an action works, and the heading of its group on the help screen."""

ACTIONS: Final = (
    Action("home.details", "enter", "Details", "Show everything known about the connection", "home", "details", True),
    Action(
        "home.filter",
        "slash",
        "Filter",
        "Show only connections whose name or state has these letters",
        "home",
        "filter",
        key_display="/",
    ),
    Action("home.edit", "e", "Edit", "Edit the scripts of the connection", "home", "edit", True),
    Action("home.plan", "p", "Plan", "What a deploy would do, with every difference", "home", "plan", True),
    Action("home.deploy", "d", "Deploy…", "Check everything, then ask to deploy what the plan says", "home", "deploy"),
    Action("home.mark", "space", "Mark", "Mark the connection for lint, test, plan and deploy", "home", "mark"),
    Action("home.mark_all", "a", "Mark all", "Mark all that are shown, or none", "home", "mark_all"),
    Action("home.sort", "x", "Sort", "By name, state, last deploy, or as in the file", "home", "sort"),
    Action("home.try", "t", "Try", "Run a script of the connection on this machine", "home", "try_script", True),
    Action(
        "home.problems",
        "l",
        "Lint",
        "Everything lint found in the marked connections, or in this one",
        "home",
        "problems",
    ),
    Action(
        "home.settings",
        "o",
        "Options",
        "See and change the options and the configuration of the connection, layer by layer",
        "home",
        "settings",
    ),
    Action(
        "home.test",
        "T",
        "Test",
        "Play the life cycle of the marked connections, or of this one, against their store",
        "home",
        "test",
    ),
    Action("home.history", "h", "History", "What was deployed from this machine", "home", "history"),
    Action("home.secrets", "s", "Secrets", "Which values are needed, and whether they are here", "home", "app.secrets"),
    Action(
        "home.doctor",
        "D",
        "Doctor",
        "Check this machine, the project and the tenant",
        "home",
        "app.doctor",
        palette=False,
    ),
    Action("home.new", "n", "New…", "Make a connection from a template", "home", "app.new"),
    Action("home.copy_name", "y", "Copy name", "Copy the connection's name", "home", "copy_name"),
    Action("home.copy_failure", "c", "Copy message", "Copy the message shown above the table", "home", "copy_failure"),
    Action("plan.deploy", "d", "Deploy…", "Deploy what is not skipped, after a confirmation", "plan", "deploy", True),
    Action(
        "plan.skip",
        "space",
        "Skip",
        "Leave this connection out of the deploy, or take it in again",
        "plan",
        "skip",
        True,
    ),
    Action(
        "plan.skip_blocked",
        "a",
        "Only deployable",
        "Skip everything that is blocked, or take all in again",
        "plan",
        "skip_blocked",
    ),
    Action(
        "plan.mine",
        "m",
        "Keep mine",
        "Write the files' side over what changed on the tenant, or take that decision back",
        "plan",
        "mine",
    ),
    Action("plan.theirs", "t", "Take theirs…", "Take the tenant's side into the files, after a look", "plan", "theirs"),
    Action("plan.lift", "b", "Lift brake…", "Say what a brake is there for, then lift it", "plan", "lift"),
    Action(
        "plan.give_up",
        "x",
        "Give up key…",
        "Let a configuration key go that only the tenant has",
        "plan",
        "give_up",
    ),
    Action(
        "plan.next",
        "right_square_bracket",
        "Next",
        "Go to the next change",
        "plan",
        "next_change(1)",
        True,
        key_display="]",
    ),
    Action(
        "plan.previous",
        "left_square_bracket",
        "Previous",
        "Go to the change before",
        "plan",
        "next_change(-1)",
        key_display="[",
    ),
    Action(
        "plan.more_context",
        "right_curly_bracket",
        "More context",
        "Show more unchanged lines around a difference",
        "plan",
        "context(3)",
        key_display="}",
    ),
    Action(
        "plan.less_context",
        "left_curly_bracket",
        "Less context",
        "Show fewer unchanged lines around a difference",
        "plan",
        "context(-3)",
        key_display="{",
    ),
    Action(
        "plan.enlarge",
        "plus",
        "Enlarge",
        "Give the difference the whole screen, or put it back",
        "plan",
        "enlarge",
        key_display="+",
    ),
    Action("plan.copy", "c", "Copy", "Copy what the right side shows", "plan", "copy"),
    Action(
        "deploy.stop",
        "ctrl+c",
        "Stop after this step",
        "Finish the write under way, leave the rest undone",
        "deploy",
        "stop",
        True,
        priority=True,
    ),
    Action("deploy.copy", "c", "Copy", "Copy all lines", "deploy", "copy", True),
    Action("editor.save", "ctrl+s", "Save", "Write the script to its file", "editor", "save", True, priority=True),
    Action(
        "editor.next_problem",
        "f8",
        "Next problem",
        "Go to the next problem, in this script or the next that has one",
        "editor",
        "next_problem",
        True,
        priority=True,
    ),
    Action(
        "editor.external",
        "f4",
        "$EDITOR",
        "Open the file in your own editor and come back",
        "editor",
        "external",
        priority=True,
    ),
    Action(
        "editor.try",
        "f5",
        "Try",
        "Run the script as it stands in the editor, saved or not",
        "editor",
        "try_script",
        True,
        priority=True,
    ),
    Action("editor.plan", "f6", "Plan", "What a deploy of it would do", "editor", "plan", True, priority=True),
    Action(
        "editor.next_tab",
        "f3,ctrl+pagedown",
        "Next tab",
        "Show the next script",
        "editor",
        "next_tab(1)",
        priority=True,
    ),
    Action(
        "editor.previous_tab",
        "f2,ctrl+pageup",
        "Tab before",
        "Show the script before",
        "editor",
        "next_tab(-1)",
        priority=True,
    ),
    Action("editor.fix", "f9", "Fix", "Mend what is safe to mend, after a look", "editor", "fix", True, priority=True),
    Action(
        "editor.new_script",
        "ctrl+n",
        "New script…",
        "Begin a script of another kind, empty or from the template",
        "editor",
        "new_script",
        priority=True,
    ),
    Action(
        "editor.refill",
        "",
        "Fill template again…",
        "Take the template's newer text, merged with your edits, after a look",
        "editor",
        "refill",
    ),
    Action(
        "editor.settings",
        "enter",
        "Settings",
        "On the tab settings: every key of the connection with its layer",
        "editor",
        "settings",
    ),
    Action("editor.find", "ctrl+f", "Find", "Find a text in the script", "editor", "find", priority=True),
    Action(
        "editor.problems",
        "f7",
        "Problems",
        "Go to the list of problems, and back to the text",
        "editor",
        "problems",
        priority=True,
    ),
    Action(
        "editor.reload",
        "ctrl+r",
        "Reload…",
        "Take the file from the disk, what is not saved is lost",
        "editor",
        "reload",
        priority=True,
    ),
    Action("try.run", "f5", "Run", "Run the script with these arguments", "try", "run", True, priority=True),
    Action("try.stop", "ctrl+c", "Stop", "End the run under way", "try", "stop", True, priority=True),
    Action("try.next_tab", "f3,ctrl+pagedown", "Next script", "Show the next script", "try", "next_tab(1)", True),
    Action("try.previous_tab", "f2,ctrl+pageup", "Script before", "Show the script before", "try", "next_tab(-1)"),
    Action("try.copy", "c", "Copy", "Copy what came of the run", "try", "copy"),
    Action("settings.edit", "enter", "Change…", "Change the key in dbconn.yaml", "settings", "edit"),
    Action("settings.new", "n", "New key…", "Add a configuration key, or another option", "settings", "new", True),
    Action(
        "settings.filter",
        "slash",
        "Filter",
        "Show only keys whose name or value has these letters",
        "settings",
        "filter",
        key_display="/",
    ),
    Action(
        "settings.every", "a", "All", "Show all keys that can be set, or only those that are", "settings", "every", True
    ),
    Action("settings.tenant", "v", "View", "See the connection as on the next tenant", "settings", "tenant", True),
    Action("settings.copy", "c", "Copy", "Copy the key and its value", "settings", "copy"),
    Action("problems.go_to", "enter", "Go to", "Show the line in the editor", "problems", "go_to"),
    Action("problems.checklist", "L", "Checklist", "What lint cannot see", "problems", "checklist", True),
    Action("problems.copy", "c", "Copy", "Copy all findings", "problems", "copy", True),
    Action(
        "problems.copy_command",
        "y",
        "Copy command",
        "Copy the command that explains the rule",
        "problems",
        "copy_command",
        True,
    ),
    Action("checklist.tick", "space", "Tick", "Tick the item off, or take the tick back", "checklist", "tick", True),
    Action("checklist.copy", "c", "Copy", "Copy the list with its ticks, as Markdown", "checklist", "copy", True),
    Action("doctor.again", "f5", "Again", "Check once more", "doctor", "again", True),
    Action("doctor.copy_fix", "y", "Copy fix", "Copy how to put it right", "doctor", "copy_fix", True),
    Action("doctor.copy", "c", "Copy report", "Copy everything, for an issue", "doctor", "copy", True),
    Action("test.run", "f5", "Play", "Play the life cycle against the user store", "test", "run", True),
    Action(
        "test.stop",
        "ctrl+c",
        "Stop after this check",
        "End the test after the check under way; what was made is deleted",
        "test",
        "stop",
        True,
        priority=True,
    ),
    Action("test.values", "v", "Values", "Change whose values the scripts get", "test", "values", True),
    Action("test.outage", "o", "Hanging store", "With or without a store that hangs", "test", "outage"),
    Action("test.copy", "c", "Copy", "Copy the board", "test", "copy"),
    Action("history.roll_back", "u", "Roll back…", "Plan going back to the state shown", "history", "roll_back", True),
    Action("history.every", "a", "All", "Show every connection's writes, or one's", "history", "every", True),
    Action("history.copy", "c", "Copy", "Copy what the right side shows", "history", "copy", True),
    Action(
        "history.copy_command",
        "y",
        "Copy command",
        "Copy the command line that rolls back to here",
        "history",
        "copy_command",
    ),
    Action("secrets.set", "enter", "Set…", "Type or paste the value, hidden", "secrets", "set", True),
    Action("secrets.delete", "x", "Delete…", "Take the stored value away", "secrets", "delete", True),
    Action("secrets.copy_name", "y", "Copy name", "Copy the name", "secrets", "copy_name"),
    Action("log.copy", "c", "Copy", "Copy all lines", "log", "copy", True),
    Action("templates.use", "enter", "Use…", "Ask for the template's values and show the files", "templates", "use"),
    Action("add.add", "ctrl+s", "Add", "Write what is shown", "add", "add", True, priority=True),
    Action("list.down", "j", "Down", "Move down", "list", "cursor_down", palette=False),
    Action("list.up", "k", "Up", "Move up", "list", "cursor_up", palette=False),
    Action("list.first", "g", "First", "Go to the first", "list", "go_first", palette=False),
    Action("list.last", "G", "Last", "Go to the last", "list", "go_last", palette=False),
    Action("text.down", "j", "Down", "Scroll down", "text", "scroll_down", palette=False),
    Action("text.up", "k", "Up", "Scroll up", "text", "scroll_up", palette=False),
    Action("text.first", "g", "Top", "Go to the top", "text", "scroll_home", palette=False),
    Action("text.last", "G", "End", "Go to the end", "text", "scroll_end", palette=False),
    Action("app.reread", "r", "Read again", "Read the files and the tenant again", "everywhere", "app.reread", True),
    Action("app.tenants", "ctrl+t", "Tenant", "Choose another tenant of the project", "everywhere", "app.tenants"),
    Action(
        "app.palette",
        "ctrl+p",
        "Commands",
        "Find any action by its name",
        "everywhere",
        "app.command_palette",
        True,
        palette=False,
        priority=True,
    ),
    Action(
        "app.help",
        "question_mark,f1",
        "Help",
        "Show the keys that work here",
        "everywhere",
        "app.help",
        True,
    ),
    Action("app.back", "escape", "Back", "Close or go back; never quits", "everywhere", "app.go_back"),
    Action("app.home", "1", "Connections", "Go to the table of connections", "everywhere", "app.home"),
    Action("app.log", "at", "Requests", "Show every request to the tenant", "everywhere", "app.log", key_display="@"),
    Action(
        "app.doctor",
        "",
        "Doctor",
        "Check this machine, the project and the tenant, each with its fix",
        "everywhere",
        "app.doctor",
    ),
    Action("app.checklist", "", "Checklist", "Good practice that no file shows", "everywhere", "app.checklist"),
    Action("app.theme", "", "Theme…", "Choose colours, light or dark", "everywhere", "app.change_theme"),
    Action("app.quit", "ctrl+q", "Quit", "Leave dbconn", "everywhere", "app.leave", priority=True),
)

BY_ID: Final = {action.id: action for action in ACTIONS}


def bindings(*places: str) -> list[BindingType]:
    """The key bindings of these places, in the table's order, their ids for `App.set_keymap`."""
    return [
        Binding(
            action.keys,
            action.run,
            action.title,
            show=action.footer,
            key_display=action.key_display or None,
            priority=action.priority,
            tooltip=action.help,
            id=action.id,
        )
        for action in ACTIONS
        if action.where in places and action.keys
    ]
