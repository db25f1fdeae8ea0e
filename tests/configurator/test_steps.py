"""Where one was, where one is, and where one can go again."""

from hypothesis import given
from hypothesis import strategies as st

from configurator.domain.steps import Steps


@given(st.lists(st.sampled_from("abcdef")), st.lists(st.sampled_from(["undo", "redo"])))
def test_as_many_undos_as_changes_return_to_the_start(changes: list[str], steps: list[str]) -> None:
    walked = Steps((), "start")
    for change in changes:
        walked = walked.changed(change)
    end = walked
    for step in steps:
        walked = walked.undone() if step == "undo" else walked.redone()
    assert walked.at(end.now).now == end.now
    for _ in changes:
        walked = walked.undone()
    assert (walked.now, walked.past) == ("start", ())
    for _ in changes:
        walked = walked.redone()
    assert walked == end


def test_steps_to_designs_that_are_gone_are_left_out() -> None:
    assert Steps(("a", "b", "c"), "d", ("f", "e")).among({"a", "c", "e"}) == Steps(("a", "c"), "d", ("e",))
