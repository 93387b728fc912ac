"""`manage.py content check|rebuild`: whether what pages read is what the commits say."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.db import transaction

from studio.common.command import CommandWithExamples
from studio.content.selectors.branches import all_branches
from studio.content.selectors.consistency import differences_of_head
from studio.content.services.branches import rebuild_items
from studio.content.services.write import lock


class Command(CommandWithExamples):
    help = "Prove that the items of all branches are what their commits say, or make them so."
    examples = (
        "manage.py content check",
        "manage.py content rebuild",
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["check", "rebuild"])

    def handle(self, *_args: Any, **options: Any) -> None:
        branches = all_branches()
        if options["action"] == "rebuild":
            for branch in branches:
                with transaction.atomic():
                    rebuild_items(lock(branch))
            self.stdout.write(f"{len(branches)} branches were rebuilt.")
            return
        found = [
            f"{branch.assistant.name} {branch.name}: {difference}"
            for branch in branches
            for difference in differences_of_head(branch)
        ]
        for line in found:
            self.stderr.write(line)
        if found:
            self.stderr.write("`manage.py content rebuild` makes them what the commits say.")
            sys.exit(1)
        self.stdout.write(f"{len(branches)} branches are what their commits say.")
