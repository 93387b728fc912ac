"""Tells the browsers that watch an assistant what a commit changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from studio.common.live_messages import publish_on_commit
from studio.content.models import Branch

Action = Literal["created", "updated", "deleted", "restored"]
# A commit that changes more is told as a change of the whole assistant.
_FEW = 50


@dataclass(frozen=True, slots=True)
class Told:
    kind: str
    key: str
    revision: int
    action: Action


def publish_commit(branch: Branch, person: dict[str, str] | None, told: Sequence[Told]) -> None:
    assistant = branch.assistant_id
    if not told or len(told) > _FEW:
        publish_assistant_changed(assistant)
        return
    for one in told:
        message = {
            "type": "item.changed",
            "assistant": str(assistant),
            "branch": branch.name,
            "kind": one.kind,
            "id": one.key,
            "revision": one.revision,
            "action": one.action,
            "actor": person,
        }
        publish_on_commit(assistant, message)


def publish_assistant_changed(assistant_id: Any) -> None:
    message = {"type": "assistant.changed", "assistant": str(assistant_id)}
    publish_on_commit(assistant_id, message)
