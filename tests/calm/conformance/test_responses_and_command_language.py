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
from modelservice.calm.dialogue.responses import Message, ResponseGenerator
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.understanding.command_language import Version, read_commands
from tests.calm.conformance.world import tea_house

FLOWS = {"order_tea", "opening_hours"}


def said(response: str, *, channel: str = "rest") -> Message:
    assistant = tea_house(f"domain: {{responses: {{utter_x: {response}}}}}")
    tracker = Tracker("ana", assistant.domain.slots)
    message = ResponseGenerator(assistant).generate("utter_x", tracker, channel)
    assert message is not None
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
