"""`manage.py test NAME`: the end-to-end tests of an assistant, against one of its versions."""

import re
import time
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError, CommandParser

from modelservice.wire import TestState
from studio.accounts.command import StudioCommand
from studio.accounts.roles import Permission
from studio.assistants.access import access_named
from studio.versions import e2e
from studio.versions.models import Version
from studio.versions.selectors import LATEST, version_named

_ENDED = re.compile(r"^(?:passed|FAILED): ", re.MULTILINE)
_POLL_SECONDS = 0.2


class Command(StudioCommand):
    help = (
        "Run the end-to-end tests of an assistant against one of its trained versions, as the page "
        "Tests does. Ends with 1 where one fails, with 2 where they cannot be run."
    )
    examples = (
        "manage.py test Bank",
        "manage.py test Bank --version 1.4 --file e2e_tests/transfers.yml",
        "manage.py test Bank --file 'e2e_tests/transfers.yml::sends money' --json",
    )
    # 1 says that tests fail.
    refused = 2

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        # --version is that of Django elsewhere.
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **options)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("assistant")
        parser.add_argument(
            "--version", default=LATEST, help="name or number; by default the newest trained one"
        )
        parser.add_argument(
            "--file", "-k", default=e2e.EVERYTHING, help="only this file, or FILE::CASE"
        )
        self.add_common(parser)

    def act(self, options: dict[str, Any]) -> None:
        assistant = access_named(self.person, options["assistant"], Permission.ASSISTANT_TRY)
        version = version_named(assistant, options["version"])
        run_id = e2e.run_start(version=version, path=options["file"])
        try:
            state = self._until_done(version, run_id)
        finally:
            e2e.run_forget(version, run_id)
        if state["result"] is None:
            raise CommandError(state["problem"] or "There is no result.", returncode=self.refused)
        self._tell(state["result"])

    def _until_done(self, version: Version, run_id: UUID) -> TestState:
        name = f"{version.assistant.name}, version {version.number}"
        with self.progress(f"{name}: tests run") as progress:
            while (state := e2e.run_state(version, run_id))["status"] in {"queued", "running"}:
                progress.text = f"{name}: tests that have ended: {_count_of_ended(state['logs'])}"
                time.sleep(_POLL_SECONDS)
        return state

    def _tell(self, result: dict[str, Any]) -> None:
        if self._as_json:
            self.say("", result)
        else:
            self.table(("outcome", "file", "case", "what_differs"), [*map(_row, result["cases"])])
        if result["failed"]:
            raise CommandError(f"Failed: {result['failed']}, passed: {result['passed']}.")
        self.stderr.write(f"Passed: {result['passed']}.", self.style.SUCCESS)


def _count_of_ended(log: str) -> int:
    return len(_ENDED.findall(log))


def _row(case: dict[str, Any]) -> dict[str, Any]:
    failure = case["failure"]
    row = {"outcome": "passed" if case["passed"] else "FAILED", "case": case["name"]}
    if failure is None:
        return {**row, "file": case["file"], "what_differs": ""}
    what = f"{failure['assertion']}: {failure['problem']}"
    return {**row, "file": f"{case['file']}:{failure['line']}", "what_differs": what}
