"""From an access token to the user it speaks for: the only way into the backend."""

from functools import cache
from typing import Any
from uuid import UUID

import jwt
from django.conf import settings
from django.core.signals import setting_changed
from django.db import transaction
from django.utils import timezone

from modelservice.common.personal_tokens import is_personal
from studio.accounts.confirmation import is_fresh
from studio.accounts.models import User
from studio.accounts.personal_tokens import user_of_personal_token
from studio.accounts.realm import InvalidToken, Realm
from studio.accounts.roles import PERMISSIONS


@cache
def realm() -> Realm:
    return Realm()


def _forget_realm(**_kwargs: Any) -> None:
    realm.cache_clear()


setting_changed.connect(_forget_realm)


def verify_access_token(token: str) -> User:
    """The user of a valid token: one of the realm, or a personal one.

    :raises InvalidToken: the token, or the account behind it, is not (or no longer) good
    :raises IdentityUnavailable: the realm's keys cannot be had now
    """
    if is_personal(token):
        return user_of_personal_token(token)
    return verify_realm_token(token)


def verify_realm_token(token: str) -> User:
    """The same, of tokens that somebody got by signing in only."""
    return user_of_claims(realm().claims(token))


def client_of(token: str) -> str:
    """The client that a verified token was issued to; "" for a personal one."""
    if is_personal(token):
        return ""
    claims = jwt.decode(token, options={"verify_signature": False})
    return str(claims.get("azp", ""))


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
    seen: dict[str, Any] = {
        "username": str(claims.get("preferred_username") or subject)[:150],
        "name": str(claims.get("name") or "")[:200],
        "email": str(claims.get("email") or "")[:254],
        "roles": roles_of_claims(claims),
        "is_service": "client_id" in claims or "clientId" in claims,
        "is_active": True,
    }
    user = User.objects.filter(pk=subject).first()
    if user is None:
        with transaction.atomic():
            _free_name(subject, seen["username"])
            user, _created = User.objects.get_or_create(pk=subject, defaults=seen)
    if not is_fresh(user):
        seen["confirmed_at"] = timezone.now()
    changed = [name for name, value in seen.items() if getattr(user, name) != value]
    if changed:
        for name in changed:
            setattr(user, name, seen[name])
        with transaction.atomic():
            if "username" in changed:
                _free_name(subject, user.username)
            user.save(update_fields=changed)
    return user


def _free_name(subject: UUID, username: str) -> None:
    """Rename rows of other accounts with this name: in Keycloak it was freed and given again."""
    for gone in User.objects.filter(username=username).exclude(pk=subject):
        gone.username = f"{gone.username[:100]} ({gone.pk})"
        gone.save(update_fields=["username"])


def roles_of_claims(claims: dict[str, Any]) -> list[str]:
    """Groups of the realm are people's roles; an API client has client roles."""
    groups = [str(group).lstrip("/") for group in claims.get("groups", [])]
    access = claims.get("resource_access", {}).get(settings.KEYCLOAK_EXTERNAL_CLIENT_ID, {})
    names = [*groups, *access.get("roles", [])]
    return sorted({name for name in names if name in PERMISSIONS})
