"""Cases 43 to 53: corrections."""

from __future__ import annotations

from tests.calm.conformance.case import Case
from tests.calm.conformance.world import IN_SIZE, put, say, start

CORRECTING = "fs(pattern_correction) a(action_correct_flow_slot)"
TOLD = "SAY(utter_corrected_previous_input) fc(pattern_correction)"
PCI_ENDS = "fc(pattern_collect_information@NEXT:END)"
SESSION = "a(action_session_start) session_started"
KEEPS_KIND = """
flows:
  order_tea:
    persisted_slots: [kind]
"""
FINISHED = (*IN_SIZE, say(put("size", "big")), say(put("continue_conversation", True)))

CASES = [
    Case(
        43,
        "correction leads back",
        say(put("kind", "black")),
        f"U {CORRECTING} s(kind=black|LLM) {TOLD} {PCI_ENDS} SKIP ASK(size)",
        before=IN_SIZE,
    ),
    Case(44, "same value again", say(put("kind", "green")), "U RE(size)", before=IN_SIZE),
    Case(
        45,
        "answer and correction",
        say(put("size", "big"), put("kind", "black")),
        f"U s(size=big) {CORRECTING} s(kind=black) {TOLD} {PCI_ENDS} SKIP SKIP "
        "a(action_brew) END(order_tea) PC",
        before=IN_SIZE,
    ),
    Case(
        46,
        "two corrections at once",
        say(put("kind", "black"), put("size", "small")),
        f"U {CORRECTING} s(kind=black) s(size=small) {TOLD} {PCI_ENDS} SKIP SKIP ASK(weekday)",
        before=(*IN_SIZE, say(put("size", "big"))),
        changes="flows: {order_tea: {steps: [{collect: kind}, {collect: size}, "
        "{collect: weekday}, {action: action_brew}]}}",
    ),
    Case(
        47,
        "correction of a slot that is always asked",
        say(put("kind", "black")),
        f"U {CORRECTING} s(kind=black) fc(pattern_correction) {PCI_ENDS} s(kind=null) ASK(kind)",
        before=IN_SIZE,
        changes="flows: {order_tea: {steps: [{collect: kind, ask_before_filling: true}, "
        "{collect: size}, {action: action_brew}]}}",
    ),
    Case(
        48,
        "actions in between run again",
        say(put("kind", "black")),
        f"U {CORRECTING} s(kind=black) {TOLD} {PCI_ENDS} SKIP a(action_brew) ASK(size)",
        before=IN_SIZE,
        changes="flows: {order_tea: {steps: [{collect: kind}, {action: action_brew}, "
        "{collect: size}]}}",
    ),
    Case(
        49,
        "slot of a finished flow",
        say(put("kind", "black")),
        "U RE(weekday)",
        before=(*FINISHED, say(start("opening_hours"))),
        changes=KEEPS_KIND,
    ),
    Case(
        50,
        "slot of a waiting flow",
        say(put("kind", "black")),
        f"U {CORRECTING} s(kind=black) {TOLD} {PCI_ENDS} ASK(weekday)",
        before=(*IN_SIZE, say(start("opening_hours"))),
    ),
    Case(
        51,
        "start with another value for a persisted slot",
        say(start("order_tea"), put("kind", "black")),
        f"U {CORRECTING} s(kind=black) {TOLD} fs(order_tea) SKIP ASK(size)",
        before=FINISHED,
        changes=KEEPS_KIND,
    ),
    Case(
        52,
        "correction in a linked flow",
        say(put("kind", "black")),
        f"U {CORRECTING} s(kind=black) {TOLD} RE(size)",
        before=(say(start("go")), say(put("kind", "green"))),
        changes="flows: {go: {description: go, steps: [{link: order_tea}]}}",
    ),
    Case(
        53,
        "correction that is rejected",
        say(put("kind", "black")),
        f"U {CORRECTING} s(kind=black) {TOLD} {PCI_ENDS} fs(pattern_collect_information) R "
        "s(kind=null) b(utter_big) SAY(utter_ask_kind)",
        before=IN_SIZE,
        changes="flows: {order_tea: {steps: [{collect: kind, rejections: [{if: "
        "'slots.kind = \"black\"', utter: utter_big}]}, {collect: size}, {action: action_brew}]}}",
    ),
]
