"""From the body of a flow to a `Flow`, as the engine walks it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from modelservice.calm.content.flow import END, Branch, Flow, NluTrigger
from modelservice.calm.content.step_reading import build_step
from modelservice.project import flow_document
from modelservice.project.flow_document import FlowDocument, trigger_of
from modelservice.project.yaml_reader import line_of


def read_flow(flow_id: str, body: Any, *, file: str) -> Flow:
    """Read one flow in which the checks of `modelservice.project.checks` find no error."""
    document = flow_document.read_flow(flow_id, body)
    body = document.body
    return Flow(
        id=flow_id,
        name=body.get("name") or re.sub(r"[_-]", " ", flow_id),
        description=body["description"],
        steps={step.id: build_step(step, _branches(step)) for step in document.steps},
        guard=_guard(body.get("if")),
        always_include_in_prompt=bool(body.get("always_include_in_prompt")),
        nlu_triggers=_triggers(document),
        persisted_slots=frozenset(body.get("persisted_slots") or []),
        run_pattern_completed=body.get("run_pattern_completed") is not False,
        translated_names=_translated_names(body.get("translation") or {}),
        fingerprint=_fingerprint(body),
        file=file,
        line=line_of(body),
    )


def _branches(step: flow_document.Step) -> tuple[Branch, ...]:
    if step.kind == "link":
        return (Branch(END),)
    if not step.says_next:
        return (Branch(step.following or END),)
    return tuple(Branch(way.target, _guard(way.condition)) for way in step.ways)


def _guard(condition: Any) -> str | None:
    """A condition as text; YAML may hold it as true or false."""
    if isinstance(condition, bool):
        return "true" if condition else "false"
    return None if condition is None else str(condition)


def _triggers(document: FlowDocument) -> tuple[NluTrigger, ...]:
    read = map(trigger_of, document.body.get("nlu_trigger") or [])
    return tuple(NluTrigger(intent, threshold or 0.0) for intent, threshold in read)


def _translated_names(translation: Mapping[str, Any]) -> dict[str, str]:
    return {
        language: entry["name"]
        for language, entry in translation.items()
        if isinstance(entry, Mapping) and isinstance(entry.get("name"), str)
    }


def _fingerprint(body: Mapping[str, Any]) -> str:
    text = json.dumps(body, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
