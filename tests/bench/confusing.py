"""Group `runtime`, examples that pull in two directions: how many are told, and how many of those
that stand at a wrong intent on purpose are found."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence

from modelservice.calm.understanding.embeddings import Embedder, Embedding
from modelservice.calm.understanding.intents.confusing import confusing_examples
from modelservice.calm.understanding.intents.training import IntentExamples
from modelservice.calm.understanding.language import language_of
from tests.bench.figures import Figure

_MOVED_SHARE = 0.05
_SEED = 3
_MOST_TOLD, _FEWEST_FOUND = 0.03, 0.7


def confusing_figures(
    how: str, examples: Mapping[str, Sequence[str]], embedder: Embedder | None
) -> list[Figure]:
    texts = [text for of_intent in examples.values() for text in of_intent]
    embeddings: dict[str, Embedding] = {}
    if embedder is not None:
        found = asyncio.run(embedder.embed(texts)).embeddings
        embeddings = dict(zip(texts, found, strict=True))
    told = len(_told(examples, embeddings))
    moved, wrong = _with_moved(examples)
    told_of_moved = _told(moved, embeddings)
    hits = len(told_of_moved & wrong)
    right = f"of {len(told_of_moved)} told {hits / max(1, len(told_of_moved)):.2f} are such"
    return [
        Figure(
            "runtime",
            f"examples told of as they came, {how}",
            told / len(texts),
            "",
            f"of {len(texts)} examples {told}",
            _MOST_TOLD,
        ),
        Figure(
            "runtime",
            f"examples at a wrong intent found, {how}",
            hits / len(wrong),
            "",
            right,
            _FEWEST_FOUND,
            at_least=True,
        ),
    ]


def _told(
    examples: Mapping[str, Sequence[str]], embeddings: Mapping[str, Embedding]
) -> set[tuple[str, str]]:
    data = IntentExamples(examples, language_of(["en"]), embeddings)
    return {(each.intent, each.text) for each in confusing_examples(data)}


def _with_moved(
    examples: Mapping[str, Sequence[str]],
) -> tuple[dict[str, list[str]], set[tuple[str, str]]]:
    """The examples with one in twenty at another intent, and which these are."""
    draw = random.Random(_SEED)
    moved = {name: list(texts) for name, texts in examples.items()}
    pairs = [(name, text) for name, texts in examples.items() for text in texts]
    wrong = set()
    for name, text in draw.sample(pairs, int(len(pairs) * _MOVED_SHARE)):
        other = draw.choice([each for each in examples if each != name])
        moved[name].remove(text)
        moved[other].insert(draw.randrange(len(moved[other]) + 1), text)
        wrong.add((other, text))
    return moved, wrong
