"""Cases 115 to 120: choosing and filling responses, reading a language model's commands."""

from __future__ import annotations

import pytest

from modelservice.calm.dialogue.commands import (
    CannotHandle,
    Clarify,
    Command,
    SetSlot,
    StartFlow,
)
from modelservice.calm.dialogue.events import ERROR_MESSAGE, Event
from modelservice.calm.dialogue.responses import Message, ResponseGenerator
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.understanding.command_language import Version, read_commands
from tests.calm.conformance.world import (
    IN_SIZE,
    ActionHost,
    World,
    put,
    say,
    start,
    tea_house,
)

FLOWS = {"order_tea", "opening_hours"}


def said(response: str, *, channel: str = "rest") -> Message:
    assistant = tea_house(f"domain: {{responses: {{utter_x: {response}}}}}")
    tracker = Tracker("ana", assistant.domain.slots)
    message = ResponseGenerator(assistant).generate("utter_x", tracker, channel)
    assert message.problem == ""
    return message


def test_115_channel_beats_condition() -> None:
    variations = (
        "[{text: everywhere}, {text: holds, condition: 'slots.kind is null'}, "
        "{text: here, channel: slack}, {text: not now, condition: slots.kind, channel: slack}]"
    )
    assert said(variations, channel="slack").text == "here"
    assert said(variations, channel="rest").text == "holds"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The reference says the whole text as it is written.
        ("{missing} and {kind}", "{missing} and None"),
        (
            "{missing}, {missing}, {gone}, {} and {{kind}}",
            "{missing}, {missing}, {gone}, {} and {kind}",
        ),
        ("a {kind} tea", "a None tea"),
        ("{{kind}} stays", "{kind} stays"),
    ],
)
def test_116_placeholders(text: str, expected: str) -> None:
    assert said(f"[{{text: '{text}'}}]").text == expected


def test_an_unknown_placeholder_is_reported_by_name(caplog: pytest.LogCaptureFixture) -> None:
    said("[{text: '{missing} {kind} {missing} {gone}'}]")
    [record] = [one for one in caplog.records if one.levelname == "ERROR"]
    assert "{missing}, {gone}" in record.getMessage()
    assert "kind" not in record.getMessage()


def test_a_button_without_a_payload_sends_its_title() -> None:
    message = said(
        "[{text: a, buttons: [{title: Yes please}, {title: No, payload: ''},"
        " {title: Site, url: 'https://example.org'}, {title: 1, payload: 0}]}]"
    )
    payloads = [button.get("payload") for button in message.data["buttons"]]
    assert payloads == ["Yes please", "No", None, "0"]


def test_titles_and_payloads_of_buttons_are_texts() -> None:
    message = said("[{text: a, buttons: [{title: 12, payload: 0123}, {title: 1.5, payload: on}]}]")
    assert message.data["buttons"] == [
        {"title": "12", "payload": "123"},
        {"title": "1.5", "payload": "on"},
    ]


def test_117_rephrase_without_a_model_is_plain_text() -> None:
    message = said("[{text: plain, metadata: {rephrase: true}, id: one}]")
    assert message.text == "plain"
    assert message.metadata == {"metadata": {"rephrase": True}, "id": "one"}


@pytest.mark.parametrize(
    ("number", "version", "text", "expected"),
    [
        (
            118,
            "v2",
            "1. start flow order_tea\n- set slot size `big`.\nStart flow x",
            [StartFlow("order_tea"), SetSlot("size", "big")],
        ),
        (119, "v2", "disambiguate flows opening_hours", [StartFlow("opening_hours")]),
        (119, "v2", "set slot size undefined", [SetSlot("size", None)]),
        (119, "v2", "start flow pattern_restart", [CannotHandle()]),
        (119, "v2", "disambiguate flows x, y", [Clarify(())]),
        (119, "v3", "set slot flow_name order_tea", [StartFlow("order_tea")]),
        (119, "v2", "set slot size 12%", [SetSlot("size", "12")]),
        (
            120,
            "v1",
            "StartFlow(order_tea), SetSlot(size, big)",
            [SetSlot("size", "big"), StartFlow("order_tea")],
        ),
        (120, "v1", "I would say Clarify(order_tea, opening_hours)", None),
    ],
)
def test_118_to_120_command_language(
    number: int, version: Version, text: str, expected: list[Command] | None
) -> None:
    wanted = expected or [Clarify(("opening_hours", "order_tea"))]
    assert read_commands(text, version=version, flows=FLOWS) == wanted


# -- what cannot be said ------------------------------------------------------------------------


def problems(events: list[Event]) -> list[tuple[str, str]]:
    """(type of event, what it says to the author)"""
    noted = ((event.type, event.metadata.get(ERROR_MESSAGE)) for event in events)
    return [(kind, str(problem)) for kind, problem in noted if problem is not None]


GONE = "flows: {order_tea: {steps: [{collect: kind}, %s, {action: utter_x}]}}\n"
REJECTS = "{collect: size, rejections: [{if: 'slots.size = \"big\"', utter: utter_gone}]}"
NO_RESPONSE = "there is no response 'utter_gone'"


@pytest.mark.parametrize(
    ("step", "noted"),
    [
        ("{action: utter_gone}", ("stack", f"the step is skipped: {NO_RESPONSE}")),
        (
            "{action: action_gone}",
            ("stack", "the step is skipped: there is no action 'action_gone'"),
        ),
        (
            '{action: "{{context.nothing}}"}',
            ("stack", "the step is skipped: there is no action ''"),
        ),
        (
            "{action: utter_slack}",
            ("action", "no variation of 'utter_slack' fits this moment and the channel 'rest'"),
        ),
    ],
)
async def test_a_step_that_says_nothing_tells_the_author(
    step: str, noted: tuple[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    changes = GONE % step + "domain: {responses: {utter_slack: [{text: a, channel: slack}]}}\n"
    world = World(tea_house(changes, sound=False), "", hears_intents=False)
    await world.take(say(start("order_tea")))
    events = await world.take(say(put("kind", "green")))
    assert problems(events) == [noted]
    assert noted[1] in caplog.text
    said = [event.metadata["utter_action"] for event in events if event.type == "bot"]
    assert "utter_x" in said


async def test_a_rejection_without_a_response_tells_the_author() -> None:
    world = World(tea_house(GONE % REJECTS, sound=False), "", hears_intents=False)
    await world.take(say(start("order_tea")))
    await world.take(say(put("kind", "green")))
    events = await world.take(say(put("size", "big")))
    assert problems(events) == [("action", NO_RESPONSE)]
    assert world.tracker.slots["size"] is None


async def test_a_response_that_an_action_asks_for_tells_the_author() -> None:
    answer = {"events": [], "responses": [{"response": "utter_gone"}, {"text": "brewed"}]}
    host = ActionHost({"action_brew": [(200, answer)]})
    async with host.server as server:
        url = str(server.make_url("/webhook"))
        world = World(tea_house(), url, hears_intents=False)
        for turn in IN_SIZE:
            await world.take(turn)
        events = await world.take(say(put("size", "big")))
        await world.close()
    assert problems(events) == [("action", NO_RESPONSE)]
    assert "brewed" in [event["text"] for event in events if event.type == "bot"]


async def test_questions_without_validation_or_action_are_in_order() -> None:
    changes = "domain: {slots: {kind: {validation: {rejections: [{if: 'slots.kind = \"tea\"',"
    changes += " utter: utter_big}]}}}}\n"
    world = World(tea_house(changes), "", hears_intents=False)
    events = await world.take(say(start("order_tea"), put("kind", "tea")))
    assert problems(events) == []


def test_every_pattern_of_the_reference_is_there() -> None:
    names = {flow.id for flow in tea_house().flows.patterns()}
    assert names == {
        f"pattern_{name}"
        for name in (
            *("cancel_flow", "cannot_handle", "chitchat", "clarification", "code_change"),
            *("collect_information", "completed", "continue_interrupted", "correction"),
            *("customer_satisfaction", "external_agent_processing", "human_handoff"),
            *("internal_error", "repeat_bot_messages", "restart", "search", "session_end"),
            *("session_start", "skip_question", "user_silence", "validate_slot"),
        )
    }
