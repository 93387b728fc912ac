"""Azure Blob Storage, and its emulators at `AZURE_ENDPOINT_URL`."""

import logging
from functools import cached_property
from typing import Any, BinaryIO

from modelservice.storage.bucket import (
    CONNECT_SECONDS,
    SHA256_KEY,
    SILENCE_SECONDS,
    LocalFile,
    Stored,
    Target,
    md5_checksum,
)
from modelservice.storage.errors import StorageProblem
from modelservice.storage.place import Place, without_secrets

_CHUNK_BYTES = 4 * 1024 * 1024  # held in memory


class AzureContainer:
    name = "azure"

    def __init__(self, container: str, account: str, key: str, endpoint: str | None) -> None:
        logging.getLogger("azure.core").setLevel(logging.WARNING)  # it tells of every request
        self._container = container
        self._account = account
        self._key = key
        self._endpoint = endpoint or f"https://{account}.blob.core.windows.net"
        self._place = Place(
            provider="Azure Blob Storage",
            address=without_secrets(self._endpoint),
            address_hint=f"{'AZURE_ENDPOINT_URL' if endpoint else 'AZURE_ACCOUNT_NAME'} "
            "and the network",
            bucket=f"container {container!r}",
            bucket_variable="AZURE_CONTAINER",
            credentials_hint="AZURE_ACCOUNT_NAME and AZURE_ACCOUNT_KEY",
        )

    @cached_property
    def _client(self) -> Any:
        from azure.core.credentials import AzureNamedKeyCredential
        from azure.storage.blob import ContainerClient

        return ContainerClient(
            self._endpoint,
            self._container,
            credential=AzureNamedKeyCredential(self._account, self._key),
            retry_total=0,
            connection_timeout=CONNECT_SECONDS,
            read_timeout=SILENCE_SECONDS,
            max_single_put_size=_CHUNK_BYTES,
            max_block_size=_CHUNK_BYTES,
            max_single_get_size=_CHUNK_BYTES,
            max_chunk_get_size=_CHUNK_BYTES,
        )

    def find(self, key: str) -> Stored | None:
        from azure.core.exceptions import ResourceNotFoundError

        try:
            facts = self._client.get_blob_client(key).get_blob_properties()
        except ResourceNotFoundError as error:
            if _code(error) != "BlobNotFound":
                raise
            return None
        md5 = facts.content_settings.content_md5
        checksum = md5_checksum(bytes(md5).hex()) if md5 else None
        return Stored(facts.size, facts.etag, facts.metadata.get(SHA256_KEY), checksum)

    def put(self, key: str, content: BinaryIO, local: LocalFile) -> None:
        from azure.storage.blob import ContentSettings

        # Blocks are compared by MD5 as they arrive, and are visible once all are there.
        self._client.get_blob_client(key).upload_blob(
            content,
            length=local.size,
            overwrite=True,
            validate_content=True,
            metadata={SHA256_KEY: local.sha256},
            content_settings=ContentSettings(content_md5=bytearray(local.md5)),
        )

    def read(self, key: str, stored: Stored, target: Target) -> None:
        from azure.core import MatchConditions

        download = self._client.get_blob_client(key).download_blob(
            etag=stored.version, match_condition=MatchConditions.IfNotModified
        )
        for block in download.chunks():
            target.write(block)

    def link(self, key: str, file_name: str, content_type: str, seconds: int) -> str | None:
        return None

    def remove(self, key: str) -> None:
        from azure.core.exceptions import ResourceNotFoundError

        try:
            self._client.get_blob_client(key).delete_blob(delete_snapshots="include")
        except ResourceNotFoundError as error:
            if _code(error) != "BlobNotFound":
                raise

    def problem(self, error: Exception, doing: str) -> StorageProblem:
        if isinstance(error, ImportError):
            return self._place.no_library("azure-storage-blob")
        from azure.core import exceptions as azure

        match error:
            case azure.ServiceRequestError() | azure.ServiceResponseError() | OSError():
                return self._place.unreachable(type(error).__name__)
            case azure.ClientAuthenticationError() if error.status_code is None:
                return self._place.no_credentials("the key cannot be used to sign")
            case azure.HttpResponseError():
                return self._answered(error, doing)
            case _:
                return self._place.refused(doing, type(error).__name__)

    def _answered(self, error: Any, doing: str) -> StorageProblem:
        code = _code(error) or type(error).__name__
        if code in {"ContainerBeingDeleted", "Md5Mismatch"}:
            return self._place.busy(code)
        if code == "BlobNotFound":
            return self._place.changed()
        return self._place.answered(doing, int(error.status_code or 0), code)


def _code(error: Any) -> str:
    """The service's own word, as plain text (the library has an enumeration)."""
    code = getattr(error, "error_code", None)
    return str(getattr(code, "value", code) or "")
