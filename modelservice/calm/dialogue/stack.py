"""The dialogue stack: an immutable list of frames, bottom first, and its JSON patches."""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from modelservice.calm.content.flow import END, NEXT_PREFIX, PATTERN_PREFIX, START

_ID_LETTERS = string.ascii_uppercase + string.digits
COLLECT_PATTERN = "pattern_collect_information"
REGULAR, INTERRUPT, LINK, CALL = "regular", "interrupt", "link", "call"


def new_frame_id() -> str:
    return "".join(secrets.choice(_ID_LETTERS) for _ in range(8))


@dataclass(frozen=True, slots=True)
class Frame:
    """A running flow or pattern; `step_id` is the step executed last.

    `frame_type` is set for user flows only; `fields` are a pattern's own context fields.
    """

    flow_id: str
    type: str = "flow"
    step_id: str = START
    frame_type: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    frame_id: str = field(default_factory=new_frame_id)

    @property
    def is_user_flow(self) -> bool:
        return self.frame_type is not None

    @property
    def is_strict_user_flow(self) -> bool:
        """A user flow that was neither called nor linked to."""
        return self.frame_type in (REGULAR, INTERRUPT)

    @property
    def is_collecting(self) -> bool:
        return self.type == COLLECT_PATTERN

    @property
    def is_ending(self) -> bool:
        return self.step_id in (END, NEXT_PREFIX + END)

    def at(self, step_id: str) -> Frame:
        return replace(self, step_id=step_id)

    def ended(self) -> Frame:
        return self.at(NEXT_PREFIX + END)

    def as_frame_type(self, frame_type: str) -> Frame:
        return replace(self, frame_type=frame_type)

    def with_fields(self, **fields: Any) -> Frame:
        return replace(self, fields={**self.fields, **fields})

    def as_dict(self) -> dict[str, Any]:
        body = {"frame_id": self.frame_id, "flow_id": self.flow_id, "step_id": self.step_id}
        if self.frame_type is not None:
            body["frame_type"] = self.frame_type
        return {**body, **self.fields, "type": self.type}


_FRAME_KEYS = frozenset({"frame_id", "flow_id", "step_id", "frame_type", "type"})


def frame_from_dict(body: Mapping[str, Any]) -> Frame:
    return Frame(
        flow_id=str(body.get("flow_id", "")),
        type=str(body["type"]),
        step_id=str(body.get("step_id", START)),
        frame_type=body.get("frame_type"),
        fields={k: v for k, v in body.items() if k not in _FRAME_KEYS},
        frame_id=str(body["frame_id"]),
    )


def user_frame(flow_id: str, frame_type: str) -> Frame:
    return Frame(flow_id, frame_type=frame_type)


def pattern_frame(pattern_id: str, **fields: Any) -> Frame:
    return Frame(pattern_id, type=pattern_id, fields=fields)


@dataclass(frozen=True, slots=True)
class Stack:
    frames: tuple[Frame, ...] = ()

    def __iter__(self) -> Iterator[Frame]:
        return iter(self.frames)

    def __bool__(self) -> bool:
        return bool(self.frames)

    def __len__(self) -> int:
        return len(self.frames)

    @property
    def top(self) -> Frame | None:
        return self.frames[-1] if self.frames else None

    def push(self, frame: Frame) -> Stack:
        return Stack((*self.frames, frame))

    def push_below_top(self, frame: Frame) -> Stack:
        return Stack((*self.frames[:-1], frame, *self.frames[-1:]))

    def pop(self) -> Stack:
        return Stack(self.frames[:-1])

    def with_top(self, frame: Frame) -> Stack:
        return Stack((*self.frames[:-1], frame))

    def map(self, change: Callable[[Frame], Frame]) -> Stack:
        return Stack(tuple(change(frame) for frame in self.frames))

    def topmost(self, wanted: Callable[[Frame], bool]) -> Frame | None:
        return next((frame for frame in reversed(self.frames) if wanted(frame)), None)

    def index_of(self, frame_id: str) -> int:
        """Position of the frame, -1 if it is not on the stack."""
        ids = [frame.frame_id for frame in self.frames]
        return ids.index(frame_id) if frame_id in ids else -1

    @property
    def top_user_frame(self) -> Frame | None:
        return self.topmost(lambda frame: frame.is_user_flow)

    @property
    def top_strict_frame(self) -> Frame | None:
        return self.topmost(lambda frame: frame.is_strict_user_flow)

    @property
    def top_flow_frame(self) -> Frame | None:
        """The topmost frame that is neither collecting nor a called flow."""
        return self.topmost(lambda f: not f.is_collecting and f.frame_type != CALL)

    def running(self, frame: Frame) -> Frame | None:
        """The frame, or the flow that it has called, directly or through others: if one of them is
        on top."""
        for other in reversed(self.frames):
            if other.frame_id == frame.frame_id:
                return self.top
            if other.frame_type != CALL:
                break
        return None

    @property
    def below_top(self) -> Frame | None:
        return self.frames[-2] if len(self.frames) > 1 else None

    def context(self) -> dict[str, Any]:
        """Fields of the top frame; while a slot is asked, the asking flow's lie over them."""
        if self.top is None:
            return {}
        context = self.top.as_dict()
        if self.top.type == "pattern_continue_interrupted":
            names = context.get("interrupted_flow_names") or ()
            context["multiple_flows_interrupted"] = len(names) > 1
        if self.top.is_collecting and self.below_top is not None:
            context.update(self.below_top.as_dict())
        return context

    def as_list(self) -> list[dict[str, Any]]:
        return [frame.as_dict() for frame in self.frames]


def stack_from_list(frames: list[dict[str, Any]]) -> Stack:
    return Stack(tuple(frame_from_dict(frame) for frame in frames))


def stack_patch(before: Stack, after: Stack) -> list[dict[str, Any]]:
    """RFC 6902 operations that turn one stack into the other; empty if they are equal."""
    operations: list[dict[str, Any]] = []
    common = min(len(before), len(after))
    for index in range(common):
        old, new = before.frames[index], after.frames[index]
        if old is not new and old != new:
            operations.extend(_frame_patch(index, old, new))
    for index in range(len(before) - 1, common - 1, -1):
        operations.append({"op": "remove", "path": f"/{index}"})
    for index in range(common, len(after)):
        value = after.frames[index].as_dict()
        operations.append({"op": "add", "path": f"/{index}", "value": value})
    return operations


def _frame_patch(index: int, before: Frame, after: Frame) -> list[dict[str, Any]]:
    if before.frame_id != after.frame_id:
        return [{"op": "replace", "path": f"/{index}", "value": after.as_dict()}]
    old, new = before.as_dict(), after.as_dict()
    operations = [
        {"op": "remove", "path": f"/{index}/{_pointer(key)}"} for key in old if key not in new
    ]
    for key, value in new.items():
        if key not in old or old[key] != value:
            op = "replace" if key in old else "add"
            operations.append({"op": op, "path": f"/{index}/{_pointer(key)}", "value": value})
    return operations


def _pointer(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def is_pattern(flow_id: str) -> bool:
    return flow_id.startswith(PATTERN_PREFIX)
