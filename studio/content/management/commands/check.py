"""`manage.py check NAME`: everything that the checks find in an assistant; also for CI."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from modelservice.project.project_check import check_files, with_places
from modelservice.project.project_writer import write_files
from studio.accounts.command import StudioCommand
from studio.accounts.roles import Permission
from studio.assistants.access import access_named
from studio.content.models import MAIN
from studio.content.selectors.items import branch_get
from studio.content.selectors.problems import validation_document
from studio.content.selectors.project import project_of
from studio.content.services.projects import files_in

Document = dict[str, Any]


class Command(StudioCommand):
    help = (
        "Tell the problems of an assistant, or of a project in a zip or folder, of which nothing "
        "is stored. Ends with 1 where there are errors. Without either it checks, as Django's "
        "command of this name, this installation."
    )
    examples = (
        "manage.py check Bank",
        "manage.py check Bank --branch work --strict",
        "manage.py check --file . --json",
        "manage.py check --file bank.zip",
    )
    # Without a name they are what is asked for.
    requires_system_checks = ()
    # 1 says that there are errors.
    refused = 2

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("assistant", nargs="?")
        parser.add_argument("--branch", default=MAIN)
        parser.add_argument("--file", help="a zip, or a folder, in place of an assistant")
        parser.add_argument("--strict", action="store_true", help="warnings count as errors do")
        self.add_common(parser)

    def act(self, options: dict[str, Any]) -> None:
        if options["file"] and options["assistant"]:
            raise CommandError("Name an assistant or a file, not both.", returncode=self.refused)
        if options["file"]:
            found = self._in_file(Path(options["file"]))
        elif options["assistant"]:
            found = self._in_assistant(options["assistant"], options["branch"])
        else:
            self.check(display_num_errors=True)
            return
        self._tell(found, is_strict=options["strict"])

    def _in_file(self, path: Path) -> list[Document]:
        try:
            return check_files(files_in(path))
        except OSError as error:
            text = f"{path}: {error.strerror}"
            raise CommandError(text, returncode=self.refused) from error

    def _in_assistant(self, name: str, branch_name: str) -> list[Document]:
        assistant = access_named(self.person, name, Permission.ASSISTANT_VIEW)
        branch = branch_get(assistant.pk, branch_name)
        problems = validation_document(branch)["problems"]
        return with_places(problems, write_files(project_of(branch))) if problems else []

    def _tell(self, found: list[Document], *, is_strict: bool) -> None:
        errors = sum(problem["severity"] == "error" for problem in found)
        warnings = len(found) - errors
        told = [_line(problem) for problem in found] or ["Nothing was found."]
        document = {"errors": errors, "warnings": warnings, "problems": found}
        self.say("\n".join(told), document)
        if errors or (is_strict and warnings):
            raise CommandError(f"Errors: {errors}, warnings: {warnings}.")


def _line(problem: Document) -> str:
    """As compilers write it: place, severity, what, and what is wrong with it."""
    place = ":".join(str(problem[name]) for name in ("file", "line") if problem[name])
    what = [str(problem[name]) for name in ("kind", "id") if problem[name]]
    if problem["step"]:
        what.append(f"step {problem['step']}")
    parts = [place, problem["severity"], " ".join(what), problem["message"]]
    return ": ".join(part for part in parts if part)
