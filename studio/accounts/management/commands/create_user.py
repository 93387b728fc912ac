"""`manage.py create_user NAME --role SuperUser`: an account of the embedded identity."""

import os
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.accounts import services
from studio.accounts.roles import Role
from studio.common.errors import DomainError


class Command(BaseCommand):
    help = "Create a user. The password is asked for, or read from STUDIO_PASSWORD."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="")
        parser.add_argument("--email", default="")
        parser.add_argument(
            "--role", action="append", required=True, choices=[role.value for role in Role]
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = services.user_create(
                username=options["username"],
                password=read_password(),
                roles=options["role"],
                name=options["name"],
                email=options["email"],
            )
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"Created {user.username} ({', '.join(user.roles)}).")


def read_password() -> str:
    """From the environment for scripts, else typed twice; not an argument, which `ps` shows."""
    given = os.environ.get("STUDIO_PASSWORD")
    if given:
        return given
    password = getpass("Password: ")
    if password != getpass("Again: "):
        raise CommandError("The two passwords are not the same.")
    return password
