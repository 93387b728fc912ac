"""Temporary."""

from pathlib import Path
from typing import Protocol


class StorageProblem(Exception): ...


class NotStored(StorageProblem): ...


class ModelStorage(Protocol):
    name: str

    def check(self) -> None: ...
    def upload(self, file: Path, model_name: str) -> None: ...
    def download(self, model_name: str, file: Path) -> None: ...
    def size(self, model_name: str) -> int | None: ...
    def delete(self, model_name: str) -> None: ...


def storage_from_environment() -> ModelStorage | None:
    return None
