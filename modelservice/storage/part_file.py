"""A file that is being downloaded: hidden until it is whole, checked and on the disk."""

import os
import secrets
from pathlib import Path
from types import TracebackType
from typing import Self

from modelservice.storage.bucket import Stored
from modelservice.storage.errors import StorageProblem

PART_SUFFIX = ".part"


class PartFile:
    """`.<name>.<random>.part` beside its target; removed unless `publish` was reached."""

    def __init__(self, target: Path, stored: Stored) -> None:
        self._target = target
        self._stored = stored
        self._checksum = stored.checksum
        self._hasher = self._checksum.start() if self._checksum else None
        self._written = 0
        self._path = target.with_name(f".{target.name}.{secrets.token_hex(4)}{PART_SUFFIX}")

    def __enter__(self) -> Self:
        try:
            self._file = self._path.open("xb")
        except OSError as error:
            raise self._unwritable(error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._file.close()
        except OSError as late:  # what could not be flushed before
            if error is None:
                raise self._unwritable(late) from late
        finally:
            self._path.unlink(missing_ok=True)

    def write(self, data: bytes, /) -> int:
        # A full disk must not look like a broken connection, which is an OSError too.
        try:
            self._file.write(data)
        except OSError as error:
            raise self._unwritable(error) from error
        if self._hasher:
            self._hasher.update(data)
        self._written += len(data)
        return len(data)

    def publish(self) -> None:
        """Check size and checksum, bring it to the disk, and only then give it its name."""
        if self._written != self._stored.size:
            raise StorageProblem(
                f"{self._target.name} arrived with {self._written} of {self._stored.size} bytes "
                "from cloud storage: try again.",
                is_transient=True,
            )
        if self._checksum and self._hasher and self._hasher.hexdigest() != self._checksum.value:
            raise StorageProblem(
                f"{self._target.name} in cloud storage is damaged: its {self._checksum.name} is "
                "not the one of the upload. Train again, or upload the model again."
            )
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._path.replace(self._target)
            _sync_directory(self._target.parent)
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> StorageProblem:
        return StorageProblem(
            f"{self._target.name} from cloud storage cannot be written to {self._target.parent}: "
            f"{error.strerror}."
        )


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
