"""PasswordPolicy: what a connection asks of new passwords, those of custom databases too (D:password-options).

Length, kinds of characters and repetition are checked; dictionaries, history and profile data are not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_KINDS: Final = {
    "lowercase": ("lowerCase", "lower case letters (a-z)", re.compile(r"[a-z]")),
    "uppercase": ("upperCase", "upper case letters (A-Z)", re.compile(r"[A-Z]")),
    "number": ("numbers", "numbers (i.e. 0-9)", re.compile(r"[0-9]")),
    "special": ("specialCharacters", "special characters (e.g. !@#$%^&*)", re.compile(r"[^A-Za-z0-9]")),
}
_THREE: Final = tuple(_KINDS)[:3]
_ALL: Final = tuple(_KINDS)
_AT_LEAST: Final = 3
_REPEATED: Final = re.compile(r"(.)\1\1", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """`length` in characters; `kinds`, of which `of_kinds` must be there; `repeats`: three equal in a row may be."""

    length: int = 1
    kinds: tuple[str, ...] = ()
    of_kinds: int = 0
    repeats: bool = True

    def rules(self, password: str) -> list[dict[str, Any]]:
        """Each rule as the platform tells it, with whether the password keeps it."""
        length = {"message": "At least %d characters in length", "format": [self.length], "code": "lengthAtLeast"}
        found: list[dict[str, Any]] = [{**length, "verified": len(password) >= self.length}]
        if self.kinds:
            items = [
                {
                    "message": _KINDS[kind][1],
                    "code": _KINDS[kind][0],
                    "verified": bool(_KINDS[kind][2].search(password)),
                }
                for kind in self.kinds
            ]
            kept = sum(bool(item["verified"]) for item in items) >= self.of_kinds
            rule: dict[str, Any] = {"message": "Should contain:", "code": "shouldContain"}
            if self.of_kinds < len(self.kinds):
                words = "Contain at least %d of the following %d types of characters:"
                rule = {"message": words, "code": "containsAtLeast", "format": [self.of_kinds, len(self.kinds)]}
            found.append({**rule, "items": items, "verified": kept})
        if not self.repeats:
            words = 'No more than %d identical characters in a row (e.g., "%s" not allowed)'
            rule = {"message": words, "code": "identicalChars", "format": [2, "aaa"]}
            found.append({**rule, "verified": not _REPEATED.search(password)})
        return found


_LEGACY: Final = {
    "low": PasswordPolicy(6),
    "fair": PasswordPolicy(8, _THREE, len(_THREE)),
    "good": PasswordPolicy(8, _ALL, _AT_LEAST),
    "excellent": PasswordPolicy(10, _ALL, _AT_LEAST, repeats=False),
}
"""By `passwordPolicy`."""


def policy_of(options: Mapping[str, Any]) -> PasswordPolicy:
    """The policy of a connection: `password_options`, else `passwordPolicy` with its own least length."""
    complexity = (options.get("password_options") or {}).get("complexity")
    if isinstance(complexity, dict):
        kinds = tuple(kind for kind in _ALL if kind in complexity.get("character_types", ()))
        three = complexity.get("character_type_rule") == "three_of_four"
        return PasswordPolicy(
            length=complexity.get("min_length", 1),
            kinds=kinds,
            of_kinds=_AT_LEAST if three else len(kinds),
            repeats=complexity.get("identical_characters") != "block",
        )
    policy = _LEGACY.get(str(options.get("passwordPolicy")), PasswordPolicy())
    length = (options.get("password_complexity_options") or {}).get("min_length")
    if not isinstance(length, int):
        return policy
    return PasswordPolicy(length, policy.kinds, policy.of_kinds, policy.repeats)


def weakness(policy: PasswordPolicy, password: str) -> dict[str, Any] | None:
    """What the platform answers to a password that is too weak; None for a good one."""
    rules = policy.rules(password)
    if all(rule["verified"] for rule in rules):
        return None
    return {
        "name": "PasswordStrengthError",
        "message": "Password is too weak",
        "code": "invalid_password",
        "description": {"rules": rules, "verified": False},
        "policy": "\n".join(_lines(rules)),
        "statusCode": 400,
    }


def _lines(rules: list[dict[str, Any]]) -> list[str]:
    lines = []
    for rule in rules:
        lines.append("* " + (rule["message"] % tuple(rule["format"]) if "format" in rule else rule["message"]))
        lines += [f" * {item['message']}" for item in rule.get("items", ())]
    return lines
