"""Training: what each flow's texts are, and what nlu.yml teaches."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from modelservice.calm.content.flow import Flow
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.understanding.background import BACKGROUND
from modelservice.calm.understanding.embeddings import Embedder, Embedding, pack, space_of
from modelservice.calm.understanding.entities import learn_entities
from modelservice.calm.understanding.intents.confusing import (
    ConfusingExample,
    confusing_examples,
)
from modelservice.calm.understanding.intents.training import IntentExamples, train_intents
from modelservice.calm.understanding.language import language_of
from modelservice.calm.understanding.text import identifier_words
from modelservice.project.nlu_examples import NluExamples, read_examples

# Flows that background sentences are compared with: enough to know what chance is.
_MOST_COMPARED = 100


@dataclass(frozen=True, slots=True)
class Learned:
    """`packed` goes with the model, as JSON: `flows` are texts by flow (`titles` name it,
    `examples` are sentences that start it, `slots` are what its steps ask for, `values` their
    allowed values); `intents` and `entities` are empty where nlu.yml teaches none."""

    packed: dict[str, Any]
    confusing: Sequence[ConfusingExample]


def learn(assistant: Assistant, nlu: Iterable[Any], embedder: Embedder | None = None) -> Learned:
    """With embeddings if there is an `embedder`. Raises `EmbeddingsUnavailable`."""
    taught = read_examples(nlu)
    language = language_of(assistant.languages)
    flows = {
        flow.id: _flow_texts(flow, assistant, taught)
        for flow in assistant.flows.user_flows()
        if flow.guard != "false"
    }
    embedded = _embedded(flows, taught, embedder) if embedder is not None else _Embeddings()
    examples = IntentExamples(taught.intents, language, embedded.examples)
    packed = {
        "intents": train_intents(examples),
        "entities": learn_entities(taught, language),
        "flows": embedded.flows or flows,
    }
    if embedded.space:
        packed["embeddings"] = embedded.space
    return Learned(packed, confusing_examples(examples))


@dataclass(frozen=True, slots=True)
class _Embeddings:
    """What flows and examples mean, and the space of that; all empty without embeddings."""

    flows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    examples: Mapping[str, Embedding] = field(default_factory=dict)
    space: Mapping[str, Any] = field(default_factory=dict)


def _flow_texts(flow: Flow, assistant: Assistant, taught: NluExamples) -> dict[str, Any]:
    return {
        "titles": _titles(flow),
        "description": flow.description,
        "examples": [
            text for trigger in flow.nlu_triggers for text in taught.intents.get(trigger.intent, [])
        ],
        "intents": [trigger.intent for trigger in flow.nlu_triggers],
        "slot_names": [step.collect for step in flow.collect_steps()],
        "slots": [
            f"{identifier_words(step.collect)} {step.description or ''}".strip()
            for step in flow.collect_steps()
        ],
        "values": _values(assistant, flow),
    }


def _embedded(
    flows: Mapping[str, Mapping[str, Any]], taught: NluExamples, embedder: Embedder
) -> _Embeddings:
    about = {
        flow_id: f"{flow['titles'][0]}. {flow['description']}" for flow_id, flow in flows.items()
    }
    examples = [text for texts in taught.intents.values() for text in texts]
    texts = list(dict.fromkeys([*BACKGROUND, *about.values(), *examples]))
    found = asyncio.run(embedder.embed(texts))
    by_text = dict(zip(texts, found.embeddings, strict=True))
    compared = [by_text[text] for text in list(about.values())[:_MOST_COMPARED]]
    space = space_of(found.model, [by_text[text] for text in BACKGROUND], compared)
    return _Embeddings(
        {
            flow_id: {**flow, "embedding": pack(by_text[about[flow_id]].numbers)}
            for flow_id, flow in flows.items()
        },
        {text: by_text[text] for text in examples},
        asdict(space),
    )


def _titles(flow: Flow) -> list[str]:
    return list(dict.fromkeys([identifier_words(flow.name), *flow.translated_names.values()]))


def _values(assistant: Assistant, flow: Flow) -> list[str]:
    """Allowed values that are words; a bare number says nothing about a topic."""
    slots = (assistant.domain.slots[step.collect] for step in flow.collect_steps())
    return [
        identifier_words(value) for slot in slots for value in slot.values if not value.isdigit()
    ]
