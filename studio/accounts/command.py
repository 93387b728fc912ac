"""What commands for administrators share: who acts, tables for people, JSON for programs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from rest_framework.exceptions import APIException

from studio.accounts.models import User
from studio.accounts.roles import Role
from studio.accounts.selectors import user_named
from studio.audit.context import note_user
from studio.common.errors import DomainError


class StudioCommand(BaseCommand):
    """A command with words (`add_words`), each of them a method `_word` that takes the options.

    Whoever may run commands on the server may do everything; with `--as USER` it is what that
    person may do, and they are the author. Failures end it with one sentence and exit code 1.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        self._words = parser.add_subparsers(dest="word", required=True)
        self.add_words()

    def add_words(self) -> None:
        raise NotImplementedError

    def word(self, name: str, about: str, *arguments: str) -> CommandParser:
        """A word with its arguments by place; further ones are added to what is returned."""
        parser: CommandParser = self._words.add_parser(name, help=about, description=about)
        for argument in arguments:
            parser.add_argument(argument)
        parser.add_argument("--as", dest="as_user", metavar="USER", help="act as this person")
        parser.add_argument("--json", action="store_true", help="for programs")
        return parser

    def handle(self, *_args: Any, **options: Any) -> None:
        self._as_json = options.get("json", False)
        self.author = self._author(options.get("as_user"))
        self.person = self.author or User(username="manage.py", roles=[Role.SUPER_USER.value])
        try:
            getattr(self, f"_{options['word'].replace('-', '_')}")(options)
        except DomainError as problem:
            details = [str(each["message"]) for each in problem.errors]
            raise CommandError("\n".join([problem.detail, *details])) from problem
        except APIException as refusal:
            raise CommandError(str(refusal.detail)) from refusal

    @staticmethod
    def _author(username: str | None) -> User | None:
        if username is None:
            return None
        user = user_named(username)
        if user is None or not user.is_active:
            raise CommandError(f"Nobody here is called {username!r}.")
        note_user(user.pk, user.username)
        return user

    def say(self, text: str, document: Any) -> None:
        """A sentence; for programs what it is about."""
        self.stdout.write(self._json(document) if self._as_json else text)

    def table(self, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
        """One line each, with these of their values; for programs everything."""
        if self._as_json:
            self.stdout.write(self._json(rows))
            return
        lines = [[column.replace("_", " ") for column in columns]]
        lines += [[_cell(row.get(column)) for column in columns] for row in rows]
        widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
        for line in lines:
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())

    @staticmethod
    def _json(document: Any) -> str:
        return json.dumps(document, indent=2, cls=DjangoJSONEncoder)


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("name", value))
    if value is None:
        return "-"
    return f"{value:%Y-%m-%d %H:%M}" if hasattr(value, "strftime") else str(value)
