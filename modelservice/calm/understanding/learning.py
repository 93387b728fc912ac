"""Training: what each flow's texts are, and what nlu.yml teaches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from modelservice.calm.content.flow import Flow
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.understanding.entities import learn_entities
from modelservice.calm.understanding.intents.training import train_intents
from modelservice.calm.understanding.language import language_of
from modelservice.calm.understanding.text import identifier_words
from modelservice.project.nlu_examples import read_examples


def learn(assistant: Assistant, nlu: Iterable[Any]) -> dict[str, Any]:
    """What is packed with the model, as JSON.

    `flows` are texts by flow: `titles` name it, `examples` are sentences that start it, `slots` are
    what its steps ask for, `values` their allowed values. `intents` and `entities` are empty where
    nlu.yml teaches none.
    """
    taught = read_examples(nlu)
    language = language_of(assistant.languages)
    return {
        "intents": train_intents(taught.intents, language),
        "entities": learn_entities(taught, language),
        "flows": {
            flow.id: {
                "titles": _titles(flow),
                "description": flow.description,
                "examples": [
                    text
                    for trigger in flow.nlu_triggers
                    for text in taught.intents.get(trigger.intent, [])
                ],
                "intents": [trigger.intent for trigger in flow.nlu_triggers],
                "slot_names": [step.collect for step in flow.collect_steps()],
                "slots": [
                    f"{identifier_words(step.collect)} {step.description or ''}".strip()
                    for step in flow.collect_steps()
                ],
                "values": _values(assistant, flow),
            }
            for flow in assistant.flows.user_flows()
            if flow.guard != "false"
        },
    }


def _titles(flow: Flow) -> list[str]:
    return list(dict.fromkeys([identifier_words(flow.name), *flow.translated_names.values()]))


def _values(assistant: Assistant, flow: Flow) -> list[str]:
    """Allowed values that are words; a bare number says nothing about a topic."""
    slots = (assistant.domain.slots[step.collect] for step in flow.collect_steps())
    return [
        identifier_words(value) for slot in slots for value in slot.values if not value.isdigit()
    ]
