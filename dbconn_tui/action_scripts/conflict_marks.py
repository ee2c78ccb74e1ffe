"""Conflict marks: the lines that a merge leaves around a place that both sides changed.

Their form: git's manual, git-merge, "How conflicts are presented".
"""

from __future__ import annotations

import re
from typing import Final

OURS: Final = "<<<<<<<"
BETWEEN: Final = "======="
THEIRS: Final = ">>>>>>>"

_MARK: Final = re.compile(rf"^(?:{OURS}|{THEIRS})(?:[ \r]|$)", re.MULTILINE)


def find_conflict_mark(text: str) -> int | None:
    """The offset of the first mark of a merge that nobody resolved; None when there is none."""
    found = _MARK.search(text)
    return found.start() if found else None
