"""Conditions: what they mean, what is refused, and that pypred, which Rasa uses, agrees."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypred import Predicate

from modelservice.calm.dialogue.conditions import holds
from modelservice.project.conditions.evaluation import UNFIT, evaluate
from modelservice.project.conditions.expressions import (
    UnusableExpression,
    compile_expression,
    compile_pattern,
)
from modelservice.project.conditions.reading import read_condition
from modelservice.project.conditions.syntax import (
    MAX_DEPTH,
    MAX_TOKENS,
    ConditionError,
    parse,
    with_names,
)
from tests.project.condition_tokens import conditions
from tests.project.fuzzing import examples

TABLE = json.loads((Path(__file__).parent / "conditions.json").read_text(encoding="utf-8"))
SLOTS: dict[str, Any] = TABLE["slots"]
DOCUMENT = {"slots": SLOTS, "context": TABLE["context"]}


@pytest.mark.parametrize(("condition", "expected"), TABLE["holds"])
def test_results(condition: str, expected: bool) -> None:
    assert holds(condition, slots=SLOTS, context=TABLE["context"]) is expected


@pytest.mark.parametrize(
    "condition",
    [
        *TABLE["refused"],
        *TABLE["refused_expressions"],
        "not " * 1200 + "slots.b",
        "(" * 1200 + "slots.b" + ")" * 1200,
        "{ " * 1200 + "} " * 1200,
        "slots.b or " * MAX_TOKENS + "slots.b",
    ],
    ids=lambda text: text[:30],
)
def test_refused_with_a_reason_and_a_place(condition: str) -> None:
    with pytest.raises(ConditionError) as refusal:
        parse(condition)
    assert refusal.value.reason
    assert 1 <= refusal.value.position <= len(condition) + 1
    assert len(str(refusal.value)) < 600
    assert str(read_condition(condition).error) == str(refusal.value)


def test_depth_and_length_that_people_need() -> None:
    assert holds("not " * (MAX_DEPTH - MAX_DEPTH % 2) + "slots.b", slots=SLOTS)
    assert holds(" and ".join(["slots.b"] * (MAX_TOKENS // 2)), slots=SLOTS)
    assert holds('slots.long is "{}"'.format("x" * 50_000), slots={"long": "x" * 50_000})


def test_context_is_filled_in_first() -> None:
    condition = 'slots.{{context.collect}} is "gold" and context.reason is "x"'
    assert holds(condition, slots=SLOTS, context={"collect": "cat", "reason": "x"})
    assert not holds(condition, slots=SLOTS, context={"collect": "s", "reason": "x"})


@pytest.mark.parametrize(
    ("text", "names", "words", "slots"),
    [
        ("slots.a > slots.b", ("slots.a",), ("slots.b",), ("a", "b")),
        ("not a and slots.c is gold", ("a", "slots.c"), ("gold",), ("c",)),
        ('{ "x" slots.d } contains slots.e', ("slots.d", "slots.e"), (), ("d", "e")),
        ('slots.f is "slots.g"', ("slots.f",), (), ("f",)),
        ("slots.{{ context.collect }} is null", ("slots.jinja_value",), (), ("jinja_value",)),
    ],
)
def test_what_a_condition_speaks_of(
    text: str, names: tuple[str, ...], words: tuple[str, ...], slots: tuple[str, ...]
) -> None:
    facts = read_condition(text)
    assert (facts.error, facts.names, facts.words, facts.slots) == (None, names, words, slots)


def test_names_are_written_anew_and_nothing_else() -> None:
    text = "slots.a is  None # None\nand slots.ab is 'slots.a'"
    renamed = with_names(text, {"slots.a": "slots.z", "None": "null"})
    assert renamed == "slots.z is  null # None\nand slots.ab is 'slots.a'"


def _is_valid(reference: Predicate) -> bool:
    """As pypred tells it, which by mistake calls `undefined`, `empty` and `{}` alone invalid."""
    if reference.lexer_errors or reference.parser_errors or reference.ast is None:
        return False
    valid, _found = reference.ast.validate()
    return bool(valid)


@settings(deadline=None, max_examples=examples(500))
@given(conditions(sorted(SLOTS)).filter(lambda text: not read_condition(text).has_jinja))
def test_pypred_agrees(condition: str) -> None:
    """Where pypred answers at all: it raises on some, and knows expressions that RE2 does not."""
    reference = Predicate(condition)
    if not _is_valid(reference):
        with pytest.raises(ConditionError):
            parse(condition)
        return
    tree = parse(condition)
    try:
        expected = reference.ast.evaluate(reference, DOCUMENT)
    except (TypeError, AttributeError):
        with pytest.raises(UNFIT):
            evaluate(tree, DOCUMENT)
        return
    assert evaluate(tree, DOCUMENT) is expected


@settings(deadline=None, max_examples=examples(200))
@given(st.text(max_size=60) | conditions(sorted(SLOTS)))
def test_any_text_is_a_condition_or_an_error(text: str) -> None:
    facts = read_condition(text)
    try:
        result = holds(text, slots=SLOTS)
    except ConditionError:
        assert facts.error or facts.has_jinja
        return
    assert result in (True, False)
    assert facts.error is None or facts.has_jinja


EXPRESSIONS = (
    r"^[A-Z]{2}\d{2}$",
    r"(foo|bar|)+$",
    r"(a|aa)*b",
    r"(?i)^(\w+\s?)*$",
    r"a(?i:b)c|[^abc]+x",
    r"\bfoo\b",
    r"(a??b){1,3}c*",
    r"a{,2}b",
    r"(?s)a.b",
    r"(?m)^b$",
    r"[^\W\d_]+\Z",
    r"[]a]|[^]b]",
    r"[\S]\D[\D1][\s\W]",
    r"\u00e9|\_|\é",
    r"\Aa|b\Z",
    "",
)


@settings(deadline=None, max_examples=500)
@given(st.sampled_from(EXPRESSIONS), st.text("abcABfor 12\n_é٣\u00a0]-", max_size=12))
def test_expressions_fit_as_in_python(expression: str, text: str) -> None:
    assert compile_expression(expression).search(text) == bool(re.search(expression, text))


@settings(deadline=None, max_examples=examples(100))
@given(st.sampled_from(EXPRESSIONS), st.text("abcABfor 12é٣😀", max_size=12))
def test_places_are_those_of_python(expression: str, text: str) -> None:
    found = list(compile_pattern(expression).spans(text))
    matches = re.finditer(expression, text, re.IGNORECASE)
    assert found == [match.span() for match in matches if match.group()]


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (r"(x)\1", "refers back"),
        (r"(?P<a>x)(?P=a)", "refers back|look-arounds"),
        ("(?=x)y", "look-arounds"),
        ("(?<!x)y", "look-arounds"),
        ("(?>x)y", "look-arounds"),
        ("(x{500}){500}", "repeats too much"),
        ("(", "is not one"),
        (r"\pL", "is not one"),
        (r"\bé", "leave out"),
        ("\ud800", "cannot be used"),
        ("x" * 3000, "characters"),
    ],
)
def test_what_cannot_be_used_says_why(expression: str, reason: str) -> None:
    with pytest.raises(UnusableExpression, match=reason):
        compile_expression(expression)


@pytest.mark.timeout(60)  # not a measure: what it must not be takes hours
@pytest.mark.parametrize(
    "expression",
    [
        "(x+)+y$",
        "(x|x)*y",
        "(x|xx)+$z",
        "(x{1,20}){1,20}y",
        "x*x*x*y$",
        "^(\\w+\\s?)*$!",
        "(x?){99}x{99}y",
    ],
)
def test_no_expression_tracks_back_for_ever(expression: str) -> None:
    assert not holds(f'slots.long matches "{expression}"', slots={"long": "x" * 1_000_000})
