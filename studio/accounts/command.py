"""Commands that act as a person: with the permissions and in the name of whoever `--as` names."""

from contextlib import ExitStack
from typing import Any

from django.core.management.base import CommandError, CommandParser

from studio.accounts.models import User
from studio.accounts.permissions import MissingPermission, permissions_of
from studio.accounts.roles import Permission, Role
from studio.accounts.selectors import user_named
from studio.audit.context import on_behalf_of
from studio.common.command import WordsCommand


class StudioCommand(WordsCommand):
    """Whoever may run commands on the server may do everything; with `--as USER` it is what that
    person may do, and they are the author and the actor in the activity record.
    """

    def add_common(self, parser: CommandParser) -> None:
        parser.add_argument("--as", dest="as_user", metavar="USER", help="act as this person")
        super().add_common(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        self.author = self._author(options.get("as_user"))
        self.person = self.author or User(username="manage.py", roles=[Role.SUPER_USER.value])
        with ExitStack() as stack:
            if self.author is not None:
                stack.enter_context(on_behalf_of(self.author.pk, self.author.username))
            try:
                super().handle(*args, **options)
            except MissingPermission as refusal:
                raise CommandError(str(refusal.detail), returncode=self.refused) from refusal

    def require(self, permission: Permission) -> None:
        """:raises MissingPermission: no role of theirs holds it"""
        if permission not in permissions_of(self.person):
            raise MissingPermission(permission)

    def _author(self, username: str | None) -> User | None:
        if username is None:
            return None
        user = user_named(username)
        if user is None or not user.is_active:
            raise CommandError(f"Nobody here is called {username!r}.", returncode=self.refused)
        return user
