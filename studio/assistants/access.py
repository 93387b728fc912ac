"""The door: the only way to an assistant, or to anything of one.

Views, sockets, downloads and commands come through here; they hold no query of their own.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from studio.accounts.models import User
from studio.accounts.permissions import MissingPermission, allowed_by_token, permissions_of
from studio.accounts.roles import OF_STUDIO, Permission, Role, permissions_of_roles
from studio.assistants.models import Assistant, Member
from studio.common.errors import NotFound

Rows = TypeVar("Rows", bound=QuerySet[Any])


def access(
    user: User, assistant_id: UUID, permission: Permission, *, deleted: bool = False
) -> Assistant:
    """The assistant, for somebody who holds `permission` there; `deleted` ones only if asked for.

    An assistant that is not there, is deleted, or is closed to `user`, gets one answer: that of
    an assistant that is not there.

    :raises MissingPermission: a role of theirs would have to allow more
    :raises NotFound: there is no such assistant for them
    """
    assistant = Assistant.objects.filter(pk=assistant_id).first()
    if assistant is not None and assistant.deleted_at is not None and not deleted:
        assistant = None
    held = None if assistant is None else permissions_in(user, assistant)
    if assistant is not None and held is not None and permission in held:
        return assistant
    is_member = assistant is not None and held is not None and assistant.members_only
    if is_member or permission not in permissions_of(user):
        raise MissingPermission(permission, user)
    raise NotFound("There is no such assistant.")


def access_named(user: User, name: str, permission: Permission) -> Assistant:
    """The same by the name of an assistant, which nothing but a living one has.

    :raises MissingPermission: a role of theirs would have to allow more
    :raises NotFound: there is no such assistant for them
    """
    found = Assistant.objects.filter(name=name, deleted_at__isnull=True).first()
    try:
        if found is not None:
            return access(user, found.pk, permission)
    except NotFound:
        pass
    if not holds_anywhere(user, permission):
        raise MissingPermission(permission, user)
    raise NotFound(f"There is no assistant “{name}”.")


def permissions_in(user: User, assistant: Assistant) -> frozenset[Permission] | None:
    """What `user` may do in one assistant; None where it is closed to them."""
    return permissions_in_each(user, [assistant])[assistant.pk]


def permissions_in_each(
    user: User, assistants: Iterable[Assistant]
) -> dict[UUID, frozenset[Permission] | None]:
    """What `user` may do in each assistant, by its id; None where it is closed to them.

    Open to all: what their roles allow. Members only: what the roles that they have there allow,
    and everything for super users. A personal access token narrows each. One query, however many
    there are.
    """
    rows = list(assistants)
    if not user.is_active:
        return dict.fromkeys(row.pk for row in rows)
    everywhere = permissions_of(user)
    held: dict[UUID, frozenset[Permission] | None] = {row.pk: everywhere for row in rows}
    if Role.SUPER_USER in user.roles:
        return held
    closed = [row.pk for row in rows if row.members_only]
    roles = _roles_there(user, closed) if closed else {}
    for pk in closed:
        there = roles.get(pk)
        if not there:
            held[pk] = None
            continue
        here = (permissions_of_roles(there) - OF_STUDIO) & allowed_by_token(user)
        held[pk] = here | (everywhere & OF_STUDIO)
    return held


def visible_assistants(user: User, permission: Permission) -> QuerySet[Assistant]:
    """Every assistant, deleted ones too, in which `user` holds `permission`."""
    rows = Assistant.objects.all()
    if not user.is_active or permission not in allowed_by_token(user):
        return rows.none()
    if Role.SUPER_USER in user.roles:
        return rows
    wanted = Q(pk__in=[])
    if permission in permissions_of(user):
        wanted |= Q(members_only=False)
    roles = [role for role in Role if permission in permissions_of_roles([role])]
    own = _memberships(user).filter(role__in=roles)
    return rows.filter(wanted | Q(members_only=True, pk__in=own.values("assistant")))


def holds_anywhere(user: User, permission: Permission) -> bool:
    """By their roles, or as a member of some assistant."""
    if permission in permissions_of(user):
        return True
    return permission not in OF_STUDIO and visible_assistants(user, permission).exists()


def only_visible(rows: Rows, user: User, permission: Permission) -> Rows:
    """Of rows that have an `assistant`, those in which `user` holds `permission`."""
    everywhere = permission in permissions_of(user)
    if everywhere and Role.SUPER_USER in user.roles:
        return rows
    visible = visible_assistants(user, permission)
    if not everywhere:
        return rows.filter(assistant__in=visible)
    closed = Assistant.objects.filter(members_only=True).exclude(pk__in=visible.values("pk"))
    ids = list(closed.values_list("pk", flat=True))
    return rows.exclude(assistant__in=ids) if ids else rows


def _roles_there(user: User, ids: list[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = _memberships(user).filter(assistant__in=ids)
    for assistant, role in rows.values_list("assistant", "role"):
        found[assistant].append(role)
    return found


def _memberships(user: User) -> QuerySet[Member]:
    return Member.objects.filter(Q(user=user) | Q(group__in=_groups(user.roles)))


def _groups(roles: Iterable[str]) -> list[str]:
    """People's roles are the groups that they are in."""
    return [role for role in roles if role]
