"""Cases 1 to 14: sessions and reading messages."""

from __future__ import annotations

from modelservice.calm.dialogue.events import Event
from tests.calm.conformance.case import Case, Check
from tests.calm.conformance.world import IN_SIZE, World, put, say, send, start

START = "a(action_session_start) session_started"
VIP = "domain: {slots: {vip: {type: bool}}}\n"
VIP_FLOW = (
    VIP
    + "flows: {be_vip: {description: become a vip, persisted_slots: [vip], steps: "
    + "[{set_slots: [{vip: true}]}, {action: utter_x}], run_pattern_completed: false}}\n"
)


def text_is(text: str, *, asked: bool = True) -> Check:
    def check(world: World, events: list[Event]) -> None:
        users = [event["text"] for event in events if event.type == "user"]
        assert users == [text]
        assert (world.generator.requests[-1:] == [text]) is asked

    return check


def stack_is_empty(world: World, events: list[Event]) -> None:
    assert not world.tracker.stack


def vip_is_unset(world: World, events: list[Event]) -> None:
    assert world.tracker.slots["vip"] is None


def slots_are_initial(world: World, events: list[Event]) -> None:
    initial = {name: slot.initial_value for name, slot in world.assistant.domain.slots.items()}
    assert dict(world.tracker.slots) == initial


def says_the_limit(world: World, events: list[Event]) -> None:
    assert any("420" in event["text"] for event in events if event.type == "bot")
    assert world.generator.requests == ["hello", "hello"]


def listens_without_confidence(world: World, events: list[Event]) -> None:
    listens = [e for e in events if e.type == "action" and e["name"] == "action_listen"]
    assert listens[-1]["confidence"] == 0.0


CASES = [
    Case(1, "new conversation", send("hi"), f"{START} a(action_listen) U …", keep_listen=True),
    Case(
        2,
        "metadata of the first message",
        send("hi", metadata={"a": 1}),
        's(session_started_metadata={"a":1}) a(action_session_start) session_started '
        's(session_started_metadata={"a":1}) a(action_listen) U …',
        keep_listen=True,
    ),
    Case(
        3,
        "language of the session",
        send("hi", metadata={"language": "de"}),
        's(session_started_metadata={"language":"de"}) a(action_session_start) session_started '
        's(session_started_metadata={"language":"de"}) s(language=de) a(action_listen) U …',
        changes="config: {additional_languages: [de]}",
        keep_listen=True,
    ),
    Case(
        4,
        "expired, slots carried over",
        send("hi", minutes_later=61),
        f"{START} s(vip=true|-) U",
        before=(say(start("be_vip")),),
        changes=VIP_FLOW,
        check=stack_is_empty,
    ),
    Case(
        5,
        "expired, slots not carried over",
        send("hi", minutes_later=61),
        f"{START} U",
        before=(say(start("be_vip")),),
        changes=VIP_FLOW.replace(
            "domain: {", "domain: {session_config: {carry_over_slots_to_new_session: false}, "
        ),
        check=vip_is_unset,
    ),
    Case(
        6,
        "expired, but no new session",
        say(put("size", "big"), minutes_later=61),
        "U s(size=big) OK a(action_brew) …",
        before=IN_SIZE,
        changes="domain: {session_config: {start_session_after_expiry: false}}",
    ),
    Case(
        7,
        "session_start first",
        send("/session_start"),
        f"{START} U fs(pattern_session_start) fc(pattern_session_start)",
    ),
    Case(
        8,
        "restart",
        send("/restart"),
        f"U fs(pattern_restart) a(action_restart) restart {START}",
        before=IN_SIZE,
        check=slots_are_initial,
    ),
    Case(
        9,
        "empty text",
        send("   "),
        "U fs(pattern_internal_error) SAY(utter_user_input_empty_error_rasa) "
        "fc(pattern_internal_error) RE(size)",
        before=IN_SIZE,
    ),
    Case(
        10,
        "too long",
        send("x" * 421),
        "U fs(pattern_internal_error) SAY(utter_user_input_too_long_error_rasa) "
        "fc(pattern_internal_error) RE(size)",
        before=IN_SIZE,
        check=says_the_limit,
    ),
    Case(
        11,
        "payload with an unknown slot",
        send("/SetSlots(nope=1)"),
        "U RE(size)",
        before=IN_SIZE,
        check=text_is("SetSlots(nope=1)"),
    ),
    Case(12, "unknown intent", send("/foo"), "U RE(size)", before=IN_SIZE, check=text_is("foo")),
    Case(
        13,
        "known intent without a trigger",
        send("/greet"),
        f"{START} U",
        check=listens_without_confidence,
    ),
    Case(
        14,
        "terminated conversation",
        send("hi"),
        "",
        before=(send("/session_end"),),
    ),
]
