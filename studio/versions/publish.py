"""Live messages about versions."""

from typing import Any

from studio.common.live_messages import publish_on_commit
from studio.versions.models import Version
from studio.versions.selectors import version_document


def publish_version(version: Version) -> None:
    message: dict[str, Any] = {
        "type": "version.changed",
        "assistant": str(version.assistant_id),
        "version": version_document(version),
    }
    publish_on_commit(version.assistant_id, message)


def publish_deleted(version: Version) -> None:
    """Call it before it is deleted: after that it has no id."""
    message = {
        "type": "version.deleted",
        "assistant": str(version.assistant_id),
        "id": str(version.pk),
    }
    publish_on_commit(version.assistant_id, message)
