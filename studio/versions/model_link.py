"""Where a model is downloaded from, when models are kept in cloud storage."""

from studio.common.cloud_storage import LINK_SECONDS, model_storage, storage_problems


def model_link(model_name: str) -> str | None:
    """None: the model service has to give it, because the storage has not (yet) got it.

    :raises StorageUnavailable:
    """
    storage = model_storage()
    if storage is None:
        return None
    with storage_problems():
        return storage.link(model_name, seconds=LINK_SECONDS)
