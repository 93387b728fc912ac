"""`manage.py set_roles NAME --role "Flow Builder" --role Developer`: replaces the roles."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from studio.accounts import services
from studio.accounts.management.commands.set_password import find_user
from studio.accounts.roles import Role


class Command(BaseCommand):
    help = "Give a user these roles and no others."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--role", action="append", default=[], choices=[role.value for role in Role]
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = services.user_set_roles(user=find_user(options["username"]), roles=options["role"])
        self.stdout.write(f"{user.username} has now: {', '.join(user.roles) or 'no role'}.")
