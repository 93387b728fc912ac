"""Where models are, to be copied into a backup and back."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings

from studio.backups.errors import CannotRestore
from studio.common.cloud_storage import model_storage
from studio.common.errors import DomainError
from studio.model_service import client

SUFFIX = ".tar.gz"


class Shelf(Protocol):
    def take(self, name: str, target: BinaryIO) -> bool:
        """Copy a model; false where there is none of that name."""
        ...

    def put(self, name: str, source: BinaryIO) -> None: ...


class FolderShelf:
    """Of `make up`: the model service may be at rest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, name: str, target: BinaryIO) -> bool:
        try:
            with (self._folder / f"{name}{SUFFIX}").open("rb") as file:
                shutil.copyfileobj(file, target)
        except FileNotFoundError:
            return False
        return True

    def put(self, name: str, source: BinaryIO) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with whole_file(self._folder / f"{name}{SUFFIX}") as file:
            shutil.copyfileobj(source, file)


class ServiceShelf:
    """Of a model service that has a disk of its own."""

    def take(self, name: str, target: BinaryIO) -> bool:
        chunks = client.model_chunks(name)
        if chunks is None:
            return False
        target.writelines(chunks)
        return True

    def put(self, name: str, source: BinaryIO) -> None:
        """
        :raises CannotRestore: the service does not take it
        """
        try:
            client.put_model(name, source)
        except client.Refused as refusal:
            raise CannotRestore(f"The model service refuses the model {name}: {refusal}.") from None
        except DomainError as problem:
            raise CannotRestore(problem.detail) from problem


def shelf() -> Shelf | None:
    """None where models are in cloud storage, which keeps and copies them by its own means."""
    if model_storage() is not None:
        return None
    if settings.MS_API_URL_IS_SET:
        return ServiceShelf()
    return FolderShelf(settings.STUDIO_DATA_DIR / "model-service" / "models")


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """It is there whole, or not at all; for its owner alone."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            part.chmod(0o600)
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
