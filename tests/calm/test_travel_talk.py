"""The offline generator on an assistant that is only described: no example sentences at all."""

from __future__ import annotations

from typing import Any

import pytest

from modelservice.calm.channels.bot import Bot, load_bot
from modelservice.calm.command_line import main
from modelservice.calm.dialogue.events import Event
from modelservice.calm.turns.turn import UserMessage

FLOWS = """
flows:
  find_flight:
    description: Search for flights between two cities
    steps:
      - {collect: origin, description: city of departure}
      - {collect: destination, description: city of arrival}
      - {collect: departure_date, description: date of departure}
      - {collect: return_date, description: date of the flight back}
      - action: utter_flight
  book_flight:
    description: Book a seat on the flight that was found
    steps:
      - {collect: passengers, description: number of passengers}
      - {collect: seat, description: class of the seat}
      - {collect: confirmed, description: whether to book}
      - action: utter_booked
  find_hotel:
    description: Find a hotel in a city
    steps:
      - {collect: city, description: city of the hotel}
      - {collect: check_in_date, description: date of arrival}
      - {collect: rooms, description: number of rooms}
      - {collect: with_breakfast, description: whether breakfast is wanted}
      - {collect: hotel_name, description: name of the hotel}
      - action: utter_booked
  table_for_dinner:
    description: Reserve a table at a restaurant
    steps:
      - {collect: cuisine, description: kind of food}
      - {collect: dinner_time, description: time of the meal}
      - {collect: email, description: e-mail address for the confirmation}
      - action: utter_booked
  pattern_completed:
    description: nothing more is asked
    name: completed
    steps: [{noop: true, next: END}]
"""
DOMAIN = """
slots:
  origin: {type: text, mappings: [{type: from_llm}]}
  destination: {type: text, mappings: [{type: from_llm}]}
  departure_date: {type: text, mappings: [{type: from_llm}]}
  return_date: {type: text, mappings: [{type: from_llm}]}
  passengers: {type: float, mappings: [{type: from_llm}]}
  seat: {type: categorical, values: [economy, business], mappings: [{type: from_llm}]}
  confirmed: {type: bool, mappings: [{type: from_llm}]}
  city: {type: text, mappings: [{type: from_llm}]}
  check_in_date: {type: text, mappings: [{type: from_llm}]}
  rooms: {type: float, mappings: [{type: from_llm}]}
  with_breakfast: {type: bool, mappings: [{type: from_llm}]}
  hotel_name: {type: text, mappings: [{type: from_llm}]}
  cuisine: {type: text, mappings: [{type: from_llm}]}
  dinner_time: {type: text, mappings: [{type: from_llm}]}
  email: {type: text, mappings: [{type: from_llm}]}
responses:
  utter_ask_origin: [{text: "From where?"}]
  utter_ask_destination: [{text: "Where to?"}]
  utter_ask_departure_date: [{text: "When do you leave?"}]
  utter_ask_return_date: [{text: "When do you come back?"}]
  utter_ask_passengers: [{text: "How many passengers?"}]
  utter_ask_seat: [{text: "Which class?"}]
  utter_ask_confirmed: [{text: "Shall I book it?"}]
  utter_ask_city: [{text: "In which city?"}]
  utter_ask_check_in_date: [{text: "When do you arrive?"}]
  utter_ask_rooms: [{text: "How many rooms?"}]
  utter_ask_with_breakfast: [{text: "With breakfast?"}]
  utter_ask_hotel_name: [{text: "Which hotel?"}]
  utter_ask_cuisine: [{text: "What would you like to eat?"}]
  utter_ask_dinner_time: [{text: "At what time?"}]
  utter_ask_email: [{text: "Your e-mail address?"}]
  utter_flight: [{text: "There is one at noon. Would you like to book it?"}]
  utter_booked: [{text: "Booked."}]
"""
CONFIG = "recipe: default.v1\nlanguage: en\nassistant_id: travel\npipeline: []\n"


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Bot:
    folder = tmp_path_factory.mktemp("travel")
    for name, text in (("flows.yml", FLOWS), ("domain.yml", DOMAIN), ("config.yml", CONFIG)):
        (folder / name).write_text(text, encoding="utf-8")
    paths = ["--data", "flows.yml", "--domain", "domain.yml", "--config", "config.yml"]
    arguments = [item if item.startswith("--") else str(folder / item) for item in paths]
    assert main(["train", *arguments, "--out", str(folder)]) == 0
    return load_bot(folder, endpoints={}, environment={})


class Talk:
    def __init__(self, bot: Bot, sender_id: str) -> None:
        self._bot, self._sender_id = bot, sender_id
        self._said: list[str] = []

    async def send(self, sender_id: str, event: Event) -> None:
        self._said.append(event["text"])

    async def say(self, text: str) -> str:
        self._said = []
        await self._bot.handle(self._sender_id, UserMessage(text, "rest"), self)
        self.tracker: dict[str, Any] = await self._bot.snapshot(self._sender_id)
        return " ".join(self._said)

    @property
    def commands(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.tracker["latest_message"]["commands"]
        return found

    def filled(self) -> dict[str, Any]:
        return {each["name"]: each["value"] for each in self.commands if "name" in each}

    def started(self) -> list[str]:
        return [each["flow"] for each in self.commands if each["command"] == "start flow"]


@pytest.fixture
def talk(bot: Bot, request: pytest.FixtureRequest) -> Talk:
    return Talk(bot, request.node.name)


@pytest.mark.parametrize(
    ("said", "flow"),
    [
        ("Can you look for planes to Oslo?", "find_flight"),
        ("I need a place to stay", "find_hotel"),
        ("let's eat out tonight", "table_for_dinner"),
        ("please reserve a table", "table_for_dinner"),
        ("search for a hotl", "find_hotel"),
    ],
)
async def test_related_words_and_actions_start_flows(talk: Talk, said: str, flow: str) -> None:
    await talk.say(said)
    assert talk.started() == [flow]


@pytest.mark.parametrize(
    "said", ["tell me a joke", "how old are you", "colourless green ideas", "get me something"]
)
async def test_what_no_flow_is_about_starts_none(talk: Talk, said: str) -> None:
    await talk.say(said)
    assert talk.commands == [{"command": "cannot handle", "reason": "cannot_handle_default"}]


async def test_from_and_to_and_two_dates_find_their_slots(talk: Talk) -> None:
    await talk.say(
        "find a flight from New York to San Francisco, leaving March 3rd and returning next Friday"
    )
    assert talk.filled() == {
        "origin": "New York",
        "destination": "San Francisco",
        "departure_date": "March 3rd",
        "return_date": "next Friday",
    }
    assert talk.started() == ["find_flight"]


async def test_a_yes_to_the_bots_offer_starts_what_was_offered(talk: Talk) -> None:
    await talk.say("find a flight from Rome to Oslo leaving tomorrow and returning on Sunday")
    assert await talk.say("yes please") == "How many passengers?"
    assert talk.started() == ["book_flight"]
    # A number, a class with a typing error, and then a no to a question of yes and no.
    assert await talk.say("two adults") == "Which class?"
    assert await talk.say("businesss") == "Shall I book it?"
    assert talk.tracker["slots"]["seat"] == "business"
    await talk.say("hmm, rather not")
    assert talk.filled() == {"confirmed": False}


async def test_a_refused_offer_starts_nothing(talk: Talk) -> None:
    await talk.say("find a flight from Rome to Oslo leaving tomorrow and returning on Sunday")
    await talk.say("no, not right now")
    assert talk.started() == []


async def test_counts_properties_and_names_beside_the_start(talk: Talk) -> None:
    await talk.say("I need 2 rooms in a hotel in Porto without breakfast from the 4th of May")
    assert talk.filled() == {
        "city": "Porto",
        "check_in_date": "4th of May",
        "rooms": 2.0,
        "with_breakfast": False,
    }
    await talk.say("the Grand Marina")
    assert talk.filled() == {"hotel_name": "Grand Marina"}


async def test_an_answer_without_the_words_around_it(talk: Talk) -> None:
    await talk.say("I want to go out for dinner")
    await talk.say("some thai food would be great")
    assert talk.filled() == {"cuisine": "thai"}
    await talk.say("at half past seven in the evening")
    assert talk.filled() == {"dinner_time": "half past seven in the evening"}
    await talk.say("write to ana.silva@example.org please")
    assert talk.filled() == {"email": "ana.silva@example.org"}


async def test_a_correction_changes_what_was_said(talk: Talk) -> None:
    await talk.say("find a flight from Rome to Oslo leaving tomorrow")
    assert "changed" in await talk.say("sorry, I meant from Milan")
    assert talk.tracker["slots"]["origin"] == "Milan"
    assert talk.tracker["slots"]["destination"] == "Oslo"


async def test_another_wish_while_a_question_is_open(talk: Talk) -> None:
    await talk.say("find a hotel in Porto")
    await talk.say("actually, please reserve a table at a restaurant first")
    assert talk.started() == ["table_for_dinner"]
    words = talk.tracker["latest_message"]["matches"][0]["words"]
    assert {"table", "restaurant"} <= set(words)


async def test_a_question_is_no_answer(talk: Talk) -> None:
    await talk.say("find a hotel in Porto on Monday with 1 room and breakfast")
    await talk.say("why do you ask?")
    assert talk.tracker["slots"]["hotel_name"] is None


@pytest.mark.parametrize(
    ("text", "flows"),
    [
        (
            "find a hotel in Porto and reserve a table at a restaurant",
            ["find_hotel", "table_for_dinner"],
        ),
        ("Search for a flight, then find me a hotel.", ["find_flight", "find_hotel"]),
        ("find a hotel and a quiet room", ["find_hotel"]),
        ("find a flight from Rome to Paris and back", ["find_flight"]),
    ],
)
async def test_two_flows_in_one_message(talk: Talk, text: str, flows: list[str]) -> None:
    await talk.say(text)
    assert talk.started() == flows


async def test_cancel_and_start_in_one_message(talk: Talk) -> None:
    await talk.say("search for flights")
    await talk.say("Stop, and find me a hotel in Porto instead")
    assert [each["command"] for each in talk.commands][:2] == ["cancel flow", "start flow"]
    assert talk.started() == ["find_hotel"]
