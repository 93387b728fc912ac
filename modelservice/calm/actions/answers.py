"""What a custom action answers, whoever gives the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from modelservice.calm.errors import ActionFailure


@dataclass(frozen=True, slots=True)
class ActionAnswer:
    events: Sequence[Mapping[str, Any]] = field(default_factory=list)
    responses: Sequence[Mapping[str, Any]] = field(default_factory=list)


def read_answer(name: str, body: object) -> ActionAnswer:
    """The answer in a body `{"events": […], "responses": […]}`, both optional.

    Raises `ActionFailure` naming the action if it is something else.
    """
    if not isinstance(body, Mapping):
        raise ActionFailure(f"custom action '{name}' gave an answer that is no object")
    events, responses = body.get("events") or [], body.get("responses") or []
    if not _is_list_of_maps(events) or not _is_list_of_maps(responses):
        raise ActionFailure(
            f"custom action '{name}' gave an answer that makes no sense: "
            "'events' and 'responses' must be lists of objects"
        )
    return ActionAnswer(events, responses)


def _is_list_of_maps(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)
