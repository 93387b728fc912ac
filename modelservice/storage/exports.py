"""Exports in a bucket: `exports/<owner>/<SHA-256>.zip`, for a day."""

from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID

from modelservice.storage.aws import S3Bucket
from modelservice.storage.bucket import ListedObject, LocalFile
from modelservice.storage.storage import Storage

_ROOT = "exports/"
_KEPT = timedelta(hours=24)
# What is older is stored anew: a link must not lead to what is just about to go.
_GIVEN = timedelta(hours=23)


class ExportStorage(Storage):
    """Keeps what somebody asked for just so long that they can fetch it.

    Of S3 only: exports are kept for their signed links, which the others do not give.
    """

    def __init__(self, bucket: S3Bucket, *, patience_seconds: float) -> None:
        super().__init__(bucket, patience_seconds=patience_seconds)
        self._s3 = bucket

    def link(
        self, owner: UUID, content: bytes, *, file_name: str, seconds: int, now: datetime
    ) -> str:
        """An address that gives this zip to whoever has it, for so long, under the file name.

        The same content of an owner is uploaded once, and again when it has become old.
        """
        local = LocalFile.of_stream(BytesIO(content))
        key = f"{_folder(owner)}{local.sha256}.zip"
        if not self._has(key, local, now):
            self._put(key, lambda: BytesIO(content), local)
        return self._persist(
            "read", lambda: self._s3.link(key, file_name, "application/zip", seconds)
        )

    def forget(self, owner: UUID) -> int:
        """Remove all exports of this owner; how many there were."""
        return self._remove_all(self._listed(_folder(owner)))

    def expire(self, *, now: datetime) -> int:
        """Remove the exports that are a day old, of all owners; how many there were."""
        return self._remove_all(
            [found for found in self._listed(_ROOT) if now - found.stored_at >= _KEPT]
        )

    def _has(self, key: str, local: LocalFile, now: datetime) -> bool:
        return any(
            found.size == local.size and now - found.stored_at < _GIVEN
            for found in self._listed(key)
        )

    def _listed(self, prefix: str) -> list[ListedObject]:
        return self._persist("read", lambda: self._s3.listed(prefix))

    def _remove_all(self, objects: list[ListedObject]) -> int:
        for found in objects:
            self._remove(found.key)
        return len(objects)


def _folder(owner: UUID) -> str:
    return f"{_ROOT}{owner}/"
