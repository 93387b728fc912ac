"""What speaks for and against a thing of some shape being the value of a slot: numbers, names, and
words for kinds of things."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from modelservice.calm.understanding.language import Language, phrases_in
from modelservice.calm.understanding.sentence import Around, Circumstances, Sentence
from modelservice.calm.understanding.slot_profiles import PEOPLE, PERSON, PLACE, THING, Profile
from modelservice.calm.understanding.spans import MONEY, NUMBER, Span
from modelservice.calm.understanding.text import folded, stem, stems, words

_NAMED = frozenset({PLACE, PERSON, THING})


def telling_stems(text: str, language: Language) -> frozenset[str]:
    """The stems of the words that are no stop words."""
    return frozenset(stem(word) for word in words(text) if word not in language.stop_words)


def kinds_in(text: str, language: Language) -> set[str]:
    """The kinds of slots that a text names: `city` a place."""
    return {language.kinds[phrase] for _, phrase in phrases_in(stems(text), language.kinds)}


class ShapeFeatures:
    """Features that depend on what shape a span has; each method adds those of one."""

    def __init__(
        self, sentence: Sentence, profiles: Sequence[Profile], circumstances: Circumstances
    ) -> None:
        self._sentence = sentence
        self._language = sentence.language
        self._profiles = profiles
        self._where = circumstances
        self._topic = telling_stems(" ".join(circumstances.topic), self._language)
        self._topic_groups = self._groups(self._topic) - self._language.action_groups

    def counted(
        self, found: dict[str, float], profile: Profile, span: Span, around: Around
    ) -> None:
        """A number: what it counts."""
        kind = profile.kind
        found["amount with its currency"] = float(kind == MONEY and span.kind == MONEY)
        units = self._language.units
        behind = [stem(word) for word in around.after[:2]]
        near = {units[name] for name in behind if name in units}
        us = stem(" ".join(around.after[:2]))  # `of us` counts people
        near |= {units[us]} if us in units else set()
        counts = bool(near & profile.units or set(behind) & profile.words)
        found["counts its unit"] = float(counts)
        found["counts another unit"] = float(bool(near) and not counts)
        people = self._language.lists["markers"].get(PEOPLE, ())
        for_people = PEOPLE in profile.units and not near
        found["number of people"] = float(
            for_people and bool(around.before) and around.before[-1] in people
        )
        places = self._language.lists["markers"].get(PLACE, ())
        found["behind a word of places"] = float(
            not near
            and bool(around.before)
            and around.before[-1] in places
            and around.before[-1] not in people
        )
        bare = not near and not around.after
        found["bare number"] = float(bare)
        found["bare number of people"] = float(bare and for_people)
        found["number before another word"] = float(not near and bool(around.after))
        found["bare amount"] = float(kind == MONEY and span.kind == NUMBER and not near)
        found["number for a number"] = float(profile.slot.type == "float" and not near)
        one = self._language.numbers.get(folded(span.text)) == 1
        pointed = (
            bool(around.before) and around.before[-1] in self._language.phrases["plain_adjective"]
        )
        found["pronoun"] = float(one and pointed)
        found["spelt one"] = float(one)
        spelt = not any(letter.isdigit() for letter in span.text)
        found["spelt number"] = float(spelt)
        allowed = bool(profile.slot.values)
        found["one of allowed numbers"] = float(allowed)

    def name(self, found: dict[str, float], profile: Profile, span: Span, around: Around) -> None:
        """A name of a place, a person or a thing."""
        self._add_marks(found, profile.kind, around)
        self._add_looks(found, profile.kind, span)
        self._add_company(found, profile, span, around)
        opens = not self._sentence.text[: span.start].strip()
        is_asked = profile.slot.name == self._where.asked
        found["opens the message"] = float(opens)
        found["opens the message, asked"] = float(opens and is_asked)
        found["clause by itself"] = float(self._sentence.is_clause(span))
        found["clause by itself, asked"] = float(self._sentence.is_clause(span) and is_asked)
        found["the bot said it"] = float(span.text.casefold() in self._where.bot.casefold())

    def _add_marks(self, found: dict[str, float], kind: str, around: Around) -> None:
        """The words that stand before names of places, of people, and before any."""
        marked = self._marker_before(around.before)
        other = {PLACE: PERSON, PERSON: PLACE}.get(kind)
        own_list = kind if kind in self._language.lists["markers"] else "name"
        found["marked"] = float(own_list in marked)
        found[f"marked, {kind}"] = float(own_list in marked)
        found["marked as a name"] = float("name" in marked)
        found["marked as another kind"] = float(
            own_list not in marked and other is not None and other in marked
        )
        found[f"marked as a name alone, {kind}"] = float(marked == {"name"})
        found["marked as a place alone"] = float(marked == {PLACE})
        found[f"marked as a place alone, {kind}"] = float(marked == {PLACE})
        found[f"marked as a person alone, {kind}"] = float(marked == {PERSON})
        found[f"not marked, {kind}"] = float(not marked)
        venues = self._language.lists["markers"].get("venue", ())
        called = self._language.lists["markers"].get("called", ())
        found["called so"] = float(bool(around.before) and around.before[-1] in called)
        found[f"at a venue, {kind}"] = float(self._stands_behind(venues, around.before))

    def _add_looks(self, found: dict[str, float], kind: str, span: Span) -> None:
        text, spoken = span.text, words(span.text)
        written_small = not any(letter.isupper() for letter in text)
        found["written small"] = float(written_small)
        found["written small among capitals"] = float(written_small and self._sentence.has_capitals)
        known = [self._sentence.is_topic(word) for word in spoken]
        found["all known"] = float(bool(known) and all(known))
        found["all of the topic"] = float(
            bool(spoken) and all(stem(word) in self._topic for word in spoken)
        )
        found[f"several words, {kind}"] = float(len(spoken) > 2)
        found[f"two words, {kind}"] = float(len(spoken) == 2)
        found[f"with a comma, {kind}"] = float("," in text)
        found[f"with digits, {kind}"] = float(any(letter.isdigit() for letter in text))
        found[f"all capitals, {kind}"] = float(text.isupper())

    def _add_company(
        self, found: dict[str, float], profile: Profile, span: Span, around: Around
    ) -> None:
        """What the name sounds like, and related words before and behind it."""
        heard = [*words(span.text), *around.after[:1]]
        named = [p for p in self._profiles if p.kind in _NAMED]
        rivals = [p for p in named if p is not profile]
        found["named by its own word"] = float(self._sounds_like(profile, heard))
        found["named by a rival's word"] = float(any(self._sounds_like(p, heard) for p in rivals))
        said = [p for p in named if self._is_said(p, around.before)]
        found["related words before"] = float(profile in said)
        found["related words before, alone"] = float(profile in said and len(said) == 1)
        found["related words before a rival"] = float(bool(said) and profile not in said)
        if not around.after:
            return
        kind, behind = profile.kind, self._groups_of(around.after[0])
        found["kind behind"] = float(kind == THING and bool(self._groups(profile.words) & behind))
        is_place = PLACE in kinds_in(around.after[0], self._language)
        found["a place behind"] = float(kind == PLACE and is_place)
        found[f"topic behind, {kind}"] = float(bool(self._topic_groups & behind))

    def _marker_before(self, before: Sequence[str]) -> set[str]:
        naming = self._language.lists["markers"].get("naming", ())
        said = [f" {' '.join(before)}"]
        if before and before[-1] in naming:
            said.append(f" {' '.join(before[:-1])}")
        return {
            kind
            for kind, markers in self._language.lists["markers"].items()
            if kind in (PLACE, PERSON, "name")
            for marker in markers
            if any(text.endswith(f" {marker}") for text in said)
        }

    def _stands_behind(self, markers: Sequence[str], before: Sequence[str]) -> bool:
        naming = self._language.lists["markers"].get("naming", ())
        unnamed = [word for word in before if word not in naming]
        return bool(unnamed) and unnamed[-1] in markers

    def _sounds_like(self, profile: Profile, spoken: Sequence[str]) -> bool:
        """`Embarcadero Center Cinema` is a theater: by words, or groups of related words, of its
        slot's name that no other slot's name has."""
        others = frozenset().union(*(p.words for p in self._profiles if p is not profile))
        own = profile.words - others
        groups = self._groups(profile.words) - self._groups(others)
        return bool(own & telling_stems(" ".join(spoken), self._language)) or any(
            groups & self._groups_of(word) for word in spoken
        )

    def _is_said(self, profile: Profile, before: Sequence[str]) -> bool:
        """`eat` before the name of a restaurant."""
        own = self._groups(profile.words | profile.about) - self._language.action_groups
        return any(own & self._groups_of(word) for word in before)

    def _groups(self, names: Collection[str]) -> set[int]:
        related = self._language.related
        return {group for name in names for group in related.get((name,), ())}

    def _groups_of(self, word: str) -> set[int]:
        return set(self._language.related.get((stem(word),), ()))

    def word(self, found: dict[str, float], profile: Profile, span: Span, around: Around) -> None:
        """A word that may say a kind of what the slot is about."""
        language, spoken = self._language, words(span.text)
        behind = around.after[0] if around.after else None
        is_before_topic = behind is not None and (
            stem(behind) in self._topic
            or stem(behind) in profile.about
            or bool((self._topic_groups | self._groups(profile.about)) & self._groups_of(behind))
        )
        found["before what the flow is about"] = float(is_before_topic)
        found["related to the topic"] = float(self._sentence.is_head(span.text, self._topic_groups))
        found["said often"] = float(any(word in language.common_words for word in spoken))
        known = any(self._sentence.is_topic(word) for word in spoken)
        found["known word"] = float(known)
        found["unknown word"] = float(not known)
        found["ends a clause"] = float(behind is None)
        is_small = behind in language.stop_words
        found["before a small word"] = float(is_small and not is_before_topic)
        found["before another word"] = float(
            behind is not None and not is_small and not is_before_topic
        )
        preferred = language.phrases["preference"]
        found["preferred"] = float(any(word in preferred for word in around.before[-2:]))
        found["capital inside"] = float(
            span.text[0].isupper() and bool(self._sentence.text[: span.start].strip())
        )
        found["two words"] = float(" " in span.text)
        found["ends like an action"] = float(span.text.endswith(("ing", "ed")))
        related = self._groups(profile.about) - language.action_groups
        found["related to the slot"] = float(self._sentence.is_head(span.text, related))
