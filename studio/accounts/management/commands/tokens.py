"""`manage.py tokens WORD …`: personal access tokens; `tokens --help` lists the words."""

from typing import Any
from uuid import UUID

from django.core.management.base import CommandError

from studio.accounts import personal_tokens
from studio.accounts.command import StudioCommand
from studio.accounts.models import PersonalAccessToken, User
from studio.accounts.permissions import permissions_of
from studio.accounts.roles import Permission
from studio.accounts.scopes import Scope
from studio.accounts.selectors import user_named

_LIST = ("user", "name", "scopes", "created_at", "expires_at", "last_used_at", "id")


class Command(StudioCommand):
    help = "List, make and revoke personal access tokens, by which programs call the API."
    examples = (
        "manage.py tokens list --user ana",
        "manage.py tokens make ana 'nightly export' --scope read --days 30",
        "manage.py tokens revoke 6f9619ff-8b86-4011-b42d-00c04fc964ff --as ana",
    )

    def add_words(self) -> None:
        listed = self.word("list", "all of them, without the tokens themselves")
        listed.add_argument("--user", help="only those of this person")
        made = self.word("make", "make one; it is printed once", "user", "name")
        made.add_argument(
            "--scope",
            action="append",
            required=True,
            choices=[scope.value for scope in Scope],
            help="what it is for; may be given again",
        )
        days = made.add_mutually_exclusive_group()
        days.add_argument("--days", type=int, help="until it expires; 90 by default")
        days.add_argument(
            "--no-end", action="store_true", help="it never expires; only if the setting allows it"
        )
        self.word("revoke", "refuse it from now on", "id")

    def _list(self, options: dict[str, Any]) -> None:
        name = options["user"]
        owner = self._owner(name) if name else None
        if owner is None or self.author != owner:
            self.require(Permission.USER_MANAGE)
        rows = personal_tokens.tokens(user=owner)
        self.table(_LIST, [_document(row, for_people=not self._as_json) for row in rows])

    def _make(self, options: dict[str, Any]) -> None:
        owner = self._owner(options["user"])
        if self.author not in {None, owner}:
            raise CommandError("People make access tokens for themselves only.")
        days = options["days"] if options["days"] is not None else personal_tokens.default_days()
        if days < 1:
            raise CommandError("--days must be 1 or more.")
        row, token = personal_tokens.token_make(
            user=owner,
            name=options["name"],
            scopes=options["scope"],
            days=None if options["no_end"] else days,
        )
        self.say(token, {**_document(row), "token": token})

    def _revoke(self, options: dict[str, Any]) -> None:
        try:
            token_id = UUID(options["id"])
        except ValueError as error:
            raise CommandError("Name the token by its id; `tokens list` shows it.") from error
        may_all = Permission.USER_MANAGE in permissions_of(self.person)
        row = personal_tokens.token_revoke(token_id=token_id, user=None if may_all else self.person)
        self.say(f"“{row.name}” of {row.user.username} is revoked.", _document(row))

    @staticmethod
    def _owner(username: str) -> User:
        user = user_named(username)
        if user is None:
            raise CommandError(f"Nobody here is called {username!r}.")
        return user


def _document(row: PersonalAccessToken, *, for_people: bool = False) -> dict[str, Any]:
    return {
        "id": row.pk,
        "user": row.user.username,
        "name": row.name,
        "scopes": ", ".join(row.scopes) if for_people else row.scopes,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "last_used_at": row.last_used_at,
    }
