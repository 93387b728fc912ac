"""The directory of people that is in use."""

from django.conf import settings

from studio.people.directory import Directory
from studio.people.in_keycloak import KeycloakDirectory
from studio.people.local import LocalDirectory


def directory() -> Directory:
    return LocalDirectory() if settings.STUDIO_IDENTITY == "local" else KeycloakDirectory()
