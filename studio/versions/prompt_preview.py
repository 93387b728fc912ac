"""A prompt as the newest trained version would send it at the end of a conversation."""

from collections.abc import Sequence
from typing import Any

from modelservice.project.prompts import PromptName
from studio.content.models import Branch
from studio.model_service import client as model_service
from studio.versions.errors import NotPossibleNow
from studio.versions.lifecycle import Status
from studio.versions.services import version_activate
from studio.versions.understanding import newest_version

Document = dict[str, Any]


def prompt_preview(
    branch: Branch, name: PromptName, text: str, events: Sequence[Document]
) -> Document:
    """Made by the runtime's own code; a version that is asleep is woken, and tells later.

    :raises NotPossibleNow: it cannot be asked
    :raises DomainError: the model service is full or away
    """
    version = newest_version(branch.assistant)
    if version is None:
        return _answer("untrained", None)
    number = version.number
    if version.status != Status.READY:
        version_activate(version=version)
        return _answer("waking", number)
    try:
        made = model_service.prompt(version.deployment, name, text, events)
    except model_service.Refused as refusal:
        raise NotPossibleNow(f"Version {number} cannot be asked: {refusal.message}") from refusal
    return _answer("made", number) | made


def _answer(state: str, number: int | None) -> Document:
    return {"state": state, "version": number, "prompt": "", "problem": ""}
