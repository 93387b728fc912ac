"""What Rasa spells out and what an author wrote are one flow."""

from typing import Any

from hypothesis import example, given, settings

from modelservice.project.flow_document import Step, read_flow
from modelservice.project.model import Kind
from modelservice.project.spelled_flow import shortened
from modelservice.project.structure import check_item
from tests.cli.spelled import spelled_out
from tests.project.project_tokens import FLOW_BODIES

BODY: dict[str, Any] = {
    "description": "pay somebody",
    "steps": [
        {
            "collect": "amount",
            "next": [
                {
                    "if": "slots.amount > 5",
                    "then": [
                        {"action": "utter_much"},
                        {"collect": "known", "ask_before_filling": True, "next": "last"},
                    ],
                },
                {"else": [{"set_slots": [{"amount": 5}], "next": "END"}]},
            ],
        },
        {"id": "last", "action": "utter_done"},
    ],
}


def test_an_author_s_flow_comes_back_from_what_rasa_makes_of_it() -> None:
    for newest in (True, False):
        assert shortened("pay", spelled_out("pay", BODY, newest=newest)) == BODY


def test_a_generated_id_stays_where_something_leads_to_it() -> None:
    steps = [
        {"collect": "amount", "next": [{"if": "x", "then": "pay_2_utter_b"}, {"else": "END"}]},
        {"action": "utter_a", "next": "END"},
        {"id": "pay_2_utter_b", "action": "utter_b", "next": "END"},
    ]
    short = shortened("pay", spelled_out("pay", {"description": "pay", "steps": steps}))
    assert [step.get("id") for step in short["steps"]] == [None, None, "pay_2_utter_b"]


def test_metadata_of_the_author_stays() -> None:
    own = {**BODY, "metadata": {"owner": "payments"}}
    own["steps"] = [{"action": "utter_done", "metadata": {"x": 1}}]
    assert shortened("pay", spelled_out("pay", own)) == own


@given(FLOW_BODIES)
@example({})
@example({"description": "pay", "steps": [{"action": "utter_done", "metadata": None}]})
@settings(max_examples=300, deadline=None)
def test_both_writings_have_one_short_form(body: Any) -> None:
    if not isinstance(body, dict) or list(check_item(Kind.FLOW, body)):
        return
    if "steps" not in body or not all(map(ends, read_flow("pay", body).steps)):
        return  # Rasa refuses it
    short = shortened("pay", body)
    assert shortened("pay", short) == short
    assert shortened("pay", spelled_out("pay", body)) == short
    assert _ways("pay", short) == _ways("pay", body)


def ends(step: Step) -> bool:
    """A branch says where it goes on."""
    return not step.nested or step.following is not None or step.says_next or step.kind == "link"


def _ways(flow_id: str, body: dict[str, Any]) -> list[tuple[str, list[int | str]]]:
    """Where each step leads, by the places of steps rather than by their ids."""
    steps = read_flow(flow_id, body).steps
    places = {step.id: place for place, step in reversed(list(enumerate(steps)))}
    return [(step.kind, [places.get(goal, goal) for goal in step.successors()]) for step in steps]
