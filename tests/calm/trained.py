"""A bot of a few files, trained by the command that users have, and somebody who talks to it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from modelservice.calm.channels.bot import Bot, load_bot
from modelservice.calm.command_line import main
from modelservice.calm.dialogue.events import Event
from modelservice.calm.turns.turn import UserMessage


def trained(folder: Path, files: Mapping[str, str]) -> Bot:
    """`files` hold `domain.yml`, `config.yml` and, below `data/`, flows and examples."""
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    place = ["--data", str(folder / "data"), "--domain", str(folder / "domain.yml")]
    config = ["--config", str(folder / "config.yml"), "--out", str(folder / "models")]
    assert main(["train", *place, *config]) == 0
    return load_bot(folder / "models", endpoints={}, environment={})


async def say(bot: Bot, sender: str, *texts: str) -> dict[str, Any]:
    """The tracker after these messages; nobody hears the answers."""
    for text in texts:
        await bot.handle(sender, UserMessage(text, "rest"), _Silent())
    return await bot.snapshot(sender)


class _Silent:
    async def send(self, sender_id: str, event: Event) -> None:
        return
