"""What Rasa Open Source and Rasa Pro have in common."""

import re
from pathlib import Path
from typing import Any

import yaml

from modelservice.project.config_text import read_map
from modelservice.project.errors import ProjectError

_CHAT = {
    "user_message_evt": "user_message",
    "bot_message_evt": "bot_message",
    "session_persistence": True,
}
# `2026-11-22 07:34:12 ERROR    rasa.core…  - text`, and the last line of a traceback.
_LOGGED = re.compile(r"^\d{4}-\d\d-\d\d \S+\s+(?:ERROR|CRITICAL)\s+\S+\s+-\s+(?P<text>.+)$")
_RAISED = re.compile(r"^(?:[\w.]+\.)?\w*(?:Error|Exception|Interrupt)\b:?\s*(?P<text>.*)$")
# What its command line itself says against a project is red, and nothing else tells it.
_RED = re.compile(r"\x1b\[91m(?P<text>[^\x1b]+)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_MAX_ERROR = 500


def program_folders(executable: Path) -> list[Path]:
    """What must be readable to run a Python of a virtual environment: it, and the one beneath."""
    environment = executable.parent.parent
    base = executable.resolve().parent.parent
    return list(dict.fromkeys([environment, base]))


def with_chat_channel(text: str, channel: str) -> str:
    """A credentials.yml whose only Socket.IO channel is the one that the bridge speaks to."""
    channels = _channels(text)
    if channels is None:
        return text  # the runtime will say what is wrong with it
    for name in ("studio_chat", "inspector", "socketio"):
        channels.pop(name, None)
    channels[channel] = _CHAT
    return yaml.safe_dump(channels, allow_unicode=True, sort_keys=False)


def channels_of(text: str) -> set[str]:
    """The names of the channels in a credentials.yml."""
    return set(_channels(text) or {})


def _channels(text: str) -> dict[str, Any] | None:
    try:
        return read_map(text, "credentials.yml")
    except ProjectError:
        return None


def last_error(log: str) -> str | None:
    """The last line that names an error."""
    for line in reversed(log.splitlines()):
        plain = _COLOUR.sub("", line)
        found = _LOGGED.match(plain) or _RAISED.match(plain) or _RED.search(line)
        if found and found["text"].strip():
            return found["text"].strip()[:_MAX_ERROR]
    return None
