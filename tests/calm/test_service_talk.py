"""The offline generator where people interrupt themselves: stop, correct, hesitate, mix things."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from modelservice.calm.channels.bot import Bot, load_bot
from modelservice.calm.command_line import main
from modelservice.calm.understanding.language import language_of
from modelservice.calm.understanding.names import names_in
from modelservice.calm.understanding.spans import SpanFinder
from tests.calm.test_travel_talk import Talk

FLOWS = """
flows:
  send_parcel:
    description: send a parcel to somebody
    steps:
      - {collect: empfaenger, description: name of the person who gets it}
      - {collect: town, description: town that the parcel goes to}
      - {collect: speed, description: how fast it has to be}
      - {collect: phone_number, description: how to reach you}
      - {collect: send_confirmation, description: true or false, ask_before_filling: true}
      - noop: true
        next:
          - {if: not slots.send_confirmation, then: [{action: utter_not_sent, next: END}]}
          - {else: sent}
      - {id: sent, action: utter_sent}
  report_damage:
    description: report a damaged parcel
    steps: [{collect: parcel_number, description: number of the parcel}, {action: utter_sent}]
  collect_parcel:
    description: have a parcel picked up
    nlu_trigger: [{intent: pick_up}]
    steps: [{collect: pickup_day, description: day on which it is picked up}, {action: utter_sent}]
  send_gift:
    name: wrap a gift
    description: make a present look nice
    steps: [{collect: colour, description: colour of the paper}, {action: utter_sent}]
"""
NLU = "nlu:\n- intent: pick_up\n  examples: |\n" + "".join(
    f"    - {verb} {thing}\n"
    for verb in ("wrap and collect", "pick up", "please collect", "come for")
    for thing in ("a gift parcel", "my parcel", "the big box", "two parcels at home")
)
NLU += "- intent: thank_driver\n  examples: |\n    - thank the driver\n    - he was so kind\n"
OF_TEXT = ["empfaenger", "town", "phone_number", "send_confirmation", "parcel_number"]
DOMAIN: dict[str, Any] = {
    **dict.fromkeys([*OF_TEXT, "pickup_day", "colour"], "{type: text}"),
    "speed": "{type: categorical, values: [standard, express]}",
}
RESPONSES = [*(f"utter_ask_{name}" for name in DOMAIN), "utter_sent", "utter_not_sent"]
CONFIG = """
recipe: default.v1
language: en
additional_languages: [de]
pipeline: [{name: CompactLLMCommandGenerator, user_input: {max_characters: -1}}]
"""


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Bot:
    folder: Path = tmp_path_factory.mktemp("parcels")
    slots = "".join(f"  {name}: {slot}\n" for name, slot in DOMAIN.items())
    said = "".join(f"  {name}: [{{text: {name}}}]\n" for name in RESPONSES)
    domain = f"intents: [pick_up, thank_driver]\nslots:\n{slots}responses:\n{said}"
    files = {"data/flows.yml": FLOWS, "data/nlu.yml": NLU, "domain.yml": domain}
    (folder / "data").mkdir()
    for name, text in {**files, "config.yml": CONFIG}.items():
        (folder / name).write_text(text, encoding="utf-8")
    places = {"--data": "data", "--domain": "domain.yml", "--config": "config.yml"}
    arguments = [part for flag, name in places.items() for part in (flag, str(folder / name))]
    assert main(["train", *arguments, "--out", str(folder)]) == 0
    return load_bot(folder, endpoints={}, environment={})


@pytest.fixture
def talk(bot: Bot, request: pytest.FixtureRequest) -> Talk:
    return Talk(bot, request.node.name)


def names(talk: Talk) -> list[str]:
    return [command["command"] for command in talk.commands]


@pytest.mark.parametrize(
    "text",
    [
        "Actually, cancel that please.",
        "oh, forget it",
        "hmm, too slow for me, never mind",
        "ach, vergiss es",
    ],
)
async def test_cancelling_in_passing(talk: Talk, text: str) -> None:
    await talk.say("I want to send a parcel")
    await talk.say(text)
    assert names(talk) == ["cancel flow"]


@pytest.mark.parametrize(
    "text", ["Stop that. I want to report a damaged parcel", "vergiss es, report damage please"]
)
async def test_cancelling_for_something_else(talk: Talk, text: str) -> None:
    await talk.say("I want to send a parcel")
    assert "utter_ask_parcel_number" in await talk.say(text)
    assert names(talk) == ["cancel flow", "start flow"]


@pytest.mark.parametrize("text", ["oh sorry, I meant Tim", "ach nein, Tim", "hmm no, Tim"])
async def test_a_correction_is_of_the_answer_before(talk: Talk, text: str) -> None:
    await talk.say("I want to send a parcel")
    await talk.say("Tom")
    await talk.say(text)
    assert talk.filled() == {"empfaenger": "Tim"}


async def test_a_wrong_name_is_no_answer_to_a_choice(talk: Talk) -> None:
    await talk.say("I want to send a parcel")
    await talk.say("Tom")
    await talk.say("Bonn")
    await talk.say("no, Berlin")
    assert talk.filled() == {"town": "Berlin"}


@pytest.mark.parametrize("text", ["I don't know", "keine Ahnung", "sorry, no idea"])
async def test_not_knowing_is_no_answer(talk: Talk, text: str) -> None:
    await talk.say("I want to send a parcel")
    await talk.say(text)
    assert names(talk) == ["skip question"]


@pytest.mark.parametrize("text", ["one moment", "Moment mal", "hold on please"])
async def test_a_pause_is_no_answer(talk: Talk, text: str) -> None:
    await talk.say("I want to report a damaged parcel")
    await talk.say(text)
    assert names(talk) == ["chitchat"]


async def test_a_phone_number_is_no_name(talk: Talk) -> None:
    await talk.say("I want to send a parcel")
    await talk.say("+44 20 7946 0958")
    assert talk.filled() == {"phone_number": "+44 20 7946 0958"}


async def test_a_place_is_no_person(talk: Talk) -> None:
    await talk.say("I want to send a parcel nach Bremen")
    assert talk.filled() == {"town": "Bremen"}


async def test_a_code_is_kept_whole(talk: Talk) -> None:
    await talk.say("I want to report a damaged parcel")
    await talk.say("A-4432")
    assert talk.filled() == {"parcel_number": "A-4432"}


def test_a_question_word_is_no_name() -> None:
    assert names_in("What's a receiver?", language_of(["en"]), lambda word: word == "a") == []


@pytest.mark.parametrize(("text", "said"), [("yes", "utter_sent"), ("nein", "utter_not_sent")])
async def test_a_text_slot_that_holds_an_agreement(talk: Talk, text: str, said: str) -> None:
    await talk.say("I want to send a parcel")
    for answer in ("Tom", "Bonn", "express", "0171 2345678"):
        await talk.say(answer)
    assert said in await talk.say(text)


async def test_a_flow_without_examples_is_started_by_its_name(talk: Talk) -> None:
    await talk.say("please wrap a gift")
    assert talk.started() == ["send_gift"]


@pytest.mark.parametrize(
    "part", ["1", "1.", "+1-(2) ", "a@", "a.", "5 euro ", "the 1st ", "stop, "]
)
async def test_ten_thousand_characters_are_read_in_time(part: str, talk: Talk) -> None:
    text = (part * 10_000)[:10_000]
    begun = time.process_time()
    SpanFinder(language_of(["en", "de", "es", "fr"])).find(text)
    await talk.say("I want to send a parcel")
    await talk.say(text)
    assert time.process_time() - begun < 5
