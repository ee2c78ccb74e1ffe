"""Checked: what lint found in a connection; apart from the rules, which need not be loaded to remember it."""

from __future__ import annotations

from dataclasses import dataclass

from dbconn_tui.problems import Problem


@dataclass(frozen=True, slots=True)
class Checked:
    """Everything found in one connection: `problems` as lint shows them, `hard` as `hard_problems` gives them."""

    problems: tuple[Problem, ...]
    hard: tuple[Problem, ...]
