"""What speaks for and against a thing in a sentence being the value of a slot."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from modelservice.calm.understanding.acts import is_question
from modelservice.calm.understanding.language import Language, phrases_in
from modelservice.calm.understanding.sentence import Around, Sentence
from modelservice.calm.understanding.sides import last_cue
from modelservice.calm.understanding.slot_profiles import (
    BEGIN,
    COUNT,
    PEOPLE,
    PERSON,
    PLACE,
    SORT,
    THING,
    Profile,
)
from modelservice.calm.understanding.spans import (
    ADDRESS,
    DATE,
    EMAIL,
    MONEY,
    NAME,
    NUMBER,
    PHONE,
    TIME,
    WORD,
    Span,
)
from modelservice.calm.understanding.text import folded, stem, stems, words

# Kinds that show their meaning by their shape alone; the others need a sign of it.
CLEAR_KINDS = frozenset({DATE, TIME, EMAIL, PHONE})
SPANS_OF: Mapping[str, tuple[str, ...]] = {
    DATE: (DATE,),
    TIME: (TIME,),
    EMAIL: (EMAIL,),
    PHONE: (PHONE,),
    MONEY: (MONEY, NUMBER),
    COUNT: (NUMBER,),
    PLACE: (NAME,),
    PERSON: (NAME,),
    THING: (NAME,),
    ADDRESS: (NAME,),
    SORT: (NAME, WORD),
}
_NAMED = frozenset({PLACE, PERSON, THING})
_FEW_WORDS = 4


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


class PairFeatures:
    """Features of slots and spans of one message."""

    def __init__(
        self, sentence: Sentence, profiles: Sequence[Profile], circumstances: Circumstances
    ) -> None:
        self._sentence = sentence
        self._language = sentence.language
        self._profiles = profiles
        self._where = circumstances
        self._asked_kind = next(
            (p.kind for p in profiles if p.slot.name == circumstances.asked), None
        )
        self._sides = {(profile.kind, profile.side) for profile in profiles}
        self._bot_words = self._telling(circumstances.bot)
        self._bot_kinds = _kinds_in(circumstances.bot, self._language)
        self._topic = self._telling(" ".join(circumstances.topic))
        self._topic_groups = self._groups(self._topic) - self._language.action_groups
        self._cues: dict[tuple[Span, bool], str | None] = {}
        self._asked_about = {p.slot.name for p in profiles if self._is_asked_about(p)}
        self._of_message = self._message_features()

    @staticmethod
    def topic_of(profile: Profile, where: Circumstances, language: Language) -> frozenset[str]:
        """Stems that tell no kind of what a slot and its flow are about."""
        said = (stem(word) for word in where.topic if word not in language.stop_words)
        return profile.about.union(said)

    def _telling(self, text: str) -> frozenset[str]:
        return frozenset(
            stem(word) for word in words(text) if word not in self._language.stop_words
        )

    def _is_asked_about(self, profile: Profile) -> bool:
        return bool(profile.words & self._bot_words) or profile.kind in self._bot_kinds

    def _message_features(self) -> dict[str, float]:
        text, language, where = self._sentence.text, self._language, self._where
        spoken = words(text)
        said_all = language.means(text, "thanks", "finished", "goodbye")
        return {
            "starts": float(where.starts),
            "says that all is done": float(said_all and where.asked is None and not where.starts),
            "few words": float(len(spoken) <= _FEW_WORDS),
            "asks": float(is_question(text, language)),
            "nothing is asked": float(where.asked is None and not where.starts),
        }

    def of(self, profile: Profile, span: Span, spans: Sequence[Span]) -> dict[str, float]:
        """The features that are not zero; `spans` are all that the slot may take."""
        around = self._sentence.around(span)
        found: dict[str, float] = {f"kind {profile.kind}": 1.0}
        self._add_message(found, span)
        self._add_asked(found, profile)
        self._add_side(found, profile, span, spans)
        self._add_beside(found, profile, span, around)
        self._add_filled(found, profile)
        self._add_rivals(found, profile, span, spans)
        if span.kind in (NUMBER, MONEY):
            self._add_counted(found, profile, span, around)
        elif span.kind == NAME:
            self._add_name(found, profile, span, around)
        elif span.kind == WORD:
            self._add_word(found, profile, span, around)
        return {name: value for name, value in found.items() if value}

    # -- what the message is, and what was asked -------------------------------------------

    def _add_message(self, found: dict[str, float], span: Span) -> None:
        shape = "clear" if span.kind in CLEAR_KINDS else span.kind
        for name, value in self._of_message.items():
            found[name] = value
            found[f"{name}, {shape}"] = value
        if span.kind == DATE:
            relative = folded(span.text) in self._language.lists["dates"].get("relative", ())
            all_done = self._of_message["says that all is done"]
            found["relative date"] = float(relative)
            found["relative date, all is done"] = float(relative) * all_done

    def _add_asked(self, found: dict[str, float], profile: Profile) -> None:
        asked = self._where.asked
        is_asked = profile.slot.name == asked
        found["asked"] = float(is_asked)
        found[f"asked, {profile.kind}"] = float(is_asked)
        alone = asked is not None and self._asked_about <= {asked}
        found["asked alone"] = float(is_asked and alone)
        found[f"asked alone, {profile.kind}"] = float(is_asked and alone)
        if asked is not None and not is_asked:
            found["another is asked"] = 1.0
            found["another alone is asked"] = float(alone)
            found["another of the kind is asked"] = float(self._asked_kind == profile.kind)
        named = bool(profile.words & self._bot_words)
        found["asked about"] = float(named)
        found[f"asked about, {profile.kind}"] = float(named)
        found["described by the bot"] = float(not named and bool(profile.about & self._bot_words))
        found["kind asked about"] = float(profile.kind in self._bot_kinds)
        found[f"kind asked about, {profile.kind}"] = float(profile.kind in self._bot_kinds)

    def _add_filled(self, found: dict[str, float], profile: Profile) -> None:
        name = profile.slot.name
        if name not in self._where.filled:
            found["open while another is to be confirmed"] = float(
                bool(self._where.filled) and self._where.may_change
            )
            return
        found["filled"] = 1.0
        found["filled, corrected"] = float(self._where.corrected)
        found["filled, corrected, latest"] = float(
            self._where.corrected and name in self._where.latest
        )

    # -- from and to, words beside ---------------------------------------------------------

    def _add_side(
        self, found: dict[str, float], profile: Profile, span: Span, spans: Sequence[Span]
    ) -> None:
        if profile.side is None:
            return
        said = self._cue(span, profile)
        rivalled = any(kind == profile.kind and side not in (None, profile.side)
                       for kind, side in self._sides)  # fmt: skip
        if said is None:
            same = [other for other in spans if other.kind == span.kind]
            first = len(same) > 1 and span == min(same, key=lambda other: other.start)
            last = len(same) > 1 and span == max(same, key=lambda other: other.start)
            begins = profile.side == BEGIN
            found["no side is said, begin"] = float(begins and rivalled)
            found["no side is said, end"] = float(not begins and rivalled)
            found["no side is said, first of several"] = float(begins == first and first != last)
            found["no side is said, in its order"] = float(
                (begins and first) or (not begins and last)
            )
            return
        found["same side"] = float(said == profile.side)
        found["other side"] = float(said != profile.side and rivalled)
        found["other side, without a rival"] = float(said != profile.side and not rivalled)

    def _cue(self, span: Span, profile: Profile) -> str | None:
        key = (span, profile.is_stay)
        if key not in self._cues:
            before = self._sentence.before(span)
            is_when = span.kind in (DATE, TIME)
            self._cues[key] = last_cue(
                before, self._language, is_stay=profile.is_stay, is_when=is_when
            )
        return self._cues[key]

    def _add_beside(
        self, found: dict[str, float], profile: Profile, span: Span, around: Around
    ) -> None:
        if span.kind in (NAME, WORD):  # `the Marina hotel`, but not `a hotel in Porto`
            naming = self._language.lists["markers"].get("naming", ())
            before = [word for word in around.before if word not in naming][-1:]
            near_before, near_after = self._stems(before), self._stems(around.after[:1])
        else:
            near_before, near_after = self._stems(around.before), self._stems(around.after)
        rivals = [
            p for p in self._profiles if p.kind == profile.kind and p.slot.name != profile.slot.name
        ]
        own = profile.words - frozenset().union(*(p.words for p in rivals))
        about = profile.about - profile.words
        about -= frozenset().union(*(p.about for p in rivals))
        found["its words before"] = float(bool(profile.words & near_before))
        found["its words behind"] = float(bool(profile.words & near_after))
        found["its own words beside"] = float(bool(own & (near_before | near_after)))
        found["its description before"] = float(bool(about & near_before))
        found["its description behind"] = float(bool(about & near_after))
        earlier = self._stems(words(self._sentence.before(span)))
        found["its words earlier"] = float(bool(profile.words & (earlier - near_before)))
        wide = self._stems(words(self._sentence.text))
        found["its own words in the message"] = float(bool(own & wide) and bool(rivals))
        if rivals:
            theirs = frozenset().union(*(p.words for p in rivals)) - profile.words
            found["a rival's words beside"] = float(bool(theirs & (near_before | near_after)))

    def _stems(self, spoken: Collection[str]) -> frozenset[str]:
        stop = self._language.stop_words
        return frozenset(stem(word) for word in spoken if word not in stop)

    def _add_rivals(
        self, found: dict[str, float], profile: Profile, span: Span, spans: Sequence[Span]
    ) -> None:
        same = [p for p in self._profiles if p.kind == profile.kind]
        shape = "clear" if span.kind in CLEAR_KINDS else span.kind
        found[f"only slot of its kind, {shape}"] = float(len(same) == 1)
        if span.kind not in (NAME, WORD):
            found[f"first slot of its kind, {shape}"] = float(len(same) > 1 and same[0] is profile)
        found[f"only one of its shape, {shape}"] = float(
            sum(other.kind == span.kind for other in spans) == 1
        )

    # -- numbers ---------------------------------------------------------------------------

    def _add_counted(
        self, found: dict[str, float], profile: Profile, span: Span, around: Around
    ) -> None:
        kind = profile.kind
        found["amount with its currency"] = float(kind == MONEY and span.kind == MONEY)
        units = self._language.units
        behind = [stem(word) for word in around.after[:2]]
        near = {units[name] for name in behind if name in units}
        near |= {units[name] for _, name in _unit_phrases(around.after, units)}
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
        one = spelt_one(span, self._language)
        pointed = (
            bool(around.before) and around.before[-1] in self._language.phrases["plain_adjective"]
        )
        found["pronoun"] = float(one and pointed)
        found["spelt one"] = float(one)
        spelt = not any(letter.isdigit() for letter in span.text)
        found["spelt number"] = float(spelt)
        allowed = bool(profile.slot.values)
        found["one of allowed numbers"] = float(allowed)

    # -- names -----------------------------------------------------------------------------

    def _add_name(
        self, found: dict[str, float], profile: Profile, span: Span, around: Around
    ) -> None:
        kind, text = profile.kind, span.text
        spoken = words(text)
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
        venues = self._language.lists["markers"].get("venue", ())
        called = self._language.lists["markers"].get("called", ())
        found[f"called so, {kind}"] = float(bool(around.before) and around.before[-1] in called)
        found[f"at a venue, {kind}"] = float(self._stands_behind(venues, around.before))
        heard = [*spoken, *around.after[:1]]
        rivals = [p for p in self._profiles if p.kind in _NAMED and p is not profile]
        found["named by its own word"] = float(self._sounds_like(profile, heard))
        found["named by a rival's word"] = float(any(self._sounds_like(p, heard) for p in rivals))
        said = [p for p in self._profiles if p.kind in _NAMED and self._is_said(p, around.before)]
        found["related words before"] = float(profile in said)
        found["related words before, alone"] = float(profile in said and len(said) == 1)
        found["related words before a rival"] = float(bool(said) and profile not in said)
        found["kind behind"] = float(
            kind == THING
            and bool(around.after)
            and bool(self._groups(profile.words) & self._groups_of(around.after[0]))
        )
        found["a place behind"] = float(
            bool(around.after) and kind == PLACE and "place" in self._kinds_of(around.after[0])
        )
        found[f"topic behind, {kind}"] = float(
            bool(around.after) and bool(self._topic_groups & self._groups_of(around.after[0]))
        )
        opens = not self._sentence.text[: span.start].strip()
        is_asked = profile.slot.name == self._where.asked
        found["opens the message"] = float(opens)
        found["opens the message, asked"] = float(opens and is_asked)
        found["clause by itself"] = float(self._sentence.is_clause(span))
        found["clause by itself, asked"] = float(self._sentence.is_clause(span) and is_asked)
        found["the bot said it"] = float(text.casefold() in self._where.bot.casefold())

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
        return bool(own & self._stems(spoken)) or any(
            groups & self._groups_of(word) for word in spoken
        )

    def _is_said(self, profile: Profile, before: Sequence[str]) -> bool:
        """`eat` before the name of a restaurant."""
        own = self._groups(profile.words | profile.about) - self._language.action_groups
        return any(own & self._groups_of(word) for word in before)

    def _kinds_of(self, word: str) -> set[str]:
        return _kinds_in(word, self._language)

    def _groups(self, names: Collection[str]) -> set[int]:
        related = self._language.related
        return {group for name in names for group in related.get((name,), ())}

    def _groups_of(self, word: str) -> set[int]:
        return set(self._language.related.get((stem(word),), ()))

    # -- kinds of things -------------------------------------------------------------------

    def _add_word(
        self, found: dict[str, float], profile: Profile, span: Span, around: Around
    ) -> None:
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


def spelt_one(span: Span, language: Language) -> bool:
    return language.numbers.get(folded(span.text)) == 1


def _unit_phrases(after: Sequence[str], units: Mapping[str, str]) -> list[tuple[int, str]]:
    """`of us` counts people."""
    pair = " ".join(after[:2])
    return [(0, stem(pair))] if stem(pair) in units else []


def _kinds_in(text: str, language: Language) -> set[str]:
    return {language.kinds[phrase] for _, phrase in phrases_in(stems(text), language.kinds)}
