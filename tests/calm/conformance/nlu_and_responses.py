"""Cases 111 to 114: intents, entities, actions of every turn."""

from __future__ import annotations

from modelservice.calm.dialogue.events import Event
from modelservice.calm.dialogue.nlu_adapter import NluResult
from tests.calm.conformance.case import Case
from tests.calm.conformance.world import IN_KIND, IN_SIZE, World, put, say

SESSION = "a(action_session_start) session_started"
THRESHOLD = """
flows:
  opening_hours:
    nlu_trigger: [{intent: {name: ask_hours, confidence_threshold: 0.7}}]
"""
FROM_ENTITY = """
domain:
  entities: [kind]
  slots: {kind: {type: text, mappings: [{type: from_llm%s}, {type: from_entity, entity: kind}]}}
"""
EVERY_TURN = """
domain:
  actions: [action_brew, action_look]
  slots:
    x: {type: float, mappings: [{type: controlled, run_action_every_turn: action_look}]}
"""
GREEN = NluResult(None, 0.0, [{"entity": "kind", "value": "green"}])
FILLED_BY_NLU = (*IN_KIND, say(nlu=GREEN))


def generator_was_asked(world: World, events: list[Event]) -> None:
    assert len(world.generator.requests) == 1


def generator_was_not_asked(world: World, events: list[Event]) -> None:
    assert not world.generator.requests


CASES = [
    Case(
        111,
        "intent below its threshold",
        say(nlu=NluResult("ask_hours", 0.6)),
        f"{SESSION} U",
        changes=THRESHOLD,
        check=generator_was_asked,
    ),
    Case(
        111,
        "intent above its threshold",
        say(nlu=NluResult("ask_hours", 0.8)),
        f"{SESSION} U fs(opening_hours) ASK(weekday)",
        changes=THRESHOLD,
        check=generator_was_not_asked,
    ),
    Case(
        112,
        "entity before generator",
        say(put("kind", "black"), nlu=GREEN),
        "U s(kind=green|NLU) OK ASK(size)",
        before=IN_KIND,
        changes="domain: {entities: [kind], slots: {kind: {type: text, "
        "mappings: [{type: from_entity, entity: kind}]}}}",
    ),
    Case(
        113,
        "value of the NLU is kept",
        say(put("kind", "black")),
        "U RE(size)",
        before=FILLED_BY_NLU,
        changes=FROM_ENTITY % "",
    ),
    Case(
        113,
        "value of the NLU may be corrected",
        say(put("kind", "black")),
        "U fs(pattern_correction) a(action_correct_flow_slot) s(kind=black|LLM) …",
        before=FILLED_BY_NLU,
        changes=FROM_ENTITY % ", allow_nlu_correction: true",
    ),
    Case(
        114,
        "action of every turn",
        say(put("size", "big")),
        "U s(x=2|CUSTOM) s(size=big) OK a(action_brew) …",
        before=IN_SIZE,
        changes=EVERY_TURN,
        answers={
            "action_look": [
                (200, {"events": [{"event": "slot", "name": "x", "value": value}]})
                for value in (0, 1, 2)
            ]
        },
    ),
]
