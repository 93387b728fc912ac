"""What speaks for and against a thing in a sentence being the value of a slot."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from modelservice.calm.understanding.acts import is_question
from modelservice.calm.understanding.sentence import Around, Circumstances, Sentence
from modelservice.calm.understanding.shape_features import ShapeFeatures, kinds_in, telling_stems
from modelservice.calm.understanding.sides import last_cue
from modelservice.calm.understanding.slot_profiles import (
    BEGIN,
    COUNT,
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
from modelservice.calm.understanding.text import folded, stem, words

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
_FEW_WORDS = 4


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
        self._bot_words = telling_stems(circumstances.bot, self._language)
        self._bot_kinds = kinds_in(circumstances.bot, self._language)
        self._message_words = telling_stems(sentence.text, self._language)
        self._shapes = ShapeFeatures(sentence, profiles, circumstances)
        self._cues: dict[tuple[Span, bool], str | None] = {}
        self._asked_about = {p.slot.name for p in profiles if self._is_asked_about(p)}
        self._of_message = self._message_features()

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
            self._shapes.counted(found, profile, span, around)
        elif span.kind == NAME:
            self._shapes.name(found, profile, span, around)
        elif span.kind == WORD:
            self._shapes.word(found, profile, span, around)
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
        found["its own words in the message"] = float(
            bool(own & self._message_words) and bool(rivals)
        )
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
