"""Dead letters: look at them, give them back, throw them away."""

from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandError, CommandParser

from ingestion.messages import InvalidMessage, RawMessage
from ingestion.steps import checked
from studio.common.command import WordsCommand
from studio.conversations.dead_letters import Letter, decide, find_kept
from studio.conversations.ingest import write_again

_SHOWN = 60
_STILL = "still cannot be stored:"


class Command(WordsCommand):
    help = "Events that could not be stored: list, show, replay, discard."
    examples = (
        "manage.py dlq list",
        "manage.py dlq show 17",
        "manage.py dlq replay 17 18",
        "manage.py dlq discard --all --json",
    )

    def add_words(self) -> None:
        self.word("list", "those that wait for a decision, the oldest first")
        self._of_some("show", "whole, with the reason")
        self._of_some("replay", "store them after all; what is still wrong stays")
        self._of_some("discard", "decide that they are not wanted")

    def _of_some(self, name: str, about: str) -> CommandParser:
        parser = self.word(name, about)
        parser.add_argument("ids", nargs="*", type=int, metavar="id", help="from `list`")
        parser.add_argument("--all", action="store_true", help="all that are kept")
        return parser

    def _list(self, _options: dict[str, Any]) -> None:
        letters = find_kept()
        if not letters and not self._as_json:
            self.stdout.write("There are no dead letters.")
            return
        rows = [{**_document(letter), "payload": _text(letter, _SHOWN)} for letter in letters]
        self.table(("id", "source", "offset", "reason", "payload"), rows)

    def _show(self, options: dict[str, Any]) -> None:
        letters = self._chosen(options)
        told = (
            f"{letter.id}  {letter.source_name} at {letter.offset}\n{letter.reason}\n\n"
            f"{_text(letter)}"
            for letter in letters
        )
        documents = [{**_document(letter), "payload": _text(letter)} for letter in letters]
        self.say("\n".join(told), documents)

    def _replay(self, options: dict[str, Any]) -> None:
        self._decide(options, _replayed)

    def _discard(self, options: dict[str, Any]) -> None:
        self._decide(options, _discarded)

    def _decide(self, options: dict[str, Any], act: Callable[[Letter], str]) -> None:
        done = [(letter.id, act(letter)) for letter in self._chosen(options)]
        told = "\n".join(f"{number}  {outcome}" for number, outcome in done)
        self.say(told, [{"id": number, "outcome": outcome} for number, outcome in done])

    @staticmethod
    def _chosen(options: dict[str, Any]) -> list[Letter]:
        ids = options["ids"]
        if not ids and not options["all"]:
            raise CommandError("Say which: numbers from `dlq list`, or --all.")
        letters = find_kept(ids or None)
        missing = sorted(set(ids) - {letter.id for letter in letters})
        if missing:
            raise CommandError(f"There is no dead letter {missing[0]} that waits for a decision.")
        return letters


def _replayed(letter: Letter) -> str:
    """Once more through the same chain."""
    message = checked(RawMessage(letter.source_id, letter.offset, letter.offset, 0, letter.payload))
    if isinstance(message, InvalidMessage):
        return f"{_STILL} {message.reason}"
    if not write_again(source_id=letter.source_id, event=message.event):
        return f"{_STILL} it names no assistant."
    decide(letter.id, "replayed")
    return "stored"


def _discarded(letter: Letter) -> str:
    decide(letter.id, "discarded")
    return "discarded"


def _document(letter: Letter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "source": letter.source_name,
        "offset": letter.offset,
        "reason": letter.reason,
    }


def _text(letter: Letter, most: int | None = None) -> str:
    return letter.payload[:most].decode("utf-8", "replace")
