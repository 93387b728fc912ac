"""A loaded model, as the engine asks it: flows, domain, settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from modelservice.calm.content.domain import Domain
from modelservice.calm.content.flow import Flow, Flows, Step
from modelservice.project.checks import defaults as default_names


@dataclass(frozen=True, slots=True)
class Assistant:
    """`max_characters` is the longest user text that is read; negative means no limit."""

    assistant_id: str
    model_id: str
    model_name: str
    language: str
    additional_languages: tuple[str, ...]
    domain: Domain
    flows: Flows
    nlu: Mapping[str, Any] = field(default_factory=dict)
    max_characters: int = 420
    warnings: tuple[str, ...] = ()

    @property
    def languages(self) -> list[str]:
        """The languages to understand: the assistant's own, and English in any case."""
        return [self.language, *self.additional_languages, "en"]

    def step(self, flow_id: str, step_id: str) -> Step | None:
        flow = self.flows.get(flow_id)
        return None if flow is None else flow.step(step_id)

    def flow_name(self, flow_id: str, language: str | None) -> str:
        flow = self.flows.get(flow_id)
        return flow_id if flow is None else flow.readable_name(language)

    def knows_action(self, name: str) -> bool:
        return (
            name in default_names.ACTIONS
            or name in self.domain.actions
            or name in self.domain.responses
            or (name.startswith("flow_") and name.removeprefix("flow_") in self.flows)
        )

    def collects(self, flow: Flow, slot: str) -> bool:
        """Whether the flow, or one it calls, asks for the slot."""
        return any(
            step.collect == slot
            for part in self.flows.with_called(flow)
            for step in part.collect_steps()
        )

    def event_metadata(self) -> dict[str, Any]:
        return {
            "assistant_id": self.assistant_id,
            "model_id": self.model_id,
            "model_name": self.model_name,
            "default_language": self.language,
        }
