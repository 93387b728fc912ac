"""Test cases of a file are edited one by one; the rest of the file stays as it was."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelservice.project.e2e_cases import (
    case_of_text,
    case_text,
    read_cases,
    with_body,
    with_case,
    with_new_case,
    without_case,
)
from modelservice.project.errors import ProjectError
from modelservice.project.yaml_reader import parse_yaml
from modelservice.project.yaml_writer import to_yaml

PATH = "e2e_tests/tea.yml"
FILE = """\
# All about tea.
fixtures:
  - vip:
      - tier: gold   # the best

test_cases:
  # The usual one.
  - test_case: a tea   # said often
    fixtures: [vip]
    steps:
      - user: "a tea, please"
      # which kind?
      - utter: utter_ask_kind
      - user: |
          green

          and hot
      - bot: One green tea.

  - test_case: no coffee
    steps:
      - user: coffee
      - utter: utter_no_coffee

# The end.
"""
NEW = "# Asked for.\ntest_case: milk\nsteps:\n  - user: milk\n"


def bodies(text: str) -> list[Any]:
    return list(parse_yaml(text, PATH).value["test_cases"])


def test_the_text_of_a_case_is_yaml_of_its_own_with_its_comments() -> None:
    text = case_text(FILE, 0)
    assert text.startswith("# The usual one.\ntest_case: a tea   # said often\n")
    assert "      # which kind?" not in text
    assert parse_yaml(text, PATH).value == bodies(FILE)[0]
    assert with_case(FILE, PATH, 0, text) == FILE


def test_a_changed_value_changes_its_line_only() -> None:
    body = bodies(FILE)[0]
    body["steps"][1] = {"utter": "utter_which"}
    after = with_body(FILE, PATH, 0, body)
    changed = [
        pair for pair in zip(FILE.split("\n"), after.split("\n"), strict=True) if pair[0] != pair[1]
    ]
    assert changed == [("      - utter: utter_ask_kind", "      - utter: utter_which")]


def test_a_case_is_removed_with_its_comment_and_put_back() -> None:
    for place in range(2):
        text = case_text(FILE, place)
        without = without_case(FILE, PATH, place)
        assert bodies(without) == [bodies(FILE)[1 - place]]
        assert "# All about tea." in without
        assert "# The end." in without
        assert ("# The usual one." in without) is (place == 1)
        assert with_new_case(without, PATH, text, place) == FILE


def test_the_last_one_leaves_an_empty_list_that_takes_a_new_one() -> None:
    without = without_case(without_case(FILE, PATH, 1), PATH, 0)
    assert "test_cases: []\n" in without
    assert "tier: gold   # the best" in without
    again = with_new_case(without, PATH, NEW)
    assert bodies(again) == [{"test_case": "milk", "steps": [{"user": "milk"}]}]
    assert "  # Asked for.\n  - test_case: milk\n" in again
    assert with_new_case(None, PATH, NEW).startswith("test_cases:\n  # Asked for.\n  - test_case:")
    bare = with_new_case("test_cases:\nfixtures: []\n", PATH, NEW)
    assert bodies(bare)[0]["test_case"] == "milk"


def test_line_breaks_of_the_file_are_kept() -> None:
    windows = FILE.replace("\n", "\r\n")
    after = with_new_case(windows, PATH, NEW)
    assert "\n" not in after.replace("\r\n", "")
    assert len(bodies(after)) == 3


@pytest.mark.parametrize(
    "text",
    [
        "test_cases: [{test_case: a, steps: [{user: b}]}]\n",
        "test_cases:\n- &a\n  test_case: a\n  steps: [{user: b}]\n- *a\n",
    ],
)
def test_what_is_no_plain_list_is_left_to_the_page_of_files(text: str) -> None:
    with pytest.raises(ProjectError, match="edit it on the page Files"):
        with_new_case(text, PATH, NEW)
    with pytest.raises(ProjectError, match="edit it on the page Files"):
        without_case(text, PATH, 0)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("test_case: a\n", 1),
        ("test_case: a\nsteps:\n  - user: b\n  - says: c\n", 4),
        ("test_case: a\nsteps:\n  - user: b\n    assertions: c\n", 3),
        ("test_case: a\nsteps: b\n", 1),
        ("test_case: a\nsteps:\n  - user: b\n  - us\n", 4),
        ("test_case: a\n\tsteps: b\n", 2),
    ],
)
def test_what_the_runner_cannot_read_is_refused_at_its_line(text: str, line: int) -> None:
    with pytest.raises(ProjectError) as refusal:
        case_of_text(text, PATH)
    assert refusal.value.findings[0].line == line


def test_unreadable_cases_are_rows_with_their_error() -> None:
    text = "test_cases:\n  - test_case: a\n  - 4\n  - test_case: b\n    steps: [{user: c}]\n"
    cases = read_cases(text, PATH) or []
    assert [(case.name, bool(case.problem)) for case in cases] == [
        ("a", True),
        ("", True),
        ("b", False),
    ]
    assert cases[2].line == 4
    assert read_cases("version: '3.1'\n", PATH) is None


WORDS = st.sampled_from(
    [
        "tea",
        "- no",
        "a: b",
        "# not",
        "yes",
        "12",
        "two\nlines\n",
        "“q”",
        "'",
        "[x",
        "é 👩‍👩‍👧",
        " pad ",
    ]
)
STEPS = st.one_of(
    st.fixed_dictionaries({"user": WORDS}),
    st.fixed_dictionaries({"utter": WORDS}),
    st.fixed_dictionaries({"slot_was_set": st.lists(st.dictionaries(WORDS, WORDS, min_size=1))}),
    st.fixed_dictionaries(
        {
            "user": WORDS,
            "assertions": st.lists(st.fixed_dictionaries({"flow_started": WORDS}), min_size=1),
        }
    ),
)
CASES = st.fixed_dictionaries(
    {"test_case": WORDS, "steps": st.lists(STEPS, min_size=1, max_size=4)},
    optional={"fixtures": st.lists(WORDS, min_size=1), "other": WORDS},
)
INDENTS = st.sampled_from(["", "  ", "    "])


@st.composite
def files(draw: st.DrawFn) -> str:
    """Test files with comments, gaps and indents as people write them."""
    indent, lines = draw(INDENTS), ["# Begin."]
    lines.append("test_cases:")
    for case in draw(st.lists(CASES, min_size=1, max_size=4)):
        if draw(st.booleans()):
            lines.append("")
        if draw(st.booleans()):
            lines.append(f"{indent}# About the next.")
        written = to_yaml([case]).rstrip("\n").split("\n")
        lines += [f"{indent}{line}" if line else line for line in written]
    return "\n".join([*lines, "more: 1  # kept", ""])


@settings(deadline=None)
@given(files(), CASES, st.data())
def test_any_file_has_the_one_case_changed_and_nothing_else(
    text: str, case: dict[str, Any], data: st.DataObject
) -> None:
    before = bodies(text)
    place = data.draw(st.integers(0, len(before) - 1))
    changed = with_body(text, PATH, place, case)
    assert bodies(changed) == [*before[:place], case, *before[place + 1 :]]
    added = with_new_case(text, PATH, to_yaml(case), place)
    assert bodies(added) == [*before[:place], case, *before[place:]]
    gone = without_case(text, PATH, place)
    assert bodies(gone) == [*before[:place], *before[place + 1 :]]
    for result in (changed, added, gone):
        assert result.startswith("# Begin.\n")
        assert result.endswith("more: 1  # kept\n")
    for other, line in enumerate(before):
        if other != place:
            kept = case_text(text, other)
            assert kept == case_text(changed, other)
            assert parse_yaml(kept, PATH).value == line
