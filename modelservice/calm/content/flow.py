"""Flows and their steps, as the engine walks them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

START = "START"
END = "END"
NEXT_PREFIX = "NEXT:"
PATTERN_PREFIX = "pattern_"


@dataclass(frozen=True, slots=True)
class Branch:
    """One way on from a step; `condition` is None for `else` and for a plain `next`."""

    target: str
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    condition: str
    utter: str


@dataclass(frozen=True, slots=True)
class Step:
    id: str
    branches: tuple[Branch, ...]
    description: str | None
    line: int | None


@dataclass(frozen=True, slots=True)
class ActionStep(Step):
    action: str


@dataclass(frozen=True, slots=True)
class CollectStep(Step):
    collect: str
    utter: str
    rejections: tuple[Rejection, ...]
    ask_before_filling: bool
    reset_after_flow_ends: bool
    force_slot_filling: bool
    silence_timeout: float | Mapping[str, float] | None

    @property
    def collect_action(self) -> str:
        return f"action_ask_{self.collect}"


@dataclass(frozen=True, slots=True)
class LinkStep(Step):
    link: str


@dataclass(frozen=True, slots=True)
class CallStep(Step):
    call: str


@dataclass(frozen=True, slots=True)
class SetSlotsStep(Step):
    values: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class NoopStep(Step):
    pass


@dataclass(frozen=True, slots=True)
class NluTrigger:
    intent: str
    confidence_threshold: float = 0.0


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow; `steps` are in file order, branches depth first."""

    id: str
    name: str
    description: str
    steps: Mapping[str, Step]
    guard: str | None = None
    always_include_in_prompt: bool = False
    nlu_triggers: tuple[NluTrigger, ...] = ()
    persisted_slots: frozenset[str] = frozenset()
    run_pattern_completed: bool = True
    translated_names: Mapping[str, str] = field(default_factory=dict)
    fingerprint: str = ""
    file: str | None = None
    line: int | None = None

    @property
    def first_step_id(self) -> str:
        return next(iter(self.steps))

    @property
    def is_pattern(self) -> bool:
        return self.id.startswith(PATTERN_PREFIX)

    def step(self, step_id: str) -> Step | None:
        return self.steps.get(step_id)

    def collect_steps(self) -> Iterator[CollectStep]:
        return (step for step in self.steps.values() if isinstance(step, CollectStep))

    def set_slots_steps(self) -> Iterator[SetSlotsStep]:
        return (step for step in self.steps.values() if isinstance(step, SetSlotsStep))

    def called_flow_ids(self) -> Iterator[str]:
        return (step.call for step in self.steps.values() if isinstance(step, CallStep))

    def readable_name(self, language: str | None) -> str:
        return self.translated_names.get(language or "", self.name)


class Flows:
    """All flows of an assistant by id: the user's and the default patterns."""

    def __init__(self, flows: Mapping[str, Flow]) -> None:
        self._flows = dict(flows)
        # Every turn walks through them, and there may be thousands.
        self._user_flows = tuple(flow for flow in self._flows.values() if not flow.is_pattern)
        self._patterns = tuple(flow for flow in self._flows.values() if flow.is_pattern)
        self.fingerprints = {flow.id: flow.fingerprint for flow in self._user_flows}

    def __iter__(self) -> Iterator[Flow]:
        return iter(self._flows.values())

    def __contains__(self, flow_id: object) -> bool:
        return flow_id in self._flows

    def get(self, flow_id: str) -> Flow | None:
        return self._flows.get(flow_id)

    def user_flows(self) -> Iterator[Flow]:
        return iter(self._user_flows)

    def patterns(self) -> Iterator[Flow]:
        return iter(self._patterns)

    def with_called(self, flow: Flow) -> list[Flow]:
        """The flow and every flow it calls, directly or through others, each once."""
        found: dict[str, Flow] = {}
        waiting = [flow]
        while waiting:
            current = waiting.pop(0)
            if current.id in found:
                continue
            found[current.id] = current
            called = (self._flows.get(flow_id) for flow_id in current.called_flow_ids())
            waiting.extend(other for other in called if other is not None)
        return list(found.values())
