"""Analysis: the calls of the script's own callback, with what each hands over."""

from __future__ import annotations

from dataclasses import dataclass

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.expressions import arguments, is_nothing
from dbconn_tui.lint.inputs import Inputs
from dbconn_tui.lint.subject import ScriptSubject


@dataclass(frozen=True, slots=True)
class CallbackCall:
    """`callback(error, result)`; None for what is left out."""

    node: Node
    error: Node | None
    result: Node | None

    @property
    def succeeds(self) -> bool:
        """Whether the first argument is surely no error."""
        return is_nothing(self.error)


def callback_calls(subject: ScriptSubject) -> tuple[CallbackCall, ...]:
    """Every direct call of the callback parameter, in the order of the text."""
    binding = subject.shared(Inputs).callback
    found = []
    for reference in binding.references if binding is not None else ():
        call = reference.parent
        if call is not None and call.type == "call_expression" and reference.field_name == "function":
            given = arguments(call)
            found.append(
                CallbackCall(
                    call,
                    given[0] if given else None,
                    given[1] if len(given) > 1 else None,
                ),
            )
    return tuple(found)
