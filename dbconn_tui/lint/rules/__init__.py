"""All rules, sorted by id: a new rule is one file and one line in each list here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dbconn_tui.lint.rule import Rule
from dbconn_tui.lint.rules import (
    anonymous_function,
    configuration_undefined,
    configuration_unused,
    function_name,
    ignore_unused,
    ignore_without_reason,
    rule_unknown,
    script_params,
    script_single_function,
    script_size,
    script_syntax,
    script_unimplemented,
    script_unknown_key,
    scripts_empty,
    scripts_required,
    scripts_unused_in_import_mode,
)

RULES: Final[tuple[Rule, ...]] = (
    anonymous_function.RULE,
    configuration_undefined.RULE,
    configuration_unused.RULE,
    function_name.RULE,
    ignore_unused.RULE,
    ignore_without_reason.RULE,
    rule_unknown.RULE,
    script_params.RULE,
    script_single_function.RULE,
    script_size.RULE,
    script_syntax.RULE,
    script_unimplemented.RULE,
    script_unknown_key.RULE,
    scripts_empty.RULE,
    scripts_required.RULE,
    scripts_unused_in_import_mode.RULE,
)

BY_ID: Final[Mapping[str, Rule]] = {rule.id: rule for rule in RULES}
