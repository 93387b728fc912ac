"""An earlier answer is taken back in so many words, also while a confirmation is open."""

from __future__ import annotations

from typing import Any

import pytest

from modelservice.calm.channels.bot import Bot
from tests.calm.trained import say, trained

FLOWS = """
flows:
  book_tour:
    description: Book a guided tour
    steps:
      - {collect: guest, description: name of the person the tour is for}
      - {collect: town, description: town of the tour}
      - {collect: day, description: day of the tour}
      - {collect: places, description: number of places}
      - {collect: booking_confirmed, description: whether to book, ask_before_filling: true}
      - action: utter_booked
  change_address:
    description: Change the address of a customer
    steps:
      - {collect: address, description: the new address}
      - action: utter_booked
"""
DOMAIN = """
slots:
  guest: {type: text, mappings: [{type: from_llm}]}
  town: {type: text, mappings: [{type: from_llm}]}
  day: {type: text, mappings: [{type: from_llm}]}
  places: {type: float, mappings: [{type: from_llm}]}
  address: {type: text, mappings: [{type: from_llm}]}
  booking_confirmed: {type: bool, mappings: [{type: from_llm}]}
responses:
  utter_ask_guest: [{text: Whose tour is it?}]
  utter_ask_town: [{text: In which town?}]
  utter_ask_day: [{text: On which day?}]
  utter_ask_places: [{text: How many places?}]
  utter_ask_address: [{text: Which address?}]
  utter_ask_booking_confirmed: [{text: Shall I book it?}]
  utter_booked: [{text: Booked.}]
"""
FILLED = {"guest": "Tim", "town": "Porto", "day": "Friday", "places": 3.0}


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Bot:
    files = {
        "data/flows.yml": FLOWS,
        "domain.yml": DOMAIN,
        "config.yml": "language: en\nadditional_languages: [de, es, fr]\n",
    }
    return trained(tmp_path_factory.mktemp("tours"), files)


async def confirming(bot: Bot, sender: str) -> None:
    slots = (await say(bot, sender, "book a guided tour", "Tim", "Porto", "Friday", "3"))["slots"]
    assert {name: slots[name] for name in FILLED} == FILLED


async def commands(bot: Bot, text: str) -> list[dict[str, Any]]:
    await confirming(bot, text)
    found: list[dict[str, Any]] = (await say(bot, text, text))["latest_message"]["commands"]
    return found


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("not Tim, I meant Clara", "guest", "Clara"),
        ("No, not Porto, I meant Braga.", "town", "Braga"),
        ("Clara, not Tim", "guest", "Clara"),
        ("the town should be Braga", "town", "Braga"),
        ("Porto should be Braga", "town", "Braga"),
        ("the places should be 5", "places", 5.0),
        ("it should be 5", "places", 5.0),
        ("change the day to Monday", "day", "Monday"),
        ("please change the number of places to 7", "places", 7.0),
        ("could you update the town to Faro?", "town", "Faro"),
        ("change the day", "day", None),
        ("the day is wrong", "day", None),
        ("the town is not right, it's Faro", "town", "Faro"),
        ("I didn't mean Tim", "guest", None),
        ("nicht Tim, ich meinte Clara", "guest", "Clara"),
        ("no Tim, quise decir Clara", "guest", "Clara"),
        ("pas Tim, je voulais dire Clara", "guest", "Clara"),
    ],
)
async def test_a_correction_names_what_it_takes_back(
    bot: Bot, text: str, slot: str, value: str | float | None
) -> None:
    expected = [{"command": "set slot", "name": slot, "value": value}]
    found = [{k: c.get(k) for k in ("command", "name", "value")} for c in await commands(bot, text)]
    assert found == expected


@pytest.mark.parametrize(
    "text", ["change my address", "yes", "no", "what should be in my bag?", "is Porto nice?"]
)
async def test_other_messages_take_nothing_back(bot: Bot, text: str) -> None:
    earlier = [c for c in await commands(bot, text) if c.get("name") in FILLED]
    assert earlier == []


async def test_another_flow_that_changes_something_starts(bot: Bot) -> None:
    found = await commands(bot, "I want to change my address")
    assert found[0] == {"command": "start flow", "flow": "change_address"}
