"""Personal access tokens: made, found, revoked."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Unpack
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from modelservice.common.personal_tokens import PREFIX
from studio.accounts.confirmation import confirm
from studio.accounts.models import PersonalAccessToken, User
from studio.accounts.realm import InvalidToken
from studio.accounts.scopes import Scope
from studio.audit.models import Action, Detail
from studio.audit.services import record
from studio.common.errors import DomainError, FieldProblem, Invalid, NotFound
from studio.common.rows import lock_row

DEFAULT_DAYS = 90
_RANDOM_BYTES = 32
_USE_NOTED_FOR = timedelta(minutes=1)
# An expired one is shown so long, so that its person sees why a program stopped.
_EXPIRED_SHOWN_FOR = timedelta(days=30)


class TokenNameTaken(DomainError):
    code = "name_taken"
    status = 409
    title = "The name is taken"
    when = "You have an access token of this name."
    remedy = "Choose another name, or revoke that one."


class TooManyTokens(DomainError):
    code = "too_many_tokens"
    status = 409
    title = "There are too many access tokens"
    when = "You have as many access tokens as a person may have."
    remedy = "Revoke those that are not used any more."


class NoPersonalTokens(DomainError):
    code = "no_personal_tokens"
    status = 409
    title = "This account has no access tokens"
    when = "The account is one of a program, which signs in by itself."
    remedy = "Use its client and secret, or make the token as a person."


def max_days() -> int | None:
    """The longest life of a token; None: any, also without an end."""
    return settings.PERSONAL_TOKEN_MAX_DAYS or None


def default_days() -> int:
    return min(DEFAULT_DAYS, max_days() or DEFAULT_DAYS)


@transaction.atomic
def token_make(
    *, user: User, name: str, scopes: Iterable[str], days: int | None
) -> tuple[PersonalAccessToken, str]:
    """The row, and the token itself, which nothing can show again. `days` of None: without an end.

    :raises Invalid: an unknown scope or none, or a longer life than the setting allows
    :raises TokenNameTaken:
    :raises TooManyTokens:
    :raises NoPersonalTokens: a service account
    """
    if user.is_service:
        raise NoPersonalTokens("A service account signs in with the secret of its client.")
    chosen, expires_at = _checked_scopes(scopes), _checked_end(days)
    # One after the other for one person: the number of tokens is counted.
    lock_row(user)
    own = PersonalAccessToken.objects.filter(user=user)
    own.filter(expires_at__lt=timezone.now() - _EXPIRED_SHOWN_FOR).delete()
    if own.filter(name=name).exists():
        raise TokenNameTaken(f"There is already an access token called “{name}”.")
    if own.count() >= settings.PERSONAL_TOKENS_PER_PERSON:
        message = f"Nobody has more than {settings.PERSONAL_TOKENS_PER_PERSON}: revoke one first."
        raise TooManyTokens(message)
    token = PREFIX + secrets.token_hex(_RANDOM_BYTES)
    row = PersonalAccessToken.objects.create(
        user=user, name=name, scopes=chosen, digest=_digest(token), expires_at=expires_at
    )
    end = None if expires_at is None else expires_at.isoformat(timespec="seconds")
    _record(Action.TOKEN_MADE, row, scopes=chosen, expires_at=end)
    return row, token


def tokens(*, user: User | None = None) -> QuerySet[PersonalAccessToken]:
    """Of one person, or of all, the newest first."""
    rows = PersonalAccessToken.objects.select_related("user")
    return rows if user is None else rows.filter(user=user)


@transaction.atomic
def token_revoke(*, token_id: UUID, user: User | None = None) -> PersonalAccessToken:
    """From now on it is refused. With `user`: only if it is theirs.

    :raises NotFound:
    """
    row = tokens(user=user).filter(pk=token_id).first()
    if row is None:
        raise NotFound("There is no such access token.")
    _record(Action.TOKEN_REVOKED, row)
    PersonalAccessToken.objects.filter(pk=token_id).delete()
    return row


def user_of_personal_token(token: str) -> User:
    """Its person, narrowed to what it is for.

    :raises InvalidToken: it was never made, was revoked, is over, or its person is gone
    :raises IdentityUnavailable: Keycloak has to be asked about the person, and does not answer
    """
    row = tokens().filter(digest=_digest(token)).first()
    if row is None:
        raise InvalidToken("This access token is not known here, or was revoked.")
    now = timezone.now()
    if row.expires_at is not None and row.expires_at <= now:
        raise InvalidToken(f"The access token “{row.name}” has expired. Make another.")
    user = row.user
    confirm(user)
    if not user.is_active:
        raise InvalidToken("This account does not exist any more, or is switched off.")
    if row.last_used_at is None or now - row.last_used_at > _USE_NOTED_FOR:
        PersonalAccessToken.objects.filter(pk=row.pk).update(last_used_at=now)
    user.personal_token = row
    return user


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _checked_scopes(scopes: Iterable[str]) -> list[str]:
    given, known = set(scopes), [scope.value for scope in Scope]
    if not given:
        raise _invalid("scopes", f"Say what it is for: {', '.join(known)}.")
    if unknown := sorted(given - set(known)):
        message = f"{unknown[0]!r} is no scope. Scopes are: {', '.join(known)}."
        raise _invalid("scopes", message)
    return [name for name in known if name in given]


def _checked_end(days: int | None) -> datetime | None:
    most = max_days()
    if days is None and most is None:
        return None
    if days is None or (most is not None and days > most):
        raise _invalid("expires_in_days", f"Access tokens live for {most} days here at most.")
    return timezone.now() + timedelta(days=days)


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(message, errors=[FieldProblem(field=field, message=message)])


def _record(action: Action, row: PersonalAccessToken, **detail: Unpack[Detail]) -> None:
    """The owner is in it: others may revoke it, and commands make it."""
    detail["owner"] = row.user.username
    record(action, target_id=row.pk, target=row.name, **detail)
