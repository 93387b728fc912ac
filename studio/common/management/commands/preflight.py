"""`manage.py preflight`: whether Studio would run, before anything is touched."""

from typing import Any

from django.core import checks
from django.core.management.base import CommandError, CommandParser
from django.utils.module_loading import autodiscover_modules

from studio.common.command import CommandWithExamples, as_json
from studio.common.preflight import TAG

_WORDS = {checks.INFO: "ok", checks.WARNING: "note", checks.ERROR: "problem"}


class Command(CommandWithExamples):
    help = (
        "Try every system that the settings name, and tell what an upgrade would do and what would "
        "fail. Nothing is changed. Ends with 1 where there is a problem."
    )
    examples = ("manage.py preflight", "manage.py preflight --json")
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *_args: Any, **options: Any) -> None:
        autodiscover_modules("preflight")
        found = checks.run_checks(tags=[TAG], include_deployment_checks=True)
        rows = [
            {
                "part": str(message.obj),
                "state": _WORDS[message.level],
                "text": str(message.msg),
                "remedy": message.hint or "",
            }
            for message in found
        ]
        if options["json"]:
            self.stdout.write(as_json(rows))
        else:
            for row in rows:
                self.stdout.write(f"{row['state']:8} {row['part']}: {row['text']}")
                if row["remedy"]:
                    self.stdout.write(f"{'':8} {row['remedy']}")
        if problems := sum(row["state"] == "problem" for row in rows):
            noun = "problem" if problems == 1 else "problems"
            raise CommandError(f"{problems} {noun}: nothing was changed.")
