"""`manage.py set_password NAME`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.accounts import services
from studio.accounts.management.commands.create_user import read_password
from studio.accounts.models import User
from studio.accounts.selectors import user_named
from studio.common.errors import DomainError


class Command(BaseCommand):
    help = "Set a user's password. It is asked for, or read from STUDIO_PASSWORD."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        user = find_user(options["username"])
        try:
            services.user_set_password(user=user, password=read_password())
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"The password of {user.username} is set.")


def find_user(username: str) -> User:
    user = user_named(username)
    if user is None:
        message = f"There is no user called {username}."
        raise CommandError(message)
    return user
