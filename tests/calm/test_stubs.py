"""Answers that stand in for an action server, changed while a conversation runs."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from modelservice.calm.channels.bot import Bot, load_bot
from modelservice.calm.dialogue.events import Event
from modelservice.calm.errors import CalmError
from modelservice.calm.turns.turn import UserMessage

RATE = "action_look_up_exchange_rate"
ANSWER = {
    "events": [{"event": "slot", "name": "exchange_rate", "value": 7.5}],
    "responses": [{"text": "I looked."}],
}


class Texts:
    def __init__(self) -> None:
        self.said: list[str] = []

    async def send(self, sender_id: str, event: Event) -> None:
        self.said.append(event["text"])


@pytest.fixture
async def bot(bank_model: Path) -> AsyncIterator[Bot]:
    """The bank without an action server."""
    bot = load_bot(bank_model, endpoints={}, environment={})
    yield bot
    await bot.close()


async def ask_for_the_rate(bot: Bot, sender: str) -> tuple[list[str], dict[str, Any]]:
    texts = Texts()
    for text in ("/restart", "what is the exchange rate", "pound"):
        await bot.handle(sender, UserMessage(text, "rest"), texts)
    return texts.said, await bot.snapshot(sender)


async def test_a_stub_answers_until_it_is_removed(bot: Bot) -> None:
    assert await bot.stub("ana", RATE, ANSWER) == {RATE: ANSWER}
    said, tracker = await ask_for_the_rate(bot, "ana")
    assert "I looked." in said
    assert "One euro is 7.5 in this currency (pound) today." in said
    filled = [e for e in tracker["events"] if e["event"] == "slot" and e["value"] == 7.5]
    assert filled[0]["filled_by"] == "CUSTOM"

    said, _ = await ask_for_the_rate(bot, "ben")
    assert "I looked." not in said, "a stub holds for one conversation"

    assert await bot.stub("ana", RATE, None) == {}
    said, _ = await ask_for_the_rate(bot, "ana")
    assert "I looked." not in said


@pytest.mark.parametrize(
    ("action", "answer", "problem"),
    [
        ("action_nobody_knows", ANSWER, "not a custom action"),
        (RATE, {"events": "none"}, "makes no sense"),
        (RATE, {"responses": [1]}, "makes no sense"),
        (RATE, ["no object"], "is no object"),
        (RATE, {"responses": [{"text": "x" * 200_000}]}, "longer than"),
    ],
)
async def test_a_stub_that_no_action_server_could_give(
    bot: Bot, action: str, answer: dict[str, Any], problem: str
) -> None:
    with pytest.raises(CalmError, match=problem):
        await bot.stub("ana", action, answer)
    assert await bot.stubs("ana") == {}


async def test_stubs_are_forgotten_with_their_conversation(bot: Bot) -> None:
    await bot.stub("ana", RATE, ANSWER)
    bot.conversations.forget("ana")
    gc.collect()
    assert await bot.stubs("ana") == {}
