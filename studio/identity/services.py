"""Sign-in, with a brake on guessing; sign-out; the account of the API client."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from studio.accounts.models import User
from studio.accounts.realm import InvalidToken
from studio.accounts.roles import ClientRole
from studio.accounts.services import user_set_password
from studio.audit.models import Action
from studio.audit.services import record
from studio.common.errors import DomainError, FieldProblem, Invalid
from studio.identity.models import AuthorizationCode, FailedSignIns, SignIn

LONGEST_WAIT_SECONDS = 900
# The row with this name counts the failures of all names of an address.
OF_ALL_NAMES = ""
ADDRESS_FORGIVEN_AFTER = timedelta(minutes=15)


class WrongCredentials(DomainError):
    code = "wrong_credentials"
    status = 401
    title = "User name or password is not right"
    when = "User name or password is wrong."
    remedy = "Try again, or have the password reset."


class PasswordIsTemporary(DomainError):
    code = "password_is_temporary"
    status = 409
    title = "Choose a password of your own"
    when = "The password is right, but was given by an administrator for the first sign-in."
    remedy = "Sign in with the browser, which asks for a new one."


class TooManyAttempts(DomainError):
    code = "too_many_attempts"
    status = 429
    title = "Too many attempts"
    when = "Too many wrong passwords for this name or from this address."
    remedy = "Wait `retry_after` seconds."
    members = {"retry_after": {"type": "integer", "description": "Seconds to wait"}}


def authenticate(*, username: str, password: str, address: str, new_password: str = "") -> User:
    """`new_password` takes the place of a temporary one, and is ignored beside any other.

    :raises WrongCredentials: does not tell which of the two was wrong
    :raises TooManyAttempts: with `retry_after` in seconds; the password is not even looked at
    :raises PasswordIsTemporary: and no new one came with it
    :raises Invalid: the new one is too weak, or is the old one
    """
    user = _user_by(username, password, address)
    if user.password_is_temporary:
        _replace_temporary(user, password, new_password)
    record(Action.SIGNED_IN, actor=(user.pk, user.username))
    return user


def _user_by(username: str, password: str, address: str) -> User:
    # PostgreSQL stores no NUL; no name has one.
    name = username.strip().lower()[:150].replace("\0", "\ufffd")
    if (wait := _seconds_to_wait(name, address)) > 0:
        message = f"Too many attempts. Try again in {wait} seconds."
        raise TooManyAttempts(message, retry_after=wait)
    by_name = Q(username__iexact=name) | (Q(email__iexact=name) & ~Q(email=""))
    found = list(User.objects.filter(by_name, is_service=False)[:2])
    user = found[0] if len(found) == 1 else None
    if not _is_right(password, user) or user is None or not user.is_active:
        _record_failure(found, _count_failure(name, address))
        raise WrongCredentials("User name or password is not right.")
    # Not those of the address: who has an account could go on guessing at others'.
    FailedSignIns.objects.filter(username=name, address=address).delete()
    return user


def _replace_temporary(user: User, password: str, new_password: str) -> None:
    if not new_password:
        raise PasswordIsTemporary("Choose a password of your own: sign in with the browser.")
    if new_password == password:
        raise Invalid("Choose another password than the one you were given.")
    user_set_password(user=user, password=new_password)


def change_password(
    *, user: User, password: str, new_password: str, address: str, sign_in_id: str | None
) -> None:
    """A person's own. Every other session than `sign_in_id` ends.

    :raises Invalid: the present password is not right, or the new one is too weak
    :raises TooManyAttempts:
    """
    try:
        _user_by(user.username, password, address)
    except WrongCredentials:
        message = "This is not your present password."
        raise Invalid(message, errors=[FieldProblem(field="password", message=message)]) from None
    with transaction.atomic():
        user_set_password(user=user, password=new_password)
        sign_out_everywhere(user=user, but=sign_in_id)


def _is_right(password: str, user: User | None) -> bool:
    """One hash in each case, so that the time of the answer does not tell which names exist."""
    if user is None:
        make_password(password)
        return False
    return check_password(password, user.password)


def _record_failure(found: list[User], counts: list[int]) -> None:
    """Each of the first failures, then only the 8th, 16th, 32nd …: the record is kept for ever, and
    who guesses must not be able to fill it."""
    if any(count > settings.LOGIN_ATTEMPTS and count & (count - 1) for count in counts):
        return
    # Not the name that was typed: people type passwords there.
    record(
        Action.SIGN_IN_FAILED,
        target_id=found[0].pk if found else "",
        target=found[0].username if found else "",
        in_a_row=max(counts),
    )


def sign_in_start(
    *, user: User, client_id: str, scope: str = "", browser_session: str = ""
) -> SignIn:
    _forget_expired()
    return SignIn.objects.create(
        user=user,
        client_id=client_id,
        scope=scope,
        browser_session=browser_session,
        expires_at=timezone.now() + timedelta(seconds=settings.REFRESH_TOKEN_SECONDS),
    )


def sign_in_renew(*, sign_in_id: str, refresh_id: str, client_id: str) -> SignIn | None:
    """The sign-in that a refresh token belongs to. A token used twice ends it: one of the two
    holders must have stolen it."""
    sign_in = (
        SignIn.objects.select_related("user").filter(pk=sign_in_id, client_id=client_id).first()
    )
    if sign_in is None or sign_in.expires_at < timezone.now() or not sign_in.user.is_active:
        return None
    # One of two requests that carry the same token wins this update.
    taken = SignIn.objects.filter(pk=sign_in_id, refresh_id=refresh_id).update(
        refresh_id=uuid.uuid4()
    )
    if not taken:
        sign_in.delete()
        return None
    return sign_in


def require_open_sign_in(claims: dict[str, Any]) -> None:
    """A token of a service account belongs to no sign-in.

    :raises InvalidToken: the sign-in that the token was made in has ended
    """
    named = claims.get("sid")
    if named and not SignIn.objects.filter(pk=named, expires_at__gt=timezone.now()).exists():
        raise InvalidToken("You have signed out. Sign in again.")


def sign_out(*, sign_in_id: str | None, browser_session: str | None) -> None:
    ended = Q(pk=sign_in_id) if sign_in_id else Q(browser_session=browser_session or "-")
    sign_in = SignIn.objects.select_related("user").filter(ended).first()
    if sign_in is not None:
        record(Action.SIGNED_OUT, actor=(sign_in.user.pk, sign_in.user.username))
    if sign_in_id:
        SignIn.objects.filter(pk=sign_in_id).delete()
    if browser_session:
        SignIn.objects.filter(browser_session=browser_session).delete()


def sign_out_everywhere(*, user: User, but: str | None = None) -> None:
    """Ends every session of browsers and programs, except the one named; access tokens live out
    their few minutes."""
    rows = SignIn.objects.filter(user=user)
    if but:
        rows = rows.exclude(pk=but)
    for key in rows.exclude(browser_session="").values_list("browser_session", flat=True):
        SessionStore(key).delete()
    rows.delete()
    AuthorizationCode.objects.filter(user=user).delete()


def service_account(client_id: str) -> User:
    roles = [role.value for role in ClientRole]
    user, _created = User.objects.get_or_create(
        username=f"service-account-{client_id}",
        defaults={"name": client_id, "is_service": True, "roles": roles},
    )
    return user


def _seconds_to_wait(name: str, address: str) -> int:
    rows = FailedSignIns.objects.filter(username__in={name, OF_ALL_NAMES}, address=address)
    return max((_seconds_of(row) for row in rows), default=0)


def _seconds_of(failed: FailedSignIns) -> int:
    """Of one name the pause doubles; of an address, which many may share, it stays short."""
    if failed.username == OF_ALL_NAMES:
        over = failed.count - settings.LOGIN_ATTEMPTS_OF_ADDRESS
        pause = settings.LOGIN_WAIT_SECONDS
    else:
        over = failed.count - settings.LOGIN_ATTEMPTS
        pause = min(settings.LOGIN_WAIT_SECONDS * 2 ** max(0, min(over, 10)), LONGEST_WAIT_SECONDS)
    if over < 0:
        return 0
    return int((failed.last_at + timedelta(seconds=pause) - timezone.now()).total_seconds() + 0.999)


@transaction.atomic
def _count_failure(name: str, address: str) -> list[int]:
    """How many there are now, of this name and of all, from this address."""
    now = timezone.now()
    FailedSignIns.objects.filter(last_at__lt=now - timedelta(days=1)).delete()
    of_all = FailedSignIns.objects.filter(username=OF_ALL_NAMES, address=address)
    of_all.filter(last_at__lt=now - ADDRESS_FORGIVEN_AFTER).delete()
    counts = []
    for username in sorted({name, OF_ALL_NAMES}):
        row, created = FailedSignIns.objects.get_or_create(
            username=username, address=address, defaults={"count": 1, "last_at": now}
        )
        if not created:
            FailedSignIns.objects.filter(pk=row.pk).update(count=F("count") + 1, last_at=now)
        counts.append(row.count + (not created))
    return counts


def _forget_expired() -> None:
    now = timezone.now()
    SignIn.objects.filter(expires_at__lt=now).delete()
    AuthorizationCode.objects.filter(expires_at__lt=now).delete()
    FailedSignIns.objects.filter(last_at__lt=now - timedelta(days=1)).delete()
