"""Differences between two bodies, and their words."""

from typing import Any

import pytest

from studio.content.diff import diff
from studio.content.merge import MISSING

FLOW: dict[str, Any] = {
    "description": "d",
    "steps": [
        {
            "id": "ask",
            "collect": "amount",
            "rejections": [{"if": "slots.amount < 1", "utter": "utter_no"}],
        },
        {"action": "utter_done"},
        {"id": "last", "link": "help"},
    ],
}


def flow(**steps: Any) -> dict[str, Any]:
    """The flow with these steps in place of its own, by index."""
    own = {f"s{index}": step for index, step in enumerate(FLOW["steps"])}
    return {**FLOW, "steps": [step for step in {**own, **steps}.values() if step]}


@pytest.mark.parametrize(
    ("after", "sentences"),
    [
        (FLOW, []),
        ({**FLOW, "description": "e"}, ["the description was changed"]),
        ({**FLOW, "name": "n"}, ["the name was added"]),
        (MISSING, ["the item was removed"]),
        (flow(s1=None), ["step *action utter_done*: a step was removed"]),
        (flow(s3={"noop": True, "id": "x"}), ["step *x*: a step was added"]),
        (
            flow(s0={**FLOW["steps"][0], "rejections": []}),
            ["step *ask*: a check was removed"],
        ),
        (
            {**FLOW, "steps": [FLOW["steps"][2], *FLOW["steps"][:2]]},
            ["step *last*: the step was moved"],
        ),
        (flow(s1={"action": "utter_bye"}), ["step *action utter_bye*: the action was changed"]),
    ],
)
def test_sentences(after: Any, sentences: list[str]) -> None:
    assert [difference.sentence for difference in diff(FLOW, after)] == sentences


def test_a_step_in_a_branch_is_the_step_that_is_named() -> None:
    def branch(description: str) -> dict[str, Any]:
        inner = {"id": "inner", "collect": "x", "description": description}
        return {"steps": [{"id": "outer", "noop": True, "next": [{"else": [inner]}]}]}

    [difference] = diff(branch("a"), branch("b"))
    assert (difference.step, difference.field) == ("inner", "description")
    assert difference.path == ("steps", 0, "next", 0, "else", 0, "description")
    assert difference.as_dict()["before"] == "a"


def test_variations_of_a_response() -> None:
    before, after = [{"text": "hi"}], [{"text": "hi"}, {"text": "hey"}]
    [difference] = diff(before, after)
    assert difference.sentence == "a variation was added"
