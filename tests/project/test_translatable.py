"""What is translatable, and when a translation is outdated."""

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from modelservice.project.translatable import translatable_of, with_translation
from modelservice.project.translation_pairs import Pair, Verdict, judged, pairs_of
from tests.project.fuzzing import examples
from tests.project.translation_tokens import ALIKE, BODIES, LANGUAGES, TEXTS


@settings(max_examples=examples(300))
@given(BODIES, LANGUAGES, TEXTS, st.integers(0, 20))
def test_a_translation_is_written_where_it_is_read(
    body: list[Any], language: str, words: str, which: int
) -> None:
    texts = translatable_of("response", "utter_a", body)
    if not texts:
        return
    text = texts[which % len(texts)]
    changed = with_translation(body, text.path, language, words)
    after = {one.path: one for one in translatable_of("response", "utter_a", changed)}
    expected = {**text.translations, language: words}
    if not words.strip():
        expected.pop(language)
    found = after.pop(text.path, None)
    assert (found.translations if found else {}) == expected
    # Nothing else is another.
    assert after == {one.path: one for one in texts if one.path != text.path}
    back = with_translation(changed, text.path, language, text.translations.get(language, ""))
    assert translatable_of("response", "utter_a", back) == texts
    owner: Any = body
    for part in text.path[:-1]:
        owner = owner[part]
    if language in text.translations or "translation" not in owner:
        assert back == body


def test_what_the_runtime_reads() -> None:
    body: list[Any] = [
        {
            "text": "Which {card}?",
            "translation": {"de": "Welche {card}?", "es": " "},
            "buttons": [
                {"title": "All", "payload": "/all", "translation": {"de": {"title": "Alle"}}},
                {
                    "title": "Help",
                    "url": "https://example.org/en",
                    "translation": {"de": {"url": "https://example.org/de"}},
                },
                {"title": 5},
            ],
            "quick_replies": [{"title": "No"}],
        },
        {"custom": {"text": "x"}},
    ]
    found = [
        (text.pointer, text.field, text.reference, dict(text.translations), text.needed)
        for text in translatable_of("response", "utter_a", body)
    ]
    link = "/0/buttons/1"
    assert found == [
        ("/0/text", "message", "Which {card}?", {"de": "Welche {card}?"}, True),
        ("/0/buttons/0/title", "button", "All", {"de": "Alle"}, True),
        (f"{link}/title", "link", "Help", {}, True),
        (f"{link}/url", "url", "https://example.org/en", {"de": "https://example.org/de"}, False),
    ]
    flow = {"translation": {"de": {"name": "Sperren"}, "metadata": {"name": "x"}}}
    [name] = translatable_of("flow", "block_card", flow)
    assert (name.reference, name.translations) == ("block card", {"de": "Sperren"})
    assert translatable_of("slot", "a", {"text": "x"}) == []


class Store:
    """Verdicts as the database keeps them: the first one stays."""

    def __init__(self) -> None:
        self.known: dict[Pair, Verdict] = {}
        self.now: Counter[Pair] = Counter()

    def write(self, *pairs: tuple[str, str], seen: list[tuple[str, str]] | None = None) -> None:
        after = Counter(Pair("de", *pair) for pair in pairs)
        had = None if seen is None else [Pair("de", *pair) for pair in seen]
        new = judged(self.now, after, self.known, had)
        assert not new.keys() & self.known.keys()
        self.known |= new
        self.now = after

    def outdated(self) -> dict[str, str | None]:
        return {
            pair.translation: self.known[pair].before
            for pair in self.now
            if pair in self.known and self.known[pair].outdated
        }


def test_a_changed_reference_makes_its_translation_outdated() -> None:
    store = Store()
    store.write(("Card?", "Karte?"), ("Yes", "Ja"))
    assert store.outdated() == {}
    store.write(("Which card?", "Karte?"), ("Yes", "Ja"))
    store.write(("Which one?", "Karte?"), ("Yes", "Ja"))
    assert store.outdated() == {"Karte?": "Card?"}
    store.write(("", "Karte?"), ("Yes", "Ja"))
    store.write(("Which card do you mean?", "Karte?"), ("Yes", "Ja"))
    assert store.outdated() == {"Karte?": "Card?"}
    # Undone, it fits again.
    store.write(("Card?", "Karte?"), ("Yes", "Ja"))
    assert store.outdated() == {}
    store.write(("Which one?", "Karte?"), ("Yes", "Ja"))
    assert store.outdated() == {"Karte?": "Card?"}
    # Any edit of the translation is made for the reference that is there.
    store.write(("Which one?", "Welche?"), ("Yes", "Ja"))
    assert store.outdated() == {}


def test_the_same_words_at_two_places() -> None:
    store = Store()
    store.write(("Yes", "Ja"))
    store.write(("Yes", "Ja"), ("Yep", "Ja"))
    assert store.outdated() == {}
    # Moved, or swapped, a pair is still that pair.
    store.write(("Yep", "Ja"), ("Yes", "Ja"))
    assert store.outdated() == {}


def test_what_merging_brought_together_nobody_has_seen() -> None:
    store = Store()
    store.write(("Card?", "Karte?"))
    store.write(("Which card?", "Karte?"))
    store.write(("Which card?", "Karte, bitte?"), seen=[("Card?", "Karte, bitte?")])
    assert store.outdated() == {"Karte, bitte?": "Card?"}
    store.write(("Which card?", "Welche?"), seen=[("Which card?", "Welche?")])
    assert store.outdated() == {}


@settings(max_examples=examples(300))
@given(st.lists(ALIKE, min_size=2, max_size=5))
def test_what_a_write_judged_its_undo_takes_back(bodies: list[list[Any]]) -> None:
    known: dict[Pair, Verdict] = {}
    now: Counter[Pair] = Counter()

    def outdated_after(body: list[Any]) -> set[Pair]:
        nonlocal known, now
        after = pairs_of(translatable_of("response", "utter_a", body))
        new = judged(now, after, known)
        assert not new.keys() & known.keys()
        known, now = known | new, after
        return {pair for pair in after if pair in known and known[pair].outdated}

    states = [outdated_after(body) for body in bodies]
    assert outdated_after(bodies[-2]) == states[-2]
    assert outdated_after(bodies[-1]) == states[-1]
