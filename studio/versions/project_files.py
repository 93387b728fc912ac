"""The files of a project that its custom actions are run with: all that Studio only keeps."""

import base64
from collections.abc import Iterator, Mapping

from modelservice.project.action_endpoint import module_to_run
from modelservice.project.config_text import read_map
from modelservice.project.errors import ProjectError
from modelservice.project.file_roles import can_be_sent
from studio.content.models import Blob

# Tests are sent when they are run.
_LEFT_OUT = ("e2e_tests/", "tests/")
_BATCH = 200


def encoded_files(endpoints: str, files: Mapping[str, int]) -> dict[str, str]:
    """Path to base64 of those that are needed, of `files` (path to id of the blob); none where
    endpoints.yml names no module that the model service could run."""
    if not _names_module(endpoints):
        return {}
    wanted = {path: blob for path, blob in files.items() if _is_wanted(path)}
    contents = dict(_contents(list(wanted.values())))
    return {path: contents[blob] for path, blob in wanted.items() if blob in contents}


def _names_module(endpoints: str) -> bool:
    try:
        return module_to_run(read_map(endpoints, "endpoints.yml")) is not None
    except ProjectError:
        return False


def _is_wanted(path: str) -> bool:
    return can_be_sent(path) and not path.startswith(_LEFT_OUT)


def _contents(blobs: list[int]) -> Iterator[tuple[int, str]]:
    for start in range(0, len(blobs), _BATCH):
        rows = Blob.objects.filter(pk__in=blobs[start : start + _BATCH])
        for pk, content in rows.values_list("pk", "content"):
            yield pk, base64.b64encode(bytes(content or b"")).decode("ascii")
