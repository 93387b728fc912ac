"""What a provider has to offer: single attempts at one object, and a reading of its errors."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol, Self

from modelservice.storage.errors import StorageProblem

READ_BYTES = 1024 * 1024
# Nobody waits longer for a connection, or for the next byte of one.
CONNECT_SECONDS = 5
SILENCE_SECONDS = 30
# The name of our own SHA-256 in an object's metadata; one that all three providers can spell.
SHA256_KEY = "sha256"


class Hasher(Protocol):
    def update(self, data: bytes, /) -> None: ...
    def hexdigest(self) -> str: ...


@dataclass(frozen=True)
class Checksum:
    """The `value`, in hexadecimal, that a `start`ed hasher must have after the whole object."""

    name: str
    value: str
    start: Callable[[], Hasher]


@dataclass(frozen=True)
class Stored:
    """An object as the provider describes it. `version` changes with every overwriting."""

    size: int
    version: str
    sha256: str | None  # our own; none where something else uploaded it
    provider_checksum: Checksum | None  # none where the provider keeps none of the whole object

    @property
    def checksum(self) -> Checksum | None:
        """The best one there is."""
        if self.sha256:
            return Checksum("SHA-256", self.sha256, hashlib.sha256)
        return self.provider_checksum


@dataclass(frozen=True)
class ListedObject:
    key: str
    size: int
    stored_at: datetime  # by the provider's clock


@dataclass(frozen=True)
class LocalFile:
    """A file that is to be uploaded, read once for what providers want to know beforehand."""

    size: int
    sha256: str
    md5: bytes

    @classmethod
    def of(cls, path: Path) -> Self:
        with path.open("rb") as content:
            return cls.of_stream(content)

    @classmethod
    def of_stream(cls, content: BinaryIO) -> Self:
        sha256, md5, size = hashlib.sha256(), started_md5(), 0
        while block := content.read(READ_BYTES):
            sha256.update(block)
            md5.update(block)
            size += len(block)
        return cls(size, sha256.hexdigest(), md5.digest())

    def is_whole_in(self, stored: Stored) -> bool:
        return (stored.size, stored.sha256) == (self.size, self.sha256)


class Target(Protocol):
    def write(self, data: bytes, /) -> int: ...


class Bucket(Protocol):
    """Each call is one attempt and raises whatever the provider's library raises."""

    @property
    def name(self) -> str:
        """The word of `RASA_REMOTE_STORAGE`."""

    def find(self, key: str) -> Stored | None:
        """Without the object's content. A missing bucket raises, unlike a missing object."""

    def put(self, key: str, content: BinaryIO, local: LocalFile) -> None:
        """Visible only when whole; the server compares what arrives with the local MD5."""

    def read(self, key: str, stored: Stored, target: Target) -> None:
        """Write the content of exactly this version to `target`, in pieces."""

    def link(self, key: str, file_name: str, content_type: str, seconds: int) -> str | None:
        """An address that gives the object to whoever has it, for so long; None: there are none."""

    def remove(self, key: str) -> None:
        """An object that is not there is no error."""

    def problem(self, error: Exception, doing: str) -> StorageProblem:
        """What `error` means to a person. `doing` completes "may not …"."""


def started_md5() -> "hashlib._Hash":
    """MD5 as providers use it, against damage and not against people."""
    return hashlib.md5(usedforsecurity=False)


def md5_checksum(value: str) -> Checksum:
    return Checksum("MD5", value, started_md5)


class _MD5OfParts:
    """The ETag that S3 gives an object uploaded in parts: the MD5 of its parts' MD5s."""

    def __init__(self, part_size: int) -> None:
        self._part_size = part_size
        self._room = part_size
        self._part = started_md5()
        self._ended: list[bytes] = []

    def update(self, data: bytes, /) -> None:
        view = memoryview(data)
        while view:
            if not self._room:
                self._end_part()
            piece = view[: self._room]
            self._part.update(piece)
            self._room -= len(piece)
            view = view[len(piece) :]

    def _end_part(self) -> None:
        self._ended.append(self._part.digest())
        self._part = started_md5()
        self._room = self._part_size

    def hexdigest(self) -> str:
        digests = [*self._ended, self._part.digest()]
        whole = started_md5()
        whole.update(b"".join(digests))
        return f"{whole.hexdigest()}-{len(digests)}"


def md5_of_parts_checksum(value: str, part_size: int) -> Checksum:
    return Checksum("MD5", value, lambda: _MD5OfParts(part_size))
