"""Where a finding about flow points to, and how places are told."""

from __future__ import annotations

from dbconn_tui.action_scripts.positions import Span
from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.flow.analysis import CallbackFlow
from dbconn_tui.lint.subject import ScriptSubject


def head_span(subject: ScriptSubject, node: Node) -> Span:
    """The part of a node that is worth underlining: of a statement with a body its head, else its first line."""
    end = node.end
    for role in ("condition", "value", "parameter", "parameters", "right"):
        part = node.field(role)
        if part is not None and node.type.endswith(("_statement", "_clause", "_function", "_declaration")):
            end = part.end + (1 if subject.text[part.end : part.end + 1] == ")" else 0)
            break
    line_end = subject.text.find("\n", node.start)
    if 0 <= line_end < end:
        end = node.start + len(subject.text[node.start : line_end].rstrip("\r"))
    return subject.parsed.lines.span(node.start, end)


def line_of(subject: ScriptSubject, node: Node) -> int:
    """The line a node begins in."""
    return subject.parsed.lines.position(node.start)[0]


def callback_name(flow: CallbackFlow) -> str:
    """The callback as the script calls it."""
    return flow.callback.name if flow.callback is not None else "callback"
