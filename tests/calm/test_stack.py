"""The dialogue stack's patches, checked against a library of others."""

from __future__ import annotations

import jsonpatch
from hypothesis import given, settings
from hypothesis import strategies as st

from modelservice.calm.dialogue.stack import (
    INTERRUPT,
    LINK,
    REGULAR,
    Frame,
    Stack,
    pattern_frame,
    stack_from_list,
    stack_patch,
    user_frame,
)
from modelservice.calm.dialogue.starting import resume, start_flow

flow_ids = st.sampled_from(["a", "b", "c"])
user_frames = st.builds(user_frame, flow_ids, st.sampled_from([REGULAR, INTERRUPT, LINK]))
pattern_frames = st.builds(
    lambda slot: pattern_frame("pattern_collect_information", collect=slot, rejections=None),
    st.sampled_from(["x", "y/z", "t~u"]),
)
frames = st.one_of(user_frames, pattern_frames).flatmap(
    lambda frame: st.sampled_from(["START", "one", "NEXT:END"]).map(frame.at)
)
stacks = st.lists(frames, max_size=5).map(lambda items: Stack(tuple(items)))


@settings(deadline=None)
@given(stacks, stacks, st.data())
def test_a_patch_leads_from_one_stack_to_the_other(
    before: Stack, other: Stack, data: st.DataObject
) -> None:
    kept = before.frames[: data.draw(st.integers(0, len(before)))]
    moved = [frame.at(data.draw(st.sampled_from(["one", "two"]))) for frame in kept]
    after = Stack((*moved, *other.frames))
    patched = jsonpatch.apply_patch(before.as_list(), stack_patch(before, after))
    assert patched == after.as_list()
    assert (stack_patch(before, after) == []) == (before.as_list() == after.as_list())


@settings(deadline=None)
@given(stacks)
def test_stacks_survive_json(stack: Stack) -> None:
    assert stack_from_list(stack.as_list()) == stack


@settings(deadline=None)
@given(stacks.filter(lambda stack: stack.top_strict_frame is not None), st.data())
def test_resuming_loses_no_frame_and_leaves_one_regular_flow(
    stack: Stack, data: st.DataObject
) -> None:
    wanted = data.draw(st.sampled_from([f for f in stack if f.is_strict_user_flow]))
    resumed = resume(stack, wanted)
    assert {frame.frame_id for frame in resumed} == {frame.frame_id for frame in stack}
    kinds = [frame.frame_type for frame in resumed if frame.is_strict_user_flow]
    assert kinds == [REGULAR] + [INTERRUPT] * (len(kinds) - 1)
    top = resumed.top_strict_frame
    assert top is not None
    assert top.frame_id == wanted.frame_id


@settings(deadline=None)
@given(stacks, flow_ids)
def test_a_started_flow_is_on_top_of_the_user_flows(stack: Stack, flow_id: str) -> None:
    started, events = start_flow(stack, flow_id, before=stack)
    frame: Frame | None = started.top_user_frame
    assert frame is not None
    is_there = any(f.flow_id == flow_id and f.is_user_flow for f in started)
    assert is_there
    assert all(event.type.startswith("flow_") for event in events)
