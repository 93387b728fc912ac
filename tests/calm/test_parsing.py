"""What a message would be understood as, and what each of its words counts."""

from pathlib import Path

import pytest

from modelservice.calm.channels.bot import Bot
from tests.calm.trained import trained

FLOWS = """
flows:
  block_card:
    description: block a card that was stolen or lost
    steps: [{action: utter_done}]
  order_tea:
    description: order a cup of tea
    steps: [{action: utter_done}]
"""
FILES = {
    "domain.yml": "responses: {utter_done: [{text: Done.}]}\n",
    "config.yml": "recipe: default.v1\nlanguage: en\nassistant_id: tea\n",
    "data/flows.yml": FLOWS,
}


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Bot:
    return trained(tmp_path_factory.mktemp("parsing"), FILES)


async def test_words_that_count_are_told_where_no_intent_is(bot: Bot) -> None:
    text = "please block the card that somebody took"
    parsed = await bot.parse(text)
    assert parsed["commands"] == [{"command": "start flow", "flow": "block_card"}]
    weights = {text[word["start"] : word["end"]]: word["weight"] for word in parsed["words"]}
    assert sum(weights.values()) == pytest.approx(1, abs=0.01)
    assert weights["block"] + weights["card"] > 0.8
    assert weights["somebody"] < 0.05
    assert "intent_ranking" not in parsed


async def test_nothing_is_kept_and_nothing_is_run(bot: Bot) -> None:
    before = len(bot.conversations._trackers)
    for text in ("order tea", "", "/order_tea", "x" * 20_000, "🙂"):
        assert isinstance((await bot.parse(text))["commands"], list)
    assert len(bot.conversations._trackers) == before


async def test_nothing_counts_where_nothing_is_understood(bot: Bot) -> None:
    parsed = await bot.parse("how is the weather in Rome")
    assert parsed["commands"][0]["command"] == "cannot handle"
    assert parsed["words"] == []


@pytest.mark.parametrize("words", [19, 25])
async def test_of_a_long_message_no_word_counts(bot: Bot, words: int, tmp_path: Path) -> None:
    parsed = await bot.parse(" ".join(["block my card", *(["now"] * (words - 3))]))
    assert bool(parsed["words"]) is (words < 20)
