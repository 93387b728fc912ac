"""Fits the weights of `understanding/weights.py`: `python -m tests.bench.fit_weights`.

What is fitted is which flow a message starts, or none, on the dialogues of the data folder (see
`understanding_data.py`) about the seen services; and, so that it also holds elsewhere, on the same
dialogues with fewer flows, without the flow that is asked for, and on sentences about things that
no flow does. Nothing of an unseen service is looked at. Rerun it when the features in
`flow_choice.py` or the English word list changes.
"""

import asyncio
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelservice.calm.understanding import weights as fitted
from modelservice.calm.understanding.embeddings import Embedder
from tests.bench.embeddings import embedding_service
from tests.bench.understanding_data import DATA, DialogueData, flow_id, is_unseen, service_of

# Share of turns without a start in which the weights alone may make one; `start_rules.py` refuses
# some of them.
FALSE_STARTS = 0.049
# What no example sentence of the data tells: a sentence that is nearly one of a flow's own.
BY_HAND = {"like an example": 6.0, "like the examples": 6.0}
# Intents of `clinc_small.json` that none of the dialogues' flows is about.
FOREIGN = (  # noqa: SIM905 - words in lines are easier to read
    "are_you_a_bot calories change_ai_name change_speed change_user_name change_volume definition "
    "do_you_have_pets flip_coin fun_fact gas gas_type how_old_are_you ingredients_list "
    "ingredient_substitution jump_start last_maintenance meaning_of_life mpg nutrition_info "
    "oil_change_how order_checks pto_balance pto_request recipe report_lost_card roll_dice "
    "shopping_list smart_home spelling tell_joke text timer timezone tire_pressure translate "
    "user_name what_are_your_hobbies what_is_your_name where_are_you_from who_do_you_work_for "
    "who_made_you w2 taxes payday income insurance rollover_401k replacement_card_duration "
    "vaccines find_phone measurement_conversion calculator credit_score interest_rate apr"
).split()
_FOREIGN_SENTENCES = 700
_STEPS, _STEP_LENGTH, _SHRINKING = 300, 0.15, 1e-3
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """Features for each offered flow and for none; `right` is the row of the flow, -1 for none."""

    flows: Numbers
    none: Numbers
    right: int
    weight: float


def main() -> None:
    with embedding_service() as embedder:
        found = {"BY_WORDS": _weights(None), "WITH_EMBEDDINGS": _weights(embedder)}
    _write(found)


def _weights(embedder: Embedder | None) -> tuple[dict[str, float], dict[str, float]]:
    data = DialogueData(DATA, embedder)
    rows = [row for turn, weight in _turns(data) if (row := _row(data, turn, weight)) is not None]
    for_flow, for_none = _fitted(rows)
    names, none_names = _names(data)
    for name, value in BY_HAND.items():
        for_flow[names.index(name)] = value
    for_none[none_names.index("always")] += _shift(rows, for_flow, for_none)
    return dict(zip(names, for_flow, strict=True)), dict(zip(none_names, for_none, strict=True))


def _turns(data: DialogueData) -> Iterator[tuple[dict[str, Any], float]]:
    """The dialogues' turns with weight 1, and what is made of them with half of it."""
    draw = random.Random(4)
    seen = [
        {**turn, "flows": [name for name in turn["flows"] if not is_unseen(name)]}
        for turn in data.turns
        if not is_unseen(turn["expect"]["start"]) and not is_unseen(turn["active"])
    ]
    for turn in seen:
        yield turn, 1.0
    for turn in seen:
        wanted = turn["expect"]["start"]
        if wanted is None:
            continue
        service = service_of(wanted)
        others = [name for name in turn["flows"] if service_of(name) != service]
        if turn["active"] is None or draw.random() < 0.3:
            few = draw.sample(others, min(len(others), draw.choice([4, 8, 16])))
            yield _changed(turn, few, start=None), 0.5
        if draw.random() < 0.3:
            rest = [name for name in turn["flows"] if name != wanted]
            few = draw.sample(rest, draw.choice([3, 6]))
            yield _changed(turn, [*few, wanted], start=wanted), 0.5
    sentences = json.loads((DATA / "clinc_small.json").read_text(encoding="utf-8"))
    foreign = [text for text, intent in sentences["train"] if intent in FOREIGN]
    outside = [text for text, _ in sentences["oos_train"]]
    known = sorted(name for name in data.flows if not is_unseen(name))
    for text in [*draw.sample(foreign, _FOREIGN_SENTENCES), *outside]:
        turn = {"text": text, "active": None, "bot": "", "asked": [], "confirming": []}
        few = draw.sample(known, draw.choice([5, 10, 20]))
        yield _changed(turn, few, start=None), 0.5


def _changed(turn: Mapping[str, Any], flows: list[str], *, start: str | None) -> dict[str, Any]:
    return {**turn, "flows": flows, "expect": {"start": start}}


def _row(data: DialogueData, turn: Mapping[str, Any], weight: float) -> Row | None:
    features = asyncio.run(data.generator.features(data.request(turn)))
    if not features.flows:
        return None
    names = list(features.flows)
    wanted = turn["expect"]["start"]
    right = names.index(flow_id(wanted)) if wanted and flow_id(wanted) in names else -1
    flows = [list(found.values()) for found in features.flows.values()]
    return Row(np.array(flows), np.array(list(features.none.values())), right, weight)


def _names(data: DialogueData) -> tuple[list[str], list[str]]:
    features = asyncio.run(data.generator.features(data.request(data.turns[0])))
    return list(next(iter(features.flows.values()))), list(features.none)


def _fitted(rows: Sequence[Row]) -> tuple[Numbers, Numbers]:
    """The most likely weights (a conditional logit), by Adam with a little shrinking."""
    widest = max(len(row.flows) for row in rows)
    flows = np.zeros((len(rows), widest, rows[0].flows.shape[1]))
    missing = np.full((len(rows), widest), -1e9)
    for number, row in enumerate(rows):
        flows[number, : len(row.flows)] = row.flows
        missing[number, : len(row.flows)] = 0
    none = np.array([row.none for row in rows])
    right = np.array([row.right if row.right >= 0 else widest for row in rows])
    row_weights = np.array([row.weight for row in rows])[:, None]
    size = flows.shape[2]
    weights, first, second = (np.zeros(size + none.shape[1]) for _ in range(3))
    for step in range(1, _STEPS + 1):
        scores = np.column_stack([flows @ weights[:size] + missing, none @ weights[size:]])
        probabilities = np.exp(scores - scores.max(axis=1, keepdims=True))
        probabilities /= probabilities.sum(axis=1, keepdims=True)
        probabilities[np.arange(len(rows)), right] -= 1
        probabilities *= row_weights
        slope = np.concatenate(
            [
                np.tensordot(probabilities[:, :-1], flows, ((0, 1), (0, 1))),
                probabilities[:, -1] @ none,
            ]
        )
        slope = slope / len(rows) + _SHRINKING * weights
        first = 0.9 * first + 0.1 * slope
        second = 0.99 * second + 0.01 * slope**2
        length = np.sqrt(second / (1 - 0.99**step)) + 1e-8
        weights -= _STEP_LENGTH * (first / (1 - 0.9**step)) / length
    return weights[:size], weights[size:]


def _shift(rows: Sequence[Row], for_flow: Numbers, for_none: Numbers) -> float:
    """What "always" needs more so that just the allowed share of starts is false."""
    leads = sorted(
        (
            float((row.flows @ for_flow).max() - row.none @ for_none)
            for row in rows
            if row.right < 0 and row.weight == 1
        ),
        reverse=True,
    )
    return leads[int(FALSE_STARTS * len(leads))]


def _write(found: Mapping[str, tuple[Mapping[str, float], Mapping[str, float]]]) -> None:
    def lines(weights: Mapping[str, float]) -> str:
        return "\n".join(f'        "{name}": {value:.2f},' for name, value in weights.items())

    parts = "".join(
        f"""{name} = Weights(
    for_a_flow={{
{lines(for_flow)}
    }},
    for_no_flow={{
{lines(for_none)}
    }},
)
"""
        for name, (for_flow, for_none) in found.items()
    )
    text = f'''"""Weights of features of a flow and of none; by `tests/bench/fit_weights.py`."""

from collections.abc import Mapping
from typing import NamedTuple


class Weights(NamedTuple):
    for_a_flow: Mapping[str, float]
    for_no_flow: Mapping[str, float]


{parts}'''
    Path(fitted.__file__).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
