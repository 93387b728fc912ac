"""Runs one custom action of a project that is not trained, and says what it did."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from modelservice.calm.actions.custom import CustomActions
from modelservice.calm.actions.process import ProcessSettings
from modelservice.calm.actions.runner import ActionRunner
from modelservice.calm.channels.bot import action_executor
from modelservice.calm.content.environment import expand_parts
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.events import Event, slot_set
from modelservice.calm.dialogue.responses import ResponseGenerator
from modelservice.calm.dialogue.slots import coerce, is_valid
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.errors import ActionFailure, ActionRejected, CalmError
from modelservice.calm.models.model import Model, build_assistant

CHANNEL = "studio"
_SENDER = "one action"


def run_action(
    name: str,
    *,
    domain: Mapping[str, Any],
    config: Mapping[str, Any],
    endpoints: Mapping[str, Any],
    environment: Mapping[str, str],
    actions: ProcessSettings | str,
    slots: Mapping[str, Any],
    seconds: float,
) -> dict[str, Any]:
    """`events` are what a conversation would take over from the action, bot messages as they would
    be said; `problem` is why there are none, `rejected` whether the action itself refused to run,
    `problems` what it was to say and could not. `slots` are set before it; it ends within
    `seconds`.

    Raises `CalmError` for a domain that cannot be used, and for a slot or a value that it has not.
    """
    assistant = _assistant(domain, config)
    tracker = _tracker(assistant, slots)
    used = expand_parts(endpoints, ["action_endpoint"], environment, file="endpoints.yml")
    if not isinstance(actions, str):
        actions = replace(actions, seconds=min(actions.seconds, seconds))
    custom = CustomActions(action_executor(used, actions))
    return asyncio.run(_run(name, assistant, tracker, custom))


async def _run(
    name: str, assistant: Assistant, tracker: Tracker, custom: CustomActions
) -> dict[str, Any]:
    runner = ActionRunner(assistant, custom, ResponseGenerator(assistant))
    if not runner.is_custom(name):
        raise CalmError(f"'{name}' is not a custom action of this assistant")
    result: dict[str, Any] = {"events": [], "problems": [], "problem": None, "rejected": False}
    begun = time.monotonic()
    try:
        outcome = await runner.run(name, tracker, CHANNEL)
    except ActionRejected as error:
        result |= {"problem": str(error), "rejected": True}
    except ActionFailure as error:
        result["problem"] = str(error)
    else:
        events = [effect for effect in outcome.effects if isinstance(effect, Event)]
        result["events"] = [event.as_dict() for event in events]
        result["problems"] = list(outcome.problems)
    result["seconds"] = time.monotonic() - begun
    await custom.close()
    return result


def _assistant(domain: Mapping[str, Any], config: Mapping[str, Any]) -> Assistant:
    model = Model(
        model_id="",
        trained_at=0.0,
        flows={},
        flow_files={},
        domain=dict(domain),
        config=dict(config),
        endpoints={},
    )
    try:
        return build_assistant(model, name="")
    except CalmError:
        raise
    except Exception as error:
        # Training is what checks a domain; this one may be half written.
        reason = f"{type(error).__name__}: {error}"
        raise CalmError(
            f"the domain cannot be used until its errors are mended ({reason})"
        ) from error


def _tracker(assistant: Assistant, slots: Mapping[str, Any]) -> Tracker:
    tracker = Tracker(_SENDER, assistant.domain.slots)
    for name, value in slots.items():
        slot = assistant.domain.slots.get(name)
        if slot is None:
            raise CalmError(f"'{name}' is not a slot of this assistant")
        if not is_valid(slot, value):
            raise CalmError(f"this is not a value of slot '{name}', whose type is {slot.type}")
        tracker.append(slot_set(name, coerce(slot, value)))
    return tracker


def write_result(result: Mapping[str, Any], path: Path) -> None:
    path.write_text(json.dumps(result, ensure_ascii=False, default=str), encoding="utf-8")
