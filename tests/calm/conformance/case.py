"""One numbered case of the conformance list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from modelservice.calm.dialogue.events import Event
from tests.calm.conformance.world import Say, World

Check = Callable[[World, list[Event]], None]


@dataclass(frozen=True)
class Case:
    """`before` are turns that lead to the situation; `turn` is the one that is compared.

    `then` are further turns with what each is expected to give. `changes` is YAML over the
    test project, `retrained` over it again before `turn`; not `sound` if no training takes them.
    """

    number: int
    title: str
    turn: Say
    expected: str
    before: tuple[Say, ...] = ()
    then: tuple[tuple[Say, str], ...] = ()
    changes: str = ""
    retrained: str | None = None
    answers: Mapping[str, list[tuple[int, Any]]] = field(default_factory=dict)
    check: Check | None = None
    sound: bool = True
    keep_listen: bool = False
