"""Writes that are only made while an item is what the writer has seen."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from modelservice.project.model import Kind
from studio.content.errors import PreconditionFailed
from studio.content.models import Branch
from studio.content.selectors.files import file_revision
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
            _check(key, 0 if item is None else item.revision, revision)
        yield


@contextmanager
def file_at_revision(*, branch: Branch, path: str, revision: int | None) -> Iterator[None]:
    """The same for a file, whatever kind of item it is."""
    with transaction.atomic():
        if revision is not None:
            _check(path, file_revision(lock(branch), path), revision)
        yield


def _check(name: str, stored: int, wanted: int) -> None:
    if stored != wanted:
        detail = f"“{name}” is at revision {stored}, not at {wanted}."
        raise PreconditionFailed(detail, revision=stored)
