"""What a short message does, apart from its content: agree, refuse, cancel, greet …"""

from __future__ import annotations

import re

from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.text import folded, plain, words

_SHORT, _LONGEST_ACT, _FIRST_CLAUSES = 8, 12, 3
_CLAUSE_END = re.compile(r"[.,!?;:]+\s+")
_SENTENCE_END = re.compile(r"[.!?;]+(?:\s+|$)")


def is_act(text: str, act: str, language: Language) -> bool:
    """Whether the whole message is one of the act's phrases, politeness aside."""
    phrases = language.phrases[act]
    return any(form in phrases for form in _without_politeness(text, language))


def after_act(text: str, act: str, language: Language) -> str | None:
    """What is said besides one of the act's phrases: `stop. I want to pay` → `I want to pay`.

    Only the first clauses and the last one count; None if none of them is such a phrase.
    """
    clauses = list(_CLAUSE_END.finditer(text))
    for clause in clauses[:_FIRST_CLAUSES]:
        rest = text[clause.end() :]
        if rest and is_act(text[: clause.start()], act, language):
            return rest
    if clauses and is_act(text[clauses[-1].end() :], act, language):
        return text[: clauses[-1].start()]
    return None


def _without_politeness(text: str, language: Language) -> list[str]:
    """A short message with more and more of the polite words around it taken off."""
    forms = [plain(text)]
    if len(forms[0].split()) > _LONGEST_ACT:
        return forms
    for spoken in forms:  # it grows meanwhile
        for phrase in language.phrases["polite"]:
            for shorter in (spoken.removeprefix(f"{phrase} "), spoken.removesuffix(f" {phrase}")):
                if shorter not in forms:
                    forms.append(shorter)
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
    spoken = words(text)
    return text.rstrip().endswith("?") or (
        bool(spoken) and spoken[0] in language.phrases["question"]
    )


def _without_start(text: str, act: str, language: Language) -> str | None:
    lowered = folded(text).replace("-", " ")
    for phrase in sorted(language.phrases[act], key=len, reverse=True):
        if lowered.startswith(phrase) and not lowered[len(phrase) :][:1].isalnum():
            return text[len(phrase) :].lstrip(" ,.:;-")
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
