"""`manage.py restore FILE`: a backup into an empty installation."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from studio.backups.errors import CannotRestore
from studio.backups.restore import restore_backup
from studio.common.command import CommandWithExamples, as_json
from studio.common.errors import DomainError


class Command(CommandWithExamples):
    help = (
        "Bring a backup into an empty database and data folder, and up to date. Nothing else of "
        "Studio may run, but for a model service that has a disk of its own."
    )
    examples = ("manage.py restore /backups/studio-monday.tar.gz",)
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            self._act(options["file"].absolute(), options)
        except CannotRestore as problem:
            raise CommandError(str(problem)) from problem
        except DomainError as problem:
            raise CommandError(problem.detail) from problem
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error

    def _act(self, path: Path, options: dict[str, Any]) -> None:
        contents = restore_backup(path)
        if options["json"]:
            self.stdout.write(as_json(asdict(contents)))
            return
        self.stdout.write(f"Restored what Studio {contents.studio} had at {contents.made_at}.")
        if contents.models is None:
            self.stdout.write("Models are in cloud storage, which has its own backup.")
