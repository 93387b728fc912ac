"""Writes that are only made while an item is what the writer has seen."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from modelservice.project.model import Kind
from studio.content.errors import PreconditionFailed
from studio.content.models import Branch
from studio.content.selectors.items import item_find
from studio.content.services.write import lock


@contextmanager
def at_revision(*, branch: Branch, kind: Kind, key: str, revision: int | None) -> Iterator[None]:
    """What is written inside is written only if the item is at `revision`, with nobody in between;
    None: whatever it is at. An item that is not there is at 0, as is a default pattern.

    :raises PreconditionFailed: it is at another one
    """
    with transaction.atomic():
        if revision is not None:
            item = item_find(lock(branch), kind, key)
            stored = 0 if item is None else item.revision
            if stored != revision:
                detail = f"“{key}” is at revision {stored}, not at {revision}."
                raise PreconditionFailed(detail, revision=stored)
        yield
