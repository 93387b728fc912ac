"""Conditions: the results that authors rely on, and what must never happen."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelservice.calm.dialogue.conditions import compile_condition, holds
from modelservice.calm.dialogue.expressions import LinearExpression
from modelservice.calm.errors import ConditionError

SLOTS = {
    "n": 5.0,
    "s": "Hello World",
    "b": True,
    "f": False,
    "none": None,
    "digits": "5",
    "cat": "gold",
}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("slots.n = 5", True),
        ("slots.n == 5", True),
        ("slots.n is 5", True),
        ("slots.n >= 5", True),
        ('slots.s is "hello world"', False),
        ('slots.s matches "^Hello"', True),
        ('slots.s contains "World"', True),
        ("slots.cat is gold", False),
        ("slots.cat is 'gold'", True),
        ('slots.b is "true"', False),
        ("slots.b", True),
        ("not slots.f", True),
        ("slots.none is null", True),
        ("slots.none is undefined", False),
        ("slots.missing is null", False),
        ("slots.missing is undefined", True),
        ("slots.missing is not null", True),
        ("slots.none > 3", False),
        ("slots.digits > 4", False),
        # `and` and `or` have the same rank and group to the right.
        ("slots.f and slots.f or slots.b", False),
        ("(slots.f and slots.f) or slots.b", True),
        ('{ "gold" "silver" } contains slots.cat', True),
        ("slots.n > slots.n", False),
        ("TRUE AND slots.b # a comment", True),
    ],
)
def test_results(condition: str, expected: bool) -> None:
    assert holds(condition, slots=SLOTS) is expected


def test_context_is_filled_in_first() -> None:
    condition = 'slots.{{context.collect}} is "gold" and context.reason is "x"'
    assert holds(condition, slots=SLOTS, context={"collect": "cat", "reason": "x"})
    assert not holds(condition, slots=SLOTS, context={"collect": "s", "reason": "x"})


@pytest.mark.parametrize(
    "condition",
    [
        "",
        "# only a comment",
        "slots.n >",
        "slots.s is Hello World",
        'slots.s matches "("',
        'slots.s matches "(?>a)b"',
        'slots.s matches "(?=.*b)"',
        'slots.s matches "(a{1,99}){1,99}"',
        '{ "gold" } contains { "gold" }',
    ],
)
def test_refused(condition: str) -> None:
    with pytest.raises(ConditionError):
        compile_condition(condition)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_condition_or_an_error(text: str) -> None:
    try:
        result = holds(text, slots=SLOTS)
    except ConditionError:
        return
    assert result in (True, False)


EXPRESSIONS = (
    r"^[A-Z]{2}\d{2}$",
    r"(foo|bar|)+$",
    r"(a|aa)*b",
    r"(?i)^(\w+\s?)*$",
    r"a(?i:b)c|[^abc]+x",
    r"\bfoo\b|(?<!a)b$",
    r"(a??b){1,3}c*",
    r"(?s)a.b",
    r"(?m)^b$",
    "",
)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(EXPRESSIONS), st.text("abcABfor 12\n_é", max_size=12))
def test_expressions_fit_as_in_python(expression: str, text: str) -> None:
    assert LinearExpression(expression).search(text) == bool(re.search(expression, text))


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
    assert holds('slots.long is "{}"'.format("x" * 5000), slots={"long": "x" * 5000})
