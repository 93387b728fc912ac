"""import(export(import(x))) == import(x), item by item, whatever the items are."""

from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from modelservice.project.flow_document import read_flow
from modelservice.project.model import Item, Kind, Project, SourceFile, Text, TextKind
from modelservice.project.project_reader import read_files, read_zip
from modelservice.project.project_writer import write_files, write_zip
from modelservice.project.scalars import plain_value
from modelservice.project.yaml_reader import parse_yaml
from modelservice.project.yaml_writer import to_yaml
from tests.project.example import FILES

# What YAML cannot carry: control characters and halves of surrogate pairs.
_text = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029\ufeff\u0085")
    | st.sampled_from("\n\t #:-{}[]'\"|>%@`&*!?,"),
    max_size=20,
)
_odd_words = st.sampled_from(
    [
        *("yes", "no", "on", "null", "~", "true", "1", "1.0", "0x1F", "0o7", "1e3", ".inf", "-"),
        *("?", "|", "", "12:30", "2020-01-01", "<<", "=", " a", "a ", "é", "日本", "🙂", "${ENV}"),
        *("{slot}", "{{ jinja }}", "# no", "a: b", "- a", "!x", "&a", "*a"),
        *("a\n", "\na", "a\n\n", " a\nb", "a \nb"),
    ]
)
_scalar = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _text
    | _odd_words
)
_value = st.recursive(
    _scalar,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries((_text | _odd_words).filter(lambda key: key != "<<"), inner, max_size=3)
    ),
    max_leaves=12,
)
_key = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
_open_map = st.dictionaries(
    _key.filter(lambda key: key not in {"next", "steps"}), _value, max_size=3
)


@given(_value)
@settings(max_examples=400, deadline=None)
def test_yaml_comes_back_as_the_same_values(value: Any) -> None:
    text = to_yaml(value)
    assert parse_yaml(text, "x.yml").value == value


@given(_value)
@settings(max_examples=100, deadline=None)
def test_our_yaml_is_read_alike_by_others(value: Any) -> None:
    """PyYAML's own loader stands for a reader of YAML 1.1: texts must be texts for it too."""
    ours = [leaf for leaf in _leaves(value) if isinstance(leaf, str)]
    others = list(_leaves(yaml.safe_load(to_yaml(value))))
    assert all(text in others for text in ours)


def _leaves(value: Any) -> Any:
    if isinstance(value, dict):
        for entry in value.values():
            yield from _leaves(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _leaves(entry)
    else:
        yield value


@st.composite
def _projects(draw: st.DrawFn) -> Project:
    items: dict[tuple[str, str], Item] = {}

    def add(kind: Kind, key: str, body: Any, path: str) -> None:
        item = Item(kind, key, body, path, len(items))
        items.setdefault(item.identity, item)

    for key in draw(st.lists(_key, min_size=1, max_size=3)):
        steps = [{"action": name} for name in draw(st.lists(_key, max_size=3))]
        body = {"description": draw(_text), "steps": steps, "metadata": draw(_open_map)}
        kind = Kind.SYSTEM_FLOW if key.startswith("pattern_") else Kind.FLOW
        add(kind, key, body, draw(st.sampled_from(["data/a.yml", "data/b.yml"])))
    for key in draw(st.lists(_key, max_size=3)):
        add(Kind.RESPONSE, key, [{"text": draw(_text), "custom": draw(_value)}], "domain.yml")
        add(Kind.SLOT, key, {"initial_value": draw(_value)}, "domain.yml")
        add(Kind.ACTION, key, draw(st.none() | _open_map), "domain.yml")
        add(Kind.NLU, f"intent:{key}", {"intent": key, "examples": draw(_text)}, "data/nlu.yml")
        add(Kind.PROMPT, f"prompts/{key}.jinja2", {"text": draw(_text)}, f"prompts/{key}.jinja2")
    paths = {item.source_path or "" for item in items.values() if item.kind is not Kind.PROMPT}
    sources = [SourceFile(path, []) for path in sorted(paths)]
    texts = {TextKind.CONFIG: Text("config.yml", "language: en\n")}
    return Project(items=list(items.values()), sources=sources, texts=texts)


def bodies(project: Project) -> dict[tuple[str, str], Any]:
    return {item.identity: item.body for item in project.items}


@given(_projects())
@settings(max_examples=150, deadline=None)
def test_projects_come_back_item_by_item(project: Project) -> None:
    first = read_zip(write_zip(project))
    assert bodies(first) == bodies(project)
    second = read_zip(write_zip(first))
    assert bodies(second) == bodies(first)
    assert write_files(second) == write_files(first)


@given(_projects())
@settings(max_examples=50, deadline=None)
def test_key_order_is_kept(project: Project) -> None:
    again = bodies(read_zip(write_zip(project)))
    for identity, body in bodies(project).items():
        assert to_yaml(again[identity]) == to_yaml(body)


def test_marks_of_the_reader_are_stripped() -> None:
    text = b"""\
flows:
  pay:
    file_path: /home/me/flows.yml
    description: pay
    metadata: {line_numbers: 1-9, colour: red}
    steps:
    - noop: true
      metadata: {line_numbers: 3-4}
      next:
      - else:
        - action: utter_help
          metadata: {line_numbers: 6-6}
          next: END
"""
    found = bodies(read_files({**FILES, "data/pay.yml": text}))["flow", "pay"]
    assert found["metadata"] == {"colour": "red"}
    assert "file_path" not in found
    assert "line_numbers" not in str(found)


def test_aliases_and_merge_keys_are_resolved() -> None:
    text = "a: &a {x: 1, y: [2]}\nb:\n  <<: *a\n  x: 3\nc: *a\n"
    assert parse_yaml(text, "x.yml").value == {
        "a": {"x": 1, "y": [2]},
        "b": {"x": 3, "y": [2]},
        "c": {"x": 1, "y": [2]},
    }


def test_scalars_are_those_of_yaml_1_2() -> None:
    texts = ("yes", "off", "12:30", "2020-01-01", "1_000", ".inf", "0b1", "9" * 500)
    assert [plain_value(text) for text in texts] == list(texts)
    numbers = {"12": 12, "0o17": 15, "0xff": 255, "-1.5e3": -1500.0, "+7": 7, ".5": 0.5}
    assert {text: plain_value(text) for text in numbers} == numbers


def test_steps_have_the_ids_that_rasa_gives_them() -> None:
    document = read_flow(
        "transfer_money",
        {
            "steps": [
                {"collect": "recipient"},
                {
                    "collect": "amount",
                    "next": [
                        {"if": "slots.amount > 5", "then": [{"action": "utter_a", "next": "END"}]},
                        {"else": [{"set_slots": [{"amount": None}]}, {"link": "other"}]},
                    ],
                },
                {"id": "own", "noop": True},
                {"call": "third"},
            ]
        },
    )
    assert [(step.id, step.pointer) for step in document.steps] == [
        ("transfer_money_0_collect_recipient", "/steps/0"),
        ("transfer_money_1_collect_amount", "/steps/1"),
        ("transfer_money_2_utter_a", "/steps/1/next/0/then/0"),
        ("transfer_money_3_set_slots", "/steps/1/next/1/else/0"),
        ("transfer_money_4_link_other", "/steps/1/next/1/else/1"),
        ("own", "/steps/2"),
        ("transfer_money_6_call_third", "/steps/3"),
    ]
