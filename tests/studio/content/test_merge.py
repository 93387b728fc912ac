"""The three-way merge: the table that the web client runs too, and what holds for any bodies."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelservice.project.alignment import canonical
from studio.content.merge import MISSING, Conflict, merge, resolve, same

CASES = json.loads(Path(__file__).with_name("merge_cases.json").read_text(encoding="utf-8"))


def as_json(conflict: Conflict) -> dict[str, Any]:
    values = {"base": conflict.base, "mine": conflict.mine, "theirs": conflict.theirs}
    there = {name: value for name, value in values.items() if value is not MISSING}
    return {"pointer": list(conflict.pointer), **there}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_table(case: dict[str, Any]) -> None:
    merged = merge(*(case.get(name, MISSING) for name in ("base", "mine", "theirs")))
    assert [as_json(conflict) for conflict in merged.conflicts] == case.get("conflicts", [])
    body = "(deleted)" if merged.body is MISSING else merged.body
    assert body == case.get("merged", "(deleted)")
    for side in ("mine", "theirs"):
        if side in case.get("resolved", {}):
            found = resolve(merged, [side] * len(merged.conflicts))
            assert ("(deleted)" if found is MISSING else found) == case["resolved"][side]


_step_id = st.sampled_from(["a", "b", "c", "d", "ask", "end"])
_slot = st.sampled_from(["amount", "city", "sure"])
_target = st.sampled_from(["END", "a", "b", "ask"])
_leaf_step = st.one_of(
    st.fixed_dictionaries({"action": st.sampled_from(["utter_a", "utter_b", "action_x"])}),
    st.fixed_dictionaries({"collect": _slot}, optional={"description": st.sampled_from("xyz")}),
    st.fixed_dictionaries({"link": st.sampled_from(["help", "pay"])}),
    st.fixed_dictionaries(
        {"set_slots": st.lists(st.dictionaries(_slot, st.integers(0, 2), min_size=1, max_size=1))}
    ),
)


def _with_more(step: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    branches = st.lists(
        st.one_of(
            st.fixed_dictionaries({"if": st.sampled_from(["slots.a", "slots.b"]), "then": _target}),
            st.fixed_dictionaries({"else": st.lists(step, max_size=2)}),
        ),
        max_size=2,
    )
    more = st.fixed_dictionaries({}, optional={"id": _step_id, "next": _target | branches})
    return st.tuples(step, more).map(lambda pair: {**pair[1], **pair[0]})


_step = _with_more(_leaf_step) | _with_more(_with_more(_leaf_step))
_flow = st.fixed_dictionaries(
    {"description": st.sampled_from("pq"), "steps": st.lists(_step, max_size=5)},
    optional={"name": st.sampled_from("mn"), "if": st.booleans()},
)


@st.composite
def _three(draw: st.DrawFn) -> tuple[Any, Any, Any]:
    """Two edits of one flow: steps removed, moved, changed and added."""
    base = draw(_flow)
    return base, _edited(draw, base), _edited(draw, base)


def _edited(draw: st.DrawFn, flow: Any) -> Any:
    steps = list(flow["steps"])
    for _edit in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(steps)))
        edit = draw(st.sampled_from(["add", "remove", "change", "move"]))
        if edit == "add":
            steps.insert(place, draw(_step))
        elif steps:
            step = steps.pop(min(place, len(steps) - 1))
            if edit == "change":
                steps.insert(place, {**step, "description": draw(st.sampled_from("uvw"))})
            elif edit == "move":
                steps.insert(draw(st.integers(0, len(steps))), step)
    more = draw(st.fixed_dictionaries({}, optional={"name": st.sampled_from("mno")}))
    return {**flow, **more, "steps": steps}


@given(_three())
@settings(max_examples=150, deadline=None)
def test_what_one_side_left_alone_is_the_other_sides(three: tuple[Any, Any, Any]) -> None:
    base, mine, theirs = three
    for one, other, wanted in ((mine, base, mine), (base, theirs, theirs), (mine, mine, mine)):
        merged = merge(base, one, other)
        assert not merged.conflicts
        assert same(merged.body, wanted)


@given(_three())
@settings(max_examples=300, deadline=None)
def test_nothing_that_either_side_added_is_lost(three: tuple[Any, Any, Any]) -> None:
    base, mine, theirs = three
    merged = merge(base, mine, theirs)
    if merged.conflicts:
        return
    old, one, two, new = (
        Counter(canonical(step) for step in flow["steps"])
        for flow in (base, mine, theirs, merged.body)
    )
    for step in (one - old).keys() & (two - old).keys():
        assert new[step] >= 1
    steps = len(merged.body["steps"])
    assert steps >= max(len(mine["steps"]), len(theirs["steps"])) - len(base["steps"])
    for step, count in old.items():
        if one[step] == two[step] == count:
            assert new[step] >= 1


@given(_three())
@settings(max_examples=150, deadline=None)
def test_both_sides_ask_about_the_same_fields(three: tuple[Any, Any, Any]) -> None:
    base, mine, theirs = three
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    assert len(one.conflicts) == len(other.conflicts)


@given(_three(), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_a_decided_merge_has_no_conflict_left(three: tuple[Any, Any, Any], random: Any) -> None:
    merged = merge(*three)
    sides = [random.choice(["mine", "theirs"]) for _conflict in merged.conflicts]
    body = resolve(merged, sides)
    assert isinstance(body, dict)
    if not merged.conflicts:
        assert same(body, merged.body)


def test_three_hundred_steps_merge_in_a_blink() -> None:
    base = {"steps": [{"action": f"utter_{number % 7}"} for number in range(300)]}
    mine = {"steps": [{"action": "utter_first"}, *base["steps"]]}
    theirs = {"steps": [*base["steps"], {"action": "utter_last"}]}
    merged = merge(base, mine, theirs)
    assert not merged.conflicts
    assert merged.body["steps"] == [{"action": "utter_first"}, *theirs["steps"]]
