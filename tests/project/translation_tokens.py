"""Bodies of responses with translations, made of the tokens that tools stumble over."""

from typing import Any

from hypothesis import strategies as st

# What opens a formula, markup, slots, line breaks, scripts of both directions, composed signs.
TOKENS = (
    *("=", "+", "-", "@", "'", "\t", "\r", "\n", "\r\n", ";", ",", '"', '""', "|"),
    *("&lt;", "&amp;", "<b>", "</target>", "]]>", "<!--", '<ph id="1">', "&"),
    *("{amount}", "{}", "{{", "}}", "{name", "}", "{{ slots.x }}", "{% if x %}"),
    *("שלום", "مرحبا", "\u202e", "\u200f", "👩‍👩‍👧", "🇩🇪", "é", "e\u0301", "ß", "İ", "\ufeff"),
    *("\u0001", "\u000b", "\u0085", "\u2028", "\ufffe", "\uffff", "a", "SUM(A1)", " ", "  "),
)
TEXTS = st.lists(st.sampled_from(TOKENS), max_size=6).map("".join)
WORDS = TEXTS.filter(lambda text: bool(text.strip()))
LANGUAGES = st.sampled_from(["de", "es", "ar", "de-CH", "x-en-formal"])


def bodies(texts: st.SearchStrategy[str]) -> st.SearchStrategy[list[Any]]:
    def translated(value: st.SearchStrategy[Any]) -> Any:
        return st.dictionaries(LANGUAGES, value, max_size=3)

    fields = st.fixed_dictionaries({}, optional={"title": texts, "url": texts})
    buttons = st.fixed_dictionaries(
        {"title": texts},
        optional={
            "url": st.sampled_from(["https://example.org", ""]),
            "payload": st.just("/yes"),
            "translation": translated(fields),
        },
    )
    variations = st.fixed_dictionaries(
        {"text": texts},
        optional={
            "translation": translated(texts),
            "buttons": st.lists(buttons, max_size=3),
            "metadata": st.just({"template": "jinja"}),
        },
    )
    return st.lists(variations, max_size=3)


BODIES = bodies(TEXTS)
# The same few words meet again and again.
ALIKE = bodies(st.sampled_from(["a", "b", ""]))
