"""Cases 54 to 70: cancelling, digressing and coming back."""

from __future__ import annotations

from modelservice.calm.dialogue.events import Event
from tests.calm.conformance.case import Case
from tests.calm.conformance.world import (
    CANCEL,
    CANNOT,
    IN_SIZE,
    World,
    put,
    say,
    start,
)

CANNOT_HANDLE = "fs(pattern_cannot_handle) SAY(utter_ask_rephrase) fc(pattern_cannot_handle)"
CANCELLING = (
    "fs(pattern_cancel_flow) a(action_cancel_flow) SAY(utter_flow_cancelled_rasa) "
    "fc(pattern_cancel_flow)"
)
SESSION = "a(action_session_start) session_started"
PCI = "fc(pattern_collect_information)"
RESUME_NULLS = "s(interrupted_flow_to_continue=null) s(continue_interrupted_flow_confirmation=null)"
PICK = """
flows:
  order: {description: order, steps: [{call: pick}, {action: utter_x}]}
  pick: {description: pick, steps: [{collect: kind}]}
"""
THIRD = """
flows: {pay: {description: pay, steps: [{collect: amount}, {action: utter_x}]}}
domain: {slots: {amount: {type: text}}, responses: {utter_ask_amount: [{text: How much?}]}}
"""
LINKED = "flows: {go: {description: go, steps: [{link: order_tea}]}}"
TO_HOURS = (*IN_SIZE, say(start("opening_hours")))
AT_OFFER = (*TO_HOURS, say(put("weekday", "Mon")))
COMPLETED = (*IN_SIZE, say(put("size", "big")))
CONFIRMATION = "continue_interrupted_flow_confirmation"
WHICH = "interrupted_flow_to_continue"


def nothing_waits(world: World, events: list[Event]) -> None:
    assert [frame.flow_id for frame in world.tracker.stack][:1] == ["pattern_completed"]


def is_regular(world: World, events: list[Event]) -> None:
    frame = world.tracker.stack.top_user_frame
    assert frame is not None
    assert (frame.flow_id, frame.frame_type) == ("opening_hours", "regular")


CASES = [
    Case(
        54,
        "cancel",
        say(CANCEL),
        f"U fx(order_tea@order_tea_1_collect_size) {CANCELLING} "
        "fc(pattern_collect_information@NEXT:END) s(kind=null) s(size=null) "
        "fc(order_tea@NEXT:END) PC",
        before=IN_SIZE,
    ),
    Case(55, "nothing to cancel", say(CANCEL), f"{SESSION} U {CANNOT_HANDLE}"),
    Case(
        56,
        "cancel at the last question",
        say(CANCEL),
        "U RE(continue_conversation)",
        before=COMPLETED,
    ),
    Case(
        57,
        "cancel twice",
        say(CANCEL, CANCEL),
        f"U fx(order_tea) {CANCELLING} {PCI} END(order_tea) PC",
        before=IN_SIZE,
    ),
    Case(
        58,
        "cancel in a called flow",
        say(CANCEL),
        f"U fx(pick@pick_0_collect_kind) {CANCELLING} {PCI} fc(pick@NEXT:END) s(kind=null) "
        "fc(order@NEXT:END) PC",
        before=(say(start("order")),),
        changes=PICK,
    ),
    Case(
        59,
        "cancel and start another",
        say(CANCEL, start("opening_hours")),
        f"U fi(order_tea) fx(order_tea) {CANCELLING} fs(opening_hours) ASK(weekday)",
        before=IN_SIZE,
        then=(
            (
                say(put("weekday", "Mon")),
                f"U s(weekday=Mon) OK SAY(utter_hours) END(opening_hours) {PCI} END(order_tea) PC",
            ),
        ),
    ),
    Case(
        60,
        "digression",
        say(start("opening_hours")),
        "U fi(order_tea@order_tea_1_collect_size) fs(opening_hours) ASK(weekday)",
        before=IN_SIZE,
    ),
    Case(
        61,
        "end of the digression",
        say(put("weekday", "Mon")),
        "U s(weekday=Mon) OK SAY(utter_hours) END(opening_hours) CI",
        before=TO_HOURS,
    ),
    Case(
        62,
        "come back",
        say(put(CONFIRMATION, True)),
        f"U s({CONFIRMATION}=true) OK a(action_continue_interrupted_flow) "
        f"fr(order_tea@order_tea_1_collect_size) {RESUME_NULLS} {RESUME_NULLS} "
        "fc(pattern_continue_interrupted) RE(size)",
        before=AT_OFFER,
    ),
    Case(
        63,
        "do not come back",
        say(put(CONFIRMATION, False)),
        f"U s({CONFIRMATION}=false) OK a(action_cancel_interrupted_flows) fx(order_tea) "
        f"{RESUME_NULLS} {CANCELLING} {RESUME_NULLS} fc(pattern_continue_interrupted@NEXT:END) "
        f"{PCI} END(order_tea) PC",
        before=AT_OFFER,
    ),
    Case(
        64,
        "two flows wait",
        say(put("amount", "5")),
        "U s(amount=5) OK SAY(utter_x) s(amount=null) fc(pay) fs(pattern_continue_interrupted) "
        f"ASK({WHICH})",
        before=(*TO_HOURS, say(start("pay"))),
        changes=THIRD,
        then=(
            (
                say(put(WHICH, "order tea")),
                f"U s({WHICH}=order~tea) OK a(action_continue_interrupted_flow) fr(order_tea) "
                f"{RESUME_NULLS} {RESUME_NULLS} fc(pattern_continue_interrupted) RE(size)",
            ),
            (
                say(put("size", "big")),
                "U s(size=big) OK a(action_brew) END(order_tea) CI",
            ),
        ),
    ),
    Case(
        65,
        "start what waits below",
        say(start("order_tea")),
        "U fr(order_tea) fi(opening_hours) RE(size)",
        before=TO_HOURS,
        then=(
            (
                say(put("size", "big")),
                "U s(size=big) OK a(action_brew) END(order_tea) CI",
            ),
        ),
    ),
    Case(
        66,
        "digression from a linked flow",
        say(start("opening_hours")),
        "U fs(opening_hours) ASK(weekday)",
        before=(say(start("go")), say(put("kind", "green"))),
        changes=LINKED,
        check=is_regular,
        then=(
            (
                say(put("weekday", "Mon")),
                "U s(weekday=Mon) OK SAY(utter_hours) END(opening_hours) RE(size)",
            ),
        ),
    ),
    Case(67, "start what is active", say(start("order_tea")), "U RE(size)", before=IN_SIZE),
    Case(
        68,
        "two starts",
        say(start("order_tea"), start("opening_hours")),
        f"{SESSION} U fs(order_tea) ASK(kind)",
        then=(
            (say(put("kind", "green")), "U s(kind=green) OK ASK(size)"),
            (
                say(put("size", "big")),
                "U s(size=big) OK a(action_brew) END(order_tea) fs(opening_hours) ASK(weekday)",
            ),
        ),
    ),
    Case(
        69,
        "start at the last question",
        say(start("opening_hours")),
        "U fc(pattern_collect_information) fc(pattern_completed) fs(opening_hours) ASK(weekday)",
        before=COMPLETED,
    ),
    Case(
        70,
        "nothing readable at the offer",
        say(CANNOT),
        f"U {CANNOT_HANDLE} RE({CONFIRMATION})",
        before=AT_OFFER,
    ),
]
