"""`manage.py keycloak_setup`: bring Keycloak's realm to the state that Studio needs."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from studio.accounts.realm import IdentityUnavailable
from studio.common.command import CommandWithExamples
from studio.common.errors import DomainError
from studio.keycloak.admin import KeycloakAdmin
from studio.keycloak.setup import RealmSetup


class Command(CommandWithExamples):
    help = (
        "Bring the realm KEYCLOAK_REALM at KEYCLOAK_URL to the state that Studio needs, signed in "
        "as KEYCLOAK_ADMIN_USERNAME. May be run again at any time; removes nothing."
    )
    examples = ("manage.py keycloak_setup",)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.STUDIO_IDENTITY != "keycloak":
            raise CommandError("Set KEYCLOAK_URL first: the embedded sign-in needs no set-up.")
        if not settings.KEYCLOAK_ADMIN_PASSWORD:
            raise CommandError(
                "Set KEYCLOAK_ADMIN_PASSWORD (and KEYCLOAK_ADMIN_USERNAME) of Keycloak's "
                "administrator."
            )
        admin = KeycloakAdmin(
            settings.KEYCLOAK_URL,
            realm="master",
            username=settings.KEYCLOAK_ADMIN_USERNAME,
            password=settings.KEYCLOAK_ADMIN_PASSWORD,
            seconds=60,  # making a realm takes a cold server a while
        )
        try:
            with admin:
                setup = RealmSetup(admin, self.stdout.write)
                setup.run()
        except IdentityUnavailable as error:
            raise CommandError(str(error)) from None
        except DomainError as error:
            raise CommandError(error.detail) from None
        self.stdout.write(
            f"{setup.changes} changes." if setup.changes else "Everything is as it should be."
        )
