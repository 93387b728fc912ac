"""The public data that understanding is measured on: dialogues and intents, as requests.

See `understanding.py`; `fit_weights.py` fits on the seen part.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from modelservice.calm.content.flow import Flow
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.commands import Command, SetSlot, StartFlow
from modelservice.calm.dialogue.events import Event
from modelservice.calm.dialogue.generator import Request
from modelservice.calm.dialogue.offered import AskedSlot
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.models.model import Model, build_assistant
from modelservice.calm.understanding.acts import yes_or_no
from modelservice.calm.understanding.embeddings import Embedder, MessageEmbedder
from modelservice.calm.understanding.language import language_of
from modelservice.calm.understanding.learning import learn
from modelservice.calm.understanding.offline import OfflineGenerator
from modelservice.calm.understanding.text import identifier_words
from tests.running_studio import ROOT

DATA = Path(os.environ.get("UNDERSTANDING_DATA", ROOT.parent / "shared/data/understanding"))
CONFIRMED = "details_confirmed"
# Services that neither weights nor lists are fitted on: every third by name.
UNSEEN = frozenset({"Calendar", "Homes", "Movies", "Restaurants", "Travel"})


@dataclass
class Counts:
    started: int = 0
    starts: int = 0
    false_starts: int = 0
    not_starts: int = 0
    right_values: int = 0
    found_values: int = 0
    expected_values: int = 0
    right_answers: int = 0
    answers: int = 0
    milliseconds: list[float] = field(default_factory=list)

    @property
    def start_share(self) -> float:
        return self.started / max(1, self.starts)

    @property
    def false_start_share(self) -> float:
        return self.false_starts / max(1, self.not_starts)

    @property
    def answer_share(self) -> float:
        return self.right_answers / max(1, self.answers)

    @property
    def slot_f1(self) -> float:
        return 2 * self.right_values / max(1, self.found_values + self.expected_values)


class DialogueData:
    """The turns of a folder and the assistant that they are about."""

    def __init__(self, folder: Path, embedder: Embedder | None = None) -> None:
        lines = (folder / "sgd_turns.jsonl").read_text(encoding="utf-8").splitlines()
        text = (folder / "sgd_flows.json").read_text(encoding="utf-8")
        self.flows: dict[str, Any] = json.loads(text)
        self.turns: list[dict[str, Any]] = [json.loads(line) for line in lines]
        self._slot_names: dict[tuple[str, str], str] = {}
        self.assistant, self.learned = self._trained(self.flows, embedder)
        self.generator = _generator(self.assistant, self.learned, embedder)

    def _trained(
        self, flows: Mapping[str, Any], embedder: Embedder | None
    ) -> tuple[Assistant, dict[str, Any]]:
        slots: dict[str, Any] = {CONFIRMED: {"type": "bool"}}
        bodies = {}
        for name, flow in flows.items():
            steps: list[dict[str, Any]] = []
            for slot, about in flow["slots"].items():
                own = self._slot_name(name, slot, about["values"], slots)
                steps.append({"collect": own, "description": about["description"]})
            steps.append({"collect": CONFIRMED, "ask_before_filling": True})
            bodies[flow_id(name)] = {
                "name": identifier_words(name.rpartition(".")[2]),
                "description": flow["description"],
                "steps": steps,
            }
        responses = {f"utter_ask_{name}": [{"text": name}] for name in slots}
        assistant = assistant_of(bodies, {"slots": slots, "responses": responses})
        return assistant, learn(assistant, [], embedder).packed

    def _slot_name(
        self, flow: str, slot: str, values: list[str] | None, slots: dict[str, Any]
    ) -> str:
        """Slots of one name that are declared differently get names of their own."""
        body = _slot_body(values)
        name, number = slot, 2
        while slots.get(name, body) != body:
            name, number = f"{slot}_{number}", number + 1
        slots[name] = body
        self._slot_names[flow, name] = slot
        return name

    def own_name(self, flow: str, slot: str) -> str:
        found = [
            own for (of, own), given in self._slot_names.items() if (of, given) == (flow, slot)
        ]
        return found[0] if found else slot

    def given_name(self, turn: Mapping[str, Any], slot: str) -> str:
        for flow in (turn["expect"]["start"], turn["active"]):
            if flow is not None and (flow, slot) in self._slot_names:
                return self._slot_names[flow, slot]
        return slot

    def request(self, turn: Mapping[str, Any]) -> Request:
        tracker = Tracker("s", self.assistant.domain.slots)
        if turn["bot"]:
            tracker.append(Event("bot", {"text": turn["bot"], "data": {}}))
        active = [] if turn["active"] is None else [self._flow(turn["active"])]
        for slot in turn["confirming"] if active else []:
            tracker.state.slots[self.own_name(turn["active"], slot)] = "said before"
        asked = self._asked(turn)
        return Request(
            text=turn["text"],
            assistant=self.assistant,
            tracker=tracker,
            flows=[self._flow(name) for name in turn["flows"]],
            active=active,
            asked=asked,
        )

    def _flow(self, name: str) -> Flow:
        flow = self.assistant.flows.get(flow_id(name))
        assert flow is not None
        return flow

    def _asked(self, turn: Mapping[str, Any]) -> AskedSlot | None:
        """The first asked slot of the running flow, else one that another offered flow has."""
        for name in [turn["active"], *turn["flows"]]:
            flow = None if name is None else self._flow(name)
            wanted = [self.own_name(name, slot) for slot in turn["asked"]]
            for step in flow.collect_steps() if flow is not None else []:
                if step.collect in wanted:
                    return AskedSlot(step.collect, step)
        return AskedSlot(CONFIRMED, None) if turn["confirming"] else None


class IntentData:
    """Sentences by intent; each intent is a flow that its training sentences start."""

    def __init__(self, folder: Path, embedder: Embedder | None = None) -> None:
        data = json.loads((folder / "clinc_small.json").read_text(encoding="utf-8"))
        self.inside: list[tuple[str, str]] = [(text, intent) for text, intent in data["val"]]
        self.outside: list[str] = [text for text, _ in data["oos_val"]]
        self.examples: dict[str, list[str]] = {}
        for text, intent in data["train"]:
            self.examples.setdefault(intent, []).append(text)
        bodies = {
            intent: {
                "name": identifier_words(intent),
                "description": identifier_words(intent),
                "nlu_trigger": [{"intent": intent}],
                "steps": [{"action": "utter_done"}],
            }
            for intent in self.examples
        }
        nlu = [
            {"intent": name, "examples": [{"text": text} for text in texts]}
            for name, texts in self.examples.items()
        ]
        responses = {"utter_done": [{"text": "done"}]}
        self.assistant = assistant_of(
            bodies, {"intents": list(self.examples), "responses": responses}
        )
        learned = learn(self.assistant, nlu, embedder).packed
        self.generator = _generator(self.assistant, learned, embedder)

    def started(self, text: str) -> str | None:
        request = Request(
            text=text,
            assistant=self.assistant,
            tracker=Tracker("s", self.assistant.domain.slots),
            flows=list(self.assistant.flows.user_flows()),
            active=[],
            asked=None,
        )
        return started_flow(asyncio.run(self.generator.propose(request)).commands)


def _generator(
    assistant: Assistant, learned: Mapping[str, Any], embedder: Embedder | None
) -> OfflineGenerator:
    messages = MessageEmbedder(embedder, learned.get("embeddings"))
    return OfflineGenerator(assistant, learned, embedder=messages)


def intent_shares(data: IntentData) -> tuple[float, float]:
    """Share of sentences inside that start their flow, and of those outside that start none."""
    inside = sum(data.started(text) == intent for text, intent in data.inside)
    outside = sum(data.started(text) is None for text in data.outside)
    return inside / len(data.inside), outside / len(data.outside)


def assistant_of(flows: Mapping[str, Any], domain: Mapping[str, Any]) -> Assistant:
    model = Model(
        model_id="m",
        trained_at=0.0,
        flows=dict(flows),
        flow_files={},
        domain=dict(domain),
        config={"language": "en"},
        endpoints={},
    )
    return build_assistant(model, name="m")


def started_flow(commands: Sequence[Command]) -> str | None:
    return next((command.flow for command in commands if isinstance(command, StartFlow)), None)


def flow_id(name: str) -> str:
    return name.replace(".", "_")


def service_of(name: str) -> str:
    """`Homes` of `Homes_1.FindApartment`."""
    return name.split("_", maxsplit=1)[0]


def is_unseen(name: str | None) -> bool:
    return name is not None and service_of(name) in UNSEEN


def is_unseen_turn(turn: Mapping[str, Any]) -> bool:
    return is_unseen(turn["expect"]["start"]) or is_unseen(turn["active"])


def _slot_body(values: list[str] | None) -> dict[str, Any]:
    if not values:
        return {"type": "text"}
    if {value.casefold() for value in values} == {"true", "false"}:
        return {"type": "bool"}
    return {"type": "categorical", "values": values}


def dialogue_counts(data: DialogueData, turns: Iterable[Mapping[str, Any]]) -> Counts:
    counts = Counts()
    for turn, commands, milliseconds in proposals(data, turns):
        counts.milliseconds.append(milliseconds)
        _count_start(counts, turn, commands)
        count_values(counts, data, turn, commands)
        _count_answer(counts, turn, commands)
    return counts


def proposals(
    data: DialogueData, turns: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[Mapping[str, Any], list[Command], float]]:
    for turn in turns:
        request = data.request(turn)
        began = time.perf_counter()
        proposal = asyncio.run(data.generator.propose(request))
        yield turn, list(proposal.commands), (time.perf_counter() - began) * 1000


def _count_start(counts: Counts, turn: Mapping[str, Any], commands: list[Command]) -> None:
    started = started_flow(commands)
    if turn["expect"]["start"] is None:
        counts.not_starts += 1
        counts.false_starts += started is not None
    else:
        counts.starts += 1
        counts.started += started == flow_id(turn["expect"]["start"])


def count_values(
    counts: Counts, data: DialogueData, turn: Mapping[str, Any], commands: Sequence[Command]
) -> None:
    found = {
        data.given_name(turn, command.slot): str(command.value)
        for command in commands
        if isinstance(command, SetSlot) and command.slot != CONFIRMED
    }
    expected: Mapping[str, list[str]] = turn["expect"]["set"]
    counts.found_values += len(found)
    counts.expected_values += len(expected)
    counts.right_values += sum(
        value.casefold() in {text.casefold() for text in expected.get(slot, [])}
        for slot, value in found.items()
    )


def _count_answer(counts: Counts, turn: Mapping[str, Any], commands: list[Command]) -> None:
    expected = turn["expect"]["affirm"]
    if expected is None:
        return
    counts.answers += 1
    counts.right_answers += answer_of(turn, commands) is expected


def answer_of(turn: Mapping[str, Any], commands: list[Command]) -> bool | None:
    """Yes or no as commands say it: a new value for what is to be confirmed is a no."""
    values = {c.slot: c.value for c in commands if isinstance(c, SetSlot)}
    if CONFIRMED in values:
        return bool(values[CONFIRMED])
    if turn["confirming"] and values:
        return False
    return yes_or_no(turn["text"], language_of(["en"]))
