"""Group `runtime`, the offline command generator, on public data: what it gets right.

`UNDERSTANDING_DATA` names a folder with `sgd_turns.jsonl`, `sgd_flows.json` and `clinc_small.json`;
the data have their own licences and are not part of this project. Nothing was fitted on the unseen
services.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Mapping
from typing import Any

import psutil

from modelservice.calm.understanding.embeddings import Embedder
from modelservice.calm.understanding.text import identifier_words, plain, words
from tests.bench.confusing import confusing_figures
from tests.bench.embeddings import PatientClient, embedding_process
from tests.bench.figures import Figure, percentile
from tests.bench.plain import PlainTfIdf
from tests.bench.understanding_data import (
    DATA,
    DialogueData,
    IntentData,
    dialogue_counts,
    intent_shares,
    is_unseen_turn,
)

# Starts, slot values, yes and no, and intents inside, on what is unseen.
_TARGETS = {"words": (0.78, 0.79, 0.94, 0.90), "embeddings": (0.85, 0.85, 0.97, 0.93)}


def measure() -> list[Figure]:
    """Everything by words alone and with embeddings, those of the unseen services by themselves."""
    if not DATA.is_dir():
        print(
            f"understanding is not measured: UNDERSTANDING_DATA: no folder {DATA}", file=sys.stderr
        )
        return []
    with embedding_process() as (socket, pid):
        embedder = PatientClient(socket)
        before = psutil.Process(pid).memory_info().rss / 1024 / 1024
        figures = [*_figures("by words", None), *_figures("with embeddings", embedder)]
        memory = psutil.Process(pid).memory_info().rss / 1024 / 1024
        begun = f"before the first text {before:.0f} MB; one for all bots"
        return [
            *figures,
            Figure("runtime", "embedding process after these, resident", memory, "MB", begun, 120),
        ]


def _figures(how: str, embedder: Embedder | None) -> list[Figure]:
    dialogues = DialogueData(DATA, embedder)
    seen = [turn for turn in dialogues.turns if not is_unseen_turn(turn)]
    unseen = [turn for turn in dialogues.turns if is_unseen_turn(turn)]
    counts = dialogue_counts(dialogues, unseen)
    # What was fitted is there for comparison; a part of it is enough.
    fitted = dialogue_counts(dialogues, seen[::3])
    nearest = f"plain TF-IDF {_plain_starts(dialogues, unseen):.2f}"
    intents = IntentData(DATA, embedder)
    inside, outside = intent_shares(intents)
    plain_inside, plain_outside = _plain_intents(intents)
    turn = percentile(counts.milliseconds, 0.95)
    empty = f"reading its words {_reading_ms(dialogues):.3f} ms"
    most_ms = 8 if embedder is None else 25
    false_starts = f"starting none 0, on seen {fitted.false_start_share:.3f}"
    f1 = f"allowed values alone {_plain_f1(dialogues, unseen):.2f}, on seen {fitted.slot_f1:.2f}"
    answers = f"first word {_plain_answers(unseen):.2f}, on seen {fitted.answer_share:.2f}"
    targets = _TARGETS["words" if embedder is None else "embeddings"]
    return [
        _share(
            f"starts the right flow, {how}",
            counts.start_share,
            f"{nearest}, on seen {fitted.start_share:.2f}",
            targets[0],
        ),
        Figure("runtime", f"false starts, {how}", counts.false_start_share, "", false_starts, 0.06),
        _share(f"slot values, F1, {how}", counts.slot_f1, f1, targets[1]),
        _share(f"yes and no, {how}", counts.answer_share, answers, targets[2]),
        _share(f"intents, inside, {how}", inside, f"plain TF-IDF {plain_inside:.2f}", targets[3]),
        _share(
            f"intents, outside refused, {how}", outside, f"plain TF-IDF {plain_outside:.2f}", 0.75
        ),
        Figure("runtime", f"understanding a turn, p95, {how}", turn, "ms", empty, most_ms),
        *confusing_figures(how, intents.examples, embedder),
    ]


def _share(name: str, value: float, reference: str, target: float) -> Figure:
    return Figure("runtime", name, value, "", reference, target, at_least=True)


def _plain_starts(data: DialogueData, turns: Iterable[Mapping[str, Any]]) -> float:
    texts = [
        (
            name,
            " ".join(
                [identifier_words(name), flow["description"], *map(identifier_words, flow["slots"])]
            ),
        )
        for name, flow in data.flows.items()
    ]
    by_words = PlainTfIdf(texts)
    turns = [turn for turn in turns if turn["expect"]["start"] is not None]
    found = [
        by_words.nearest(turn["text"], frozenset(turn["flows"]) - {turn["active"]})[0]
        for turn in turns
    ]
    right = [name == turn["expect"]["start"] for name, turn in zip(found, turns, strict=True)]
    return right.count(True) / len(turns)


def _plain_f1(data: DialogueData, turns: Iterable[Mapping[str, Any]]) -> float:
    """Only what is an allowed value of a slot and stands in the text word for word."""
    right = found = expected = 0
    for turn in turns:
        wanted: Mapping[str, list[str]] = turn["expect"]["set"]
        expected += len(wanted)
        name: str | None = turn["expect"]["start"] or turn["active"]
        for slot, about in data.flows[name]["slots"].items() if name else ():
            said = [
                v for v in about["values"] or () if f" {plain(v)} " in f" {plain(turn['text'])} "
            ]
            if said:
                found += 1
                right += said[0] in wanted.get(slot, ())
    return 2 * right / max(1, found + expected)


def _plain_answers(turns: Iterable[Mapping[str, Any]]) -> float:
    turns = [turn for turn in turns if turn["expect"]["affirm"] is not None]
    first = {"yes": True, "no": False}
    right = [first.get(words(turn["text"])[0]) is turn["expect"]["affirm"] for turn in turns]
    return sum(right) / len(right)


def _plain_intents(data: IntentData) -> tuple[float, float]:
    """With the one threshold that refuses as many outside sentences as our target asks."""
    nearest = PlainTfIdf((intent, " ".join(texts)) for intent, texts in data.examples.items())
    outside = sorted(nearest.nearest(text)[1] for text in data.outside)
    needed = percentile(outside, 0.70)
    found = [(nearest.nearest(text), intent) for text, intent in data.inside]
    inside = sum(name == intent and score >= needed for (name, score), intent in found)
    return inside / len(found), sum(score < needed for score in outside) / len(outside)


def _reading_ms(data: DialogueData) -> float:
    began = time.perf_counter()
    for turn in data.turns:
        words(turn["text"])
    return (time.perf_counter() - began) * 1000 / len(data.turns)
