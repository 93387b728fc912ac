"""An ingestion of a folder."""

from pathlib import Path

from ingestion.file_source import FolderSource
from ingestion.run import Ingestion


def ingestion(folder: Path, batch_size: int = 3) -> Ingestion:
    return Ingestion(
        [FolderSource(folder)], batch_size=batch_size, wait_seconds=0.01, most_invalid=100
    )
