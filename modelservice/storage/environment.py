"""The storage that the settings name."""

import os

from modelservice.storage.models import ModelStorage


def storage_from_environment() -> ModelStorage | None:
    """The storage of `RASA_REMOTE_STORAGE` (`aws`, `gcs`, `azure`), or None where it is unset.

    Reads the variables only; `check()` is the first to open a connection. An unknown word or a
    missing variable raises `SystemExit` with a sentence that names it.
    """
    word = os.environ.get("RASA_REMOTE_STORAGE", "")
    match word:
        case "":
            return None
        case "aws":
            from modelservice.storage.aws import S3Bucket

            return ModelStorage(S3Bucket(_required("BUCKET_NAME", word)))
        case "gcs":
            from modelservice.storage.gcs import GoogleBucket

            return ModelStorage(GoogleBucket(_required("BUCKET_NAME", word)))
        case "azure":
            from modelservice.storage.azure import AzureContainer

            container = AzureContainer(
                container=_required("AZURE_CONTAINER", word),
                account=_required("AZURE_ACCOUNT_NAME", word),
                key=_required("AZURE_ACCOUNT_KEY", word),
                endpoint=os.environ.get("AZURE_ENDPOINT_URL"),
            )
            return ModelStorage(container)
        case _:
            message = f"RASA_REMOTE_STORAGE must be aws, gcs or azure; it is {word!r}"
            raise SystemExit(message)


def _required(name: str, storage: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        message = f"{name} must be set when RASA_REMOTE_STORAGE is {storage}"
        raise SystemExit(message)
    return value
