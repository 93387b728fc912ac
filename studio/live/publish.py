"""Sends messages to the browsers that watch an assistant."""

import json
import logging
from functools import partial
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from rest_framework.utils.encoders import JSONEncoder

log = logging.getLogger(__name__)
EVERYTHING = "live.all"


def group_of(assistant_id: UUID | str) -> str:
    return f"live.{assistant_id}"


def publish_on_commit(assistant_id: UUID, message: dict[str, Any]) -> None:
    """Once the transaction is there for others to read; a full or lost layer never undoes it."""
    transaction.on_commit(partial(publish, assistant_id, message))


def publish(assistant_id: UUID, message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    # As REST would write it: ids and times become texts here, once.
    plain = json.loads(json.dumps(message, cls=JSONEncoder))
    body = {"type": "live.message", "message": plain}
    for group in (group_of(assistant_id), EVERYTHING):
        try:
            async_to_sync(layer.group_send)(group, body)
        except (OSError, RuntimeError) as error:
            log.warning("live update lost: %s", error)
