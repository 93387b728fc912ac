"""What the contract says of turns, slots and actions beside its numbered cases."""

from __future__ import annotations

from typing import Any

import pytest

from modelservice.calm.dialogue.events import slot_set
from modelservice.calm.dialogue.nlu_adapter import NluResult
from modelservice.calm.training.training import TrainingFailed
from tests.calm.conformance.notation import assert_sequence
from tests.calm.conformance.world import (
    IN_KIND,
    IN_SIZE,
    ActionHost,
    Say,
    World,
    put,
    say,
    send,
    start,
    tea_house,
)

SESSION = "a(action_session_start) session_started"
VIP = "domain: {slots: {vip: {type: bool}}}\n"


async def world_after(*turns: Say, changes: str = "") -> World:
    world = World(tea_house(changes), "", hears_intents=False)
    for turn in turns:
        await world.take(turn)
    return world


def with_brew(events: list[dict[str, Any]], responses: list[dict[str, Any]]) -> ActionHost:
    return ActionHost({"action_brew": [(200, {"events": events, "responses": responses})]})


# -- sessions ------------------------------------------------------------------------------


async def test_carried_over_slots_keep_their_metadata_but_not_their_session() -> None:
    world = await world_after(*IN_SIZE, say(put("size", "big")))
    session = world.tracker.state.session_id
    events = await world.take(send("hi", minutes_later=61))
    carried = [e for e in events if e.type == "slot" and e["name"] == "kind"]
    assert [(e["value"], e["filled_by"], e.metadata.get("reset")) for e in carried] == [
        ("green", None, None),
        (None, None, True),
    ]
    assert {event.metadata["session_id"] for event in events} == {world.tracker.state.session_id}
    assert world.tracker.state.session_id != session


async def test_a_pause_that_starts_no_session_still_gets_a_new_id() -> None:
    never = "domain: {session_config: {start_session_after_expiry: false}}"
    world = await world_after(*IN_SIZE, changes=never)
    session = world.tracker.state.session_id
    events = await world.take(say(put("size", "big"), minutes_later=61))
    assert_sequence("U s(size=big) OK …", events)
    assert session not in {event.metadata["session_id"] for event in events}


async def test_a_project_may_begin_its_sessions_itself() -> None:
    own = [
        {"event": "session_started"},
        {"event": "slot", "name": "kind", "value": "green"},
        {"event": "action", "name": "action_listen"},
    ]
    host = ActionHost(
        {"action_session_start": [(200, {"events": own, "responses": [{"text": "Hello."}]})]}
    )
    async with host.server as server:
        assistant = tea_house("domain: {actions: [action_session_start, action_brew]}")
        world = World(assistant, str(server.make_url("/webhook")), hears_intents=False)
        events = await world.take(say(start("order_tea")))
        first = "a(action_session_start) b(Hello.) session_started s(kind=green|CUSTOM)"
        assert_sequence(f"{first} U fs(order_tea) SKIP ASK(size)", events)
        assert [event["text"] for event in world.outbox.events][:1] == ["Hello."]
        assert events[0].metadata["execution_success"] is True
        assert events[0].metadata["milliseconds"] > 0
        # A flow that begins the session again does nothing: it has begun.
        assert_sequence(
            "U fs(pattern_session_start) fc(pattern_session_start) RE(size)",
            await world.take(send("/session_start")),
        )
        assert [body["next_action"] for body in host.requests] == ["action_session_start"]
        await world.close()


async def test_a_session_begins_even_if_the_projects_own_beginning_fails() -> None:
    world = await world_after(changes="domain: {actions: [action_brew, action_session_start]}")
    events = await world.take(say(start("order_tea")))
    assert_sequence(f"{SESSION} U fs(order_tea) ASK(kind)", events)
    assert events[0].metadata["execution_success"] is False


async def test_emptied_conversations_begin_anew() -> None:
    world = await world_after(*IN_SIZE)
    world.tracker.replay([])
    assert_sequence(f"{SESSION} U", await world.take(send("hi")))


ENDED = "a(action_hangup) session_ended"


@pytest.mark.parametrize(
    ("before", "turn", "expected"),
    [
        (IN_SIZE, send("/session_end"), f"U fs(pattern_session_end) {ENDED}"),
        (
            (*IN_SIZE, send("/silence_timeout"), send("/silence_timeout")),
            send("/silence_timeout"),
            f"U fs(pattern_user_silence) SAY(utter_inform_hangup) {ENDED}",
        ),
        ((send("hi"),), say(start("leave")), f"U fs(leave) {ENDED}"),
        (
            IN_SIZE,
            say(start("leave"), put("size", "big")),
            f"U s(size=big) fi(order_tea) fs(leave) {ENDED}",
        ),
    ],
)
async def test_nothing_happens_after_the_end_of_a_session(
    before: tuple[Say, ...], turn: Say, expected: str
) -> None:
    leave = "{description: leave, steps: [{action: action_hangup}, {action: utter_x}]}"
    world = await world_after(*before, changes=f"flows: {{leave: {leave}}}")
    assert_sequence(expected, await world.take(turn), keep_listen=True)
    for later in (send("hi"), send("/session_start"), say(start("order_tea"))):
        assert await world.take(later) == []


async def test_what_an_action_returns_after_the_end_is_left_out() -> None:
    events = [{"event": "session_ended"}, {"event": "slot", "name": "kind", "value": "black"}]
    async with with_brew(events, [{"text": "Bye."}]).server as server:
        world = World(tea_house(), str(server.make_url("/webhook")), hears_intents=False)
        for turn in IN_SIZE:
            await world.take(turn)
        ended = await world.take(say(put("size", "big")))
        assert_sequence("U s(size=big) OK a(action_brew) b(Bye.) session_ended", ended)
        await world.close()


# -- commands ------------------------------------------------------------------------------


async def test_an_operator_may_have_several_starts_clarified(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = say(start("order_tea"), start("opening_hours"))
    monkeypatch.setenv("CLARIFY_ON_MULTIPLE_START_FLOWS", "true")
    world = await world_after()
    assert_sequence(f"{SESSION} U fs(pattern_clarification) …", await world.take(both))
    names = world.outbox.events[-1]["text"]
    assert "opening hours or order tea" in names


async def test_a_slot_set_twice_is_validated_once() -> None:
    changes = (
        "domain: {slots: {kind: {validation: {rejections: "
        "[{if: 'slots.kind = \"tea\"', utter: utter_big}]}}}}"
    )
    world = await world_after(*IN_KIND, changes=changes)
    events = await world.take(say(put("kind", "tea"), put("kind", "green")))
    assert_sequence(
        "U s(kind=tea) fs(pattern_validate_slot) R s(kind=null) b(utter_big) SAY(utter_ask_kind)",
        events,
    )


async def test_mapped_slots_are_validated_by_the_projects_own_action() -> None:
    changes = (
        "domain: {actions: [action_brew, action_validate_slot_mappings], entities: [tea], "
        "slots: {kind: {type: text, mappings: [{type: from_entity, entity: tea}]}}}"
    )
    emptied = {"events": [{"event": "slot", "name": "kind", "value": None}]}
    host = ActionHost({"action_validate_slot_mappings": [(200, emptied)]})
    async with host.server as server:
        url = str(server.make_url("/webhook"))
        world = World(tea_house(changes), url, hears_intents=False)
        events = await world.take(send('/greet{"tea": "mud"}'))
        # The payload has commands, so it is no turn for the mappings alone.
        assert host.requests == []
        world = World(tea_house(changes), url, hears_intents=True)
        heard = NluResult("greet", 1.0, [{"entity": "mint", "value": "x"}])
        events = await world.take(say(nlu=heard))
        assert_sequence(f"{SESSION} U s(kind=null|CUSTOM)", events)
        await world.close()


# -- steps and slots -----------------------------------------------------------------------


async def test_the_silence_timeout_of_a_question_ends_with_it() -> None:
    changes = (
        "flows: {order_tea: {steps: [{collect: kind, silence_timeout: 5}, {action: utter_x}, "
        "{collect: size}]}}"
    )
    world = await world_after(changes=changes)
    events = await world.take(say(start("order_tea")))
    assert_sequence(f"{SESSION} U fs(order_tea) s(silence_timeout=5.0) ASK(kind)", events)
    events = await world.take(say(put("kind", "green")))
    assert_sequence(
        "U s(kind=green) R s(silence_timeout=30.0) fc(pattern_collect_information) SAY(utter_x) "
        "ASK(size)",
        events,
    )


async def test_each_collect_step_says_for_itself_whether_its_slot_is_reset() -> None:
    changes = (
        "flows: {order_tea: {steps: [{id: a, collect: kind, reset_after_flow_ends: false}, "
        "{id: b, collect: kind}, {collect: size, reset_after_flow_ends: false}, "
        "{set_slots: [{size: big}, {weekday: Mon}]}]}}"
    )
    world = await world_after(changes=changes)
    events = await world.take(say(start("order_tea"), put("kind", "green"), put("size", "small")))
    assert_sequence(
        f"{SESSION} U s(size=small) s(kind=green) fs(order_tea) SKIP SKIP SKIP s(size=big) "
        "s(weekday=Mon) s(kind=null) s(weekday=null) fc(order_tea) PC",
        events,
    )


def test_the_language_slot_is_not_the_projects_to_define() -> None:
    with pytest.raises(TrainingFailed, match="slot 'language': “language” is Rasa's own slot"):
        tea_house("domain: {slots: {language: {type: text}}}")


@pytest.mark.parametrize(("said", "rejected"), [("1e999", True), ("nan", True), ("12", False)])
async def test_only_finite_numbers_are_numbers(said: str, rejected: bool) -> None:
    world = await world_after(*IN_SIZE, changes="domain: {slots: {size: {type: float}}}")
    await world.take(send(f"/SetSlots(size={said})"))
    texts = [event.metadata.get("utter_action") for event in world.outbox.events]
    assert ("utter_float_slot_rejection" in texts) is rejected


@pytest.mark.parametrize(("said", "value"), [("²", "²"), ("01", True), ("9" * 5000, False)])
async def test_digits_for_yes_and_no(said: str, value: object) -> None:
    world = await world_after(*IN_SIZE, changes="domain: {slots: {size: {type: bool}}}")
    events = await world.take(send(f"/SetSlots(size={said})"))
    assert next(e for e in events if e.type == "slot")["value"] == value


# -- actions -------------------------------------------------------------------------------


async def test_a_flow_started_by_an_action_interrupts_the_one_that_runs() -> None:
    host = with_brew([{"event": "followup", "name": "flow_opening_hours"}], [])
    async with host.server as server:
        more = (
            "flows: {order_tea: {steps: [{collect: kind}, {action: action_brew}, {collect: size}]}}"
        )
        world = World(tea_house(more), str(server.make_url("/webhook")), hears_intents=False)
        await world.take(say(start("order_tea")))
        events = await world.take(say(put("kind", "green")))
        assert_sequence(
            "U s(kind=green) OK a(action_brew) followup a(flow_opening_hours) "
            "fi(order_tea@order_tea_1_action_brew) fs(opening_hours) ASK(weekday)",
            events,
        )
        events = await world.take(say(put("weekday", "Mon")))
        assert_sequence("U s(weekday=Mon) OK SAY(utter_hours) END(opening_hours) CI", events)
        await world.close()


async def test_a_flow_that_cleans_the_stack_goes_on_itself() -> None:
    clean = (
        "flows: {clean: {description: c, steps: [{action: action_clean_stack}, {action: utter_x}]}}"
    )
    world = await world_after(*IN_SIZE, changes=clean)
    events = await world.take(say(start("clean")))
    assert_sequence(
        "U fi(order_tea) fs(clean) a(action_clean_stack) fc(pattern_collect_information@NEXT:END) "
        "END(order_tea) SAY(utter_x) fc(clean) PC",
        events,
    )


async def test_shared_slots_survive_the_end_of_a_routing() -> None:
    changes = (
        "flows: {leave: {description: l, steps: [{action: action_reset_routing}]}}\n"
        "domain: {slots: {vip: {type: bool, shared_for_coexistence: true}, own: {type: text}}}"
    )
    world = await world_after(send("hi"), changes=changes)
    world.tracker.extend([slot_set("vip", True), slot_set("own", "x")])
    await world.take(say(start("leave")))
    assert (world.tracker.slots["vip"], world.tracker.slots["own"]) == (True, None)


async def test_an_actions_event_of_an_unknown_kind_is_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stray = [{"event": "stack", "update": "[]"}, {"event": "flow_started", "flow_id": "x"}]
    host = with_brew([*stray, {"event": "slot", "name": "weekday", "value": "Mon"}], [])
    async with host.server as server:
        world = World(tea_house(), str(server.make_url("/webhook")), hears_intents=False)
        for turn in IN_SIZE:
            await world.take(turn)
        events = await world.take(say(put("size", "big")))
        assert_sequence("U s(size=big) OK a(action_brew) s(weekday=Mon) END(order_tea) PC", events)
        assert "'flow_started' is left out" in caplog.text
        await world.close()


async def test_a_response_without_a_fitting_variation_is_an_error() -> None:
    changes = "domain: {responses: {utter_ask_kind: [{text: x, condition: 'slots.kind is \"x\"'}]}}"
    world = await world_after(*IN_KIND, changes=changes)
    assert [event["text"] for event in world.outbox.events] == [
        "Sorry, something went wrong on my side. Please try again later."
    ]


async def test_a_value_keeps_its_braces() -> None:
    changes = "domain: {responses: {utter_ask_size: [{text: 'Which {{size}} of {kind}?'}]}}"
    world = await world_after(*IN_KIND, changes=changes)
    await world.take(say(put("kind", "{{x}} {nope}")))
    assert world.outbox.events[-1]["text"] == "Which {size} of {{x}} {nope}?"
