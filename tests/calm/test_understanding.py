"""The offline command generator: parts by table, the whole by conversation."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelservice.calm.channels.bot import Bot, load_bot
from modelservice.calm.content.domain import read_slot
from modelservice.calm.dialogue.events import Event
from modelservice.calm.turns.turn import UserMessage
from modelservice.calm.understanding.acts import is_act, without_correction, yes_or_no
from modelservice.calm.understanding.answers import answer_text
from modelservice.calm.understanding.categories import are_opposites, category_in
from modelservice.calm.understanding.language import language_of
from modelservice.calm.understanding.numbers import number_in

WORDS = language_of(["en", "de"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yes", True),
        ("Yes, please!", True),
        ("That sounds good. How much is it?", True),
        ("sure, go ahead", True),
        ("No.", False),
        ("no thanks", False),
        ("that's not right", False),
        ("Thanks. No, that is all.", False),
        ("ja, genau", True),
        ("nein danke", False),
        ("das stimmt nicht", False),
        ("maybe tomorrow", None),
        ("Lena", None),
        ("", None),
    ],
)
def test_yes_or_no(text: str, expected: bool | None) -> None:
    assert yes_or_no(text, WORDS) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("250", 250.0),
        ("please send 250 euros", 250.0),
        ("1,204.50", 1204.5),
        ("1.204,50 €", 1204.5),
        ("2.5", 2.5),
        ("1,000", 1000.0),
        ("1 000", 1000.0),
        ("twenty five", 25.0),
        ("two hundred and five", 205.0),
        ("three thousand", 3000.0),
        ("fünfzig", 50.0),
        ("-3", -3.0),
        ("between 3 and 5", None),
        ("nothing here", None),
    ],
)
def test_numbers(text: str, expected: float | None) -> None:
    assert number_in(text, WORDS) == expected


@settings(deadline=None)
@given(st.integers(-(10**9), 10**9))
def test_every_whole_number_is_read(number: int) -> None:
    assert number_in(f"make it {number} please", WORDS) == float(number)
    assert number_in(f"{number:,}", WORDS) == float(number)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my savings account", "savings"),
        ("the SAVINGS one", "savings"),
        ("savngs", "savings"),
        ("due date please", "due_date"),
        ("something else", None),
    ],
)
def test_categories(text: str, expected: str | None) -> None:
    slot = read_slot("s", {"type": "categorical", "values": ["current", "savings", "due_date"]})
    assert category_in(text, slot, WORDS) == expected


@pytest.mark.parametrize(
    ("values", "opposites"),
    [
        (["satisfied", "unsatisfied"], True),
        (["interessiert", "nicht interessiert"], True),
        (["current", "savings"], False),
        (["yes", "no", "not yes"], False),
    ],
)
def test_yes_and_no_name_only_opposites(values: list[str], opposites: bool) -> None:
    assert are_opposites(values) is opposites


async def test_no_thanks_chooses_nothing(talk: Talk) -> None:
    await talk.say("what is my balance?")
    await talk.say("no thanks")
    assert talk.tracker["slots"]["account_type"] is None


def test_answers_lose_their_introduction() -> None:
    assert answer_text("my name is Ana.", WORDS) == "Ana"
    assert answer_text("to Lena", WORDS) == "Lena"
    assert answer_text("Rome", WORDS) == "Rome"


def test_acts_and_corrections() -> None:
    assert is_act("Never mind, please", "cancel", WORDS)
    assert is_act("bitte abbrechen", "cancel", WORDS)
    assert not is_act("cancel my card", "cancel", WORDS)
    assert without_correction("no, 500", WORDS) == "500"
    assert without_correction("actually, make it 500", WORDS) == "500"
    assert without_correction("nobody knows", WORDS) is None
    assert without_correction("no", WORDS) is None


class Talk:
    """A conversation with a sample; what the bot says is kept as response names."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.said: list[str] = []

    async def send(self, sender_id: str, event: Event) -> None:
        self.said.append(event.metadata["utter_action"])

    async def say(self, text: str, **metadata: str) -> list[str]:
        self.said = []
        await self.bot.handle("ana", UserMessage(text, "rest", metadata), self)
        self.tracker = await self.bot.snapshot("ana")
        return self.said


@pytest.fixture
def talk(bank_model: Path) -> Talk:
    return Talk(load_bot(bank_model, endpoints={}, environment={}))


async def test_values_beside_a_start_and_a_corrected_name(talk: Talk) -> None:
    assert await talk.say("Send 250 to Lena") == ["utter_ask_transfer_confirmed"]
    assert await talk.say("no, Jonas") == [
        "utter_corrected_previous_input",
        "utter_ask_transfer_confirmed",
    ]
    assert (await talk.say("actually change the amount to 90"))[0] == (
        "utter_corrected_previous_input"
    )
    slots = talk.tracker["slots"]
    assert (slots["recipient"], slots["amount"]) == ("Jonas", 90.0)
    assert (await talk.say("yes"))[0] == "utter_money_sent"


async def test_small_talk_and_nonsense(talk: Talk) -> None:
    assert await talk.say("hello") == ["utter_small_talk"]  # as Rasa's pattern for it says
    assert await talk.say("thank you very much") == ["utter_small_talk"]
    assert await talk.say("colourless green ideas sleep") == ["utter_ask_rephrase"]
    details = talk.tracker["latest_message"]
    assert details["generator"] == "offline"
    assert details["commands"] == [{"command": "cannot handle", "reason": "cannot_handle_default"}]


async def test_two_close_flows_are_clarified(talk: Talk) -> None:
    said = await talk.say("card")
    assert said == ["utter_clarification_options_rasa"]
    options = talk.tracker["latest_message"]["commands"][0]["options"]
    assert {"block_card", "replace_card"} == set(options)


async def test_an_answer_that_names_the_topic_is_still_an_answer(talk: Talk) -> None:
    await talk.say("I lost my card")
    assert await talk.say("my credit card") == ["utter_ask_block_confirmed"]
    assert talk.tracker["slots"]["card_type"] == "credit"
    assert await talk.say("wait, where is the nearest branch") == ["utter_ask_city"]


async def test_repeat_skip_and_cancel(talk: Talk) -> None:
    await talk.say("transfer money")
    assert await talk.say("what did you say") == ["utter_ask_recipient"]
    assert await talk.say("skip this question") == [
        "utter_skip_question_answer",
        "utter_ask_recipient",
    ]
    assert (await talk.say("forget it"))[0] == "utter_flow_cancelled_rasa"


async def test_a_question_is_no_name(talk: Talk) -> None:
    await talk.say("transfer money")
    assert "utter_ask_recipient" in await talk.say("why do you ask?")
    assert talk.tracker["slots"]["recipient"] is None


async def test_german(talk: Talk) -> None:
    assert await talk.say("ich möchte Geld überweisen", language="de") == ["utter_ask_recipient"]
    assert talk.tracker["slots"]["language"] == "de"
    await talk.say("an Jörg")
    assert talk.tracker["slots"]["recipient"] == "Jörg"
    await talk.say("fünfzig Euro")
    assert talk.tracker["slots"]["amount"] == 50.0
    assert (await talk.say("ja bitte"))[0] == "utter_money_sent"
    last = [e for e in talk.tracker["events"] if e["event"] == "bot"][-1]
    assert last["text"] == "Kann ich sonst noch etwas für Sie tun?"


@settings(deadline=None)
@given(text=st.text(max_size=80))
async def test_any_text_is_answered(text: str, bank_model: Path) -> None:
    talk = Talk(_shared_bot(bank_model))
    await talk.say("/restart")
    await talk.say("transfer money")
    assert await talk.say(text)


_bots: dict[Path, Bot] = {}


def _shared_bot(model: Path) -> Bot:
    if model not in _bots:
        _bots[model] = load_bot(model, endpoints={}, environment={})
    return _bots[model]
