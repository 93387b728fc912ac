"""Events as a bot publishes them."""

import json
from typing import Any

NOW = 1_790_000_000.0


def turn(assistant_id: str, sender: str = "anna", at: float = NOW) -> list[dict[str, Any]]:
    """A conversation that sends money, as a bot publishes it."""
    metadata = {"assistant_id": assistant_id, "session_id": f"s-{sender}", "model_name": "m1"}
    flow = {**metadata, "active_flow": "transfer_money", "step_id": "ask"}
    bodies: list[dict[str, Any]] = [
        {"event": "action", "name": "action_session_start"},
        {"event": "session_started"},
        {"event": "action", "name": "action_listen"},
        {"event": "user", "text": "/session_start", "input_channel": "studio_chat"},
        {"event": "user", "text": "hi", "input_channel": "studio_chat", "parse_data": {}},
        {"event": "user", "text": "send money to Zoë", "input_channel": "studio_chat"},
        {"event": "flow_started", "flow_id": "transfer_money", "metadata": flow},
        {"event": "slot", "name": "recipient", "value": {"who": "Zoë"}, "metadata": flow},
        {"event": "bot", "text": "How much?", "data": {"buttons": None}, "metadata": flow},
        {"event": "user", "text": "/SetSlots(amount=5)"},
        {"event": "flow_completed", "flow_id": "transfer_money", "step_id": "END"},
        {"event": "flow_started", "flow_id": "pattern_completed"},
        {"event": "stack", "update": "[]"},
    ]
    return [
        {"sender_id": sender, "timestamp": at + index, "metadata": metadata, **body}
        for index, body in enumerate(bodies)
    ]


def lines(events: list[dict[str, Any]]) -> str:
    return "".join(f"{json.dumps(event)}\n" for event in events)
