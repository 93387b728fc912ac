"""Fits the weights of `understanding/slot_weights.py`: `python -m tests.bench.fit_slot_weights`.

What is fitted is which slot a thing in a message is the value of, or of none (a conditional logit),
on the dialogues of the data folder (see `understanding_data.py`) about the seen services. Rerun it
when the features in `pair_features.py` or the English word list changes. `--by-service` shows how
good that is on each service, with weights of the others alone.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelservice.calm.dialogue.commands import SetSlot
from modelservice.calm.understanding import slot_weights as fitted
from modelservice.calm.understanding.slot_filling import SlotFilling
from modelservice.calm.understanding.spans import Span
from tests.bench.understanding_data import (
    CONFIRMED,
    DATA,
    Counts,
    DialogueData,
    count_values,
    flow_id,
    is_unseen_turn,
    service_of,
)

# What the dialogues do not tell: a message that says no to the last answer changes that; a bare
# number is most likely that of a slot of numbers, and a sum of money an amount; `Regal Cinema` is
# a `cinema_name`, and what stands behind `in` is no kind of food.
BY_HAND = {
    "filled, corrected": 1.5,
    "filled, corrected, latest": 2.5,
    "number for a number": 2.5,
    "amount with its currency": 2.0,
    "named by its own word": 1.0,
    "named by a rival's word": -1.0,
    "marked as a place alone, sort": -1.5,
}
_STEPS, _STEP_LENGTH, _SHRINKING, _FEWEST = 250, 0.1, 5e-4, 4
_NEVER = -1e9
Numbers = NDArray[np.float64]


class Option(NamedTuple):
    """A slot that may take a span: `is_right`, or nearly so where one is a part of the other."""

    features: Mapping[str, float]
    is_right: bool
    is_part: bool


class Choice(NamedTuple):
    service: str
    options: Sequence[Option]

    @property
    def right(self) -> int | None:
        right = [place for place, option in enumerate(self.options) if option.is_right]
        parts = [place for place, option in enumerate(self.options) if option.is_part]
        return next(iter([*right, *parts]), None)


def main() -> None:
    data = DialogueData(DATA)
    turns = [turn for turn in data.turns if not is_unseen_turn(turn)]
    choices = [choice for turn in turns for choice in _choices(data, turn)]
    if "--by-service" in sys.argv:
        _show_by_service(data, turns, choices)
    else:
        _write(_weights(choices))


def _choices(data: DialogueData, turn: Mapping[str, Any]) -> Iterator[Choice]:
    """One for each span of a turn, given the flow that is right."""
    start = turn["expect"]["start"]
    flow = start or turn["active"]
    if flow is None:
        return
    filling = SlotFilling(data.request(turn), data.generator.reader)
    assignment = filling.assignment(flow_id(start) if start else None)
    options: dict[Span, list[Option]] = defaultdict(list)
    for profile, span, features in assignment.candidates():
        value = assignment.value(profile, span)
        if value is None:
            continue
        expected = turn["expect"]["set"].get(data.given_name(turn, profile.slot.name), [])
        wanted, said = [text.casefold() for text in expected], span.text.casefold()
        is_right = str(value).casefold() in wanted
        is_part = not is_right and any(text in said or said in text for text in wanted)
        options[span].append(Option(features, is_right, is_part))
    for found in options.values():
        yield Choice(service_of(flow), found)


def _weights(choices: Sequence[Choice]) -> dict[str, float]:
    """The most likely weights, by Adam with a little shrinking."""
    counted = Counter(
        name for choice in choices for option in choice.options for name in option.features
    )
    names = [name for name, count in counted.items() if count >= _FEWEST]
    places = {name: place for place, name in enumerate(names)}
    rows, widest = len(choices), max(len(choice.options) for choice in choices)
    features = np.zeros((rows, widest, len(names)))
    missing = np.full((rows, widest), _NEVER)
    right = np.full(rows, widest)
    for row, choice in enumerate(choices):
        right[row] = widest if choice.right is None else choice.right
        for column, option in enumerate(choice.options):
            missing[row, column] = 0
            for name, value in option.features.items():
                if name in places:
                    features[row, column, places[name]] = value
    weights = _fitted(features, missing, right)
    return dict(zip(names, weights.tolist(), strict=True)) | BY_HAND


def _fitted(features: Numbers, missing: Numbers, right: NDArray[np.int64]) -> Numbers:
    rows, widest, size = features.shape
    weights, first, second = (np.zeros(size) for _ in range(3))
    for step in range(1, _STEPS + 1):
        scores = np.column_stack([features @ weights + missing, np.zeros(rows)])
        slopes = np.exp(scores - scores.max(axis=1, keepdims=True))
        slopes /= slopes.sum(axis=1, keepdims=True)
        slopes[np.arange(rows), right] -= 1
        slope = np.tensordot(slopes[:, :widest], features, ((0, 1), (0, 1))) / rows
        slope += _SHRINKING * weights
        first = 0.9 * first + 0.1 * slope
        second = 0.99 * second + 0.01 * slope**2
        length = np.sqrt(second / (1 - 0.99**step)) + 1e-8
        weights -= _STEP_LENGTH * (first / (1 - 0.9**step)) / length
    return weights


def _show_by_service(
    data: DialogueData, turns: Sequence[Mapping[str, Any]], choices: Sequence[Choice]
) -> None:
    total = Counts()
    for service in sorted({choice.service for choice in choices}):
        others = [choice for choice in choices if choice.service != service]
        data.generator.reader.weights = _weights(others)
        own = Counts()
        for turn in turns:
            flow = turn["expect"]["start"] or turn["active"]
            if flow is not None and service_of(flow) == service:
                _count(own, data, turn)
        for name in ("found_values", "right_values", "expected_values"):
            setattr(total, name, getattr(total, name) + getattr(own, name))
        print(f"{service:12} {own.slot_f1:.3f}")
    print(f"{'all':12} {total.slot_f1:.3f} given the right start")


def _count(counts: Counts, data: DialogueData, turn: Mapping[str, Any]) -> None:
    filling = SlotFilling(data.request(turn), data.generator.reader)
    start = turn["expect"]["start"]
    commands = filling.beside(flow_id(start)) if start else filling.answers()
    values = [c for c in commands if isinstance(c, SetSlot) and c.slot != CONFIRMED]
    count_values(counts, data, turn, values)


def _write(weights: Mapping[str, float]) -> None:
    lines = "\n".join(
        f'    "{name}": {value:.2f},'
        for name, value in sorted(weights.items())
        if round(value, 2) != 0
    )
    text = f'''"""Weights of features of a slot and a span; by `tests/bench/fit_slot_weights.py`."""

from collections.abc import Mapping

WEIGHTS: Mapping[str, float] = {{
{lines}
}}
'''
    Path(fitted.__file__).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
