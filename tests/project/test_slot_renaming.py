"""A slot with another name: the checks find what they found before, and nothing is left behind."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelservice.project.checks.content import Content
from modelservice.project.checks.validate import check_all
from modelservice.project.model import Kind, flow_kind
from modelservice.project.slot_renaming import SlotRename
from tests.project.fuzzing import examples
from tests.project.project_tokens import PROJECTS, SLOTS

Items = dict[tuple[str, str], Any]
NEW = "brand_new"


def items_of(project: dict[str, Any]) -> Items:
    flows = {(flow_kind(key).value, key): body for key, body in project["flows"].items()}
    slots = {(Kind.SLOT.value, key): body for key, body in project["slots"].items()}
    responses = {(Kind.RESPONSE.value, key): body for key, body in project["responses"].items()}
    return {**flows, **slots, **responses}


def renamed(items: Items, old: str, new: str, question: str | None) -> Items:
    rename = SlotRename(old, new, question)
    return {
        (kind, new if (kind, key) == (Kind.SLOT, old) else key): rename.in_item(kind, key, body)
        for (kind, key), body in items.items()
    }


def codes(items: Items) -> list[tuple[str, str, str]]:
    """Where what is wrong; the words name the slot."""
    return sorted(
        (problem.kind if problem.kind != Kind.SLOT else "", problem.code, problem.pointer or "")
        for problems in check_all(Content(items)).values()
        for problem in problems
    )


@settings(
    max_examples=examples(150),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(PROJECTS, st.sampled_from(SLOTS))
def test_checks_find_the_same_and_renaming_back_is_the_same_project(
    project: dict[str, Any], slot: str
) -> None:
    items = items_of(project)
    if (Kind.SLOT.value, slot) not in items:
        return
    question = f"utter_ask_{slot}"
    is_asked = (Kind.RESPONSE.value, question) in items
    after = renamed(items, slot, NEW, question if is_asked else None)
    assert codes(after) == codes(items)
    assert renamed(renamed(items, slot, NEW, None), NEW, slot, None) == items


def test_a_text_is_told_by_how_it_speaks_of_the_slot() -> None:
    rename = SlotRename("language", NEW, None)
    assert rename.names_it("tracker.get_slot('language')")
    assert rename.names_it("- slot_was_set:\n    - language: en\n")
    assert rename.names_it("{{ slots.language }}")
    assert not rename.names_it("You are a language model. import language\n# language\n")
