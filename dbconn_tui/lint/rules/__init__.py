"""All rules, sorted by id: a new rule is one file and one line in each list here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dbconn_tui.lint.rule import Rule
from dbconn_tui.lint.rules import (
    anonymous_function,
    configuration_undefined,
    configuration_unused,
    delete_id_mismatch,
    empty_result_unchecked,
    error_response_unchecked,
    fetch_body_object,
    function_name,
    http_status_unchecked,
    ignore_unused,
    ignore_without_reason,
    rule_unknown,
    script_kind_mismatch,
    script_params,
    script_single_function,
    script_size,
    script_syntax,
    script_unimplemented,
    script_unknown_key,
    scripts_empty,
    scripts_required,
    scripts_unused_in_import_mode,
    template_placeholder,
    undeclared_variable,
    unguarded_json_parse,
    update_result_unchecked,
    use_before_define,
)

RULES: Final[tuple[Rule, ...]] = (
    anonymous_function.RULE,
    configuration_undefined.RULE,
    configuration_unused.RULE,
    delete_id_mismatch.RULE,
    empty_result_unchecked.RULE,
    error_response_unchecked.RULE,
    fetch_body_object.RULE,
    function_name.RULE,
    http_status_unchecked.RULE,
    ignore_unused.RULE,
    ignore_without_reason.RULE,
    rule_unknown.RULE,
    script_kind_mismatch.RULE,
    script_params.RULE,
    script_single_function.RULE,
    script_size.RULE,
    script_syntax.RULE,
    script_unimplemented.RULE,
    script_unknown_key.RULE,
    scripts_empty.RULE,
    scripts_required.RULE,
    scripts_unused_in_import_mode.RULE,
    template_placeholder.RULE,
    undeclared_variable.RULE,
    unguarded_json_parse.RULE,
    update_result_unchecked.RULE,
    use_before_define.RULE,
)

BY_ID: Final[Mapping[str, Rule]] = {rule.id: rule for rule in RULES}
