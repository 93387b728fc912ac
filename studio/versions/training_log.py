"""What the log of a training says: how far it is, and why it failed. Pure."""

import re
from collections.abc import Collection, Iterable
from typing import TypedDict

from modelservice.wire import BotState, TrainingState

_PROGRESS = re.compile(r"^progress:\s*(\d{1,3})\s*%\s*(\w*)", re.MULTILINE)
# What the trainer calls its phases, and what people are shown.
_PHASES = {"read": "check", "check": "check", "learn": "train", "package": "package"}
_WARNING = re.compile(r"^warning:\s*(.+)$", re.MULTILINE | re.IGNORECASE)
_NOT_AN_ERROR = re.compile(r"^(warning|progress):", re.IGNORECASE)
_ERROR = re.compile(r"\b(error|exception|traceback|critical|fatal)\b", re.IGNORECASE)
_RULER = re.compile(r"^[\s=\-*~^|]*$")
_PREFIX = re.compile(
    r"^\s*(\d{4}-\d\d-\d\d[T ][\d:.,]+Z?\s*)?(\[?(error|critical|fatal)\s*\]?[:\s]+)?",
    re.IGNORECASE,
)
_FLOW = re.compile(r"\bflow[ :]+[“\"'`]?([A-Za-z0-9_][\w-]*)[”\"'`]?", re.IGNORECASE)
_MAX_MESSAGE = 500


class TrainingWarning(TypedDict):
    message: str
    flow: str | None


class TrainingError(TypedDict):
    message: str
    detail: str
    flow: str | None
    log_line: int | None


class LogReader:
    """How far each log of what runs has been read, so that only what is new is fetched."""

    def __init__(self) -> None:
        self._offsets: dict[str, int] = {}

    def offset(self, name: str) -> int:
        return self._offsets.get(name, 0)

    def new_of(self, name: str, state: TrainingState | BotState) -> str:
        """What is new in an answer. A service that takes no offset gives the whole log."""
        text = state.get("logs", "")
        if "log_offset" in state:
            self._offsets[name] = state["log_offset"]
            return text
        known = self._offsets.get(name, 0)
        self._offsets[name] = len(text)
        return text[known:] if known <= len(text) else text

    def forget(self, name: str) -> None:
        self._offsets.pop(name, None)

    def keep_only(self, names: Collection[str]) -> None:
        self._offsets = {name: self._offsets[name] for name in self._offsets if name in names}


def progress_of(log: str) -> tuple[int, str] | None:
    """(percent, phase) of the newest progress line; Rasa's own trainer writes none."""
    lines = _PROGRESS.findall(log)
    if not lines:
        return None
    percent, name = lines[-1]
    return min(int(percent), 100), _PHASES.get(name, "")


def warnings_of(log: str) -> list[str]:
    """What the trainer could not do as the author wrote it."""
    return list(dict.fromkeys(text.strip() for text in _WARNING.findall(log)))


def told_warnings(messages: Iterable[str], flows: Collection[str]) -> list[TrainingWarning]:
    """Each with the flow of those that it is about, where it names one."""
    return [TrainingWarning(message=text, flow=_flow_named(text, flows)) for text in messages]


def error_of(log: str, flows: list[str]) -> TrainingError:
    """The first line that names an error, or else the last line that says anything."""
    lines = log.splitlines()
    number = next((index for index, line in enumerate(lines) if _names_error(line)), None)
    if number is not None and lines[number].strip().lower().startswith("traceback"):
        number = _end_of_traceback(lines, number)
    if number is None:
        spoken = [index for index, line in enumerate(lines) if not _RULER.match(line)]
        number = spoken[-1] if spoken else None
    if number is None:
        message = "The training ended without a word."
        return TrainingError(message=message, detail="", flow=None, log_line=None)
    message = _PREFIX.sub("", lines[number]).strip()[:_MAX_MESSAGE] or lines[number].strip()
    detail = "\n".join(lines[number : number + 20])
    flow = _flow_named(message, flows)
    return TrainingError(message=message, detail=detail, flow=flow, log_line=number + 1)


def _flow_named(message: str, flows: Collection[str]) -> str | None:
    named = _FLOW.search(message)
    return named.group(1) if named and named.group(1) in flows else None


def _names_error(line: str) -> bool:
    return bool(_ERROR.search(line)) and not _NOT_AN_ERROR.match(line)


def _end_of_traceback(lines: list[str], start: int) -> int:
    """The line that names the exception: the first one after the frames without indent."""
    for index in range(start + 1, len(lines)):
        if lines[index].strip() and not lines[index].startswith((" ", "\t")):
            return index
    return start
