"""From an access token to the user it speaks for: the only way into the backend."""

from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.signals import setting_changed
from django.db import transaction

from studio.accounts.models import User
from studio.accounts.realm import InvalidToken, Realm
from studio.accounts.roles import PERMISSIONS


@cache
def realm() -> Realm:
    return Realm()


def _forget_realm(**_kwargs: Any) -> None:
    realm.cache_clear()


setting_changed.connect(_forget_realm)


def verify_access_token(token: str) -> User:
    """The user of a valid token.

    :raises InvalidToken: the token, or the account behind it, is not (or no longer) good
    :raises IdentityUnavailable: the realm's keys cannot be had now
    """
    return user_of_claims(realm().claims(token))


def user_of_claims(claims: dict[str, Any]) -> User:
    try:
        subject = UUID(str(claims["sub"]))
    except ValueError:
        raise InvalidToken("The token names no account of Studio.") from None
    if settings.STUDIO_IDENTITY == "local":
        user = User.objects.filter(pk=subject).first()
        if user is None or not user.is_active:
            raise InvalidToken("This account does not exist any more, or is switched off.")
        return user
    return _mirror(subject, claims)


def _mirror(subject: UUID, claims: dict[str, Any]) -> User:
    """Keep what the newest token says of a Keycloak account; write only when it changed."""
    seen = {
        "username": str(claims.get("preferred_username") or subject),
        "name": str(claims.get("name") or ""),
        "email": str(claims.get("email") or ""),
        "roles": roles_of_claims(claims),
        "is_service": "client_id" in claims or "clientId" in claims,
    }
    with transaction.atomic():
        user, created = User.objects.get_or_create(pk=subject, defaults=seen)
        changed = [name for name, value in seen.items() if getattr(user, name) != value]
        if changed and not created:
            for name in changed:
                setattr(user, name, seen[name])
            user.save(update_fields=changed)
    return user


def roles_of_claims(claims: dict[str, Any]) -> list[str]:
    """Groups of the realm are people's roles; an API client has client roles."""
    groups = [str(group).lstrip("/") for group in claims.get("groups", [])]
    access = claims.get("resource_access", {}).get(settings.KEYCLOAK_EXTERNAL_CLIENT_ID, {})
    names = [*groups, *access.get("roles", [])]
    return sorted({name for name in names if name in PERMISSIONS})
