"""`manage.py conversations expire`, `… delete --sender ID [--assistant NAME]`."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.conversations.expiry import expire_now
from studio.conversations.services.retention import forget, person


class Command(BaseCommand):
    help = "Delete conversations for good: old ones, or everything of one person."

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True)
        words.add_parser("expire", help="those older than DELETE_CONVERSATIONS_OLDER_THAN_HOURS")
        delete = words.add_parser("delete", help="all that is stored of a sender")
        delete.add_argument("--sender", required=True, help="the sender's id")
        delete.add_argument("--assistant", help="only of the assistant of this name")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["word"] == "expire":
            self._expire()
        else:
            self._delete(options["sender"], options["assistant"])

    def _expire(self) -> None:
        if settings.DELETE_CONVERSATIONS_OLDER_THAN_HOURS == 0:
            raise CommandError("Set DELETE_CONVERSATIONS_OLDER_THAN_HOURS: how old is too old?")
        self.stdout.write(f"Deleted: {expire_now()}.")

    def _delete(self, sender: str, assistant: str | None) -> None:
        removed = forget(sender, assistant)
        where = f" with {assistant}" if assistant else ""
        if removed:
            self.stdout.write(f"Deleted of {sender}{where}: {removed}.")
        else:
            self.stdout.write(f"Nothing is stored of {sender}{where}.")
        self.stdout.write(f"The activity record calls this sender {person(sender)}.")
        for path in _files_with(sender):
            self.stdout.write(f"{path} still holds events of {sender}: remove the file yourself.")
        if settings.KAFKA_BROKER_ADDRESS:
            self.stdout.write("Kafka keeps its topics by its own rules, and backups are yours.")


def _files_with(sender: str) -> list[Path]:
    needle = sender.encode()
    return [path for path in sorted(settings.EVENTS_DIR.glob("*.jsonl")) if _holds(path, needle)]


def _holds(path: Path, needle: bytes) -> bool:
    with path.open("rb") as lines:
        return any(needle in line for line in lines)
