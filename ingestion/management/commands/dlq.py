"""Dead letters: look at them, give them back, throw them away."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ingestion.messages import InvalidMessage, RawMessage
from ingestion.steps import checked
from studio.conversations.dead_letters import Letter, decide, find_kept
from studio.conversations.ingest import write_again

_SHOWN = 120


class Command(BaseCommand):
    help = "Events that could not be stored: list, show, replay, discard."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=("list", "show", "replay", "discard"))
        parser.add_argument("ids", nargs="*", type=int, help="numbers from `list`")
        parser.add_argument("--all", action="store_true", help="of all that are kept")

    def handle(self, *args: Any, **options: Any) -> None:
        action, ids = options["action"], options["ids"]
        if action != "list" and not ids and not options["all"]:
            raise CommandError("Say which: numbers from `dlq list`, or --all.")
        letters = find_kept(ids or None)
        missing = sorted(set(ids) - {letter.id for letter in letters})
        if missing:
            raise CommandError(f"There is no dead letter {missing[0]} that waits for a decision.")
        if not letters:
            self.stdout.write("There are no dead letters.")
        for letter in letters:
            getattr(self, f"_{action}")(letter)

    def _list(self, letter: Letter) -> None:
        text = letter.payload[:_SHOWN].decode("utf-8", "replace")
        self.stdout.write(f"{letter.id}  {_place(letter)}  {letter.reason}\n    {text}")

    def _show(self, letter: Letter) -> None:
        self.stdout.write(f"{letter.id}  {_place(letter)}\n{letter.reason}\n")
        self.stdout.write(letter.payload.decode("utf-8", "replace"))

    def _replay(self, letter: Letter) -> None:
        """Once more through the same chain; what is still wrong stays."""
        message = checked(
            RawMessage(letter.source_id, letter.offset, letter.offset, 0, letter.payload)
        )
        if isinstance(message, InvalidMessage):
            self.stdout.write(f"{letter.id}  still cannot be stored: {message.reason}")
            return
        if not write_again(source_id=letter.source_id, event=message.event):
            self.stdout.write(f"{letter.id}  still cannot be stored: it names no assistant.")
            return
        decide(letter.id, "replayed")
        self.stdout.write(f"{letter.id}  stored")

    def _discard(self, letter: Letter) -> None:
        decide(letter.id, "discarded")
        self.stdout.write(f"{letter.id}  discarded")


def _place(letter: Letter) -> str:
    return f"{letter.source_name} at {letter.offset}"
