"""Values in messages: whole names, siblings, kinds, properties, dates of a stay; by conversation.

The sentences are our own; none of them was there when the weights were fitted.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelservice.calm.channels.bot import Bot
from modelservice.calm.understanding.language import language_of
from modelservice.calm.understanding.names import names_in
from modelservice.calm.understanding.spans import SpanFinder, inherit_months
from tests.calm.trained import say, trained

FLOWS = """
flows:
  book_table:
    description: Reserve a table at a restaurant
    steps:
      - {collect: venue_name, description: Name of the restaurant}
      - {collect: town, description: City of the restaurant}
      - {collect: guests, description: Number of people}
      - {collect: day, description: Date of the visit}
      - action: utter_done
  buy_cinema_tickets:
    description: Buy tickets for a film
    steps:
      - {collect: film_name, description: Title of the film}
      - {collect: cinema_name, description: Name of the cinema}
      - {collect: seats, description: Number of tickets}
      - action: utter_done
  find_meal:
    description: Find a place to eat by kind of food
    steps:
      - {collect: food_type, description: Kind of food}
      - {collect: area, description: City of the restaurant}
      - {collect: price_level}
      - {collect: terrace, description: Whether there are tables outside}
      - action: utter_done
  reserve_room:
    description: Reserve a room in our hotel
    steps:
      - {collect: check_in_date, description: Day of the check in}
      - {collect: check_out_date, description: Day of the check out}
      - {collect: pets_allowed, description: Whether pets are allowed}
      - action: utter_done
  move_money:
    description: Move money between accounts
    steps:
      - {collect: account_kind, description: Kind of the account that it comes from}
      - {collect: recipient_account_kind, description: Kind of the account of the recipient}
      - action: utter_done
"""
DOMAIN = """
slots:
  account_kind: {type: categorical, values: [checking, savings], mappings: [{type: from_llm}]}
  recipient_account_kind:
    {type: categorical, values: [checking, savings], mappings: [{type: from_llm}]}
  venue_name: {type: text, mappings: [{type: from_llm}]}
  town: {type: text, mappings: [{type: from_llm}]}
  guests: {type: float, mappings: [{type: from_llm}]}
  day: {type: text, mappings: [{type: from_llm}]}
  film_name: {type: text, mappings: [{type: from_llm}]}
  cinema_name: {type: text, mappings: [{type: from_llm}]}
  seats: {type: float, mappings: [{type: from_llm}]}
  food_type: {type: text, mappings: [{type: from_llm}]}
  area: {type: text, mappings: [{type: from_llm}]}
  price_level: {type: categorical, values: [cheap, medium, expensive], mappings: [{type: from_llm}]}
  terrace: {type: bool, mappings: [{type: from_llm}]}
  check_in_date: {type: text, mappings: [{type: from_llm}]}
  check_out_date: {type: text, mappings: [{type: from_llm}]}
  pets_allowed: {type: bool, mappings: [{type: from_llm}]}
responses:
  utter_ask_account_kind: [{text: From which account?}]
  utter_ask_recipient_account_kind: [{text: To which account?}]
  utter_ask_venue_name: [{text: Which restaurant?}]
  utter_ask_town: [{text: In which city?}]
  utter_ask_guests: [{text: For how many people?}]
  utter_ask_day: [{text: For which day?}]
  utter_ask_film_name: [{text: Which film?}]
  utter_ask_cinema_name: [{text: At which cinema?}]
  utter_ask_seats: [{text: How many tickets?}]
  utter_ask_food_type: [{text: What kind of food do you like?}]
  utter_ask_area: [{text: In which city?}]
  utter_ask_price_level: [{text: How expensive may it be?}]
  utter_ask_terrace: [{text: Shall there be tables outside?}]
  utter_ask_check_in_date: [{text: When do you check in?}]
  utter_ask_check_out_date: [{text: When do you check out?}]
  utter_ask_pets_allowed: [{text: Do you bring pets?}]
  utter_done: [{text: Done.}]
"""
TABLE, FILM, MEAL, ROOM = "book table", "buy cinema tickets", "find meal", "reserve room"


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Bot:
    files = {
        "data/flows.yml": FLOWS,
        "domain.yml": DOMAIN,
        "config.yml": "language: en\nadditional_languages: [de, es, fr]\n",
    }
    return trained(tmp_path_factory.mktemp("values"), files)


async def values(bot: Bot, *said: str) -> dict[str, Any]:
    """The slots that the last of some messages fills."""
    commands = (await say(bot, " | ".join(said), *said))["latest_message"]["commands"]
    return {each["name"]: each["value"] for each in commands if each["command"] == "set slot"}


# -- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "text", "found"),
    [
        (TABLE, "The Old Pub in Berkeley", {"venue_name": "The Old Pub", "town": "Berkeley"}),
        (TABLE, "I'd like to eat at Bobby's Burgers", {"venue_name": "Bobby's Burgers"}),
        (TABLE, "The restaurant is Doppio Zero Cupertino", {"venue_name": "Doppio Zero Cupertino"}),
        (TABLE, "I'm thinking of 54 Mint.", {"venue_name": "54 Mint"}),
        (TABLE, "Hackney office", {"venue_name": "Hackney office"}),
        (FILM, "I'd like to see The Upside.", {"film_name": "The Upside"}),
        (FILM, "Let's go with Five Feet Apart", {"film_name": "Five Feet Apart"}),
        (FILM, "we want to see dumbo", {"film_name": "dumbo"}),
        (FILM, "I want 3 tickets for Missing Link", {"film_name": "Missing Link", "seats": 3.0}),
        (FILM, "Under the Silver Lake", {"film_name": "Under the Silver Lake"}),
        (FILM, "Name it Movie night please", {"film_name": "Movie night"}),
        (FILM, "Ich möchte Der Untergang sehen", {"film_name": "Der Untergang"}),
        (FILM, "Quiero ver La Casa de Papel", {"film_name": "La Casa de Papel"}),
        (FILM, "Je voudrais voir Les Misérables", {"film_name": "Les Misérables"}),
    ],
)  # fmt: skip
async def test_names_are_taken_whole(
    bot: Bot, start: str, text: str, found: dict[str, Any]
) -> None:
    assert await values(bot, start, text) == found


def test_a_title_and_a_city_are_two_names() -> None:
    language = language_of(["en"])
    found = names_in("a table at Sakoon, Mountain View", language, lambda _: False)
    assert [span.text for span in found] == ["Sakoon", "Mountain View"]
    found = names_in("from Portland, OR to Paris, France", language, lambda _: False)
    assert [span.text for span in found] == ["Portland, OR", "Paris, France"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "I want to watch The Mustang at the Vogue cinema",
            {"film_name": "The Mustang", "cinema_name": "Vogue"},
        ),
        ("Buy cinema tickets for a film called Us in the Wild", {"film_name": "Us"}),
    ],
)
async def test_siblings_are_told_apart(bot: Bot, text: str, found: dict[str, Any]) -> None:
    assert await values(bot, f"buy cinema tickets, {text}") == found


@pytest.mark.parametrize(
    ("said", "own", "recipient"),
    [
        (["move money to her savings account"], None, "savings"),
        (["move money from my savings account"], "savings", None),
        (["move money from my checking to her savings account"], "checking", "savings"),
        (["move money to her savings account from my checking account"], "checking", "savings"),
        (["move money", "savings"], "savings", None),
        (["move money", "savings", "checking"], None, "checking"),
    ],
)
async def test_an_allowed_value_goes_to_one_of_the_slots_that_allow_it(
    bot: Bot, said: list[str], own: str | None, recipient: str | None
) -> None:
    found = await values(bot, *said)
    assert (found.get("account_kind"), found.get("recipient_account_kind")) == (own, recipient)


# -- kinds of things and properties ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("How about Greek?", {"food_type": "Greek"}),
        ("I feel like sushi", {"food_type": "sushi"}),
        ("We both love seafood.", {"food_type": "seafood"}),
        ("I'm craving sushi in Oakland", {"area": "Oakland"}),
        ("Greek, but it should not be too expensive", {"food_type": "Greek"}),
        ("I would like Indian food in San Jose", {"food_type": "Indian", "area": "San Jose"}),
        (
            "Something spicy with a terrace, please",
            {"food_type": "spicy", "terrace": True},
        ),
        ("Vegan food, we don't need to sit on a terrace", {"food_type": "Vegan", "terrace": False}),
        ("any kind of food is fine", {"food_type": "any"}),
    ],
)
async def test_kinds_and_properties(bot: Bot, text: str, found: dict[str, Any]) -> None:
    assert await values(bot, MEAL, text) == found


@pytest.mark.parametrize("text", ["cheap", "a cheap place", "billig bitte", "que sea barato"])
async def test_a_price_in_other_words(bot: Bot, text: str) -> None:
    assert await values(bot, MEAL, "Greek", "Oakland", text) == {"price_level": "cheap"}


async def test_agreement_is_no_name(bot: Bot) -> None:
    assert await values(bot, TABLE, "Yes, that is suitable for me") == {}


# -- dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "arrival", "departure"),
    [
        ("I arrive on March 3rd and leave on March 9th", "March 3rd", "March 9th"),
        ("I leave on March 9th and arrive on March 3rd", "March 3rd", "March 9th"),
        ("from March 3rd to the 17th", "March 3rd", "March 17th"),
        ("the 5th of June until the 7th", "5th of June", "7th of June"),
        ("Ich komme am 3. März an und reise am 9. März ab", "3. März", "9. März"),
        ("vom 3. März bis zum 17.", "3. März", "17. März"),
        ("del 3 de marzo al 17", "3 de marzo", "17 de marzo"),
        ("du 3 mars au 17", "3 mars", "17 mars"),
    ],
)
async def test_both_days_of_a_stay(bot: Bot, text: str, arrival: str, departure: str) -> None:
    found = await values(bot, ROOM, text)
    assert found == {"check_in_date": arrival, "check_out_date": departure}


async def test_dogs_are_pets(bot: Bot) -> None:
    found = await values(bot, "I want to reserve a room, I bring my dog")
    assert found == {"pets_allowed": True}


@settings(max_examples=60, deadline=None)
@given(
    first=st.integers(1, 15),
    second=st.integers(16, 31),
    month=st.sampled_from(["March", "May", "August"]),
    until=st.sampled_from(["to", "until", "till", "through"]),
)
def test_every_range_inherits_its_month(first: int, second: int, month: str, until: str) -> None:
    text = f"from {month} {first} {until} the {second}th please"
    language = language_of(["en"])
    spans = inherit_months(SpanFinder(language).find(text), text, language)
    assert [span.text for span in spans] == [f"{month} {first}", f"{month} {second}th"]


@pytest.mark.parametrize(
    "text", ["on March 3rd for 4 people", "on March 3rd to 4 guests", "March 3rd and 4 tickets"]
)
def test_other_numbers_are_no_days(text: str) -> None:
    language = language_of(["en"])
    spans = inherit_months(SpanFinder(language).find(text), text, language)
    assert [span.text for span in spans] == ["March 3rd", "4"]


@pytest.mark.parametrize(
    ("code", "text", "amount"),
    [
        ("en", "send six hundred and forty bucks to Amir", "six hundred and forty bucks"),
        ("en", "two thousand and five dollars", "two thousand and five dollars"),
        ("de", "bitte fünfzig Euro", "fünfzig Euro"),
        ("es", "quiero treinta y cinco euros", "treinta y cinco euros"),
        ("fr", "cinquante euros pour Mei", "cinquante euros"),
    ],
)
def test_spelt_sums_of_money(code: str, text: str, amount: str) -> None:
    found = SpanFinder(language_of([code])).find(text)
    assert [(span.kind, span.text) for span in found] == [("money", amount)]
