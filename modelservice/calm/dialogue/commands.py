"""Commands: what a user's message asks for, whoever worked that out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

LLM = "LLM"
NLU = "NLU"
PAYLOAD = "CommandPayloadReader"
CUSTOM = "CUSTOM"
# Somebody who tries the assistant set the slot by hand.
INSPECTOR = "inspector"

CANNOT_HANDLE_DEFAULT = "cannot_handle_default"
CANNOT_HANDLE_CHITCHAT = "cannot_handle_chitchat"
ERROR_DEFAULT = "rasa_internal_error_default"
ERROR_TOO_LONG = "rasa_internal_error_user_input_too_long"
ERROR_EMPTY = "rasa_internal_error_user_input_empty"


@dataclass(frozen=True, slots=True)
class Command:
    name: ClassVar[str] = ""

    def as_dict(self) -> dict[str, Any]:
        return {"command": self.name}


@dataclass(frozen=True, slots=True)
class StartFlow(Command):
    flow: str
    name: ClassVar[str] = "start flow"

    def as_dict(self) -> dict[str, Any]:
        return {"command": self.name, "flow": self.flow}


@dataclass(frozen=True, slots=True)
class SetSlot(Command):
    slot: str
    value: Any
    extractor: str = LLM
    name: ClassVar[str] = "set slot"

    def as_dict(self) -> dict[str, Any]:
        return {
            "command": self.name,
            "name": self.slot,
            "value": self.value,
            "extractor": self.extractor,
        }


@dataclass(frozen=True, slots=True)
class CorrectSlots(Command):
    """Only made by command clean-up, from set-slot commands for slots that have a value."""

    slots: tuple[SetSlot, ...]
    name: ClassVar[str] = "correct slot"

    def as_dict(self) -> dict[str, Any]:
        corrected = [
            {"name": item.slot, "value": item.value, "filled_by": item.extractor}
            for item in self.slots
        ]
        return {"command": self.name, "corrected_slots": corrected}


@dataclass(frozen=True, slots=True)
class Clarify(Command):
    options: tuple[str, ...]
    name: ClassVar[str] = "clarify"

    def as_dict(self) -> dict[str, Any]:
        return {"command": self.name, "options": list(self.options)}


@dataclass(frozen=True, slots=True)
class CannotHandle(Command):
    reason: str = CANNOT_HANDLE_DEFAULT
    name: ClassVar[str] = "cannot handle"

    def as_dict(self) -> dict[str, Any]:
        return {"command": self.name, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class InternalError(Command):
    error_type: str = ERROR_DEFAULT
    info: Mapping[str, Any] = field(default_factory=dict)
    name: ClassVar[str] = "error"

    def as_dict(self) -> dict[str, Any]:
        return {"command": self.name, "error_type": self.error_type, "info": dict(self.info)}


@dataclass(frozen=True, slots=True)
class CancelFlow(Command):
    name: ClassVar[str] = "cancel flow"


@dataclass(frozen=True, slots=True)
class ChitChat(Command):
    name: ClassVar[str] = "chitchat"


@dataclass(frozen=True, slots=True)
class Knowledge(Command):
    name: ClassVar[str] = "knowledge"


@dataclass(frozen=True, slots=True)
class SkipQuestion(Command):
    name: ClassVar[str] = "skip question"


@dataclass(frozen=True, slots=True)
class RepeatBotMessages(Command):
    name: ClassVar[str] = "repeat"


@dataclass(frozen=True, slots=True)
class Restart(Command):
    name: ClassVar[str] = "restart"


@dataclass(frozen=True, slots=True)
class SessionStart(Command):
    name: ClassVar[str] = "session start"


@dataclass(frozen=True, slots=True)
class SessionEnd(Command):
    name: ClassVar[str] = "session end"


@dataclass(frozen=True, slots=True)
class UserSilence(Command):
    name: ClassVar[str] = "user silence"


@dataclass(frozen=True, slots=True)
class HandleCodeChange(Command):
    name: ClassVar[str] = "handle code change"


@dataclass(frozen=True, slots=True)
class Noop(Command):
    name: ClassVar[str] = "noop"


# Commands that only push the frame of one pattern, and the command of a triggered pattern.
PATTERN_OF_COMMAND: dict[type[Command], str] = {
    CannotHandle: "pattern_cannot_handle",
    ChitChat: "pattern_chitchat",
    Knowledge: "pattern_search",
    RepeatBotMessages: "pattern_repeat_bot_messages",
    Restart: "pattern_restart",
    SessionStart: "pattern_session_start",
    SessionEnd: "pattern_session_end",
    UserSilence: "pattern_user_silence",
    InternalError: "pattern_internal_error",
}
COMMAND_OF_PATTERN: dict[str, type[Command]] = {
    "pattern_cancel_flow": CancelFlow,
    "pattern_skip_question": SkipQuestion,
    **{pattern: command for command, pattern in PATTERN_OF_COMMAND.items()},
}
