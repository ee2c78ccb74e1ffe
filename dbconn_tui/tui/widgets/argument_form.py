"""ArgumentForm: a field for each argument that any script takes; those of one kind are shown, what was typed stays."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, Static

from dbconn_tui.runtime.arguments import PASSWORDS
from dbconn_tui.tui.runs import MORE, more_arguments
from dbconn_tui.tui.saved_cases import argument_words, reference_words
from dbconn_tui.tui.widgets.choice_field import ChoiceField
from dbconn_tui.tui.widgets.entry_list import EntryList
from dbconn_tui.tui.widgets.hidden_input import HiddenInput

if TYPE_CHECKING:
    from dbconn_tui.project.cases import Case

FIELDS: Final = ("email", "id", "password", "new_password", "new_email", "verified", MORE, "values")
"""Every field that any kind has, in the order they stand in."""

HINTS: Final = {
    "email": "e-mail address, user name or other identifier",
    "id": "the user's id in the store",
    "new_email": "the address to change to",
    MORE: "user.plan=free context.organization.id=org_1",
}


class CaseList(EntryList):
    """The saved cases of the kind that is shown; enter fills the form with one."""

    BINDINGS = [Binding("enter", "select", "Take", show=True)]


class ArgumentForm(VerticalScroll, can_focus=False):
    """The fields, whose values a run gets, and below them the saved cases."""

    _names: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """A row a field; one that the kind does not have is hidden."""
        self.border_title = "Arguments"
        for name in FIELDS:
            with Horizontal(id=f"row-{name}", classes="field-row"):
                yield Static(name.replace("values", "values of"), classes="field-name", markup=False)
                yield _field(name)
        yield CaseList(id="cases")

    @property
    def _values_field(self) -> ChoiceField:
        return self.query_one("#field-values", ChoiceField)

    @property
    def values(self) -> str:
        """Whose values a run gets."""
        return self._values_field.value

    def offer_values(self, values: Sequence[str], chosen: str) -> None:
        """Offer these; what was chosen before stays where it is among them."""
        kept = self.values if self.values in values else chosen
        self._values_field.offer(values, kept)

    def show(self, names: Sequence[str]) -> None:
        """Show the fields of these names; the focus goes to the first unless it has one of them."""
        self._names = tuple(names)
        for name in FIELDS:
            self.query_one(f"#row-{name}").display = name in names
        focused = self.screen.focused
        if focused is None or focused.id not in {f"field-{name}" for name in names} | {"result"}:
            self.query_one(f"#field-{next(name for name in FIELDS if name in names)}").focus()

    def take(self, case: Case) -> None:
        """Fill the fields with a case; what is looked up stays hidden."""
        for name in self._names:
            field, value = self.query_one(f"#field-{name}"), case.arguments.get(name)
            if isinstance(field, HiddenInput):
                field.value = ""
                field.placeholder = reference_words(value) or ("of the case" if value is not None else "hidden")
            elif isinstance(field, ChoiceField) and name == "verified":
                field.offer(("false", "true"), "true" if value is True else "false")
            elif isinstance(field, Input) and name != MORE:
                field.value = argument_words(value) if value is not None else ""
        pairs = [f"{name}={argument_words(value)}" for name, value in case.arguments.items() if "." in name]
        self.query_one(f"#field-{MORE}", Input).value = shlex.join(pairs)

    def given(self, case: Case | None) -> dict[str, Any]:
        """The arguments by name; those that the case has and that are hidden are left to it. Raises UsageError."""
        given: dict[str, Any] = {}
        for name in self._names:
            field = self.query_one(f"#field-{name}")
            if name == "verified" and isinstance(field, ChoiceField):
                given[name] = field.value == "true"
            elif name == MORE and isinstance(field, Input):
                given |= more_arguments(field.value)
            elif isinstance(field, HiddenInput) and not field.value and case is not None and name in case.arguments:
                continue
            elif isinstance(field, Input):
                given[name] = field.value
        return given


def _field(name: str) -> Input | ChoiceField:
    if name == "verified":
        return ChoiceField(("false", "true"), id=f"field-{name}")
    if name == "values":
        return ChoiceField((), id=f"field-{name}")
    if name in PASSWORDS:
        field = HiddenInput(id=f"field-{name}")
        field.placeholder = "hidden"
        field.compact = True
        return field
    return Input(id=f"field-{name}", placeholder=HINTS.get(name, ""), compact=True)
