"""Cases 71 to 89: repair patterns, the end of a conversation, errors."""

from __future__ import annotations

from modelservice.calm.dialogue.events import Event
from tests.calm.conformance.case import Case
from tests.calm.conformance.world import (
    CANNOT,
    CHITCHAT,
    ERROR,
    IN_SIZE,
    KNOWLEDGE,
    REPEAT,
    SKIP,
    World,
    clarify,
    put,
    say,
    send,
    start,
)

SESSION = "a(action_session_start) session_started"
CLARIFYING = (
    "fs(pattern_clarification) a(action_clarify_flows) SAY(utter_clarification_options_rasa) "
    "fc(pattern_clarification)"
)
SEARCHING = "fs(pattern_search) SAY(utter_no_knowledge_base) fc(pattern_search)"
MORE_FLOWS = """
flows:
  pay: {description: pay, steps: [{action: utter_x}]}
  ship: {description: ship, steps: [{action: utter_x}]}
"""
HANDOFF = "flows: {human: {description: human, steps: [{link: pattern_human_handoff}]}}"
SHORT_END = """
flows:
  pattern_completed: {description: bye, steps: [{action: utter_x}]}
"""
NO_END = "flows: {order_tea: {run_pattern_completed: false}}"
COMPLETED = (*IN_SIZE, say(put("size", "big")))
GOODBYE = (*COMPLETED, say(put("continue_conversation", False)))


def names_are_sorted(world: World, events: list[Event]) -> None:
    started = [event for event in events if event.type == "flow_started"]
    assert started[0].metadata["clarification_ids"] == ["opening_hours", "order_tea"]


def names_three_of_four(world: World, events: list[Event]) -> None:
    started = [event for event in events if event.type == "flow_started"]
    assert len(started[0].metadata["names"]) == 4
    said = [event["text"] for event in events if event.type == "bot"]
    assert "opening hours, order tea or pay?" in said[0]


CASES = [
    Case(
        71,
        "clarify",
        say(clarify("order_tea", "opening_hours")),
        f"{SESSION} U {CLARIFYING}",
        check=names_are_sorted,
    ),
    Case(
        72,
        "too many options",
        say(clarify("order_tea", "opening_hours", "pay", "ship")),
        f"{SESSION} U {CLARIFYING}",
        changes=MORE_FLOWS,
        check=names_three_of_four,
    ),
    Case(
        73,
        "clarify without options",
        say(clarify()),
        f"{SESSION} U fs(pattern_clarification) SAY(utter_clarification_no_options_rasa) "
        "fc(pattern_clarification)",
    ),
    Case(
        74,
        "clarify while a question is open",
        say(clarify("opening_hours", "order_tea")),
        f"U {CLARIFYING} RE(size)",
        before=IN_SIZE,
    ),
    Case(
        75,
        "small talk beside an answer",
        say(CHITCHAT, put("size", "big")),
        "U s(size=big) fs(pattern_chitchat) SAY(utter_cannot_handle) fc(pattern_chitchat) OK "
        "a(action_brew) END(order_tea) PC",
        before=IN_SIZE,
    ),
    Case(
        76,
        "skip",
        say(SKIP),
        "U fs(pattern_skip_question) SAY(utter_skip_question_answer) fc(pattern_skip_question) "
        "RE(size)",
        before=IN_SIZE,
    ),
    Case(
        76,
        "skip in a linked flow",
        say(SKIP),
        "U RE(size)",
        before=(say(start("go")), say(put("kind", "green"))),
        changes="flows: {go: {description: go, steps: [{link: order_tea}]}}",
    ),
    Case(77, "nothing to skip", say(SKIP), f"{SESSION} U"),
    Case(
        78,
        "repeat",
        say(REPEAT),
        "U fs(pattern_repeat_bot_messages) a(action_repeat_bot_messages) b(utter_x) "
        "fc(pattern_repeat_bot_messages) RE(size)",
        before=IN_SIZE,
        changes="flows: {order_tea: {steps: [{collect: kind}, {action: utter_x}, "
        "{collect: size}, {action: action_brew}]}}",
    ),
    Case(
        79,
        "knowledge while a question is open",
        say(KNOWLEDGE),
        f"U {SEARCHING} CI",
        before=IN_SIZE,
    ),
    Case(80, "knowledge", say(KNOWLEDGE), f"{SESSION} U {SEARCHING} PC"),
    Case(
        81,
        "clarify beside a start",
        say(clarify("opening_hours", "order_tea"), start("order_tea")),
        f"{SESSION} U fs(order_tea) ASK(kind)",
    ),
    Case(
        82,
        "cannot handle beside an answer",
        say(CANNOT, put("size", "big")),
        "U s(size=big) OK a(action_brew) …",
        before=IN_SIZE,
    ),
    Case(
        83,
        "human handoff",
        say(start("human")),
        f"{SESSION} U fs(human) fc(human@human_0_link_pattern_human_handoff) "
        "fs(pattern_human_handoff) a(action_handoff_metric) "
        "SAY(utter_human_handoff_not_available) fc(pattern_human_handoff)",
        changes=HANDOFF,
    ),
    Case(
        84,
        "something else, please",
        say(put("continue_conversation", True)),
        "U s(continue_conversation=true) OK SAY(utter_can_do_something_else) "
        "s(continue_conversation=null) fc(pattern_completed)",
        before=COMPLETED,
    ),
    Case(
        85,
        "nothing else",
        say(put("continue_conversation", False)),
        "U s(continue_conversation=false) OK SAY(utter_closing_words) "
        "s(continue_conversation=null) fc(pattern_completed) fs(pattern_customer_satisfaction) "
        "s(csat_score=null) ASK(csat_score)",
        before=COMPLETED,
    ),
    Case(
        86,
        "satisfied",
        send("/SetSlots(csat_score=satisfied)"),
        "U s(csat_score=satisfied) OK SAY(utter_csat_thank_you_satisfied) s(csat_score=null) "
        "fc(pattern_customer_satisfaction)",
        before=GOODBYE,
    ),
    Case(
        87,
        "own pattern_completed",
        say(put("size", "big")),
        "U s(size=big) OK a(action_brew) END(order_tea) fs(pattern_completed) SAY(utter_x) "
        "fc(pattern_completed)",
        before=IN_SIZE,
        changes=SHORT_END,
    ),
    Case(
        88,
        "no pattern_completed",
        say(put("size", "big")),
        "U s(size=big) OK a(action_brew) END(order_tea)",
        before=IN_SIZE,
        changes=NO_END,
    ),
    Case(
        89,
        "generator in trouble",
        say(ERROR),
        "U fs(pattern_internal_error) SAY(utter_internal_error_rasa) fc(pattern_internal_error) "
        "RE(size)",
        before=IN_SIZE,
    ),
]
