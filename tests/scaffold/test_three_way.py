"""Three-way merge: one side's change is taken, two different ones are marked, and nothing is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dbconn_tui.action_scripts.conflict_marks import find_conflict_mark
from dbconn_tui.scaffold.three_way import Merged, merge

BASE = "one\ntwo\nthree\nfour\nfive\n"


def merged(ours: str, theirs: str, base: str = BASE) -> Merged:
    return merge(base, ours, theirs, our_name="yours", their_name="table 4")


def test_each_sides_changes_are_taken() -> None:
    ours, theirs = BASE.replace("one", "ONE"), BASE.replace("five", "FIVE\nsix")
    assert merged(ours, theirs) == Merged("ONE\ntwo\nthree\nfour\nFIVE\nsix\n", 0)


def test_the_same_change_agrees() -> None:
    both = BASE.replace("three\n", "")
    assert merged(both, both) == Merged(both, 0)


def test_two_changes_of_one_place_are_marked() -> None:
    result = merged(BASE.replace("three", "3"), BASE.replace("three", "III"))
    assert result.conflicts == 1
    assert result.text == "one\ntwo\n<<<<<<< yours\n3\n=======\nIII\n>>>>>>> table 4\nfour\nfive\n"
    assert find_conflict_mark(result.text) == len("one\ntwo\n")


def test_what_both_begin_alike_stays_outside_the_marks() -> None:
    result = merged(BASE.replace("three", "same\n3"), BASE.replace("three", "same\nIII"))
    assert "two\nsame\n<<<<<<< yours\n3\n=======\nIII\n>>>>>>> table 4\n" in result.text


def test_a_removal_against_a_change_is_marked() -> None:
    result = merged(BASE.replace("three\n", ""), BASE.replace("three", "3"))
    assert result.text == "one\ntwo\n<<<<<<< yours\n=======\n3\n>>>>>>> table 4\nfour\nfive\n"


def test_line_ends_stay_those_on_disk() -> None:
    ours = BASE.replace("one", "ONE").replace("\n", "\r\n")
    result = merged(ours, BASE.replace("five", "FIVE"))
    assert result == Merged(ours.replace("five", "FIVE"), 0)


def test_marks_are_lines_of_their_own() -> None:
    assert find_conflict_mark("a <<<<<<< b\n  >>>>>>> c\n=======\n<<<<<<<<\n") is None
    assert find_conflict_mark("a\n<<<<<<< HEAD\n") == 2
    assert find_conflict_mark("a\n>>>>>>>") == 2


TEXTS = st.lists(st.sampled_from(["a", "b", "c", "", "}", "  return"]), max_size=12).map(lambda lines: "\n".join(lines))


@given(base=TEXTS, ours=TEXTS)
def test_a_side_that_changed_nothing_yields(base: str, ours: str) -> None:
    assert merged(ours, base, base) == Merged(ours, 0)
    assert merged(base, ours, base) == Merged(ours, 0)
    assert merged(ours, ours, base) == Merged(ours, 0)


@given(base=TEXTS, ours=TEXTS, theirs=TEXTS)
def test_resolving_every_conflict_one_way_keeps_that_sides_lines(base: str, ours: str, theirs: str) -> None:
    """Our lines are all there but those that they took out while we left them alone; and the other way round."""
    result = merged(ours, theirs, base)
    lines = result.text.split("\n")
    assert result.conflicts == sum(line == "<<<<<<< yours" for line in lines)
    assert result.conflicts == sum(line == ">>>>>>> table 4" for line in lines)
    for side in (ours, theirs):
        new = set(side.split("\n")) - set(base.split("\n"))
        assert new <= set(lines)
