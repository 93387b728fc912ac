"""What the commands around an archive share."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from studio.backups.errors import BackupProblem
from studio.common.command import CommandWithExamples
from studio.common.errors import DomainError


class ArchiveCommand(CommandWithExamples):
    """One that takes a file; an expected failure ends it with one sentence."""

    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            self.act(options["file"].absolute(), options)
        except BackupProblem as problem:
            raise CommandError(str(problem)) from problem
        except DomainError as problem:
            raise CommandError(problem.detail) from problem
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error

    def act(self, path: Path, options: dict[str, Any]) -> None:
        raise NotImplementedError
