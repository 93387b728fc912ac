"""What a short message does, apart from its content: agree, refuse, cancel, greet …"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from functools import cache

from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.text import folded, plain, stem, words

_SHORT, _LONGEST_ACT, _FIRST_CLAUSES, _FIRST_WORDS = 8, 12, 3, 3
_AROUND = " ,.:;-"
_CLAUSE_END = re.compile(r"[.,!?;:]+\s+")
_SENTENCE_END = re.compile(r"[.!?;]+(?:\s+|$)")


def is_act(text: str, act: str, language: Language) -> bool:
    """Whether the whole message is one of the act's phrases, politeness aside."""
    phrases = language.phrases[act]
    return any(form in phrases for form in _without_politeness(text, language))


def after_clause(text: str, is_said: Callable[[str], bool]) -> str | None:
    """What is said besides a clause that `is_said`: `stop. I want to pay` → `I want to pay`.

    Only the first clauses and the last one count; None if none of them is such a clause.
    """
    clauses = list(_CLAUSE_END.finditer(text))
    for clause in clauses[:_FIRST_CLAUSES]:
        rest = text[clause.end() :]
        if rest and is_said(text[: clause.start()]):
            return rest
    if clauses and is_said(text[clauses[-1].end() :]):
        return text[: clauses[-1].start()]
    return None


def cancels(
    text: str, topic: Collection[str], language: Language, *, confirming: bool = False
) -> bool:
    """Whether the whole message ends what is under way: `cancel`, `stop the transfer`.

    `topic` are the stems of the words that may say what that is. `I don't want to send it` ends
    it, too, but is a no while something is to be confirmed.
    """
    if is_act(text, "cancel", language):
        return True
    kinds = ("cancel_what",) if confirming else ("cancel_what", "refuse_what")
    phrases = [phrase for kind in kinds for phrase in language.phrases[kind]]
    return any(
        _is_about(form.removeprefix(f"{phrase} "), topic, language)
        for form in _without_politeness(text, language)
        for phrase in phrases
        if form.startswith(f"{phrase} ")
    )


def _is_about(rest: str, topic: Collection[str], language: Language) -> bool:
    """Whether words say no more than what is under way."""
    telling = [word for word in rest.split() if word not in language.stop_words]
    return bool(telling) and all(
        word in language.phrases["under_way"] or stem(word) in topic for word in telling
    )


def refuses(text: str, language: Language) -> bool:
    """`I don't want to pay`: begins by saying what is not wanted."""
    return any(word in language.phrases["refusal"] for word in words(text)[:_FIRST_WORDS])


def without_hesitation(text: str, language: Language) -> str:
    """What follows `ah, one moment,` at the beginning; the text itself where nothing does."""
    found = _hesitation(language.phrases["pause"], language.phrases["polite"]).match(folded(text))
    rest = text[found.end() :] if found else ""
    return rest if plain(rest) not in ("", *language.phrases["polite"]) else text


@cache
def _hesitation(pauses: frozenset[str], polite: frozenset[str]) -> re.Pattern[str]:
    # A single word such as `wait` may just as well begin a correction.
    said = _either(pause for pause in pauses if " " in pause)
    return re.compile(rf"(?:(?:{_either(polite)})[\s,.:;!-]+)*(?:{said})(?:[\s,.:;!-]+|$)")


def _either(phrases: Iterable[str]) -> str:
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return "|".join(map(re.escape, longest_first)) or "(?!)"


def _without_politeness(text: str, language: Language) -> list[str]:
    """A short message with more and more of the polite words around it taken off."""
    forms = [plain(text)]
    if len(forms[0].split()) > _LONGEST_ACT:
        return forms
    polite, request = language.phrases["polite"], language.phrases["request"]
    for spoken in forms:  # it grows meanwhile
        shorter = [spoken.removeprefix(f"{phrase} ") for phrase in (*polite, *request)]
        shorter += [spoken.removesuffix(f" {phrase}") for phrase in polite]
        forms.extend(dict.fromkeys(form for form in shorter if form not in forms))
    return forms


def yes_or_no(text: str, language: Language) -> bool | None:
    """Agreement or refusal, None if the message is neither.

    The first sentence decides; `that sounds good. How much is it?` agrees.
    """
    for sentence in _SENTENCE_END.split(text):
        spoken = plain(sentence)
        refusal = _first_phrase(spoken, "no", language)
        agreement = _first_phrase(spoken, "yes", language)
        if refusal is not None and agreement is not None:
            # The phrase that comes first decides; of two at one place the longer one.
            return agreement < refusal
        if refusal is not None or agreement is not None:
            return agreement is not None
        if not _is_act_of_politeness(sentence, language):
            break
    return None


def after_agreement(text: str, language: Language) -> str | None:
    """What follows the sentence that agrees: `Yes, do that. Is it far?`; None where none does."""
    end = _SENTENCE_END.search(text)
    if end is None or yes_or_no(text[: end.start()], language) is not True:
        return None
    return text[end.end() :] or None


def _is_act_of_politeness(sentence: str, language: Language) -> bool:
    return any(is_act(sentence, act, language) for act in ("thanks", "greeting", "goodbye"))


def _first_phrase(spoken: str, act: str, language: Language) -> tuple[int, int] | None:
    """Place and negative length of the phrase that comes first.

    A long sentence has to begin with it; in a short one it may stand anywhere.
    """
    found: list[tuple[int, int]] = []
    padded = f" {spoken} "
    is_short = len(spoken.split()) <= _SHORT
    for phrase in language.phrases[act]:
        place = padded.find(f" {phrase} ")
        if place == 0 or (place > 0 and is_short):
            found.append((place, -len(phrase)))
    return min(found, default=None)


def is_question(text: str, language: Language) -> bool:
    """Whether something is asked; `could I have a coffee?` asks nothing."""
    if begins(text, "wish", language):
        return False
    return text.rstrip().endswith("?") or begins(text, "question", language)


def begins(text: str, kind: str, language: Language) -> bool:
    """Whether a message begins with a phrase of a kind, politeness aside."""
    phrases, polite = language.phrases[kind], language.phrases["polite"]
    forms = [f"{plain(text)} "]
    for spoken in forms:  # it grows meanwhile
        if any(spoken.startswith(f"{phrase} ") for phrase in phrases):
            return True
        forms.extend(spoken.removeprefix(f"{p} ") for p in polite if spoken.startswith(f"{p} "))
    return False


def _without_start(text: str, act: str, language: Language) -> str | None:
    lowered = folded(text).replace("-", " ")
    for phrase in sorted(language.phrases[act], key=len, reverse=True):
        if lowered.startswith(phrase) and not lowered[len(phrase) :][:1].isalnum():
            return text[len(phrase) :].lstrip(_AROUND)
    return None


def without_correction(text: str, language: Language) -> str | None:
    """What follows `no,` or `actually` at the start of a message, None without such a start."""
    rest = text.strip()
    found = False
    changed = True
    while changed:
        changed = False
        for act in ("correction", "polite"):  # `oh sorry, I meant Tom` begins politely
            shorter = _without_start(rest, act, language)
            if shorter is not None:
                rest, changed = shorter, True
                found = found or act == "correction"
                break
    if not found or _is_act_of_politeness(rest, language):  # "no thanks" corrects nothing
        return None
    return rest or None


def joined_parts(text: str, language: Language) -> list[tuple[str, str]]:
    """What stands before and behind each word that joins two requests: `pay it and then call`."""
    joints = "|".join(
        re.escape(phrase) for phrase in sorted(language.phrases["joint"], key=len, reverse=True)
    )
    if not joints:
        return []
    joint = re.compile(rf"[\s,;.]+(?:{joints})[\s,]+|[.;]\s+")
    return [(text[: match.start()], text[match.end() :]) for match in joint.finditer(folded(text))]
