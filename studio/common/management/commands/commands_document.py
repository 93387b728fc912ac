"""`manage.py commands_document`: all commands of Studio with their words, as Markdown."""

import argparse
import os
from collections.abc import Iterator
from typing import Any

from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandParser, DjangoHelpFormatter

_OURS = ("studio.", "ingestion")
# Every command has them; they are Django's.
_COMMON = {"help", "version", "verbosity", "settings", "pythonpath", "traceback", "no_color"}
_COMMON |= {"force_color", "skip_checks"}
# They write the documentation.
_DOCUMENTS = {"commands_document", "problems_document"}
_HEAD = """\
# Commands

For administrators, in the folder of the project or in the backend's container:
`python manage.py COMMAND …`. `--json` is for programs; a command that fails says why in one
sentence and ends with 1; a call that cannot be understood ends with 2. Whoever may run them may do
everything; `--as USER` does what that person may do, in their name. Written by `make schema`;
`make lint` compares.
"""


class Command(BaseCommand):
    help = "Print what deploy/docs/commands.md holds."

    def handle(self, *_args: Any, **_options: Any) -> None:
        os.environ["COLUMNS"] = "100"  # argparse breaks lines by it
        self.stdout.write(_HEAD)
        for name, app in sorted(get_commands().items()):
            if str(app).startswith(_OURS) and name not in _DOCUMENTS:
                command = load_command_class(str(app), name)
                parser = command.create_parser("manage.py", name)
                self.stdout.write("\n".join(_section(name, command, parser)))


def _section(name: str, command: BaseCommand, parser: CommandParser) -> Iterator[str]:
    yield f"\n## {name}\n\n{command.help}\n"
    words = _words(parser)
    yield "```"
    yield from words or [_usage(parser)]
    yield "```"
    if examples := getattr(command, "examples", ()):
        yield "\n```sh"
        yield from examples
        yield "```"


def _words(parser: argparse.ArgumentParser) -> list[str]:
    found = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            abouts = {choice.dest: choice.help or "" for choice in action._choices_actions}
            found += [
                f"{_usage(each)}\n    {abouts.get(word, '')}"
                for word, each in action.choices.items()
            ]
    return found


def _usage(parser: argparse.ArgumentParser) -> str:
    """What comes behind the command: arguments by place, then options, one line."""
    formatter = DjangoHelpFormatter(parser.prog, width=1000)
    actions = [action for action in parser._actions if action.dest not in _COMMON]
    formatter.add_usage(None, actions, parser._mutually_exclusive_groups, prefix="")
    return " ".join(formatter.format_help().split())
