"""Talk to an assistant on the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TextIO

from modelservice.calm.channels.bot import Bot
from modelservice.calm.dialogue.events import Event
from modelservice.calm.turns.turn import UserMessage

CHANNEL = "cmdline"
_SENDER = "shell"
_END = "/stop"


class _Printer:
    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    async def send(self, sender_id: str, event: Event) -> None:
        self._say(event["text"] or str(event["data"].get("custom") or ""))
        for button in event["data"].get("buttons") or []:
            self._say(f"  [{button.get('title')}] {button.get('payload')}")


def talk(bot: Bot, lines: TextIO, say: Callable[[str], None]) -> int:
    """Answer line by line until the input ends or says /stop."""
    asyncio.run(_talk(bot, lines, _Printer(say)))
    return 0


async def _talk(bot: Bot, lines: TextIO, printer: _Printer) -> None:
    await bot.handle(_SENDER, UserMessage("/session_start", CHANNEL), printer)
    for line in lines:
        if line.strip() == _END:
            break
        await bot.handle(_SENDER, UserMessage(line.strip(), CHANNEL), printer)
    await bot.close()
