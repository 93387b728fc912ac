"""The words of responses: every one is found, and other words change nothing else."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from modelservice.project.placeholders import names_in
from modelservice.project.response_texts import Wanted, texts_of, with_texts
from tests.project.fuzzing import examples

_WORDS = st.lists(
    st.sampled_from(["amount", "Amount", "amounts", "{amount}", "{{amount}}", " ", "ß", "İ", "{"]),
    max_size=6,
).map("".join)
_TITLES = st.fixed_dictionaries(
    {},
    optional={
        "title": _WORDS,
        "translation": st.dictionaries(
            st.sampled_from(["de", "es"]), st.fixed_dictionaries({"title": _WORDS})
        ),
    },
)
_VARIATIONS = st.fixed_dictionaries(
    {},
    optional={
        "text": _WORDS,
        "translation": st.dictionaries(st.sampled_from(["de", "es"]), _WORDS),
        "buttons": st.lists(_TITLES, max_size=2),
        "custom": st.just({"text": "amount"}),
    },
)
_BODIES = st.lists(_VARIATIONS, max_size=3)


@settings(max_examples=examples(300))
@given(_BODIES)
def test_each_text_stands_where_its_path_says(body: list[Any]) -> None:
    for found in texts_of(body):
        value: Any = body
        for part in found.path:
            value = value[part]
        assert value == found.text


@settings(max_examples=examples(300))
@given(_BODIES, _WORDS, st.booleans(), st.booleans())
def test_other_words_leave_slots_alone(
    body: list[Any], words: str, whole_words: bool, match_case: bool
) -> None:
    if not words.strip("{} "):
        return
    wanted = Wanted(words, whole_words, match_case)
    changes = {found.path: wanted.replaced(found.text, "sum") for found in texts_of(body)}
    changed = with_texts(body, changes)
    assert with_texts(changed, {one.path: one.text for one in texts_of(body)}) == body
    if "{" in words:
        return
    for before, after in zip(texts_of(body), texts_of(changed), strict=True):
        assert before.path == after.path
        # A brace that opens nothing may come to name what stands behind it; no name is lost.
        assert {*names_in(before.text)} >= {*names_in(after.text)} or "{" in before.text


def test_whole_words_and_case() -> None:
    text = "Amount: {amount}. The amounts are an amount"
    assert Wanted("amount").replaced(text, "sum") == "sum: {amount}. The sums are an sum"
    assert Wanted("amount", whole_words=True).replaced(text, "sum") == (
        "sum: {amount}. The amounts are an sum"
    )
    assert Wanted("amount", match_case=True).replaced(text, r"\1") == (
        r"Amount: {amount}. The \1s are an \1"
    )
    assert Wanted("{amount}").replaced(text, "{total}") == (
        "Amount: {total}. The amounts are an amount"
    )
