"""The scripts that lint is held to, in tests/lint/corpus: right ones, and ones broken in one known way.

`python -m benchmarks.lint_corpus` prints what lint finds of what it should find, rule by rule.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dbconn_tui.lint.check import lint_script
from dbconn_tui.problems import Certainty, Problem

FOLDER: Final = Path(__file__).parents[1] / "tests" / "lint" / "corpus"
FLOW_RULES: Final = frozenset(
    {
        "async-unhandled",
        "callback-error-type",
        "callback-missing",
        "callback-multiple",
        "callback-result-type",
        "callback-then-continue",
        "create-exists-error",
        "err-unchecked",
        "error-masked",
        "error-rewrapped",
        "floating-promise",
        "get-user-not-found",
        "login-credentials-error",
        "promise-not-awaited",
        "return-value-ignored",
        "script-noop-success",
        "throw-in-callback",
        "throw-in-script",
        "unreachable-code",
        "use-before-error-check",
        "validation-error-args",
        "wrong-credentials-args",
        "wrong-credentials-misuse",
    },
)
"""Rules looked at in every script; of the others only what a script's head names."""
CALLBACK_RULES: Final = frozenset(
    {"async-unhandled", "callback-missing", "callback-multiple", "throw-in-callback", "throw-in-script"},
)
"""The rules that together say: the callback is called exactly once on every path."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A finding a broken script must have: its rule and line. `certain` is False for `rule@line?`."""

    rule: str
    line: int
    certain: bool


@dataclass(frozen=True, slots=True)
class Specimen:
    """One script. Its head line is `//// name kind rule@line … ~rule …`; lines count from the next one.

    `near` are the rules (`~rule`) that it looks like a violation of, and is none.
    """

    name: str
    kind: str
    text: str
    expected: tuple[Expected, ...]
    near: tuple[str, ...]

    @property
    def rules(self) -> frozenset[str]:
        """The rules whose findings in this script are judged."""
        return FLOW_RULES | {one.rule for one in self.expected} | set(self.near)

    def problems(self) -> list[Problem]:
        """What lint says of it, of the rules that are judged."""
        found = lint_script(self.kind, self.text, file=f"{self.name}.js", preset="strict")
        return [problem for problem in found if problem.rule in self.rules]


def specimens(folder: str) -> list[Specimen]:
    """The scripts of one folder of the corpus: `right` or `broken`."""
    found = []
    for path in sorted((FOLDER / folder).glob("*.js")):
        parts = re.split(r"^//// (.*)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for head, text in zip(parts[1::2], parts[2::2], strict=True):
            name, kind, *words = head.split()
            expected = tuple(
                Expected(rule, int(line.rstrip("?")), not line.endswith("?"))
                for rule, _, line in (word.partition("@") for word in words if not word.startswith("~"))
            )
            near = tuple(word[1:] for word in words if word.startswith("~"))
            found.append(Specimen(f"{path.stem}/{name}", kind, text, expected, near))
    return found


@dataclass(slots=True)
class Verdict:
    """What lint found of what it should find. `rows` maps a rule to counts by column name."""

    rows: dict[str, Counter[str]] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)
    surplus: list[str] = field(default_factory=list)
    too_sure: list[str] = field(default_factory=list)
    """Certain findings where only possible ones are right."""

    def recall(self, rules: Iterable[str]) -> float:
        """The share of expected findings of these rules that were found; 1.0 when none was expected."""
        known = [self.rows[rule] for rule in rules if rule in self.rows]
        expected = sum(row["expected"] for row in known)
        return sum(row["found"] for row in known) / expected if expected else 1.0


COLUMNS: Final = ("expected", "found", "certain", "possible", "surplus", "near")


def judge(scripts: Iterable[Specimen]) -> Verdict:
    """Lint the scripts and compare with their heads. A finding the head does not name is surplus."""
    verdict = Verdict()

    def row(rule: str) -> Counter[str]:
        return verdict.rows.setdefault(rule, Counter())

    for specimen in scripts:
        places = {(problem.rule, problem.place.line): problem for problem in specimen.problems()}
        for rule in specimen.near:
            row(rule)["near"] += 1
        for expected in specimen.expected:
            row(expected.rule)["expected"] += 1
            problem = places.pop((expected.rule, expected.line), None)
            if problem is None:
                verdict.missed.append(f"{specimen.name}: {expected.rule} in line {expected.line}")
                continue
            row(expected.rule)["found"] += 1
            row(expected.rule)[problem.certainty.value] += 1
            if problem.certainty is Certainty.CERTAIN and not expected.certain:
                verdict.too_sure.append(f"{specimen.name}: {expected.rule} in line {expected.line}")
        for problem in places.values():
            row(problem.rule)["surplus"] += 1
            words = f"{specimen.name}: {problem.rule} in line {problem.place.line} ({problem.certainty})"
            verdict.surplus.append(words)
    return verdict


def main() -> None:
    """Print the table, what was missed, and what was said too much."""
    right, broken = specimens("right"), specimens("broken")
    verdict = judge([*right, *broken])
    print(f"{len(right)} right and {len(broken)} broken scripts; `near`: right scripts that look like a violation")
    print(f"{'rule':<32}" + "".join(f"{word:>10}" for word in COLUMNS))
    for rule, counts in sorted(verdict.rows.items()):
        print(f"{rule:<32}" + "".join(f"{counts[word]:>10}" for word in COLUMNS))
    print(f"recall of the callback rules   {verdict.recall(CALLBACK_RULES):.1%}    (goal ≥ 97 %)")
    print(f"recall of all rules            {verdict.recall(verdict.rows):.1%}")
    for title, lines in (("missed", verdict.missed), ("surplus", verdict.surplus), ("too sure", verdict.too_sure)):
        for line in lines:
            print(f"{title}: {line}")


if __name__ == "__main__":
    main()
