"""What `dbconn explain` says of a rule, made from the rule itself."""

from __future__ import annotations

import textwrap
from typing import Any, Final

from dbconn_tui.errors import UsageError
from dbconn_tui.lint.rule import Example, Rule
from dbconn_tui.lint.rules import BY_ID, RULES
from dbconn_tui.lint.spelling import nearest
from dbconn_tui.lint.wording import did_you_mean

_WIDTH: Final = 88


def explain(rule_id: str) -> str:
    """Why a rule is there, what breaks it, what keeps it, and where it comes from; plain text.

    Raises UsageError for an unknown id, with the nearest known one.
    """
    rule = BY_ID.get(rule_id)
    if rule is None:
        hint = did_you_mean(nearest(rule_id, BY_ID)) or "`dbconn explain` without a name lists all rules."
        raise UsageError(f"there is no lint rule `{rule_id}`", hint)
    parts = [
        f"{rule.id} ({rule.severity.value}, {rule.applies_to})",
        rule.title,
        textwrap.fill(rule.why, _WIDTH),
        *(_shown("Bad", example) for example in rule.bad),
        *(_shown("Good", example) for example in rule.good),
        f"Source: {rule.source}",
        _ways_out(rule),
    ]
    return "\n\n".join(parts) + "\n"


def rules_table() -> str:
    """All rules, one a line: id, severity, what it looks at, title."""
    widest = max(len(rule.id) for rule in RULES)
    return "".join(
        f"{rule.id:<{widest}}  {rule.severity.value:<7}  {rule.applies_to:<10}  {rule.title}\n" for rule in RULES
    )


def rules_json() -> list[dict[str, Any]]:
    """All rules as plain values, for `dbconn explain --json`."""
    return [
        {
            "id": rule.id,
            "severity": rule.severity.value,
            "applies_to": rule.applies_to,
            "title": rule.title,
            "why": rule.why,
            "source": rule.source,
        }
        for rule in RULES
    ]


def _ways_out(rule: Rule) -> str:
    severity = f"Severity, in dbconn.yaml: `lint: {{rules: {{{rule.id}: off}}}}` (or error, warning, info)."
    if not rule.ignorable:
        return severity
    return f"{severity}\nOne line, in the script: `// dbconn-ignore: {rule.id} -- reason`."


def _shown(title: str, example: Example) -> str:
    said = [f"{title}:"]
    if example.name != "users":
        said.append(f"  name: {example.name}")
    if example.clients is not None:
        said.append(f"  enabled_clients: [{', '.join(example.clients)}]")
    if example.import_mode is not None:
        said.append(f"  import_mode: {'true' if example.import_mode else 'false'}")
    said += [f"  options: {{{name}: {_yaml(value)}}}" for name, value in example.options.items()]
    if example.configuration:
        said.append(f"  configuration: {', '.join(example.configuration)}")
    said += [f"  lint: {{rules: {{{name}: {word}}}}}" for name, word in example.lint.items()]
    if example.preset != "recommended":
        said.append(f"  lint: {{preset: {example.preset}}}")
    if example.shown:
        said.append(f"  {example.shown}")
    else:
        for kind, text in example.scripts.items():
            said += [f"  {kind}.js", textwrap.indent(text.rstrip("\n"), "    ")]
    return "\n".join(said)


def _yaml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
