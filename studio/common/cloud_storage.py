"""Cloud storage as the backend uses it: signed links instead of bytes through Studio."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from modelservice.storage import (
    ExportStorage,
    ModelStorage,
    StorageProblem,
    export_storage_from_environment,
    storage_from_environment,
)
from studio.common.errors import DomainError

# A download begins at once; the link is of no use to who finds it in a history.
LINK_SECONDS = 300
_PATIENCE_SECONDS = 2.0


class StorageUnavailable(DomainError):
    code = "storage_unavailable"
    status = 503
    title = "Cloud storage cannot be used"
    when = "The bucket of models or exports cannot be used."
    remedy = "Try again; if it lasts, tell who runs Studio: `detail` says what failed."


@cache
def model_storage() -> ModelStorage | None:
    return storage_from_environment(patience_seconds=_PATIENCE_SECONDS)


@cache
def export_storage() -> ExportStorage | None:
    return export_storage_from_environment(patience_seconds=_PATIENCE_SECONDS)


@contextmanager
def storage_problems() -> Iterator[None]:
    """:raises StorageUnavailable: whatever the storage cannot do, in its own sentence"""
    try:
        yield
    except StorageProblem as problem:
        raise StorageUnavailable(str(problem)) from problem
