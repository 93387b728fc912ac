"""Cases 103 to 110: custom actions."""

from __future__ import annotations

from modelservice.calm.dialogue.events import Event
from tests.calm.conformance.case import Case
from tests.calm.conformance.world import IN_SIZE, World, put, say

BIG = say(put("size", "big"))
ANSWERED = "U s(size=big) OK"
X_SLOT = "domain: {slots: {x: {type: float}}}\n"
THEN_X = (
    "flows: {order_tea: {steps: [{collect: kind}, {collect: size}, {action: %s}, "
    "{action: utter_x}]}}\n"
)
FAILED = (
    "fs(pattern_internal_error) SAY(utter_internal_error_rasa) fc(pattern_internal_error) "
    "fs(pattern_cancel_flow) a(action_cancel_flow) SAY(utter_flow_cancelled_rasa) "
    "fc(pattern_cancel_flow)"
)


def brew(*answers: tuple[int, object]) -> dict[str, list[tuple[int, object]]]:
    return {"action_brew": list(answers)}


def policy_is_followup(world: World, events: list[Event]) -> None:
    policies = {e["name"]: e["policy"] for e in events if e.type == "action"}
    assert policies["utter_hours"] == "followup_action"
    assert policies["utter_x"] == "FlowPolicy"


def failure_is_noted(world: World, events: list[Event]) -> None:
    brewed = next(e for e in events if e.type == "action" and e["name"] == "action_brew")
    assert brewed.metadata["execution_success"] is False
    assert "500" in brewed.metadata["execution_error_message"]
    completed = [e for e in events if e.type == "flow_completed" and e["flow_id"] == "order_tea"]
    assert [event["step_id"] for event in completed] == ["NEXT:END"]


def only_the_custom_action_is_timed(world: World, events: list[Event]) -> None:
    timed = [e["name"] for e in events if e.type == "action" and "milliseconds" in e.metadata]
    assert timed == ["action_brew"]


CASES = [
    Case(
        103,
        "text and slot",
        BIG,
        f"{ANSWERED} a(action_brew) b(Brewing.) s(x=1|CUSTOM) SAY(utter_x) END(order_tea) PC",
        before=IN_SIZE,
        changes=X_SLOT + THEN_X % "action_brew",
        answers=brew(
            (
                200,
                {
                    "events": [{"event": "slot", "name": "x", "value": 1}],
                    "responses": [{"text": "Brewing."}],
                },
            )
        ),
        check=only_the_custom_action_is_timed,
    ),
    Case(
        104,
        "follow-up",
        BIG,
        f"{ANSWERED} a(action_brew) followup SAY(utter_hours) SAY(utter_x) …",
        before=IN_SIZE,
        changes=THEN_X % "action_brew",
        answers=brew((200, {"events": [{"event": "followup", "name": "utter_hours"}]})),
        check=policy_is_followup,
    ),
    Case(
        105,
        "unknown follow-up",
        BIG,
        f"{ANSWERED} a(action_brew) followup SAY(utter_x) …",
        before=IN_SIZE,
        changes=THEN_X % "action_brew",
        answers=brew((200, {"events": [{"event": "followup", "name": "action_nope"}]})),
    ),
    Case(
        106,
        "server error",
        BIG,
        f"{ANSWERED} a(action_brew) {FAILED} END(order_tea) PC",
        before=IN_SIZE,
        answers=brew((500, {"error": "boom"})),
        check=failure_is_noted,
    ),
    Case(
        107,
        "rejected",
        BIG,
        f"{ANSWERED} action_execution_rejected",
        before=IN_SIZE,
        changes=THEN_X % "action_brew",
        answers=brew((400, {"action_name": "action_brew", "error": "not now"})),
        then=((say(), "U SAY(utter_x) END(order_tea) PC"),),
    ),
    Case(
        108,
        "server asks for the domain",
        BIG,
        f"{ANSWERED} a(action_brew) b(Brewing.) END(order_tea) PC",
        before=IN_SIZE,
        answers=brew((449, {}), (200, {"responses": [{"text": "Brewing."}]})),
    ),
    Case(
        109,
        "no such action",
        BIG,
        f"{ANSWERED} SAY(utter_x) END(order_tea) PC",
        before=IN_SIZE,
        changes=THEN_X % "action_nope",
        sound=False,
    ),
    Case(
        110,
        "pause",
        BIG,
        f"{ANSWERED} a(action_brew) pause",
        before=IN_SIZE,
        changes=THEN_X % "action_brew",
        answers=brew((200, {"events": [{"event": "pause"}]})),
        then=((say(put("kind", "black")), "U"),),
    ),
]
