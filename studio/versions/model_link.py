"""Where a model is downloaded from, when models are kept in cloud storage."""

from functools import cache

from modelservice.storage import ModelStorage, StorageProblem, storage_from_environment
from studio.versions.errors import StorageUnavailable

# A download begins at once; the link is of no use to who finds it in a history.
_SECONDS = 300
_PATIENCE_SECONDS = 2.0


def model_link(model_name: str) -> str | None:
    """None: the model service has to give it, because the storage has not (yet) got it.

    :raises StorageUnavailable:
    """
    storage = _storage()
    if storage is None:
        return None
    try:
        return storage.link(model_name, seconds=_SECONDS)
    except StorageProblem as problem:
        raise StorageUnavailable(str(problem)) from problem


@cache
def _storage() -> ModelStorage | None:
    return storage_from_environment(patience_seconds=_PATIENCE_SECONDS)
