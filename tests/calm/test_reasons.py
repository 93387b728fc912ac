"""What the parse data of a message say of why it was understood so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from modelservice.calm.channels.bot import load_bot
from tests.calm.trained import say


async def parsed(model: Path, text: str) -> dict[str, Any]:
    bot = load_bot(model, endpoints={}, environment={})
    found: dict[str, Any] = (await say(bot, "ana", text))["latest_message"]
    return found


async def test_the_flow_its_rivals_and_what_counted_are_told(bank_model: Path) -> None:
    message = await parsed(bank_model, "please block my card")
    first, second = message["matches"][:2]
    assert first["flow"] == "block_card"
    assert first["score"] > second["score"]
    signs = dict(first["evidence"])
    assert max(signs.values()) > 0
    assert dict(message["no_flow_evidence"])["always"] > 0
    assert 0 <= message["no_flow"] < first["score"]
    assert message["embeddings"] == {"used": False, "reason": "embeddings are switched off"}


async def test_probabilities_of_candidates_and_of_none_sum_to_one(bank_model: Path) -> None:
    for text in ("card", "how much money do I have", "the weather is nice", "bonjour"):
        message = await parsed(bank_model, text)
        whole = message["no_flow"] + sum(each["score"] for each in message["matches"])
        assert whole <= 1.002, text
