"""Merging the files' options into the raw live ones, with the platform's own exclusions (design §5.2, api.md §2.4).

The API replaces `options` whole, so what is sent starts from the live object and unknown keys go back unchanged.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dbconn_tui.deploy.leaves import ABSENT, leaves, set_at, value_at
from dbconn_tui.deploy.values import Blocker
from dbconn_tui.project.values import Connection

LEGACY_PASSWORD_OPTIONS: Final = (
    "passwordPolicy",
    "password_complexity_options",
    "password_history",
    "password_dictionary",
    "password_no_personal_info",
)
"""The older group of password settings; the platform takes this one or `password_options`, not both."""


@dataclass(frozen=True, slots=True)
class Merged:
    """`options` to send, without `configuration`; what was left out and why; what cannot be sent at all."""

    options: Mapping[str, Any] = field(repr=False)
    notes: tuple[str, ...] = ()
    blocked: tuple[Blocker, ...] = ()


def managed_options(connection: Connection, *, creates: bool) -> dict[str, Any]:
    """The option tree that the files manage, with the switches dbconn adds: nested as in the API."""
    tree: dict[str, Any] = copy.deepcopy(dict(connection.options))
    tree["enabledDatabaseCustomization"] = True
    if connection.import_mode is not None or creates:
        tree["import_mode"] = bool(connection.import_mode)
    return tree


def merge_options(
    connection: Connection, live: Mapping[str, Any] | None, *, delete_scripts: frozenset[str] = frozenset()
) -> Merged:
    """The options to send for a connection whose raw live options are `live` (None = it will be created).

    Every live key stays unless the platform refuses it beside what the files set; `customScripts`
    carries every script, the files' over the live ones, less `delete_scripts`. `configuration` is left to
    the caller, who alone has the values.
    """
    options: dict[str, Any] = copy.deepcopy(dict(live or {}))
    options.pop("configuration", None)
    managed = managed_options(connection, creates=live is None)
    for path, value in leaves(managed):
        set_at(options, path, copy.deepcopy(value))
    scripts: dict[str, str] = dict(options.pop("customScripts", None) or {})
    for kind in delete_scripts:
        scripts.pop(kind, None)
    scripts.update({kind: script.text for kind, script in connection.scripts.items()})
    if scripts:
        options["customScripts"] = scripts
    notes: list[str] = []
    blocked: list[Blocker] = []
    _one_password_group(options, managed, notes, blocked)
    _attributes_or_username(options, managed, live or {}, notes, blocked)
    _one_way(managed, live or {}, blocked)
    return Merged(options, tuple(notes), tuple(blocked))


def _one_password_group(
    options: dict[str, Any], managed: Mapping[str, Any], notes: list[str], blocked: list[Blocker]
) -> None:
    legacy = [key for key in LEGACY_PASSWORD_OPTIONS if key in options]
    if "password_options" not in options or not legacy:
        return
    managed_legacy = [key for key in LEGACY_PASSWORD_OPTIONS if key in managed]
    if "password_options" in managed and managed_legacy:
        blocked.append(
            Blocker(
                f"the files set password_options and {', '.join(managed_legacy)}; the platform takes one group",
                "Keep password_options and remove the older settings, or the other way round.",
            )
        )
    elif managed_legacy:
        del options["password_options"]
        notes.append(f"password_options is left out: the files set {', '.join(managed_legacy)}, and one group is taken")
    else:
        for key in legacy:
            del options[key]
        notes.append(f"{', '.join(legacy)} left out: password_options says it, and the platform takes one group")


def _attributes_or_username(
    options: dict[str, Any],
    managed: Mapping[str, Any],
    live: Mapping[str, Any],
    notes: list[str],
    blocked: list[Blocker],
) -> None:
    if not options.get("attributes"):
        return
    for rival, clashes in (
        ("validation", bool(options.get("validation"))),
        ("requires_username", options.get("requires_username") is True),
    ):
        if not clashes:
            continue
        if rival in managed and "attributes" in managed:
            blocked.append(Blocker(f"the files set attributes and {rival}; the platform takes one", f"Remove {rival}."))
        elif "attributes" in managed:
            del options[rival]
            notes.append(f"{rival} is left out: the files set attributes, and the platform takes one of the two")
        else:
            blocked.append(
                Blocker(
                    f"the connection has attributes, which exclude {rival}",
                    f"Remove {rival} from the files, or say the same with attributes.",
                    item=f"option:{rival}",
                )
            )
    unique_live = value_at(live, ("attributes", "email", "unique"))
    unique_files = value_at(managed, ("attributes", "email", "unique"))
    if live and unique_files is not ABSENT and unique_files != (True if unique_live is ABSENT else unique_live):
        blocked.append(
            Blocker(
                "attributes.email.unique can only be set when a connection is created",
                "Set it to what the tenant has, or make a new connection.",
                item="option:attributes.email.unique",
            )
        )


def _one_way(managed: Mapping[str, Any], live: Mapping[str, Any], blocked: list[Blocker]) -> None:
    if live.get("enable_script_context") is True and managed.get("enable_script_context") is False:
        blocked.append(
            Blocker(
                "enable_script_context is on, and the platform never lets it be turned off again",
                "Set it to true, and give every script the context parameter.",
                item="option:enable_script_context",
            )
        )
