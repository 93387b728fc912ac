"""Assistants as zips, which cloud storage gives away where it is configured."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.utils.text import slugify

from modelservice.project.project_writer import write_zip
from studio.assistants.models import Assistant
from studio.audit.models import Action
from studio.audit.services import record
from studio.common.cloud_storage import (
    LINK_SECONDS,
    StorageUnavailable,
    export_storage,
    storage_problems,
)
from studio.content.models import Branch
from studio.content.secrets import masked_body
from studio.content.selectors.project import project_of
from studio.content.selectors.selection import project_of_flows

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """`flows`: these only, with everything else; None: all. With `needed` of everything else only
    what they need, and with `linked` the flows that they link and call."""

    flows: Sequence[str] | None = None
    needed: bool = False
    linked: bool = False


@dataclass(frozen=True)
class Export:
    file_name: str
    content: bytes


def export_make(*, branch: Branch, choice: ExportChoice, with_secrets: bool) -> Export:
    """The whole assistant, or what is chosen of it; on record."""
    export = _made(branch, choice, with_secrets=with_secrets)
    _record(branch.assistant)
    return export


def export_link(*, branch: Branch, choice: ExportChoice, with_secrets: bool) -> str | None:
    """Where the same zip is fetched from, by whoever has the address; given ones are on record.

    None: there is no storage for exports.

    :raises StorageUnavailable: nothing is stored then
    """
    storage = export_storage()
    if storage is None:
        return None
    export = _made(branch, choice, with_secrets=with_secrets)
    with storage_problems():
        link = storage.link(
            branch.assistant_id,
            export.content,
            file_name=export.file_name,
            seconds=LINK_SECONDS,
            now=datetime.now(UTC),
        )
    _record(branch.assistant)
    return link


def exports_forget(assistant_id: UUID) -> None:
    """Remove an assistant's exports from the storage; where it is away, their age does so."""
    storage = export_storage()
    if storage is None:
        return
    try:
        with storage_problems():
            storage.forget(assistant_id)
    except StorageUnavailable as problem:
        log.warning("the exports of a deleted assistant stay for a day: %s", problem)


def exports_expire(*, now: datetime) -> int:
    """Remove exports that are a day old; how many there were.

    :raises StorageUnavailable:
    """
    storage = export_storage()
    if storage is None:
        return 0
    with storage_problems():
        return storage.expire(now=now)


def _made(branch: Branch, choice: ExportChoice, *, with_secrets: bool) -> Export:
    name = slugify(branch.assistant.name) or "assistant"
    if choice.needed and choice.flows is not None:
        name = slugify(choice.flows[0]) or name if len(choice.flows) == 1 else f"{name}-flows"
        project = project_of_flows(branch, choice.flows, linked=choice.linked)
    else:
        project = project_of(branch, choice.flows)
    if not with_secrets:
        for kind, text in project.texts.items():
            text.text = masked_body(kind.value, text.text)
    return Export(f"{name}.zip", write_zip(project))


def _record(assistant: Assistant) -> None:
    record(Action.ASSISTANT_EXPORTED, target_id=assistant.pk, target=assistant.name)
