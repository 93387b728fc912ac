"""Which flows of a large assistant a language model is shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from modelservice.calm.content.flow import Flow
from modelservice.calm.dialogue.generator import Request
from modelservice.calm.understanding.llm.prompt import transcript

DEFAULT_SHOWN = 20
# A flow started so many messages ago is still what the conversation may be about.
_RECENT_MESSAGES = 20


class Ranked(Protocol):
    @property
    def flow_id(self) -> str: ...

    @property
    def score(self) -> float: ...


class Ranking(Protocol):
    def matches(self, text: str, offered: Collection[str]) -> Sequence[Ranked]:
        """The offered flows that a text may be about, best first."""
        ...


@dataclass(frozen=True, slots=True)
class RetrievalSettings:
    active: bool = True
    shown: int = DEFAULT_SHOWN
    turns: int = 1


def retrieval_settings(component: Mapping[str, Any]) -> RetrievalSettings:
    given = component.get("flow_retrieval")
    if not isinstance(given, Mapping):
        return RetrievalSettings()
    return RetrievalSettings(
        active=given.get("active", True) is not False,
        shown=_positive(given.get("num_flows"), DEFAULT_SHOWN),
        turns=_positive(given.get("turns_to_embed"), 1),
    )


def _positive(value: Any, default: int) -> int:
    return value if type(value) is int and value > 0 else default


@dataclass(frozen=True, slots=True)
class Shown:
    """`scores` are those of the flows found by similarity, best first."""

    flows: Sequence[Flow]
    scores: Mapping[str, float]


def flows_to_show(request: Request, settings: RetrievalSettings, ranking: Ranking) -> Shown:
    """All offered flows if they are few; else the most similar and those that must be there."""
    offered = {flow.id: flow for flow in (*request.flows, *request.active)}
    running = {flow.id for flow in request.active}
    if not settings.active or len(offered) <= settings.shown:
        return Shown(list(offered.values()), {})
    matches = ranking.matches(_query(request, settings), list(offered))[: settings.shown]
    kept = {match.flow_id for match in matches} | running | _recently_started(request)
    kept |= {flow_id for flow_id, flow in offered.items() if flow.always_include_in_prompt}
    shown = [flow for flow_id, flow in offered.items() if flow_id in kept]
    return Shown(shown, {match.flow_id: round(match.score, 3) for match in matches})


def _query(request: Request, settings: RetrievalSettings) -> str:
    if settings.turns == 1:
        return request.text
    return f"{transcript(request.tracker, settings.turns - 1)}\n{request.text}"


def _recently_started(request: Request) -> set[str]:
    started: set[str] = set()
    messages = 0
    for event in reversed(request.tracker.session_events()):
        messages += event.type in ("user", "bot")
        if messages > _RECENT_MESSAGES:
            break
        if event.type == "flow_started":
            started.add(event["flow_id"])
    return started
