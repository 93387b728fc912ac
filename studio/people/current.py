"""The directory of people that is in use."""

from django.conf import settings

from studio.people.directory import Directory
from studio.people.in_keycloak import KeycloakDirectory, own_account_page
from studio.people.local import LocalDirectory


def directory() -> Directory:
    return LocalDirectory() if _is_local() else KeycloakDirectory()


def account_url() -> str:
    """Where one changes one's own account; empty: here."""
    return "" if _is_local() else own_account_page()


def _is_local() -> bool:
    return settings.STUDIO_IDENTITY == "local"
