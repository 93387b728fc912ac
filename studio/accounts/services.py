"""Writes on accounts. Only the embedded identity keeps accounts here; Keycloak has its own."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from studio.accounts.models import User
from studio.accounts.roles import Role
from studio.audit.models import Action
from studio.audit.services import record
from studio.common.errors import DomainError, Invalid
from studio.common.rows import lock_row


class NameTaken(DomainError):
    code = "name_taken"
    status = 409
    title = "The name is taken"
    when = "There is an account of this name."
    remedy = "Choose another user name."


class LastAdministrator(DomainError):
    code = "last_administrator"
    status = 409
    title = "Somebody must be able to manage users"
    when = "Nobody who manages users would be left."
    remedy = "Give the role to somebody else first."


def user_create(
    *,
    username: str,
    password: str,
    roles: Sequence[str],
    name: str = "",
    email: str = "",
    temporary_password: bool = False,
) -> User:
    """With a temporary password the person chooses their own at the first sign-in.

    :raises Invalid: an unknown role, or a password that is too weak
    :raises NameTaken:
    """
    if User.objects.filter(username__iexact=username).exists():
        raise NameTaken(f"There is already a user called {username}.")
    user = User(username=username, name=name, email=email, roles=checked_roles(roles))
    _set_password(user, password)
    user.password_is_temporary = temporary_password
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            record(Action.USER_CREATED, target_id=user.pk, target=user.username, roles=user.roles)
    except IntegrityError as error:
        raise NameTaken(f"There is already a user called {username}.") from error
    return user


@transaction.atomic
def user_set_password(*, user: User, password: str, temporary: bool = False) -> User:
    """
    :raises Invalid: the password is too weak
    :raises NotFound: they were deleted meanwhile, as everywhere here
    """
    lock_row(user)
    _set_password(user, password)
    user.password_is_temporary = temporary
    user.save(update_fields=["password", "password_is_temporary"])
    record(Action.USER_PASSWORD, target_id=user.pk, target=user.username)
    return user


@transaction.atomic
def user_set_roles(*, user: User, roles: Sequence[str]) -> User:
    """
    :raises Invalid: an unknown role
    :raises LastAdministrator:
    """
    lock_row(user)
    before, user.roles = user.roles, checked_roles(roles)
    _keep_an_administrator(user)
    user.save(update_fields=["roles"])
    record(
        Action.USER_ROLES,
        target_id=user.pk,
        target=user.username,
        before=before,
        after=user.roles,
    )
    return user


@transaction.atomic
def user_set_active(*, user: User, is_active: bool) -> User:
    """
    :raises LastAdministrator:
    """
    lock_row(user)
    user.is_active = is_active
    _keep_an_administrator(user)
    user.save(update_fields=["is_active"])
    action = Action.USER_ENABLED if is_active else Action.USER_DISABLED
    record(action, target_id=user.pk, target=user.username)
    return user


@transaction.atomic
def user_set_name(*, user: User, name: str) -> User:
    lock_row(user)
    user.name = name
    user.save(update_fields=["name"])
    record(Action.USER_UPDATED, target_id=user.pk, target=user.username, fields=["name"])
    return user


@transaction.atomic
def user_delete(*, user: User) -> None:
    """What they made stays, without its author; the activity record keeps the user name.

    :raises LastAdministrator:
    """
    lock_row(user)
    user.is_active = False
    _keep_an_administrator(user)
    record(Action.USER_DELETED, target_id=user.pk, target=user.username)
    user.delete()


@transaction.atomic
def user_update_preferences(*, user: User, preferences: dict[str, Any]) -> User:
    """Merge top-level keys; a value of None removes its key."""
    lock_row(user)
    merged = {**user.preferences, **preferences}
    user.preferences = {key: value for key, value in merged.items() if value is not None}
    user.save(update_fields=["preferences"])
    return user


def _keep_an_administrator(user: User) -> None:
    if user.is_active and Role.SUPER_USER in user.roles:
        return
    others = User.objects.select_for_update().exclude(pk=user.pk).filter(is_active=True)
    before = User.objects.get(pk=user.pk)
    was_one = before.is_active and Role.SUPER_USER in before.roles
    if was_one and not any(Role.SUPER_USER in other.roles for other in others):
        raise LastAdministrator(
            f"{user} is the only {Role.SUPER_USER} who can sign in. Make somebody else one first."
        )


def checked_roles(roles: Sequence[str]) -> list[str]:
    known = [role.value for role in Role]
    unknown = [role for role in roles if role not in known]
    if unknown:
        raise Invalid(f"{unknown[0]!r} is no role. Roles are: {', '.join(known)}.")
    return sorted(set(roles))


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages)) from error
    user.set_password(password)
