"""One reading of YAML: what authors and programs write, and what is refused with its line."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelservice.calm.content.yaml_text import load_yaml
from modelservice.calm.errors import ProjectError as RuntimeProjectError
from modelservice.project.errors import ProjectError
from modelservice.project.yaml_reader import Located, line_of, parse_yaml
from tests.project.fuzzing import examples

READ: list[tuple[str, Any]] = [
    ("a: yes\nb: on", {"a": "yes", "b": "on"}),
    ("a: 12:30\nb: 2024-01-01", {"a": "12:30", "b": "2024-01-01"}),
    ("a: 010\nb: 0o14\nc: 0xff", {"a": 10, "b": 12, "c": 255}),
    ("a: 1e3\nb: 1.", {"a": 1000.0, "b": 1.0}),
    ("a: ~\nb:\nc: null\nd: Null", {"a": None, "b": None, "c": None, "d": None}),
    ("a: !!str 5\nb: !!int '5'", {"a": "5", "b": 5}),
    ("1: a\ntrue: b\nnull: c", {"1": "a", "true": "b", "null": "c"}),
    ("a: .inf\nb: .nan", {"a": ".inf", "b": ".nan"}),
    ("a: &x {b: 1}\nc:\n  <<: *x\n  d: 2", {"a": {"b": 1}, "c": {"b": 1, "d": 2}}),
    ("a: &x 1\nb: *x", {"a": 1, "b": 1}),
    ("", None),
    ("# only a comment", None),
]
REFUSED = [
    ("a: 1\na: 2", 2, "written twice"),
    ("a: !!binary aGk=", 1, "tag"),
    ("a: !own x", 1, "tag"),
    ("a: !own [x]", 1, "tag"),
    ("a: 1\n---\nb: 2", 2, "Only one YAML document"),
    ("a:\n  ? [x]\n  : 1", 2, "cannot be a key"),
    ("a: *gone", 1, "not written above"),
    ("a: [1", 2, "not valid YAML"),
    ("a: " + "[" * 200, 1, "nested more than"),
    ("a: \x00", 1, "not allowed"),
]


@pytest.mark.parametrize(("text", "value"), READ)
def test_read(text: str, value: Any) -> None:
    assert parse_yaml(text, "f.yml").value == value
    assert load_yaml(text, file="f.yml") == value


@pytest.mark.parametrize(("text", "line", "message"), REFUSED, ids=lambda part: str(part)[:20])
def test_refused_by_backend_and_runtime_alike(text: str, line: int, message: str) -> None:
    with pytest.raises(ProjectError, match=message) as refusal:
        parse_yaml(text, "f.yml")
    assert refusal.value.findings[0].line == line
    with pytest.raises(RuntimeProjectError, match=message) as said:
        load_yaml(text, file="f.yml")
    assert str(said.value).startswith(f"f.yml:{line}: ")


def test_maps_know_their_line_where_it_is_wanted() -> None:
    value = parse_yaml("a:\n  - b: 1\n  - {c: 2}\n", "f.yml", located=True).value
    assert [line_of(value), *map(line_of, value["a"])] == [1, 2, 3]
    assert not isinstance(parse_yaml("a: 1", "f.yml").value, Located)


_PIECES = st.sampled_from(
    [
        *("a", "b: ", "- ", "\n", "  ", "{", "}", "[", "]", "&x ", "*x", "!!str ", "!y ", "|", ">"),
        *('"', "'", ": ", "? ", "# ", "---", "...", "<<", "1", "0x", ".inf", "~", "yes", "\t", "%"),
    ]
)


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(_PIECES, max_size=25).map("".join))
def test_any_text_is_a_document_or_an_error_with_a_line(text: str) -> None:
    try:
        value = parse_yaml(text, "f.yml").value
    except ProjectError:
        with pytest.raises(RuntimeProjectError, match=r"^f\.yml:\d+: "):
            load_yaml(text, file="f.yml")
        return
    assert load_yaml(text, file="f.yml") == value
