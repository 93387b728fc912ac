"""The storage that the settings name."""

import os
from urllib.parse import urlsplit

from modelservice.storage.aws import S3Bucket
from modelservice.storage.bucket import Bucket
from modelservice.storage.exports import ExportStorage
from modelservice.storage.models import ModelStorage
from modelservice.storage.storage import PATIENCE_SECONDS


def storage_from_environment(*, patience_seconds: float = PATIENCE_SECONDS) -> ModelStorage | None:
    """The storage of `RASA_REMOTE_STORAGE` (`aws`, `gcs`, `azure`), or None where it is unset.

    Reads the variables only; `check()` is the first to open a connection. An unknown word, a
    missing variable or a malformed address raises `SystemExit` with a sentence that names it.
    """
    bucket = _bucket()
    return ModelStorage(bucket, patience_seconds=patience_seconds) if bucket else None


def export_storage_from_environment(*, patience_seconds: float) -> ExportStorage | None:
    """The same for exports, which are kept in `aws` only; None elsewhere."""
    if os.environ.get("RASA_REMOTE_STORAGE") != "aws":
        return None
    return ExportStorage(_s3_bucket(), patience_seconds=patience_seconds)


def _bucket() -> Bucket | None:
    word = os.environ.get("RASA_REMOTE_STORAGE", "")
    match word:
        case "":
            return None
        case "aws":
            return _s3_bucket()
        case "gcs":
            from modelservice.storage.gcs import GoogleBucket

            return GoogleBucket(_required("BUCKET_NAME", word), _address("STORAGE_EMULATOR_HOST"))
        case "azure":
            from modelservice.storage.azure import AzureContainer

            return AzureContainer(
                container=_required("AZURE_CONTAINER", word),
                account=_required("AZURE_ACCOUNT_NAME", word),
                key=_required("AZURE_ACCOUNT_KEY", word),
                endpoint=_address("AZURE_ENDPOINT_URL"),
            )
        case _:
            message = f"RASA_REMOTE_STORAGE must be aws, gcs or azure; it is {word!r}"
            raise SystemExit(message)


def _s3_bucket() -> S3Bucket:
    return S3Bucket(_required("BUCKET_NAME", "aws"), _address("AWS_ENDPOINT_URL"))


def _required(name: str, storage: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        message = f"{name} must be set when RASA_REMOTE_STORAGE is {storage}"
        raise SystemExit(message)
    return value


def _address(name: str) -> str | None:
    value = os.environ.get(name, "")
    if not value:
        return None
    try:
        parts = urlsplit(value)
        is_address = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # of the port
        is_address = False
    if not is_address:
        message = f"{name} must be an address like https://host:port"  # it may hold a password
        raise SystemExit(message)
    return value
