"""Google Cloud Storage, and its emulators at `STORAGE_EMULATOR_HOST`."""

import base64
import threading
from typing import Any, BinaryIO

from modelservice.storage.bucket import (
    CONNECT_SECONDS,
    SHA256_KEY,
    SILENCE_SECONDS,
    Checksum,
    LocalFile,
    Stored,
    Target,
    md5_checksum,
)
from modelservice.storage.errors import StorageProblem
from modelservice.storage.place import Place, without_secrets

_CHUNK_BYTES = 8 * 1024 * 1024  # held in memory; Google wants a multiple of 256 KiB
_ONCE: dict[str, Any] = {"retry": None, "timeout": (CONNECT_SECONDS, SILENCE_SECONDS)}


class GoogleBucket:
    name = "gcs"

    def __init__(self, bucket: str, emulator: str | None) -> None:
        self._bucket = bucket
        self._of_thread = threading.local()  # the library's client is not for several threads
        self._place = Place(
            provider="Google Cloud Storage",
            address=without_secrets(emulator) if emulator else "its Google address",
            address_hint="STORAGE_EMULATOR_HOST and the network" if emulator else "the network",
            bucket=f"bucket {bucket!r}",
            bucket_variable="BUCKET_NAME",
            credentials_hint="GOOGLE_APPLICATION_CREDENTIALS, or the machine's service account",
        )

    @property
    def _handle(self) -> Any:
        if not hasattr(self._of_thread, "bucket"):
            from google.cloud import storage

            self._of_thread.bucket = storage.Client(project=None).bucket(self._bucket)
        return self._of_thread.bucket

    def find(self, key: str) -> Stored | None:
        from google.api_core.exceptions import NotFound

        bucket = self._handle
        blob = bucket.blob(key)
        try:
            blob.reload(**_ONCE)
        except NotFound:
            # A missing bucket gives the same answer; a listing tells the two apart.
            list(bucket.client.list_blobs(bucket, prefix=key, max_results=1, **_ONCE))
            return None
        sha256 = (blob.metadata or {}).get(SHA256_KEY)
        return Stored(blob.size, str(blob.generation), sha256, _content_checksum(blob))

    def put(self, key: str, content: BinaryIO, local: LocalFile) -> None:
        blob = self._handle.blob(key, chunk_size=_CHUNK_BYTES)
        blob.metadata = {SHA256_KEY: local.sha256}
        blob.md5_hash = base64.b64encode(local.md5).decode()
        blob.upload_from_file(content, size=local.size, checksum=None, **_ONCE)

    def read(self, key: str, stored: Stored, target: Target) -> None:
        from google.api_core.exceptions import NotFound

        blob = self._handle.blob(key, generation=int(stored.version))
        try:
            blob.download_to_file(target, raw_download=True, checksum=None, **_ONCE)
        except NotFound:  # which `find` has seen just before
            raise self._place.changed() from None

    def link(self, key: str, file_name: str, content_type: str, seconds: int) -> str | None:
        return None

    def remove(self, key: str) -> None:
        from google.api_core.exceptions import NotFound

        try:
            self._handle.blob(key).delete(**_ONCE)
        except NotFound:
            return

    def problem(self, error: Exception, doing: str) -> StorageProblem:
        if isinstance(error, ImportError):
            return self._place.no_library("google-cloud-storage")
        from google.api_core.exceptions import GoogleAPICallError
        from google.auth.exceptions import GoogleAuthError
        from urllib3.exceptions import HTTPError

        match error:
            case GoogleAPICallError():
                status = int(error.code or 0)
                return self._place.answered(doing, status, f"{status} {type(error).__name__}")
            case GoogleAuthError():
                return self._not_signed_in(error, doing)
            case HTTPError() | OSError():  # Requests' errors are OSErrors
                return self._place.unreachable(type(error).__name__)
            case _:
                return self._place.refused(doing, type(error).__name__)

    def _not_signed_in(self, error: Any, doing: str) -> StorageProblem:
        from google.auth import exceptions as auth

        match error:
            case auth.DefaultCredentialsError() | auth.MalformedError():
                return self._place.no_credentials("none were found, or their file is not usable")
            case auth.TransportError():
                return self._place.unreachable(type(error).__name__)
            case _ if error.retryable:
                return self._place.busy(type(error).__name__)
            case _:
                return self._place.denied(doing, type(error).__name__)


def _content_checksum(blob: Any) -> Checksum | None:
    if blob.md5_hash:
        return md5_checksum(base64.b64decode(blob.md5_hash).hex())
    if blob.crc32c:  # of an object that was composed from others
        import google_crc32c

        return Checksum("CRC32C", base64.b64decode(blob.crc32c).hex(), google_crc32c.Checksum)
    return None
