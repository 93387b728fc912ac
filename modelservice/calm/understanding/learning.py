"""Training of the offline generator: what each flow's texts are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.project.flow import Flow
from modelservice.calm.understanding.text import identifier_words

_ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})(?:\{[^}]*\})?")


def learn(assistant: Assistant, nlu: Iterable[Any]) -> dict[str, Any]:
    """Texts by flow: `titles` name it, `examples` are sentences that start it, `slots` are what
    its steps ask for, `values` their allowed values."""
    examples = examples_by_intent(nlu)
    return {
        "flows": {
            flow.id: {
                "titles": _titles(flow),
                "description": flow.description,
                "examples": [
                    text
                    for trigger in flow.nlu_triggers
                    for text in examples.get(trigger.intent, [])
                ],
                "slot_names": [step.collect for step in flow.collect_steps()],
                "slots": [
                    f"{identifier_words(step.collect)} {step.description or ''}".strip()
                    for step in flow.collect_steps()
                ],
                "values": _values(assistant, flow),
            }
            for flow in assistant.flows.user_flows()
            if flow.guard != "false"
        }
    }


def examples_by_intent(nlu: Iterable[Any]) -> dict[str, list[str]]:
    """Training sentences of nlu.yml without their entity annotations."""
    found: dict[str, list[str]] = {}
    for item in nlu:
        if isinstance(item, Mapping) and isinstance(item.get("intent"), str):
            texts = [_ANNOTATION.sub(r"\1", text) for text in _example_texts(item)]
            found.setdefault(item["intent"], []).extend(texts)
    return found


def _example_texts(item: Mapping[str, Any]) -> Iterator[str]:
    examples = item.get("examples")
    if isinstance(examples, str):
        for line in examples.splitlines():
            text = line.strip().removeprefix("-").strip()
            if text:
                yield text
    for entry in examples if isinstance(examples, list) else []:
        written = entry.get("text") if isinstance(entry, Mapping) else entry
        if isinstance(written, str):
            yield written.strip()


def _titles(flow: Flow) -> list[str]:
    return list(dict.fromkeys([identifier_words(flow.name), *flow.translated_names.values()]))


def _values(assistant: Assistant, flow: Flow) -> list[str]:
    """Allowed values that are words; a bare number says nothing about a topic."""
    slots = (assistant.domain.slots[step.collect] for step in flow.collect_steps())
    return [
        identifier_words(value) for slot in slots for value in slot.values if not value.isdigit()
    ]
