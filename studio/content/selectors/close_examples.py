"""Examples that are nearly the same; computed when somebody asks, never for a list."""

from dataclasses import asdict
from functools import lru_cache
from typing import Any
from uuid import UUID

from modelservice.project.close_examples import ExampleIndex
from studio.content.models import Branch
from studio.content.selectors.items import branch_get
from studio.content.selectors.understanding import examples_by_intent


def close_pairs(branch: Branch) -> list[dict[str, Any]]:
    """Pairs of examples of different intents, the nearest first."""
    return [asdict(pair) for pair in index_of(branch).close_pairs()]


def closest_example(branch: Branch, text: str) -> dict[str, Any] | None:
    """The example that is most like a sentence, as the examples are now."""
    found = index_of(branch).closest(text)
    return None if found is None else {**asdict(found[0]), "alike": found[1]}


def index_of(branch: Branch) -> ExampleIndex:
    """Of the examples at the head of the branch."""
    return _index(branch.assistant_id, branch.name, branch.head)


@lru_cache(maxsize=4)
def _index(assistant_id: UUID, branch: str, _head: int) -> ExampleIndex:
    """A sentence is looked up with each pause in typing, while the examples stay as they are."""
    return ExampleIndex(examples_by_intent(branch_get(assistant_id, branch)))
