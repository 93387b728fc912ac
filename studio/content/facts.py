"""What checks of one item ask about the others, answered from what is stored of them.

The names that were asked for are remembered: when one of those items changes, this one is checked
again, and no other.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any, Generic, TypeVar

from django.db.models import Q

from modelservice.project.checks.content import (
    FLOW_KINDS,
    Content,
    FlowFacts,
    Identity,
    SlotFacts,
    Surroundings,
    surroundings_of,
)
from modelservice.project.model import Kind, flow_kind
from studio.content.models import Branch, Item

Value = TypeVar("Value")
_BATCH = 500


class Facts:
    """Facts of items of one branch, fetched when a check asks for them."""

    def __init__(self, branch: Branch) -> None:
        self._branch = branch
        self._known: dict[Identity, Any] = {}
        self._complete = False
        # What the checks have asked for; whoever runs one empties it before.
        self.asked: set[Identity] = set()

    def put(self, identity: Identity, facts: Any) -> None:
        """Take this for what is stored; None: there is no such item."""
        self._known[identity] = facts

    def get(self, identity: Identity) -> Any:
        self.asked.add(identity)
        return self._known.get(identity)

    def unknown(self) -> set[Identity]:
        """What was asked for before it was fetched: the answer was wrong, perhaps."""
        return set() if self._complete else {one for one in self.asked if one not in self._known}

    def fetch(self, identities: Iterable[Identity]) -> None:
        missing = [one for one in identities if one not in self._known]
        if self._complete or not missing:
            return
        kinds = {kind for kind, _key in missing}
        names = sorted({key for _kind, key in missing})
        for start in range(0, len(names), _BATCH):
            self._keep(Q(kind__in=kinds, key__in=names[start : start + _BATCH]))
        for identity in missing:
            self._known.setdefault(identity, None)

    def fetch_all(self) -> None:
        if not self._complete:
            self._complete = True
            self._keep(Q())

    def _keep(self, wanted: Q) -> None:
        rows = Item.objects.filter(wanted, branch=self._branch).order_by()
        for kind, key, facts in rows.values_list("kind", "key", "facts"):
            self._known.setdefault((kind, key), facts)

    def surroundings(self) -> Surroundings:
        return Surroundings(
            flows=_Facts(self, None, _flow),
            slots=_Facts(self, Kind.SLOT, _slot),
            responses=_Names(self, Kind.RESPONSE),
            actions=_Names(self, Kind.ACTION),
            intents=_Names(self, Kind.INTENT),
            agents=_Names(self, Kind.FILE, "sub_agents/{}/config.yml"),
        )


def facts_of(kind: str, key: str, body: Any) -> Any:
    """What checks of other items may ask of this one, as JSON."""
    alone = surroundings_of(Content({(kind, key): body}))
    if kind in FLOW_KINDS:
        return asdict(alone.flows[key])
    return asdict(alone.slots[key]) if kind == Kind.SLOT else True


def _flow(facts: Any) -> FlowFacts:
    return FlowFacts(facts["has_link"], tuple(facts["calls"]), tuple(facts["fills"]))


def _slot(facts: Any) -> SlotFacts:
    return SlotFacts(**{**facts, "values": tuple(facts["values"])})


class _Facts(Mapping[str, Value], Generic[Value]):
    """`kind` None: flows, whose names tell the patterns among them."""

    def __init__(self, facts: Facts, kind: Kind | None, read: Callable[[Any], Value]) -> None:
        self._facts, self._kind, self._read = facts, kind, read

    def __getitem__(self, name: Any) -> Value:
        kind = self._kind or flow_kind(str(name))
        found = self._facts.get((kind.value, name)) if isinstance(name, str) else None
        if found is None:
            raise KeyError(name)
        return self._read(found)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class _Names(frozenset[str]):
    """`key` is what an item of that name is called, with {} for the name."""

    _facts: Facts
    _kind: Kind
    _key: str

    def __new__(cls, facts: Facts, kind: Kind, key: str = "{}") -> "_Names":
        made = super().__new__(cls)
        made._facts, made._kind, made._key = facts, kind, key
        return made

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        return self._facts.get((self._kind.value, self._key.replace("{}", name))) is not None
