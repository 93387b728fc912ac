"""Entities of times, numbers and the like, where the pipeline names Duckling, spaCy or CRF."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelservice.calm.channels.bot import Bot
from modelservice.calm.training.source import RawProject
from modelservice.calm.training.training import check, taught
from modelservice.calm.understanding.language import language_of
from modelservice.calm.understanding.measures.extractor import (
    DIMENSIONS,
    MeasureExtractor,
    names_of_dimensions,
)
from tests.calm.chat_server import Talk

ALL = names_of_dimensions(None)


def at_noon(zone: tzinfo) -> datetime:
    """A Sunday."""
    return datetime(2026, 11, 29, 12, 0, tzinfo=zone)


def extractor(*wanted: str, month_first: bool = True) -> MeasureExtractor:
    names = names_of_dimensions(wanted) if wanted else ALL
    language = language_of(["en", "de", "es", "fr"])
    return MeasureExtractor(language, names, month_first=month_first, clock=at_noon)


def found(text: str, *wanted: str, **settings: Any) -> list[tuple[str, str, Any]]:
    entities = extractor(*wanted, **settings).extract(text)
    return [(entity["entity"], entity["text"], entity["value"]) for entity in entities]


def moment(day: str, time: str = "00:00") -> str:
    return f"{day}T{time}:00.000+00:00"


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("I have 3 cats and two dogs", [("number", "3", 3), ("number", "two", 2)]),
        ("about 2.5 of them", [("number", "2.5", 2.5)]),
        ("20 thousand", [("number", "20 thousand", 20_000)]),
        ("send 250 dollars", [("amount-of-money", "250 dollars", 250)]),
        ("for €12.50", [("amount-of-money", "€12.50", 12.5)]),
        ("two thousand euros", [("amount-of-money", "two thousand euros", 2000)]),
        ("5 km from here", [("distance", "5 km", 5)]),
        ("twenty five miles", [("distance", "twenty five miles", 25)]),
        ("write to a.b@c.org, please", [("email", "a.b@c.org", "a.b@c.org")]),
        ("+49 30 123 456-78", [("phone-number", "+49 30 123 456-78", "+493012345678")]),
        (
            "see https://x.example.com/a?b=1.",
            [("url", "https://x.example.com/a?b=1", "https://x.example.com/a?b=1")],
        ),
        ("today", [("time", "today", moment("2026-11-29"))]),
        ("day after tomorrow", [("time", "day after tomorrow", moment("2026-12-01"))]),
        ("on Sunday", [("time", "Sunday", moment("2026-12-06"))]),
        ("March 5", [("time", "March 5", moment("2027-03-05"))]),
        ("March 5, 2031", [("time", "March 5, 2031", moment("2031-03-05"))]),
        ("2027-01-31", [("time", "2027-01-31", moment("2027-01-31"))]),
        ("the 3rd", [("time", "the 3rd", moment("2026-12-03"))]),
        ("next month", [("time", "next month", moment("2026-12-01"))]),
        ("at 3 pm", [("time", "3 pm", moment("2026-11-29", "15:00"))]),
        ("at 9 am", [("time", "9 am", moment("2026-11-30", "09:00"))]),
        ("half past seven", [("time", "half past seven", moment("2026-11-30", "07:30"))]),
        ("tomorrow at 5 pm", [("time", "tomorrow at 5 pm", moment("2026-11-30", "17:00"))]),
        ("morgen um 17 Uhr", [("time", "morgen um 17 Uhr", moment("2026-11-30", "17:00"))]),
        (
            "mañana a las 5 de la tarde",
            [("time", "mañana a las 5 de la tarde", moment("2026-11-30", "17:00"))],
        ),
        ("le 5 mars à 15h30", [("time", "5 mars à 15h30", moment("2027-03-05", "15:30"))]),
        ("the 31st of June", []),
        ("hello there", []),
    ],
)
def test_what_is_found(text: str, entities: list[tuple[str, str, Any]]) -> None:
    assert found(text) == entities


def test_the_order_of_day_and_month_is_the_locales() -> None:
    assert found("on 3/4/2027")[0][2] == moment("2027-03-04")
    assert found("on 3/4/2027", month_first=False)[0][2] == moment("2027-04-03")
    assert found("am 3.4.2027")[0][2] == moment("2027-04-03")


def test_only_wanted_dimensions_and_then_numbers_of_all() -> None:
    assert found("5 dollars", "number") == [("number", "5", 5)]
    assert found("5 dollars by 3 pm", "time") == [("time", "3 pm", moment("2026-11-29", "15:00"))]


def test_they_have_ducklings_shape() -> None:
    [money] = extractor().extract("it was 5 euros")
    assert money == {
        "entity": "amount-of-money",
        "start": 7,
        "end": 14,
        "text": "5 euros",
        "value": 5,
        "confidence": 1.0,
        "additional_info": {"value": 5, "type": "value", "unit": "EUR"},
        "extractor": "DucklingEntityExtractor",
    }
    [time] = extractor().extract("tomorrow")
    value = {"value": moment("2026-11-30"), "grain": "day", "type": "value"}
    assert time["additional_info"] == {"values": [value], **value}
    [distance] = extractor().extract("5 km")
    assert distance["additional_info"]["unit"] == "kilometre"
    [url] = extractor().extract("www.example.com/a")
    assert url["additional_info"]["domain"] == "example.com"


_PIECES = st.sampled_from(
    [
        *("tomorrow", "at", "5", "pm", "half past", "three", "12.12.", "2026", "€", "$", "euros"),
        *("km", "a@b.org", "+49 30 1234567", "www.x.com", "31st", "of", "June", "99:99", "00"),
        *("-", ".", ",", "next", "Monday", "morgen", "um", "Uhr", "the", "http://", "[::1]"),
    ]
)


@given(st.lists(_PIECES | st.text(max_size=4), max_size=12).map(" ".join))
def test_any_text_gives_entities_that_stand_in_it_and_do_not_overlap(text: str) -> None:
    entities = extractor().extract(text)
    place = 0
    for entity in entities:
        assert place <= entity["start"] < entity["end"] <= len(text)
        assert text[entity["start"] : entity["end"]] == entity["text"]
        assert entity["entity"] in DIMENSIONS
        place = entity["end"]


# -- in a talk ---------------------------------------------------------------------------------

FLOWS = {
    "book": {
        "description": "book a table",
        "steps": [{"collect": "guests"}, {"collect": "day"}, {"action": "utter_booked"}],
    }
}


def mapped(entity: str) -> dict[str, Any]:
    return {"mappings": [{"type": "from_entity", "entity": entity}]}


def talk(*pipeline: dict[str, Any], guests: str = "number", day: str = "time") -> Talk:
    domain = {
        "entities": [guests, day],
        "slots": {
            "guests": {"type": "float", **mapped(guests)},
            "day": {"type": "text", **mapped(day)},
        },
        "responses": {
            "utter_ask_guests": [{"text": "How many?"}],
            "utter_ask_day": [{"text": "When?"}],
            "utter_booked": [{"text": "{guests} at {day}"}],
        },
    }
    config = {"pipeline": [{"name": "NLUCommandAdapter"}, *pipeline]}
    project = RawProject(flows=FLOWS, domain=domain, config=config)
    model = taught(check(project, name="table"), project, name="table")
    return Talk(Bot(model, name="table", endpoints={}, environment={}, publish=False))


@pytest.mark.parametrize(
    ("pipeline", "names"),
    [
        ({"name": "DucklingEntityExtractor", "dimensions": ["time", "number"]}, {}),
        ({"name": "rasa.nlu.extractors.DucklingEntityExtractor"}, {}),
        ({"name": "CRFEntityExtractor"}, {}),
        ({"name": "SpacyEntityExtractor"}, {"guests": "CARDINAL", "day": "DATE"}),
    ],
)
async def test_slots_are_filled_by_such_entities(
    pipeline: dict[str, Any], names: dict[str, str]
) -> None:
    speaking = talk(pipeline, **names)
    await speaking.say("book a table")
    assert speaking.said == ["How many?"]
    await speaking.say("for four people")
    assert speaking.said == ["When?"]
    parsed = await speaking.say("tomorrow at 7 pm")
    assert speaking.said[0].startswith("4 at 20")
    assert [entity["text"] for entity in parsed["entities"]] == ["tomorrow at 7 pm"]
    await speaking.bot.close()


async def test_without_such_a_component_there_are_none() -> None:
    speaking = talk()
    parsed = await speaking.say("tomorrow at 7 pm")
    assert parsed["entities"] == []
    await speaking.bot.close()
