"""Placeholders: checks and runtime see the same ones."""

from hypothesis import given, settings
from hypothesis import strategies as st

from modelservice.project.placeholders import fill, names_in
from tests.project.fuzzing import examples

_PIECES = st.sampled_from(["{", "}", "{{", "}}", "{a}", "{b}", "{}", "a", " ", "\n", "{a b}"])


@settings(max_examples=examples(300))
@given(st.lists(_PIECES, max_size=8).map("".join))
def test_what_is_named_is_what_is_filled(text: str) -> None:
    names = names_in(text)
    assert fill(text, {}).unknown == names
    assert fill(text, dict.fromkeys(names, "x")).unknown == []
    known = {"a": "{b}"}
    assert fill(text, known).unknown == [name for name in names if name not in known]


def test_a_value_with_braces_is_said_as_it_is() -> None:
    assert fill("{a} {{b}} {c}", {"a": "{c}{{"}).text == "{c}{{ {b} {c}"
