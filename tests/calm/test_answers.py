"""What an open question takes as its answer."""

from __future__ import annotations

from typing import Any

import pytest

from modelservice.calm.channels.bot import Bot
from modelservice.calm.content.domain import read_slot
from modelservice.calm.understanding.language import language_of
from modelservice.calm.understanding.options import options_in
from modelservice.calm.understanding.slot_profiles import profile_of
from tests.calm.trained import say, trained

ENGLISH = language_of(["en"])
FLOWS = """
flows:
  send_parcel:
    description: Send a parcel
    steps:
      - {collect: speed, description: "how fast: standard, express or overnight"}
      - {collect: worth, description: amount in euros as a number without currency}
      - {collect: employer, description: name of the company the sender works at}
      - {collect: handover, description: when it is handed over}
      - {collect: wrapping, description: wrapping of the parcel}
      - {collect: channel, description: chat channel that hears of it}
      - action: utter_sent
  insurance:
    description: Explain insurance
    steps: [{action: utter_sent}]
  express:
    description: About our express trains
    steps: [{action: utter_sent}]
"""
DOMAIN = """
slots:
  speed: {type: text, mappings: [{type: from_llm}]}
  worth: {type: text, mappings: [{type: from_llm}]}
  employer: {type: text, mappings: [{type: from_llm}]}
  handover: {type: text, mappings: [{type: from_llm}]}
  wrapping: {type: categorical, values: [paper, foil, no preference], mappings: [{type: from_llm}]}
  channel: {type: text, mappings: [{type: from_llm}]}
responses:
  utter_ask_speed: [{text: How fast shall it be?}]
  utter_ask_worth: [{text: What is it worth?}]
  utter_ask_employer: [{text: Where do you work?}]
  utter_ask_handover: [{text: When do you hand it over?}]
  utter_ask_wrapping: [{text: Which wrapping?}]
  utter_ask_channel: [{text: Which channel?}]
  utter_sent: [{text: Sent.}]
"""
ORDER = ["speed", "worth", "employer", "handover", "wrapping", "channel"]
USUAL = {
    "speed": "standard",
    "worth": "20",
    "employer": "Siemens",
    "handover": "tomorrow",
    "wrapping": "foil",
}


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Bot:
    files = {"data/flows.yml": FLOWS, "domain.yml": DOMAIN, "config.yml": "language: en\n"}
    return trained(tmp_path_factory.mktemp("parcels"), files)


async def answered(bot: Bot, slot: str, text: str) -> tuple[Any, list[dict[str, Any]]]:
    """The value that the answer gives to the slot, and the answer's commands."""
    before = (USUAL[name] for name in ORDER[: ORDER.index(slot)])
    tracker = await say(bot, f"{slot}: {text}", "send a parcel", *before, text)
    commands = tracker["latest_message"]["commands"]
    return next((c["value"] for c in commands if c.get("name") == slot), None), commands


@pytest.mark.parametrize(
    ("slot", "text", "value"),
    [
        ("speed", "overnight please", "overnight"),
        ("speed", "I'd take the express one", "express"),
        ("speed", "expres", "express"),
        ("worth", "around 250 euros", "250"),
        ("worth", "fifty dollars", "50"),
        ("worth", "it is worth €1,200.50", "1200.5"),
        ("employer", "I work at Bosch", "Bosch"),
        ("employer", "I work for the city of Ulm", "city of Ulm"),
        ("handover", "Friday evening", "Friday evening"),
        ("handover", "on Monday morning", "Monday morning"),
        ("handover", "I'll bring it on the 4th of June.", "4th of June"),
        ("wrapping", "any is fine", "no preference"),
        ("wrapping", "I don't care", "no preference"),
        ("channel", "#parcels", "#parcels"),
        ("channel", "@anna_b", "@anna_b"),
        ("channel", "anything", "any"),
    ],
)
async def test_an_answer_is_taken_as_it_is_meant(
    bot: Bot, slot: str, text: str, value: str
) -> None:
    found, _ = await answered(bot, slot, text)
    assert found == value


@pytest.mark.parametrize("text", ["insurance", "express"])
async def test_a_word_never_starts_another_flow(bot: Bot, text: str) -> None:
    _, commands = await answered(bot, "speed", text)
    assert "start flow" not in {command["command"] for command in commands}


@pytest.mark.parametrize(
    ("description", "question", "options"),
    [
        ("one of small, medium or large", "", ("small", "medium", "large")),
        ("size (S, M, L)", "", ("S", "M", "L")),
        ("the plan: 'basic' / 'pro'", "", ("basic", "pro")),
        ("", "Which one: aisle, middle or window?", ("aisle", "middle", "window")),
        ("", "Is it private or business?", ("private", "business")),
        ("name of the user", "What is your name?", ()),
        ("date (e.g. 10.5., tomorrow)", "", ()),
        ("", "Where do you want to go, and when?", ()),
    ],
)
def test_listed_values(description: str, question: str, options: tuple[str, ...]) -> None:
    assert options_in(description, [{"text": question}], ENGLISH) == options


@pytest.mark.parametrize(
    ("description", "numeric"),
    [
        ("the amount as a number", True),
        ("amount in euros", True),
        ("how much money to send", False),
    ],
)
def test_which_amounts_are_bare_numbers(description: str, numeric: bool) -> None:
    slot = read_slot("amount", {"type": "text"})
    assert profile_of(slot, description, ENGLISH).is_numeric is numeric
