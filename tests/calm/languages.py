"""The languages of the word lists, each alone and all together."""

from modelservice.calm.understanding.language import Language, language_of
from modelservice.calm.understanding.spans import SpanFinder

CODES = ["en", "de", "es", "fr"]
ALONE = {code: language_of([code]) for code in CODES}
# An assistant that speaks all four knows their words together.
TOGETHER = language_of(CODES)
FINDER = SpanFinder(TOGETHER)


def both(code: str) -> list[Language]:
    return [ALONE[code], TOGETHER]
