"""A message with everything in it that may be the value of a slot."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.names import marked_names, names_in
from modelservice.calm.understanding.slot_profiles import PLACE
from modelservice.calm.understanding.spans import (
    NAME,
    NUMBER,
    WORD,
    Span,
    SpanFinder,
    inherit_months,
)
from modelservice.calm.understanding.text import folded, stem, stems, words

_WORDS_AROUND = 3
_CLAUSE_END = re.compile(r"[.,!?;:]")
_TOKEN = re.compile(r"[^\W_](?:[\w'’&-]|\.(?=\w))*")
_LONGEST_KIND, _LONGEST_CALLED = 2, 6


@dataclass(frozen=True, slots=True)
class Around:
    """Words beside a span, nearest last and nearest first; none from beyond another span before
    it, or from another clause behind it."""

    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where a message is said: which slot was asked for, and what the bot said; which slots have a
    value already, and may change it; which of them the message corrects, most likely one of
    the `latest`; what the flow is about."""

    asked: str | None
    bot: str
    filled: frozenset[str]
    may_change: bool
    corrected: bool
    latest: frozenset[str]
    topic: frozenset[str]
    starts: bool = False


class Sentence:
    def __init__(
        self,
        text: str,
        finder: SpanFinder,
        language: Language,
        vocabulary: frozenset[str],
        topics: frozenset[str],
    ) -> None:
        self.text = text
        self.language = language
        self._vocabulary = vocabulary
        self._topics = topics
        self._around: dict[Span, Around] = {}
        spans = [span for span in finder.find(text) if not self._is_phrase(span)]
        self.spans = inherit_months(spans, text, language)
        for name in names_in(text, language, self.is_known):
            self._add_name(name)
        self.spans.sort(key=lambda span: span.start)

    def _is_phrase(self, span: Span) -> bool:
        """`one way` counts nothing."""
        following = words(self.text[span.end :])[:1]
        phrase = stems(f"{span.text} {' '.join(following)}")
        return span.kind == NUMBER and bool(following) and phrase in self.language.related

    def is_known(self, word: str) -> bool:
        """Whether it is a word of the assistant's own texts, or of a group of related words."""
        return any(
            stem(part) in self._vocabulary or (stem(part),) in self.language.related
            for part in words(word)
        )

    def is_topic(self, word: str) -> bool:
        """Whether it is a word of what flows are about, or of a group of related words."""
        return any(
            stem(part) in self._topics or (stem(part),) in self.language.related
            for part in words(word)
        )

    @cached_property
    def has_capitals(self) -> bool:
        """Whether the writer uses capitals, so that small words are no names."""
        return any(span.kind == NAME for span in self.spans) or any(
            word[0].isupper() for word in self.text.split()[1:]
        )

    @cached_property
    def marked(self) -> list[Span]:
        """Unknown words behind a word that names stand behind, for people who write small."""
        markers = {marker for items in self.language.lists["markers"].values() for marker in items}
        found = marked_names(self.text, markers, self.language, self.is_known)
        return [name for name in found if not self._taken(name)]

    @cached_property
    def called(self) -> list[Span]:
        """What stands behind `called`, up to the end of the clause or of the noun."""
        lists, found = self.language.lists["markers"], []
        cues = "|".join(map(re.escape, lists.get("called", ())))
        for match in re.finditer(rf"\b(?:{cues})\s+", folded(self.text)) if cues else ():
            starts = [s.start for s in self.spans if s.kind != NAME and s.start >= match.end()]
            part = self.text[match.end() : min(starts, default=len(self.text))]
            said = self._until_preposition(_CLAUSE_END.split(part, maxsplit=1)[0])
            if said:
                found.append(Span(NAME, match.end(), match.end() + len(said), said))
        names = {(span.start, span.end) for span in self.spans}
        return [span for span in found if (span.start, span.end) not in names]

    def _until_preposition(self, text: str) -> str:
        """`Salon visit` of `Salon visit on the`; at least a word, at most a few."""
        lists = self.language.lists["markers"]
        ends = {*lists.get(PLACE, ()), *lists.get("loose", ()), *self.language.phrases["polite"]}
        ends |= self.language.phrases["introduction"]
        spoken = text.split()[:_LONGEST_CALLED]
        length = next((n for n, w in enumerate(spoken) if n and folded(w) in ends), len(spoken))
        return " ".join(spoken[:length])

    def kinds(self, topic: Collection[str]) -> list[Span]:
        """Words that may say a kind of what the `topic` is about: `Malaysian` of `some Malaysian
        food`, `baseball`; words of the topic itself say none."""
        groups = {g for name in topic for g in self.language.related.get((name,), ())}
        found: list[Span] = []
        for match in _TOKEN.finditer(self.text):
            spoken = words(match[0])
            if not spoken or not self._may_be_kind(spoken, topic) or self._in_value(match):
                continue
            heads = any(groups & set(self.language.related.get((stem(w),), ())) for w in spoken)
            last = found[-1] if found else None
            if (
                last is not None
                and not heads
                and self.text[last.end : match.start()] == " "
                and len(last.text.split()) < _LONGEST_KIND
                and not self.is_head(last.text, groups)
            ):
                found[-1] = Span(WORD, last.start, match.end(), self.text[last.start : match.end()])
            else:
                found.append(Span(WORD, match.start(), match.end(), match[0]))
        return found

    def is_head(self, text: str, groups: Collection[int]) -> bool:
        """Whether a text shares one of the groups of related words."""
        related = self.language.related
        return any(set(groups) & set(related.get((stem(w),), ())) for w in words(text))

    def _may_be_kind(self, spoken: list[str], topic: Collection[str]) -> bool:
        language = self.language
        return not any(
            word in language.stop_words
            or word in language.phrases["preference"]
            or word in language.phrases["plain_adjective"]
            or word in language.numbers
            or word.isdigit()
            or stem(word) in topic
            or (stem(word),) in language.actions
            for word in spoken
        )

    def _in_value(self, match: re.Match[str]) -> bool:
        return any(
            match.start() < span.end and span.start < match.end()
            for span in self.spans
            if span.kind != NAME
        )

    def _add_name(self, name: Span) -> None:
        """A house number belongs to its address; other spans have their own meaning."""
        over = [span for span in self.spans if name.start < span.end and span.start < name.end]
        if all(span.kind == NUMBER for span in over):
            self.spans = [span for span in self.spans if span not in over] + [name]

    def _taken(self, name: Span) -> bool:
        return any(name.start < span.end and span.start < name.end for span in self.spans)

    def before(self, span: Span) -> str:
        """The text before a span, back to the one before."""
        start = max((other.end for other in self.spans if other.end <= span.start), default=0)
        return self.text[start : span.start]

    def around(self, span: Span) -> Around:
        found = self._around.get(span)
        if found is None:
            behind = _CLAUSE_END.split(self.text[span.end :], maxsplit=1)[0]
            found = self._around[span] = Around(
                tuple(words(self.before(span))[-_WORDS_AROUND:]),
                tuple(words(behind)[:_WORDS_AROUND]),
            )
        return found

    def is_clause(self, span: Span) -> bool:
        """Whether nothing else stands in its clause."""
        before, behind = self.text[: span.start].rstrip(), self.text[span.end :].lstrip()
        begins = not before or _CLAUSE_END.match(before[-1]) is not None
        return begins and (not behind or _CLAUSE_END.match(behind[0]) is not None)
