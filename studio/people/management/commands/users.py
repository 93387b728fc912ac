"""`manage.py users WORD …`: people and their roles, here or in Keycloak."""

from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError

from studio.accounts.command import StudioCommand
from studio.accounts.roles import Permission, Role
from studio.common.command import read_password
from studio.people.current import directory
from studio.people.directory import Person

_LIST = ("username", "name", "email", "is_active", "roles", "id")
_BATCH = 100
_ROLES = [role.value for role in Role]


class Command(StudioCommand):
    help = (
        "List, create and change users, as the page Settings does. A password is asked for, or is "
        "the first line of the input."
    )
    examples = (
        "manage.py users list --search ana",
        "manage.py users create ana --name 'Ana Horvat' --role 'Flow Builder' --role Developer",
        "manage.py users create ana --role Developer < password.txt",
        "manage.py users roles ana --role 'Business User'",
        "manage.py users create ana --role Annotator --temporary < password.txt",
        "manage.py users password ana --temporary",
        "manage.py users deactivate ana",
        "manage.py users sign-out ana",
        "manage.py users delete ana",
    )

    def add_words(self) -> None:
        listed = self.word("list", "all users")
        listed.add_argument("--search", default="", help="words of names and email addresses")
        self.word("show", "everything about one", "user")
        create = self.word("create", "a new one, of the embedded sign-in", "user")
        create.add_argument("--name", default="")
        create.add_argument("--email", default="")
        create.add_argument("--role", action="append", required=True, choices=_ROLES)
        self._may_be_temporary(create)
        roles = self.word("roles", "give one these roles and no others", "user")
        roles.add_argument("--role", action="append", default=[], choices=_ROLES)
        self._may_be_temporary(
            self.word("password", "set the password of one, who is signed out everywhere", "user")
        )
        self.word("deactivate", "let one sign in no more, and sign them out everywhere", "user")
        self.word("activate", "let one sign in again", "user")
        self.word("sign-out", "sign one out everywhere", "user")
        self.word("delete", "remove one; what they made stays, without its author", "user")
        self.word("invite", "send one Keycloak's mail in which a password is chosen", "user")

    @staticmethod
    def _may_be_temporary(parser: ArgumentParser) -> None:
        parser.add_argument(
            "--temporary",
            action="store_true",
            help="the password is for the first sign-in, which asks for an own one",
        )

    def act(self, options: dict[str, Any]) -> None:
        self.require(Permission.USER_MANAGE)
        super().act(options)

    # -- one after the other -----------------------------------------------------------------

    def _list(self, options: dict[str, Any]) -> None:
        found: list[Person] = []
        while some := directory().people(options["search"], len(found), _BATCH):
            found += some
        self.table(_LIST, [asdict(person) for person in found])

    def _show(self, options: dict[str, Any]) -> None:
        self.facts(asdict(self._named(options)))

    def _create(self, options: dict[str, Any]) -> None:
        person = directory().create(
            username=options["user"],
            name=options["name"],
            email=options["email"],
            password=read_password(),
            roles=options["role"],
            temporary_password=options["temporary"],
        )
        self.say(f"Created {person.username} ({', '.join(person.roles)}).", asdict(person))

    def _roles(self, options: dict[str, Any]) -> None:
        person = self._named(options)
        directory().set_roles(person.id, options["role"])
        person = directory().person(person.id)
        roles = ", ".join(person.roles) or "no role"
        self.say(f"{person.username} has now: {roles}.", asdict(person))

    def _password(self, options: dict[str, Any]) -> None:
        person = self._named(options)
        directory().set_password(person.id, read_password(), temporary=options["temporary"])
        self.say(f"The password of {person.username} is set.", asdict(person))

    def _activate(self, options: dict[str, Any]) -> None:
        self._set_active(options, is_active=True)

    def _deactivate(self, options: dict[str, Any]) -> None:
        self._set_active(options, is_active=False)

    def _set_active(self, options: Mapping[str, Any], *, is_active: bool) -> None:
        person = self._named(options)
        directory().set_active(person.id, is_active=is_active)
        state = "may sign in again" if is_active else "may sign in no more"
        self.say(f"{person.username} {state}.", asdict(directory().person(person.id)))

    def _sign_out(self, options: dict[str, Any]) -> None:
        person = self._named(options)
        directory().sign_out(person.id)
        self.say(f"{person.username} is signed out everywhere.", asdict(person))

    def _delete(self, options: dict[str, Any]) -> None:
        person = self._named(options)
        directory().delete(person.id)
        self.say(f"{person.username} is deleted.", asdict(person))

    def _invite(self, options: dict[str, Any]) -> None:
        person = self._named(options)
        if not directory().invite(person.id):
            raise CommandError(f"Keycloak sends no mail. Invite them at {person.console_url}")
        self.say(f"A mail is on its way to {person.email}.", asdict(person))

    @staticmethod
    def _named(options: Mapping[str, Any]) -> Person:
        return directory().named(options["user"])
