"""`manage.py assistants deleted`, `… restore ID`, `… purge ID|--older-than-days N`."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.assistants import services
from studio.assistants.access import deleted_assistant_for_command
from studio.common.errors import DomainError
from studio.home.deletion import assistant_purge, assistants_purge


class Command(BaseCommand):
    help = "Deleted assistants: list them, restore one, or purge them for good."

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True)
        words.add_parser("deleted", help="list what is deleted, with ids")
        restore = words.add_parser("restore", help="bring one back")
        restore.add_argument("id")
        purge = words.add_parser(
            "purge", help="remove content, versions and conversations for good"
        )
        which = purge.add_mutually_exclusive_group(required=True)
        which.add_argument("--id", help="one of them")
        which.add_argument("--older-than-days", type=int, help="all deleted so long ago")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['word']}")(options)
        except DomainError as problem:
            raise CommandError(problem.detail) from problem

    def _deleted(self, _options: dict[str, Any]) -> None:
        for assistant in services.assistants_deleted_before(datetime.now(UTC)):
            self.stdout.write(f"{assistant.pk}  {assistant.deleted_at:%Y-%m-%d}  {assistant.name}")

    def _restore(self, options: dict[str, Any]) -> None:
        assistant = deleted_assistant_for_command(options["id"])
        services.assistant_undelete(assistant=assistant)
        self.stdout.write(f"“{assistant.name}” is back.")

    def _purge(self, options: dict[str, Any]) -> None:
        if options["id"]:
            assistant = deleted_assistant_for_command(options["id"])
            assistant_purge(assistant=assistant)
            names = [assistant.name]
        else:
            moment = datetime.now(UTC) - timedelta(days=options["older_than_days"])
            names = assistants_purge(deleted_before=moment)
        for name in names:
            self.stdout.write(f"“{name}” was purged.")
        if not names:
            self.stdout.write("Nothing was purged.")
