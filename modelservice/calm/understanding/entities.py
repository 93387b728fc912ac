"""Entities in a sentence: patterns, look-ups, the values of the examples, and values like them.

Every entity of the examples has a shape (a number, a date, a name …) and words that stand before
it. A new value of that shape after one of these words is the entity, too; where several roles are
possible, the words around decide.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.names import names_in
from modelservice.calm.understanding.spans import SpanFinder
from modelservice.calm.understanding.text import stem, words
from modelservice.project.conditions.expressions import (
    Expression,
    UnusableExpression,
    compile_pattern,
)
from modelservice.project.nlu_examples import MarkedEntity, NluExamples

logger = logging.getLogger(__name__)
_WORDS_AROUND = 3
_LONGEST_TEXT = 1000
Entity = dict[str, Any]


def learn_entities(examples: NluExamples, language: Language) -> dict[str, Any]:
    """What `EntityExtractor` needs, as JSON; empty if nothing is taught."""
    finder = SpanFinder(language)
    uses = [_use(entity, finder, language) for entity in examples.entities]
    values: dict[str, list[str]] = {}
    for entity in examples.entities:
        values.setdefault(entity.entity, []).append(entity.text)
    for name, items in examples.lookups.items():
        values.setdefault(name, []).extend(items)
    known = {entity.entity for entity in examples.entities} | examples.lookups.keys()
    if not (values or examples.patterns):
        return {}
    return {
        "values": {name: list(dict.fromkeys(items)) for name, items in values.items()},
        # A pattern that names no entity is only a feature of Rasa's classifiers.
        "patterns": {name: items for name, items in examples.patterns.items() if name in known},
        "synonyms": examples.synonyms,
        "uses": uses,
    }


def _use(entity: MarkedEntity, finder: SpanFinder, language: Language) -> dict[str, Any]:
    sentence = f"{entity.before}{entity.text}{entity.after}"
    start, end = len(entity.before), len(entity.before) + len(entity.text)
    spans = [*finder.find(sentence), *names_in(sentence, language, lambda _: False)]
    shape = next((span.kind for span in spans if (span.start, span.end) == (start, end)), None)
    return {
        "entity": entity.entity,
        "role": entity.role,
        "group": entity.group,
        "shape": shape,
        "before": [stem(word) for word in words(entity.before)[-_WORDS_AROUND:]],
        "after": [stem(word) for word in words(entity.after)[:_WORDS_AROUND]],
    }


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    entity: str


class EntityExtractor:
    def __init__(self, learned: Mapping[str, Any], language: Language) -> None:
        self._language = language
        self._finder = SpanFinder(language)
        self._synonyms: Mapping[str, str] = learned["synonyms"]
        self._uses: Sequence[Mapping[str, Any]] = learned["uses"]
        self._patterns = [
            (name, pattern)
            for name, texts in learned["patterns"].items()
            for pattern in _compiled(name, texts)
        ]
        self._values = [(name, _any_of(items)) for name, items in learned["values"].items()]

    def extract(self, text: str) -> list[Entity]:
        """Entities in their order; they do not overlap."""
        text = text[:_LONGEST_TEXT]
        found: list[_Found] = []
        for name, expression in self._patterns:
            for start, end in expression.spans(text):
                _add(found, _Found(start, end, name))
        for name, values in self._values:
            for match in values.finditer(text):
                _add(found, _Found(match.start(), match.end(), name))
        for span in self._like_the_examples(text):
            _add(found, span)
        return [self._as_entity(text, item) for item in sorted(found, key=lambda item: item.start)]

    def _like_the_examples(self, text: str) -> Iterable[_Found]:
        spans = [*self._finder.find(text), *names_in(text, self._language, lambda _: False)]
        for span in spans:
            before = {stem(word) for word in words(text[: span.start])[-1:]}
            fitting = Counter(
                use["entity"]
                for use in self._uses
                if use["shape"] == span.kind and before & set(use["before"][-1:])
            )
            if fitting:
                yield _Found(span.start, span.end, fitting.most_common(1)[0][0])

    def _as_entity(self, text: str, found: _Found) -> Entity:
        said = text[found.start : found.end]
        entity: Entity = {
            "entity": found.entity,
            "start": found.start,
            "end": found.end,
            "value": self._synonyms.get(said.casefold(), said),
            "text": said,
        }
        use = self._nearest_use(text, found)
        for key in ("role", "group"):
            if use is not None and use[key] is not None:
                entity[key] = use[key]
        return entity

    def _nearest_use(self, text: str, found: _Found) -> Mapping[str, Any] | None:
        """The example whose words around the entity are most like these; the nearest word counts
        most."""
        uses = [use for use in self._uses if use["entity"] == found.entity]
        before = [stem(word) for word in words(text[: found.start])[-_WORDS_AROUND:]]
        after = [stem(word) for word in words(text[found.end :])[:_WORDS_AROUND]]

        def likeness(use: Mapping[str, Any]) -> float:
            follows = bool(before) and before[-1:] == use["before"][-1:]
            shared = len(set(before) & set(use["before"]))
            return shared + 0.5 * len(set(after) & set(use["after"])) + 2.0 * follows

        return max(uses, key=likeness, default=None)


def _add(found: list[_Found], item: _Found) -> None:
    if not any(item.start < other.end and other.start < item.end for other in found):
        found.append(item)


def _any_of(values: Iterable[str]) -> re.Pattern[str]:
    ordered = sorted(values, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered))})(?!\w)", re.IGNORECASE)


def _compiled(name: str, texts: Iterable[str]) -> Iterable[Expression]:
    for text in texts:
        try:
            yield compile_pattern(text)
        except UnusableExpression as error:
            logger.warning(
                "the pattern %r of '%s' in nlu.yml is left out: it %s", text, name, error
            )
