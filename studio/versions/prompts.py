"""The prompts for language models that a trained assistant brings along."""

import posixpath
from collections.abc import Mapping

from modelservice.project.config_text import prompt_templates_of, read_map
from modelservice.project.errors import ProjectError
from modelservice.project.model import TextKind
from studio.content.models import Blob

_OUTSIDE = ("/", "../")


def templates_of(
    texts: Mapping[str, str], prompts: Mapping[str, str], files: Mapping[str, int]
) -> dict[str, str]:
    """The texts that config.yml and endpoints.yml name as prompts, by path.

    `prompts` are the project's, `files` its other files with the id of their blobs: a prompt may
    have any name. What is not there, or no text, is left out; the training tells.
    """
    found = {}
    for written in _named(texts):
        path = posixpath.normpath(written)
        text = prompts.get(path)
        if text is None and path in files:
            text = _text(files[path])
        if text is not None and not path.startswith(_OUTSIDE):
            found[path] = text
    return found


def _named(texts: Mapping[str, str]) -> list[str]:
    try:
        config = read_map(texts.get(TextKind.CONFIG, ""), "config.yml")
        endpoints = read_map(texts.get(TextKind.ENDPOINTS, ""), "endpoints.yml")
    except ProjectError:  # the training says so
        return []
    return prompt_templates_of(config, endpoints)


def _text(blob_id: int) -> str | None:
    content = bytes(Blob.objects.values_list("content", flat=True).get(pk=blob_id) or b"")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None
