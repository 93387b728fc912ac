"""Models in a bucket, as Rasa keeps them: `<model name>.tar.gz` at its root."""

from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from modelservice.storage.bucket import LocalFile
from modelservice.storage.errors import NotStored, StorageProblem
from modelservice.storage.part_file import PART_SUFFIX, PartFile
from modelservice.storage.storage import Storage

__all__ = ["PART_SUFFIX", "ModelStorage"]

_CHECK_KEY = "model-service.check"


class ModelStorage(Storage):
    """Uploads and downloads models, each whole or not at all.

    Model names are without `.tar.gz`. Files are streamed: the memory needed does not grow with
    the model.
    """

    def check(self) -> None:
        """Raise unless the bucket can be read, written and cleaned: for the service's start.

        Writes and deletes a small object, `model-service.check`.
        """
        content = BytesIO(b"Written by the model service at its start, to see that it may.\n")
        local = LocalFile.of_stream(content)

        def write() -> None:
            content.seek(0)
            self._bucket.put(_CHECK_KEY, content, local)

        self._persist("read", lambda: self._bucket.find(_CHECK_KEY))
        self._persist("write", write)
        self._remove(_CHECK_KEY)

    def upload(self, file: Path, model_name: str) -> None:
        """Store `file` as the model, replacing one of that name; verified before it returns.

        May be repeated at any time. The `StorageProblem` of a file that cannot be read is
        permanent; the file itself is never changed.
        """
        key = _key(model_name)
        try:
            local = LocalFile.of(file)
        except OSError as error:
            raise _unreadable(file, error) from error

        def opened() -> BinaryIO:
            try:
                return file.open("rb")
            except OSError as error:
                raise _unreadable(file, error) from error

        self._put(key, opened, local)

    def download(self, model_name: str, file: Path) -> None:
        """Bring the model to the path `file`, whose directory exists; replaces what is there.

        It appears under its name only when whole, checked and flushed to the disk. Until then it
        is `.<file name>.<random>.part` beside it; such files outlive only a crash and may be
        deleted when no download runs. Raises `NotStored` where there is no such model.

        Checked by the SHA-256 that `upload` left; for models that Rasa uploaded, by size and the
        provider's own MD5 or CRC32C, where it keeps one.
        """
        key = _key(model_name)

        def attempt() -> None:
            stored = self._bucket.find(key)
            if stored is None:
                raise NotStored(f"There is no model {model_name} in cloud storage.")
            with PartFile(file, stored) as part:
                self._bucket.read(key, stored, part)
                part.publish()

        self._persist("read", attempt)

    def size(self, model_name: str) -> int | None:
        """Bytes of the model's archive, or None where there is no such model."""
        stored = self._persist("read", lambda: self._bucket.find(_key(model_name)))
        return stored.size if stored else None

    def link(self, model_name: str, *, seconds: int) -> str | None:
        """An address that gives the model to whoever has it, for so long.

        None where there is no such model, or the provider's links are not supported.
        """
        if self.size(model_name) is None:
            return None
        key = _key(model_name)
        return self._persist(
            "read", lambda: self._bucket.link(key, key, "application/gzip", seconds)
        )

    def delete(self, model_name: str) -> None:
        """Remove the model; one that is not there is no error."""
        self._remove(_key(model_name))


def _key(model_name: str) -> str:
    return f"{model_name}.tar.gz"


def _unreadable(file: Path, error: OSError) -> StorageProblem:
    return StorageProblem(
        f"{file.name} cannot be read for its upload to cloud storage: {error.strerror}."
    )
