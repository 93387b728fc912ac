"""An export touches the lines of what was edited, and no others."""

import copy
import difflib
import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from modelservice.project.model import Item, Kind, Project
from modelservice.project.project_reader import read_files
from modelservice.project.project_writer import write_files
from modelservice.project.structure import check_item
from tests.project.example import FILES

SAMPLES = Path(__file__).parents[2] / "studio" / "samples"

COMMENTED = """\
# The flows of a bank.
version: "3.1"

flows:
  # Money goes out here.
  transfer_money:
    description: send money   # for the model
    steps:
      - collect: recipient   # who
        # asked once more when it is empty
        ask_before_filling: true

      - id: ask_amount
        collect: 'amount'
        rejections:
        - if: slots.amount < 1
          utter: "utter_too_little"
        next:
          - if: slots.amount > 1000
            then:
              - action: action_audit   # the law wants it
                next: END
          - else: done
      # and at last
      - {id: done, action: utter_done}

  help:  # the smallest flow
    description: >
      say what the
      assistant can do

    steps:
    - action: utter_help

responses:
  utter_done:
  - text: "Done: {amount}"
    # shown below
    buttons: [{title: Again, payload: /again}]
  utter_help:
    - text: |
        I can send money.

        And help.
intents:
  - greet   # hello
  - bye: {use_entities: []}
# the end
"""


def sample(name: str) -> dict[str, bytes]:
    root = SAMPLES / name
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != "sample.json"
    }


PROJECTS: dict[str, Mapping[str, bytes]] = {
    "the example": FILES,
    "comments": {"domain.yml": COMMENTED.encode()},
    "comments, Windows": {"domain.yml": COMMENTED.replace("\n", "\r\n").encode()},
    **{path.name: sample(path.name) for path in sorted(SAMPLES.iterdir()) if path.is_dir()},
}


def put(project: Project, item: Item, body: Any) -> Project:
    """The project with another body for one item, as the content store would give it."""
    base = item if item.text is not None else None
    changed = replace(item, body=body, text=None, base=base)
    items = [changed if one.identity == item.identity else one for one in project.items]
    return replace(project, items=items)


def changed_lines(before: str, after: str) -> list[int]:
    """Numbers of lines of `before` that are not in `after`, or stand beside new ones."""
    matcher = difflib.SequenceMatcher(None, before.split("\n"), after.split("\n"), autojunk=False)
    found: list[int] = []
    for word, start, end, _begin, _stop in matcher.get_opcodes():
        if word != "equal":
            found.extend(range(start, max(end, start + 1)))
    return found


def lines_of(text: str, item: Item) -> range:
    assert item.text is not None
    start = text[: text.index(item.text)].count("\n")
    return range(start, start + item.text.count("\n") + 1)


def edit(random: random.Random, value: Any) -> Any:
    """One small edit somewhere in a body."""
    if isinstance(value, dict) and value:
        key = random.choice([*value])
        copied = dict(value)
        choice = random.random()
        if choice < 0.15:
            return {**copied, "note": random.choice(["new", "a: b", 3, [1, {"x": "y"}]])}
        if choice < 0.25 and len(copied) > 1:
            del copied[key]
            return copied
        copied[key] = edit(random, value[key])
        return copied
    if isinstance(value, list) and value:
        index = random.randrange(len(value))
        copied_list = list(value)
        choice = random.random()
        if choice < 0.2:
            copied_list.insert(index, copy.deepcopy(value[index]))
        elif choice < 0.3:
            del copied_list[index]
        else:
            copied_list[index] = edit(random, value[index])
        return copied_list
    return random.choice(["a new text", "two\nlines\n", "# no comment", 'say "hi"', 7, True, None])


EDITABLE = {Kind.FLOW, Kind.SYSTEM_FLOW, Kind.RESPONSE, Kind.SLOT}


@pytest.mark.parametrize("name", PROJECTS)
def test_untouched_projects_come_back_byte_for_byte(name: str) -> None:
    files = PROJECTS[name]
    written = write_files(read_files(files))
    assert {path: content for path, content in files.items() if path in written} == written


@pytest.mark.parametrize("name", PROJECTS)
@given(seed=st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_one_edit_touches_the_lines_of_its_item_only(name: str, seed: int) -> None:
    files = PROJECTS[name]
    project = read_files(files)
    chance = random.Random(seed)
    item = chance.choice([item for item in project.items if item.kind in EDITABLE])
    body = edit(chance, item.body)
    assume(not [*check_item(item.kind, body)])  # what no page and no program may store
    written = write_files(put(project, item, body))
    path = item.source_path or ""
    assert {one for one in written if written[one] != files[one]} <= {path}
    before, after = files[path].decode(), written[path].decode()
    allowed = lines_of(before, item)
    assert set(changed_lines(before, after)) <= set(allowed)
    again = bodies(read_files({**files, **written}))
    assert again == {**bodies(project), item.identity: body}


def bodies(project: Project) -> dict[tuple[str, str], Any]:
    return {item.identity: item.body for item in project.items}


def test_an_edit_keeps_comments_and_quotes_beside_it() -> None:
    project = read_files(PROJECTS["comments"])
    item = next(item for item in project.items if item.key == "transfer_money")
    body = copy.deepcopy(item.body)
    body["description"] = "send money to a friend"
    body["steps"][1]["next"][0]["if"] = "slots.amount > 2000"
    body["steps"].insert(2, {"action": "utter_wait"})
    written = write_files(put(project, item, body))["domain.yml"].decode()
    wanted = (
        COMMENTED.replace("send money   #", "send money to a friend   #")
        .replace("> 1000", "> 2000")
        .replace("      # and at last\n", "      - action: utter_wait\n      # and at last\n")
    )
    assert written == wanted


def test_a_deleted_item_takes_its_comment_along_and_a_new_one_joins_its_section() -> None:
    project = read_files(PROJECTS["comments"])
    kept = [item for item in project.items if item.key != "transfer_money"]
    body = {"description": "new", "steps": [{"action": "utter_help"}]}
    new = Item(Kind.FLOW, "fresh", body, "domain.yml", 99)
    written = write_files(replace(project, items=[*kept, new]))["domain.yml"].decode()
    assert "Money goes out" not in written
    assert "  help:  # the smallest flow" in written
    assert "    - action: utter_help\n  fresh:\n    description: new\n" in written
    assert written.endswith("# the end\n")


def test_a_new_section_goes_to_the_end() -> None:
    project = read_files({"domain.yml": b"# mine\nslots:\n  a: {type: text}"})
    new = Item(Kind.RESPONSE, "utter_x", [{"text": "x"}], "domain.yml", 9)
    written = write_files(replace(project, items=[*project.items, new]))["domain.yml"].decode()
    assert written == "# mine\nslots:\n  a: {type: text}\nresponses:\n  utter_x:\n  - text: x\n"


@pytest.mark.parametrize(
    "text",
    [
        "flows:\n  a: &a\n    description: x\n    steps:\n    - action: utter_a\n  b: *a\n",
        "flows: {a: {description: x, steps: []}, b: {steps: [], description: y}}\n",
        "flows:\n    a:\n        description: x\n    ? b\n    : {description: y, steps: []}\n",
    ],
)
def test_files_that_cannot_be_cut_are_still_right(text: str) -> None:
    project = read_files({"flows.yml": text.encode()})
    assert write_files(project) == {"flows.yml": text.encode()}
    item = next(item for item in project.items if item.key == "b")
    changed = put(project, item, {**item.body, "description": "z"})
    assert bodies(read_files(write_files(changed))) == bodies(changed)
