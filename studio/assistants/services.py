"""Writes to assistants as a whole, and to their members."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from studio.accounts.models import User
from studio.accounts.roles import Role
from studio.assistants.errors import MemberExists, NameTaken
from studio.assistants.models import Assistant, Member
from studio.audit.models import Action
from studio.audit.services import record
from studio.common.errors import FieldProblem, Invalid
from studio.common.live_messages import publish_on_commit
from studio.common.rows import lock_row

_MAX_NAME = 128


def check_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > _MAX_NAME or not name.isprintable():
        detail = f"A name has 1 to {_MAX_NAME} characters."
        raise Invalid(detail, errors=[FieldProblem(field="name", message=detail)])
    return name


def name_taken(name: str) -> NameTaken:
    return NameTaken(f"There is already an assistant “{name}”.")


@transaction.atomic
def assistant_update(*, assistant: Assistant, values: Mapping[str, Any], user: User) -> Assistant:
    """`values` may hold name, description, icon and members_only."""
    lock_row(assistant)
    for field, value in values.items():
        setattr(assistant, field, check_name(value) if field == "name" else value)
    assistant.updated_at, assistant.updated_by = timezone.now(), user
    try:
        with transaction.atomic():
            assistant.save(update_fields=[*values, "updated_at", "updated_by"])
    except IntegrityError as error:
        raise name_taken(assistant.name) from error
    record(
        Action.ASSISTANT_UPDATED, target_id=assistant.pk, target=assistant.name, fields=[*values]
    )
    publish_assistant_changed(assistant)
    return assistant


@transaction.atomic
def assistant_delete(*, assistant: Assistant) -> None:
    """Soft: its name becomes free, its content stays until it is restored or purged."""
    Assistant.objects.filter(pk=assistant.pk).update(deleted_at=timezone.now())
    record(Action.ASSISTANT_DELETED, target_id=assistant.pk, target=assistant.name)
    publish_assistant_changed(assistant)


@transaction.atomic
def assistant_undelete(*, assistant: Assistant) -> Assistant:
    """:raises NameTaken: another assistant has its name by now"""
    lock_row(assistant)
    if assistant.deleted_at is None:
        return assistant
    assistant.deleted_at = None
    try:
        with transaction.atomic():
            assistant.save(update_fields=["deleted_at"])
    except IntegrityError as error:
        raise name_taken(assistant.name) from error
    record(Action.ASSISTANT_RESTORED, target_id=assistant.pk, target=assistant.name)
    publish_assistant_changed(assistant)
    return assistant


def assistants_deleted_before(moment: datetime) -> list[Assistant]:
    return list(Assistant.objects.filter(deleted_at__lt=moment).order_by("deleted_at"))


@transaction.atomic
def member_add(*, assistant: Assistant, user: User | None, group: str, role: Role) -> Member:
    """A person, or a group of the realm, gets a role in this assistant.

    :raises MemberExists: they have one already
    """
    if (user is None) == (not group):
        raise Invalid("Name either a person or a group.")
    if group and group not in [one.value for one in Role]:
        detail = f"There is no group “{group}”."
        raise Invalid(detail, errors=[FieldProblem(field="group", message=detail)])
    try:
        with transaction.atomic():
            member = Member.objects.create(assistant=assistant, user=user, group=group, role=role)
    except IntegrityError as error:
        raise MemberExists(f"{user or group} is a member already.") from error
    _record_members(assistant, member, "added")
    return member


@transaction.atomic
def member_update(*, member: Member, role: Role) -> Member:
    lock_row(member)
    member.role = role
    member.save(update_fields=["role"])
    _record_members(member.assistant, member, "changed")
    return member


@transaction.atomic
def member_remove(*, member: Member) -> None:
    _record_members(member.assistant, member, "removed")
    member.delete()


def _record_members(assistant: Assistant, member: Member, what: str) -> None:
    record(
        Action.ASSISTANT_MEMBERS,
        target_id=assistant.pk,
        target=assistant.name,
        member=str(member.user or member.group),
        role=member.role,
        what=what,
    )
    publish_assistant_changed(assistant)


def publish_assistant_changed(assistant: Assistant) -> None:
    message = {"type": "assistant.changed", "assistant": str(assistant.pk)}
    publish_on_commit(assistant.pk, message)
