"""Comparing what was sent with what the tenant answers: scripts byte by byte, each option leaf, configuration by keys.

The platform only ever adds (api.md §2.1), so a leaf that was sent must come back equal (design §5.5).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dbconn_tui.deploy.fingerprint import canonical_json
from dbconn_tui.deploy.leaves import ABSENT, NOT_OPTIONS, leaves, option_item, value_at
from dbconn_tui.deploy.record import has_any_record, is_record_key


def differences(sent: Mapping[str, Any], answer: Mapping[str, Any]) -> tuple[str, ...]:
    """Item words that did not come back as sent in a request body; empty when the answer holds it all."""
    found: list[str] = []
    answered = answer.get("options")
    if not isinstance(answered, Mapping):
        return ("options",)
    if "options" in sent:
        found += _differing_options(sent["options"] or {}, answered)
    if "display_name" in sent and answer.get("display_name") != sent["display_name"]:
        found.append("display_name")
    if not same_record(sent, answer):
        found.append("record")
    return tuple(found)


def _differing_options(options: Mapping[str, Any], answered: Mapping[str, Any]) -> Iterator[str]:
    for kind, text in (options.get("customScripts") or {}).items():
        if (answered.get("customScripts") or {}).get(kind) != text:
            yield f"script:{kind}"
    for kind in answered.get("customScripts") or {}:
        if kind not in (options.get("customScripts") or {}):
            yield f"script:{kind}"
    tree = {key: value for key, value in options.items() if key not in NOT_OPTIONS}
    for path, value in leaves(tree):
        back = value_at(answered, path)
        if back is ABSENT or canonical_json(back) != canonical_json(value):
            yield option_item(path)
    keys = set(options.get("configuration") or {})
    for key in sorted(keys ^ set(answered.get("configuration") or {})):
        yield f"configuration:{key}"


def later_writer(sent: Mapping[str, Any], answer: Mapping[str, Any], live: Mapping[str, Any]) -> str:
    """What somebody else did to a connection after the write of `sent` got `answer`; empty when nothing of ours.

    Told by the record (another deploy id), by the content, and by the ciphertext, which is new at every write and
    stable over reads (api.md §4.1).
    """
    wrong = differences(sent, live)
    if "record" in wrong and has_any_record(live.get("metadata")):
        items = ", ".join(item for item in wrong if item != "record")
        return f"written, and then deployed over by another dbconn: {items or 'the same content under its deploy id'}"
    if wrong:
        return f"written, and then changed by somebody else: {', '.join(wrong)}"
    if _configuration(live) != _configuration(answer):
        return (
            "written, and then saved again by somebody else: scripts and options are the same, "
            "configuration values cannot be compared"
        )
    return ""


def _configuration(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    return (raw.get("options") or {}).get("configuration") or {}


def same_record(sent: Mapping[str, Any], answer: Mapping[str, Any]) -> bool:
    """Whether the answer holds the very record that was sent, i.e. this write was the last one."""
    ours = {key: value for key, value in (sent.get("metadata") or {}).items() if is_record_key(key)}
    theirs = answer.get("metadata") or {}
    return all(theirs.get(key) == value for key, value in ours.items())
