"""The corpus: scripts written for these tests, right ones and ones that are broken in one known way."""

from __future__ import annotations

import pytest

from benchmarks.lint_corpus import Specimen, specimens


@pytest.fixture(scope="session")
def right_scripts() -> list[Specimen]:
    return specimens("right")


@pytest.fixture(scope="session")
def broken_scripts() -> list[Specimen]:
    return specimens("broken")
