"""Cloud storage of models: one interface over S3, Google Cloud Storage and Azure Blob Storage.

Exports are stored beside them, in S3 only.
The functions block and may be called from several threads at once. Nothing here imports Django.
"""

from modelservice.storage.environment import (
    export_storage_from_environment,
    storage_from_environment,
)
from modelservice.storage.errors import NotStored, StorageProblem
from modelservice.storage.exports import ExportStorage
from modelservice.storage.models import PART_SUFFIX, ModelStorage

__all__ = [
    "PART_SUFFIX",
    "ExportStorage",
    "ModelStorage",
    "NotStored",
    "StorageProblem",
    "export_storage_from_environment",
    "storage_from_environment",
]
