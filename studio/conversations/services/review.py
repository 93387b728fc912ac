"""Marks, tags and deletion."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from studio.accounts.models import User
from studio.assistants.models import Assistant
from studio.audit.models import Action
from studio.audit.services import record
from studio.common.errors import Invalid
from studio.common.rows import lock_row
from studio.conversations.errors import TagTaken
from studio.conversations.models import Conversation, Tag

_MAX_TAG = 100


def conversations_review(
    *, conversations: QuerySet[Conversation], reviewed: bool, user: User | None
) -> int:
    values = {
        "reviewed_at": timezone.now() if reviewed else None,
        "reviewed_by": user if reviewed else None,
        "changed_at": timezone.now(),
    }
    return conversations.update(**values)


@transaction.atomic
def conversation_tag(*, conversation: Conversation, names: Sequence[str]) -> Conversation:
    """Exactly these tags; new ones are made."""
    tags = [tag_ensure(conversation.assistant, name) for name in names]
    conversation.tags.set(tags)
    Conversation.objects.filter(pk=conversation.pk).update(changed_at=timezone.now())
    return conversation


@transaction.atomic
def conversations_tag(*, conversations: QuerySet[Conversation], name: str) -> int:
    """One more tag for each."""
    rows = list(conversations.select_related("assistant"))
    for conversation in rows:
        conversation.tags.add(tag_ensure(conversation.assistant, name))
    conversations.update(changed_at=timezone.now())
    return len(rows)


@transaction.atomic
def conversations_untag(*, conversations: QuerySet[Conversation], name: str) -> int:
    """How many of them had the tag."""
    rows = list(conversations.filter(tags__name=_checked(name)))
    for conversation in rows:
        tag = conversation.tags.get(name=_checked(name))
        conversation_tag_remove(conversation=conversation, tag=tag)
    return len(rows)


def conversation_tag_add(*, conversation: Conversation, tag: Tag) -> None:
    """Also where it has it already.

    :raises Invalid: the tag is of another assistant
    """
    if tag.assistant_id != conversation.assistant_id:
        raise Invalid("The tag and the conversation are of two assistants.")
    conversation.tags.add(tag)
    Conversation.objects.filter(pk=conversation.pk).update(changed_at=timezone.now())


def conversation_tag_remove(*, conversation: Conversation, tag: Tag) -> None:
    """Also where it does not have it."""
    conversation.tags.remove(tag)
    Conversation.objects.filter(pk=conversation.pk).update(changed_at=timezone.now())


@transaction.atomic
def conversations_delete(*, conversations: QuerySet[Conversation]) -> int:
    """For good: what was said is gone from the database."""
    gone = list(conversations.values_list("pk", "assistant__name"))
    conversations.delete()
    for conversation_id, assistant in gone:
        record(Action.CONVERSATION_DELETED, target_id=conversation_id, assistant=assistant)
    return len(gone)


def selected(ids: Collection[UUID]) -> QuerySet[Conversation]:
    return Conversation.objects.filter(pk__in=ids, assistant__deleted_at__isnull=True)


def tag_ensure(assistant: Assistant, name: str) -> Tag:
    tag, _created = Tag.objects.get_or_create(assistant=assistant, name=_checked(name))
    return tag


def tag_create(*, assistant: Assistant, name: str) -> Tag:
    tag, created = Tag.objects.get_or_create(assistant=assistant, name=_checked(name))
    if not created:
        raise TagTaken(f"There is already a tag “{tag.name}”.")
    return tag


@transaction.atomic
def tag_rename(*, tag: Tag, name: str) -> Tag:
    """Its conversations keep it.

    :raises TagTaken: there is another one of that name
    """
    lock_row(tag)
    tag.name = _checked(name)
    others = Tag.objects.filter(assistant=tag.assistant_id, name=tag.name).exclude(pk=tag.pk)
    if others.exists():
        raise TagTaken(f"There is already a tag “{tag.name}”.")
    tag.save(update_fields=["name"])
    tag.conversations.update(changed_at=timezone.now())
    return tag


def tag_delete(*, tag: Tag) -> None:
    tag.delete()


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > _MAX_TAG:
        raise Invalid(f"A tag has 1 to {_MAX_TAG} characters.")
    return name
