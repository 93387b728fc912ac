"""The end of assistants: deleted with their bots stopped, purged with all that is theirs."""

import logging
from datetime import datetime
from functools import partial

from django.db import transaction

from studio.assistants import services
from studio.assistants.models import Assistant
from studio.audit.models import Action
from studio.audit.services import record
from studio.common.errors import DomainError, NotFound
from studio.content.services.exports import exports_forget
from studio.content.services.purge import content_purge
from studio.conversations.services.retention import conversations_of_assistant_delete
from studio.versions.services import stop_bots_of, versions_purge

log = logging.getLogger(__name__)


def assistant_delete(*, assistant: Assistant) -> None:
    """Delete it softly; whoever talks to one of its bots is cut off.

    A model service that is away keeps no assistant: its bots are stopped by the watch over bots.
    """
    with transaction.atomic():
        services.assistant_delete(assistant=assistant)
        transaction.on_commit(partial(exports_forget, assistant.pk))
    stop_bots_of(assistant)


def assistants_purge(*, deleted_before: datetime) -> list[str]:
    """Purge what was deleted before then; the names. One that fails does not hold up the others."""
    names = []
    for assistant in services.assistants_deleted_before(deleted_before):
        try:
            assistant_purge(assistant=assistant)
        except DomainError as problem:
            log.warning("%s could not be purged: %s", assistant.name, problem.detail)
        else:
            names.append(assistant.name)
    return names


def assistant_purge(*, assistant: Assistant) -> None:
    """Remove a deleted assistant for good: content, history, versions, conversations.

    When it is cut short, the assistant stays among the deleted ones, to be purged again.

    :raises NotFound: it is not deleted
    """
    if not Assistant.objects.filter(pk=assistant.pk, deleted_at__isnull=False).exists():
        raise NotFound("Only a deleted assistant can be deleted for good; this one is not.")
    stop_bots_of(assistant)
    versions_purge(assistant)
    conversations_of_assistant_delete(assistant)
    with transaction.atomic():
        content_purge(assistant.pk)
        record(Action.ASSISTANT_PURGED, target_id=assistant.pk, target=assistant.name)
        assistant.delete()
    exports_forget(assistant.pk)
