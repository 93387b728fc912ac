"""The frames of the chat bridge (fixed points of the architecture), checked at the door."""

import json
import re
from typing import Any, Literal, TypedDict, cast

TEXT_CHARACTERS = 100_000
_SESSION = re.compile(r"[A-Za-z0-9_-]{8,64}")

NOT_AUTHENTICATED = 4401
NOT_ALLOWED = 4403
NO_SUCH_BOT = 4404
TOO_SLOW = 4408
BOT_GONE = 4410


class Authenticate(TypedDict):
    type: Literal["authenticate"]
    token: str
    session_id: str | None


class UserMessage(TypedDict):
    type: Literal["user_message"]
    text: str


class Ping(TypedDict):
    type: Literal["ping"]


class BadFrame(Exception):
    """What the client sent is no frame of ours; the text says what is."""


def parse(text: str) -> Authenticate | UserMessage | Ping:
    try:
        frame = json.loads(text)
    except ValueError:
        raise BadFrame("Frames are JSON objects.") from None
    kind = frame.get("type") if isinstance(frame, dict) else None
    if kind == "ping":
        return {"type": "ping"}
    if kind == "user_message":
        message = frame.get("text")
        if not isinstance(message, str) or len(message) > TEXT_CHARACTERS:
            raise BadFrame(f"text must be a string of at most {TEXT_CHARACTERS} characters.")
        return {"type": "user_message", "text": message}
    if kind == "authenticate":
        session = frame.get("session_id")
        if session is not None and not (isinstance(session, str) and _SESSION.fullmatch(session)):
            raise BadFrame("session_id must be 8 to 64 letters, digits, '-' or '_'.")
        token = frame.get("token")
        if not isinstance(token, str):
            raise BadFrame("token is required.")
        return {"type": "authenticate", "token": token, "session_id": session}
    raise BadFrame("type must be authenticate, user_message or ping.")


def of_bot(event: str, payload: object) -> dict[str, Any]:
    """A bot's event as a frame. A custom payload may have a `type` of its own; it is kept whole."""
    if event == "error":
        message = payload.get("message", "") if isinstance(payload, dict) else str(payload)
        return {"type": "error", "code": "bot_error", "message": str(message)}
    if isinstance(payload, str):  # 3.13's tracker is a JSON string
        payload = cast("object", json.loads(payload))
    if not isinstance(payload, dict) or "type" in payload:
        return {"type": event, "custom": payload}
    return {"type": event, **payload}
