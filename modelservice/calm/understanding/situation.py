"""A message and where it is said, and what is chosen for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from modelservice.calm.understanding.embeddings import Embedding
from modelservice.calm.understanding.teaching import Taught

Features = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Situation:
    """A message and where it is said.

    `active` is the running flow, `recent` the one that has just ended; `asked` says that a
    question is open, `confirming` that it is to be answered with yes or no, `answered` that the
    message does; `bot` is what the bot said last.
    `taught` says how much the message is like the sentences that flows were taught with;
    `well_taught` flows are judged by that alone. `embedding` is the message's, if it came in time.
    """

    text: str
    offered: Collection[str]
    active: str | None = None
    recent: str | None = None
    asked: bool = False
    confirming: bool = False
    answered: bool = False
    bot: str = ""
    taught: Taught = field(default_factory=Taught)
    well_taught: frozenset[str] = frozenset()
    embedding: Embedding | None = None

    def is_untaught(self, flow_id: str) -> bool:
        return flow_id in self.well_taught and not self.taught.likeness(flow_id)


@dataclass(frozen=True, slots=True)
class Candidate:
    """`probability` is between 0 and 1; `words` are what the message shares with the flow, `text`
    is the flow's text that came nearest, `similarity` how near; `evidence` are the signs that spoke
    most for or against it, by what they counted."""

    flow_id: str
    probability: float
    similarity: float
    words: tuple[str, ...]
    text: str
    evidence: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Candidates, the best first; `none` is the probability of asking for no flow, `running` how
    similar the message is to the running flow."""

    candidates: tuple[Candidate, ...] = ()
    none: float = 1.0
    running: float = 0.0
    none_evidence: tuple[tuple[str, float], ...] = ()

    @property
    def best(self) -> Candidate | None:
        return self.candidates[0] if self.candidates else None


@dataclass(frozen=True, slots=True)
class AllFeatures:
    """Features by offered flow, and for no flow."""

    flows: Mapping[str, Features]
    none: Features
