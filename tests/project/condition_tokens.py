"""Conditions made of the language's own tokens: most of the shapes that it has, and near misses."""

from collections.abc import Sequence

from hypothesis import strategies as st

OPERATORS = ("=", "==", "!=", "is", "is not", ">", ">=", "<", "<=", "contains", "matches")
LITERALS = (
    *("5", "-1.5", "0", "'gold'", '"Hello"', '""', "true", "FALSE", "null", "None"),
    *("undefined", "empty", "gold", '"(x)"', "'^[A-Z]'", '"("'),
)
TEMPLATES = ("{{ context.a | lower }}", "{% if context.a %}", "{# a note #}", "{{", "slots.{{ x }}")
TOKENS = (
    *OPERATORS,
    *LITERALS,
    "and",
    "or",
    "not",
    "(",
    ")",
    "{",
    "}",
    "#",
    '"',
    "$",
    ".",
    *TEMPLATES,
)


def names(slots: Sequence[str]) -> st.SearchStrategy[str]:
    known = [f"slots.{slot}" for slot in slots]
    more = ("slots.missing", "context.reason", "known", "slots", "slots.{{ context.a | lower }}")
    return st.sampled_from([*known, *more])


def conditions(slots: Sequence[str]) -> st.SearchStrategy[str]:
    """Texts by the grammar, and the same tokens in any order."""
    return st.one_of(well_formed(slots), any_order(slots))


def any_order(slots: Sequence[str]) -> st.SearchStrategy[str]:
    token = st.sampled_from(TOKENS) | names(slots)
    return st.lists(token, max_size=9).map(" ".join)


def well_formed(slots: Sequence[str]) -> st.SearchStrategy[str]:
    factor = names(slots) | st.sampled_from(LITERALS)
    members = st.lists(factor, max_size=3).map(lambda inner: f"{{ {' '.join(inner)} }}")
    return st.recursive(
        st.one_of(factor, members, _comparison(factor | members)),
        lambda inner: st.one_of(
            inner.map(lambda text: f"not {text}"),
            inner.map(lambda text: f"({text})"),
            st.tuples(inner, st.sampled_from(["and", "or", "OR"]), inner).map(" ".join),
            _comparison(inner.map(lambda text: f"({text})") | factor),
        ),
        max_leaves=6,
    )


def _comparison(factor: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(factor, st.sampled_from(OPERATORS), factor).map(" ".join)
