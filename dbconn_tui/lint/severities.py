"""How bad a finding is here: the rule's severity, the preset, and what the project chose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.problems import Severity

OFF: Final = "off"
SEVERITY_WORDS: Final = (*(severity.value for severity in Severity), OFF)
"""What dbconn.yaml may say of a rule."""

RECOMMENDED: Final = "recommended"
STRICT: Final = "strict"
LEGACY: Final = "legacy"

PRESETS: Final[Mapping[str, Mapping[str, str]]] = {
    RECOMMENDED: {},
    # Findings marked pedantic are shown, too.
    STRICT: {},
    # For scripts imported from elsewhere: nothing that only renaming or restyling would satisfy.
    LEGACY: {
        "anonymous-function": "info",
        "db-timeout-missing": OFF,
        "function-name": OFF,
        "module-deprecated": OFF,
        # Imported scripts run today, so the tenant still has these; a new runtime may not.
        "module-removed": "warning",
        "module-unpinned": OFF,
        "no-console": OFF,
    },
}
"""Preset → rule id → severity word, where it differs from the rule's own (rules.md, Severity)."""

_WEIGHT: Final = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}


def severity_of(rule: Rule, finding: Finding, chosen: Mapping[str, str], preset: str) -> Severity | None:
    """The severity of a finding, or None when it is not to be shown.

    `chosen` maps rule ids to one of SEVERITY_WORDS and wins over the preset; a word that is none
    counts as not said (`rule-unknown` reports it). A choice replaces the rule's severity; a finding
    that weighs less than its rule is lowered by it, never raised.
    """
    if finding.pedantic and preset != STRICT:
        return None
    word = chosen.get(rule.id, "")
    if word not in SEVERITY_WORDS:
        word = PRESETS.get(preset, {}).get(rule.id, rule.severity.value)
    if word == OFF:
        return None
    severity = Severity(word)
    return severity if finding.severity is None else min(severity, finding.severity, key=_WEIGHT.__getitem__)
