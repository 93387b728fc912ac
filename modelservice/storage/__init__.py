"""Cloud storage of models: one interface over S3, Google Cloud Storage and Azure Blob Storage.

The functions block and may be called from several threads at once. Nothing here imports Django.
"""

from modelservice.storage.environment import storage_from_environment
from modelservice.storage.errors import NotStored, StorageProblem
from modelservice.storage.models import PART_SUFFIX, ModelStorage

__all__ = [
    "PART_SUFFIX",
    "ModelStorage",
    "NotStored",
    "StorageProblem",
    "storage_from_environment",
]
