"""The content of an assistant as validation reads it, and what items see of each other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from modelservice.project.flow_document import read_flow
from modelservice.project.model import Kind

Identity = tuple[str, str]
FLOW_KINDS = (Kind.FLOW.value, Kind.SYSTEM_FLOW.value)


@dataclass(frozen=True, slots=True)
class Content:
    """Every living item: (kind, key) to body. `agents` are the sub agents of the project."""

    items: Mapping[Identity, Any]
    agents: frozenset[str] = frozenset()

    def of_kind(self, *kinds: str) -> Iterator[tuple[str, Any]]:
        return ((key, body) for (kind, key), body in self.items.items() if kind in kinds)


@dataclass(frozen=True, slots=True)
class SlotFacts:
    type: str
    values: tuple[str, ...]
    has_initial_value: bool


@dataclass(frozen=True, slots=True)
class FlowFacts:
    """`calls` are the flows that it calls, `fills` the slots that it asks for or sets."""

    has_link: bool
    calls: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What checks of one item need to know of the others. Equal surroundings, equal findings."""

    flows: Mapping[str, FlowFacts] = field(default_factory=dict)
    slots: Mapping[str, SlotFacts] = field(default_factory=dict)
    responses: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    intents: frozenset[str] = frozenset()
    agents: frozenset[str] = frozenset()

    def has_link(self, flow_id: str) -> bool:
        """Whether a flow contains a link step, so that it cannot be called."""
        facts = self.flows.get(flow_id)
        return facts is not None and facts.has_link

    def filled_by(self, called: Iterable[str]) -> set[str]:
        """Slots that these flows fill, and those that they call, directly or through others."""
        filled: set[str] = set()
        seen: set[str] = set()
        waiting = list(called)
        while waiting:
            flow_id = waiting.pop()
            facts = self.flows.get(flow_id)
            if facts is None or flow_id in seen:
                continue
            seen.add(flow_id)
            filled.update(facts.fills)
            waiting.extend(facts.calls)
        return filled

    def with_item(self, identity: Identity, body: Any) -> "Surroundings":
        kind, key = identity
        if kind in FLOW_KINDS:
            return replace(self, flows={**self.flows, key: _flow_facts(key, body)})
        if kind == Kind.SLOT:
            return replace(self, slots={**self.slots, key: _slot_facts(body)})
        if kind == Kind.RESPONSE:
            return replace(self, responses=self.responses | {key})
        return self


def surroundings_of(content: Content) -> Surroundings:
    return Surroundings(
        flows={key: _flow_facts(key, body) for key, body in content.of_kind(*FLOW_KINDS)},
        slots={key: _slot_facts(body) for key, body in content.of_kind(Kind.SLOT)},
        responses=frozenset(key for key, _body in content.of_kind(Kind.RESPONSE)),
        actions=frozenset(key for key, _body in content.of_kind(Kind.ACTION)),
        intents=frozenset(key for key, _body in content.of_kind(Kind.INTENT)),
        agents=content.agents,
    )


def _flow_facts(flow_id: str, body: Any) -> FlowFacts:
    document = read_flow(flow_id, body)
    return FlowFacts(
        has_link=any(step.kind == "link" for step in document.steps),
        calls=tuple(sorted({*document.named("call")})),
        fills=tuple(sorted({*document.slots_filled()})),
    )


def _slot_facts(body: Any) -> SlotFacts:
    slot = body if isinstance(body, dict) else {}
    values = slot.get("values")
    return SlotFacts(
        type=str(slot.get("type", "")),
        values=tuple(_as_word(value) for value in values) if isinstance(values, list) else (),
        has_initial_value=slot.get("initial_value") is not None,
    )


def _as_word(value: Any) -> str:
    """Rasa turns the values of a categorical slot into texts."""
    return str(value)
