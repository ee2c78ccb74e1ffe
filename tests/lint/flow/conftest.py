"""The corpus: scripts written for these tests, right ones and ones that are broken in one known way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

CORPUS = Path(__file__).parents[1] / "corpus"


@dataclass(frozen=True, slots=True)
class Expected:
    """A finding the broken script must have: its rule and line. `certain` is False for `rule@line?`."""

    rule: str
    line: int
    certain: bool


@dataclass(frozen=True, slots=True)
class Specimen:
    """One script of the corpus. Its head line is `//// name kind rule@line …`; lines count from the next one."""

    name: str
    kind: str
    text: str
    expected: tuple[Expected, ...]


def specimens(folder: str) -> list[Specimen]:
    found = []
    for path in sorted((CORPUS / folder).glob("*.js")):
        parts = re.split(r"^//// (.*)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for head, text in zip(parts[1::2], parts[2::2], strict=True):
            name, kind, *wanted = head.split()
            expected = tuple(
                Expected(rule, int(line.rstrip("?")), not line.endswith("?"))
                for rule, _, line in (word.partition("@") for word in wanted)
            )
            found.append(Specimen(f"{path.stem}/{name}", kind, text, expected))
    return found


@pytest.fixture(scope="session")
def right_scripts() -> list[Specimen]:
    return specimens("right")


@pytest.fixture(scope="session")
def broken_scripts() -> list[Specimen]:
    return specimens("broken")
