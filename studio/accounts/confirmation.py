"""Whether an account of Keycloak still is what our row says of it.

A token of Keycloak says it anew every few minutes. A personal access token lives for months, so its
person is asked about at Keycloak by the directory of people, or must have signed in lately.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from studio.accounts.models import User
from studio.accounts.realm import IdentityUnavailable, InvalidToken
from studio.common.errors import DomainError

# As long as an access token of the realm lives by default.
CONFIRMED_FOR = timedelta(minutes=5)


class Account(Protocol):
    @property
    def is_active(self) -> bool: ...

    @property
    def roles(self) -> Sequence[str]: ...


Ask = Callable[[UUID], Account | None]
_ask: Ask | None = None


def ask_by(ask: Ask) -> None:
    """How Keycloak is asked about an account; None of it means that there is none."""
    global _ask  # noqa: PLW0603  set once, when the apps are ready
    _ask = ask


def is_fresh(user: User) -> bool:
    at = user.confirmed_at
    return at is not None and timezone.now() - at < CONFIRMED_FOR


def confirm(user: User) -> None:
    """Bring `user` up to what Keycloak says, where that is not known as of a few minutes ago.

    :raises InvalidToken: Keycloak cannot be asked, and they have not signed in for too long
    :raises IdentityUnavailable: Keycloak does not answer, or refuses to
    """
    if settings.STUDIO_IDENTITY == "local" or is_fresh(user):
        return
    if settings.KEYCLOAK_API_PASSWORD and _ask is not None:
        _refresh(user, _ask)
        return
    days = settings.PERSONAL_TOKEN_SIGN_IN_DAYS
    at = user.confirmed_at
    if at is None or timezone.now() - at > timedelta(days=days):
        raise InvalidToken(
            f"{user.username} has not signed in to Studio for {days} days: sign in once in the"
            " browser, and this access token holds again."
        )


def _refresh(user: User, ask: Ask) -> None:
    try:
        account = ask(user.pk)
    except IdentityUnavailable:
        raise
    except DomainError as error:
        raise IdentityUnavailable(error.detail) from error
    user.is_active = account is not None and account.is_active
    user.roles = list(account.roles) if account is not None else []
    user.confirmed_at = timezone.now()
    user.save(update_fields=["is_active", "roles", "confirmed_at"])
