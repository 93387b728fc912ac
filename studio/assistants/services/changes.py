"""The change record and the live message that go with every write."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from studio.accounts.models import User
from studio.assistants.models import Assistant, Change
from studio.live.publish import publish_on_commit

# The kind of changes to the assistant itself: name, description, deletion.
ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, why, and in which batch."""

    user: User | None
    reason: str = ""
    batch: UUID | None = None

    @property
    def person(self) -> dict[str, str] | None:
        return None if self.user is None else {"id": str(self.user.pk), "name": str(self.user)}


def record_change(
    *,
    assistant: Assistant,
    author: Author,
    kind: str,
    item: str,
    action: Change.Action,
    before: Any,
    after: Any,
    revision: int,
) -> Change:
    """Append the change record; tell the browsers once it is committed."""
    change = Change.objects.create(
        assistant=assistant,
        kind=kind,
        item=item,
        action=action,
        before=before,
        after=after,
        revision=revision,
        actor=author.user,
        reason=author.reason,
        batch=author.batch,
    )
    Assistant.objects.filter(pk=assistant.pk).update(
        updated_at=timezone.now(), updated_by=author.user
    )
    if kind == ASSISTANT:
        publish_assistant_changed(assistant)
        return change
    publish_on_commit(
        assistant.pk,
        {
            "type": "primitive.changed",
            "assistant": str(assistant.pk),
            "kind": kind,
            "id": item,
            "revision": revision,
            "action": action.value,
            "actor": author.person,
        },
    )
    return change


def publish_assistant_changed(assistant: Assistant) -> None:
    publish_on_commit(assistant.pk, {"type": "assistant.changed", "assistant": str(assistant.pk)})
