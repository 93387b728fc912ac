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
    """Texts by flow: `titles` name it, `examples` are sentences that start it, `content` is
    what its steps ask for."""
    examples = examples_by_intent(nlu)
    return {
        "flows": {
            flow.id: {
                "titles": _titles(flow),
                "examples": [
                    text
                    for trigger in flow.nlu_triggers
                    for text in examples.get(trigger.intent, [])
                ],
                "content": list(_content(assistant, flow)),
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
    titles = [flow.name, identifier_words(flow.id), flow.description]
    return list(dict.fromkeys([*titles, *flow.translated_names.values()]))


def _content(assistant: Assistant, flow: Flow) -> Iterator[str]:
    for step in flow.collect_steps():
        yield identifier_words(step.collect)
        if step.description:
            yield step.description
        slot = assistant.domain.slots[step.collect]
        yield from slot.values
