"""The frames of the chat bridge (fixed points of the architecture), checked at the door.

To the bridge: `authenticate`, `user_message` (a `text`, or a piece of voice: `audio` or `marker`),
`ping`; `set_slot`, `stub_action`, `update_tracker` (the inspector). `set_slot` and `stub_action`
may have an `id`, which comes back in the frame that answers them.
To the browser: `session_confirm` with `known` (the conversation goes on; its tracker follows),
`bot_message`, `tracker`, `stubs` (answers in place of the action server), `error`, `voice_error`,
`pong`. A piece of voice comes as the bot sent it, a text in `voice` of a `bot_message`.
A `tracker` is whole (`events_before`: how many events are left out at its beginning) or has only
what is new (`since`: how many events come before; all but the events replaces what was).
"""

import json
import re
from collections.abc import Callable
from typing import Any, Literal, NotRequired, TypedDict

import orjson

from modelservice.common import lenient_json

TEXT_CHARACTERS = 100_000
NAME_CHARACTERS = 200
# The servers of both sides take 1 MiB.
FRAME_BYTES = 1_000_000
_SESSION = re.compile(r"[A-Za-z0-9_-]{8,64}")

NOT_AUTHENTICATED = 4401
NOT_ALLOWED = 4403
NO_SUCH_BOT = 4404
TOO_SLOW = 4408
BOT_GONE = 4410
TRY_AGAIN = 4503


class Authenticate(TypedDict):
    type: Literal["authenticate"]
    token: str
    session_id: str | None
    is_voice: bool


class UserMessage(TypedDict):
    """A text, or a piece of voice."""

    type: Literal["user_message"]
    text: NotRequired[str]
    audio: NotRequired[str]
    marker: NotRequired[str]


class SetSlot(TypedDict):
    """Give a slot a value by hand; the conversation goes on with it."""

    type: Literal["set_slot"]
    id: NotRequired[str]
    slot: str
    value: Any


class StubAction(TypedDict):
    """Answer for a custom action from now on in this conversation; null takes that back."""

    type: Literal["stub_action"]
    id: NotRequired[str]
    action: str
    answer: dict[str, Any] | None


class UpdateTracker(TypedDict):
    """Put other events in the conversation's place; the bot goes on if it is its turn."""

    type: Literal["update_tracker"]
    events: list[Any]


class Ping(TypedDict):
    type: Literal["ping"]


class BadFrame(Exception):
    """What the client sent is no frame of ours; the text says what is. `order` is its `id`."""

    order: str | None = None


BotFrame = UserMessage | SetSlot | StubAction | UpdateTracker
Frame = Authenticate | BotFrame | Ping


def parse(text: str) -> Frame:
    try:
        frame = orjson.loads(text)
    except ValueError:
        raise BadFrame("Frames are JSON objects.") from None
    kind = frame.get("type") if isinstance(frame, dict) else None
    read = _READERS.get(kind) if isinstance(kind, str) else None
    if read is None:
        raise BadFrame(f"type must be one of {', '.join(_READERS)}.")
    try:
        return read(frame)
    except BadFrame as error:
        order = frame.get("id")
        error.order = order if isinstance(order, str) and len(order) <= NAME_CHARACTERS else None
        raise


def _authenticate(frame: dict[str, Any]) -> Authenticate:
    session = frame.get("session_id")
    if session is not None and not (isinstance(session, str) and _SESSION.fullmatch(session)):
        raise BadFrame("session_id must be 8 to 64 letters, digits, '-' or '_'.")
    token = frame.get("token")
    if not isinstance(token, str):
        raise BadFrame("token is required.")
    is_voice = frame.get("is_voice") is True
    return {"type": "authenticate", "token": token, "session_id": session, "is_voice": is_voice}


def _user_message(frame: dict[str, Any]) -> UserMessage:
    if "audio" in frame:
        return {"type": "user_message", "audio": _text(frame, "audio", FRAME_BYTES)}
    if "marker" in frame:
        return {"type": "user_message", "marker": _text(frame, "marker", NAME_CHARACTERS)}
    return {"type": "user_message", "text": _text(frame, "text", TEXT_CHARACTERS)}


def _set_slot(frame: dict[str, Any]) -> SetSlot:
    if "value" not in frame:
        raise BadFrame("value is required; null empties the slot.")
    value = frame["value"]
    _check_size("value", value)
    slot = _text(frame, "slot", NAME_CHARACTERS)
    return {"type": "set_slot", "slot": slot, "value": value, **_order(frame)}


def _stub_action(frame: dict[str, Any]) -> StubAction:
    answer = frame.get("answer")
    if not (answer is None or isinstance(answer, dict)):
        raise BadFrame("answer must be an object, or null for the action server's own.")
    _check_size("answer", answer)
    action = _text(frame, "action", NAME_CHARACTERS)
    return {"type": "stub_action", "action": action, "answer": answer, **_order(frame)}


def _update_tracker(frame: dict[str, Any]) -> UpdateTracker:
    events = frame.get("events")
    if not isinstance(events, list):
        raise BadFrame("events must be the list of all events of the conversation.")
    return {"type": "update_tracker", "events": events}


def _ping(frame: dict[str, Any]) -> Ping:
    return {"type": "ping"}


_READERS: dict[str, Callable[[dict[str, Any]], Frame]] = {
    "authenticate": _authenticate,
    "user_message": _user_message,
    "set_slot": _set_slot,
    "stub_action": _stub_action,
    "update_tracker": _update_tracker,
    "ping": _ping,
}


def _text(frame: dict[str, Any], name: str, longest: int) -> str:
    text = frame.get(name)
    if not isinstance(text, str) or len(text) > longest:
        raise BadFrame(f"{name} must be a string of at most {longest} characters.")
    return text


class Order(TypedDict):
    id: NotRequired[str]


def _order(frame: dict[str, Any]) -> Order:
    return {"id": _text(frame, "id", NAME_CHARACTERS)} if "id" in frame else {}


def _check_size(name: str, value: object) -> None:
    if len(json.dumps(value)) > TEXT_CHARACTERS:
        raise BadFrame(f"{name} must be at most {TEXT_CHARACTERS} characters of JSON.")


def to_bot(frame: BotFrame, sender_id: str, model_name: str) -> tuple[str, dict[str, Any]]:
    """The event of the bot's Socket.IO channel that a frame becomes, and its body.

    Older Rasas do not say in their events which model they run; what the user says then does.
    """
    if frame["type"] == "update_tracker":
        return "update_tracker", {"sender_id": sender_id, "events": frame["events"]}
    if frame["type"] == "user_message" and "text" in frame:
        text = {"message": frame["text"], "session_id": sender_id}
        return "user_message", {**text, "metadata": {"model_name": model_name}}
    body: dict[str, Any] = {key: value for key, value in frame.items() if key != "type"}
    if frame["type"] == "user_message":  # voice knows its session by the connection
        return "user_message", body
    return frame["type"], {**body, "session_id": sender_id}


def written(frame: dict[str, Any]) -> str:
    """The text of a frame; of one that no WebSocket here carries, an error in its place."""
    try:
        text = orjson.dumps(frame)
    except TypeError:  # half a surrogate pair, or a number of more than 64 bits
        text = json.dumps(frame).encode()
    if len(text) <= FRAME_BYTES:
        return text.decode()
    size = len(text) / 1_000_000
    message = f"The assistant sent {size:.1f} MB at once, which is more than fits here."
    order = {"id": frame["id"]} if "id" in frame and frame["type"] != "bot_message" else {}
    return json.dumps({"type": "error", "code": "too_long", "message": message, **order})


def of_bot(event: str, payload: object) -> dict[str, Any]:
    """A bot's event as a frame. A custom payload may have a `type` of its own; it is kept whole."""
    if event == "error":
        body = payload if isinstance(payload, dict) else {"message": payload}
        order = {"id": body["id"]} if "id" in body else {}
        return {
            "type": "error", "code": "bot_error", "message": str(body.get("message", "")), **order,
        }  # fmt: skip
    if isinstance(payload, str) and event == "bot_message":
        return {"type": event, "voice": payload}
    if isinstance(payload, str):  # 3.13's tracker is the text of one
        try:
            payload = lenient_json.loads(payload)
        except ValueError:
            return {"type": event, "custom": payload}
    if not isinstance(payload, dict) or "type" in payload:
        return {"type": event, "custom": payload}
    return {"type": event, **payload}
