"""Members of an assistant."""

from typing import Any

from django.db.models import QuerySet

from studio.accounts.models import User
from studio.accounts.selectors import user_named
from studio.assistants.models import Assistant, Member
from studio.common.errors import FieldProblem, Invalid, NotFound


def members(assistant: Assistant) -> QuerySet[Member]:
    return Member.objects.filter(assistant=assistant).select_related("user")


def member_get(assistant: Assistant, member_id: int) -> Member:
    member = members(assistant).select_related("assistant").filter(pk=member_id).first()
    if member is None:
        raise NotFound("There is no such member.")
    return member


def person_named(username: str) -> User:
    user = user_named(username)
    if user is None or not user.is_active:
        detail = f"Nobody has signed in here as “{username}” yet."
        raise Invalid(detail, errors=[FieldProblem(field="username", message=detail)])
    return user


def member_document(member: Member) -> dict[str, Any]:
    user = member.user
    return {
        "id": member.pk,
        "user": None if user is None else {"id": user.pk, "name": str(user)},
        "username": None if user is None else user.username,
        "group": member.group or None,
        "role": member.role,
    }
