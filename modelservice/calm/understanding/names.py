"""Names of people, places and things inside a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.spans import NAME, Span
from modelservice.calm.understanding.text import folded, stem, words

_TOKEN = re.compile(r"(?<!\w)[@#][\w-]+|[^\W_](?:[\w'’&/-]|\.(?=\w))*|#\s?\d+|&")
_SENTENCE_END = frozenset(".!?")
# Small words that stand inside names: `Museum of Art`, `Bank of the West`.
INSIDE_NAMES = frozenset(
    {"of", "the", "and", "&", "de", "la", "los", "las", "van", "von", "der", "del", "du", "di",
     "vs", "versus"}
)  # fmt: skip
_POSSESSIVES = ("'s", "’s")
_LONGEST = 8
_LONGEST_MARKED, _LONGEST_ALONE = 4, 3
# Their full stop ends no sentence; nor does that of a single letter.
_TITLES = frozenset(
    {
        "dr",
        "dra",
        "mr",
        "mrs",
        "ms",
        "mme",
        "prof",
        "sr",
        "sra",
        "jr",
        "st",
        "ste",
        "mt",
        "hr",
        "fr",
    }
)
_INITIALS = re.compile(r"\w(?:\.\w)*")
_OF_SOMETHING = re.compile(r"\s+[^\W\d_]")
_REGION = re.compile(r"[A-Z]{2,3}")


def names_in(text: str, language: Language, is_known: Callable[[str], bool]) -> list[Span]:
    """Capitalised words that stand together, with a house number before and a region behind.

    `is_known` tells words of the assistant's own texts: at the beginning of a sentence, where every
    word has a capital, they are no names.
    """
    tokens = list(_TOKEN.finditer(text))
    found: list[Span] = []
    place = 0
    while place < len(tokens):
        end = _end_of_name(text, tokens, place, language, is_known)
        if end > place:
            found.append(_span(text, tokens[place], tokens[end - 1]))
            place = end
        else:
            place += 1
    return found


def _span(text: str, first: re.Match[str], last: re.Match[str]) -> Span:
    """`Maria` of `Maria's account`."""
    end = last.end()
    behind = _OF_SOMETHING.match(text, end)
    is_owner = behind is not None and behind[0][-1].islower()
    if is_owner and text[first.start() : end].endswith(_POSSESSIVES):
        end -= len(_POSSESSIVES[0])
    return Span(NAME, first.start(), end, text[first.start() : end])


def _end_of_name(
    text: str,
    tokens: Sequence[re.Match[str]],
    start: int,
    language: Language,
    is_known: Callable[[str], bool],
) -> int:
    if not _begins(text, tokens, start, language, is_known):
        return start
    end = start + 1
    while end < len(tokens) and end - start < _LONGEST:
        gap = text[tokens[end - 1].end() : tokens[end].start()].strip()
        if gap == "," and _is_region(tokens[end][0], language):
            # `Sakoon, Mountain View` are two names.
            return end if _goes_on(text, tokens, end, language) else end + 1
        if gap and not (gap == "." and _is_title(tokens[end - 1][0])):
            break
        more = _more_of_name(text, tokens, start, end, language)
        if not more:
            break
        end += more
    return end


def _more_of_name(
    text: str, tokens: Sequence[re.Match[str]], start: int, place: int, language: Language
) -> int:
    """How many tokens at a place belong to the name that has begun."""
    token = tokens[place][0]
    is_part = _is_name_word(token, language) or token.startswith("#")
    if is_part or _is_number_of_name(text, tokens, place, place - start, language):
        return 1
    small = _small_words_inside(tokens, place, language)
    return small + 1 if small else 0


def _is_number_of_name(
    text: str, tokens: Sequence[re.Match[str]], place: int, length: int, language: Language
) -> bool:
    """`16` of `AMC Bay Street 16`, which counts nothing."""
    token = tokens[place]
    behind = text[token.end() :].lstrip()
    ends = length > 1 and (not behind or behind[0] in ".,;!?")
    goes_on = _goes_on(text, tokens, place, language)  # `Century 20 Great Mall`
    return token[0].isdigit() and (ends or goes_on)


def _is_title(token: str) -> bool:
    return _INITIALS.fullmatch(token) is not None or token.casefold() in _TITLES


def _is_region(token: str, language: Language) -> bool:
    """`OR` of `Portland, OR`, which is no small word."""
    return _is_name_word(token, language) or _REGION.fullmatch(token) is not None


def _small_words_inside(tokens: Sequence[re.Match[str]], place: int, language: Language) -> int:
    """How many of them lead on to a word of the name: two in `María de la Vega`."""
    end = place
    while end < len(tokens) and _may_be_inside(tokens[end][0], language):
        end += 1
    leads_on = end < len(tokens) and _is_name_word(tokens[end][0], language)
    return end - place if leads_on else 0


def _may_be_inside(token: str, language: Language) -> bool:
    """`of`; `By` of `Guided By Voices`."""
    if token.casefold() in INSIDE_NAMES:
        return True
    is_pronoun = folded(token).split("'")[0] in language.phrases["first_person"]
    return token.istitle() and not is_pronoun and not _is_name_word(token, language)


def _begins(
    text: str,
    tokens: Sequence[re.Match[str]],
    place: int,
    language: Language,
    is_known: Callable[[str], bool],
) -> bool:
    token = tokens[place][0]
    if token.isdigit():  # a house number
        return place + 1 < len(tokens) and _is_capital(tokens[place + 1][0]) and len(token) > 1
    if _is_article_of_title(text, tokens, place, language):
        return True
    followed = _goes_on(text, tokens, place, language)
    if not _is_name_word(token, language):
        return False
    if not _opens_sentence(text, tokens[place]):
        return followed or not _is_number(token, language)  # `Five Feet Apart`
    return _opens_with_name(text, token, language, followed=followed, known=is_known(token))


def _opens_with_name(
    text: str, token: str, language: Language, *, followed: bool, known: bool
) -> bool:
    """Whether the first word of a sentence begins a name, and not just the sentence."""
    begins_action = (stem(token),) in language.actions and len(words(text)) > _LONGEST_ALONE
    if begins_action or _is_number(token, language):  # `Cast Bohemian Rhapsody`
        return False
    if followed and folded(token) in language.phrases["plain_adjective"]:  # `New York`
        return folded(token) not in language.stop_words
    return not _is_said_often(token, language) and (followed or not known)


def _is_article_of_title(
    text: str, tokens: Sequence[re.Match[str]], place: int, language: Language
) -> bool:
    """`The` of `watch The Upside`."""
    token = tokens[place]
    return (
        token[0].istitle()
        and token[0].casefold() in language.lists["markers"].get("naming", ())
        and _goes_on(text, tokens, place, language)
    )


def _goes_on(text: str, tokens: Sequence[re.Match[str]], place: int, language: Language) -> bool:
    """Whether the next word is one of a name, too."""
    return (
        place + 1 < len(tokens)
        and text[tokens[place].end() : tokens[place + 1].start()] == " "
        and _is_name_word(tokens[place + 1][0], language)
    )


def _is_capital(token: str) -> bool:
    return token[:1].isupper()


def _is_name_word(token: str, language: Language) -> bool:
    """A capital, and not just `I` or `I'd`."""
    if token[0] in "@#" and not token[1:2].isdigit():  # `@anna`, `#general`
        return True
    spoken = [word.split("'")[0] for word in words(token)]  # `What's` is `what`
    return _is_capital(token) and not all(word in language.stop_words for word in spoken)


def _is_number(token: str, language: Language) -> bool:
    """`Two tickets` begins with no name."""
    return all(word in language.numbers for word in words(token))


def _opens_sentence(text: str, token: re.Match[str]) -> bool:
    before = text[: token.start()].rstrip()
    return not before or before[-1] in _SENTENCE_END


def _is_said_often(token: str, language: Language) -> bool:
    spoken = words(token)
    return all(word in language.stop_words or word in language.common_words for word in spoken)


def marked_names(
    text: str, markers: Iterable[str], language: Language, is_known: Callable[[str], bool]
) -> list[Span]:
    """Unknown words after a marker, for people who write everything small: `send it to lena`,
    `in the napa area`, `to paris, france`."""
    found = []
    tokens = list(_TOKEN.finditer(text))
    single = {marker for marker in markers if " " not in marker}
    naming = language.lists["markers"].get("naming", ())
    for place, token in enumerate(tokens[:-1]):
        if folded(token[0]) not in single or folded(token[0]) in naming:
            continue
        start = place + 1
        if folded(tokens[start][0]) in naming:
            start += 1
        end = _end_of_unknown(text, tokens, start, language, is_known)
        if end > start:
            found.append(_span(text, tokens[start], tokens[end - 1]))
    return found


def _end_of_unknown(
    text: str,
    tokens: Sequence[re.Match[str]],
    start: int,
    language: Language,
    is_known: Callable[[str], bool],
) -> int:
    end = start
    while end < len(tokens) and end - start < _LONGEST_MARKED:
        gap = text[tokens[end - 1].end() : tokens[end].start()].strip() if end > start else ""
        if gap not in ("", ",") or not _is_unknown(tokens[end][0], language, is_known):
            break
        end += 1
        if gap:
            break
    return end


def _is_unknown(token: str, language: Language, is_known: Callable[[str], bool]) -> bool:
    spoken = words(token)
    return bool(spoken) and not any(
        word.isdigit()
        or word in language.stop_words
        or word in language.common_words
        or word in language.numbers
        or (stem(word),) in language.related
        or is_known(word)
        for word in spoken
    )
