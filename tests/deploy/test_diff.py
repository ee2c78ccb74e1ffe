"""Diffs: nothing is lost, and the marks point at what changed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dbconn_tui.deploy.diff import DiffLine, LineKind, diff_texts

texts = st.lists(st.sampled_from(["a", "b", "const x = 1;", "const y = 2;", "", "  }"]), max_size=12).map("\n".join)


def unmarked(line: DiffLine) -> str:
    """The line's text without the marked spans."""
    marked = {index for start, end in line.changed for index in range(start, end)}
    return "".join(character for index, character in enumerate(line.text) if index not in marked)


def test_the_words_that_changed_are_marked() -> None:
    diff = diff_texts("const query = 'email = ' + email;", "const query = 'email = $1';")
    removed, added = diff.lines
    assert (removed.kind, added.kind) == (LineKind.REMOVED, LineKind.ADDED)
    assert unmarked(removed) == unmarked(added)
    assert "email" in "".join(removed.text[start:end] for start, end in removed.changed)
    assert "$1" in "".join(added.text[start:end] for start, end in added.changed)
    assert unmarked(removed).startswith("const query = ")


def test_lines_with_nothing_in_common_carry_no_marks() -> None:
    diff = diff_texts("abc def", "ghi(jkl)")
    assert all(not line.changed for line in diff.lines)


def test_far_away_lines_are_left_out_and_counted() -> None:
    before = "\n".join(str(number) for number in range(100))
    diff = diff_texts(before, before.replace("\n50\n", "\nfifty\n"))
    gaps = [line.number for line in diff.lines if line.kind is LineKind.GAP]
    assert gaps == [47, 46]
    assert (diff.added, diff.removed) == (1, 1)


def test_equal_texts_have_no_lines() -> None:
    assert diff_texts("same\ntext", "same\ntext").lines == ()


@given(texts, texts)
def test_both_sides_can_be_read_back_from_a_diff_with_full_context(before: str, after: str) -> None:
    diff = diff_texts(before, after, context=1000)
    if not diff.lines:
        assert before.splitlines() == after.splitlines()
        return
    assert [line.text for line in diff.lines if line.kind is not LineKind.REMOVED] == after.splitlines()
    assert [line.text for line in diff.lines if line.kind is not LineKind.ADDED] == before.splitlines()
    for line in diff.lines:
        for start, end in line.changed:
            assert 0 <= start < end <= len(line.text)
