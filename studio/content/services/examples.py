"""Example sentences of the intents that start flows."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from modelservice.project.flow_document import trigger_of
from modelservice.project.model import Kind
from modelservice.project.nlu_examples import plain_example, read_examples, with_example
from studio.common.errors import FieldProblem, Invalid
from studio.content.models import Branch, Item
from studio.content.selectors.items import item_get
from studio.content.services.blobs import Value, edited_value
from studio.content.services.items import check_size
from studio.content.services.placement import path_for
from studio.content.services.write import Author, Change, commit, lock


@dataclass(frozen=True, slots=True)
class Example:
    text: str
    intent: str
    flow: str


@transaction.atomic
def example_add(*, branch: Branch, flow: str, text: str, author: Author) -> Example:
    """Add what somebody said to the examples of the intent that starts the flow, in one commit.

    A flow that no intent starts gets one, called like the flow.

    :raises Invalid: it is one of its examples already, or there is nothing left of the text
    """
    branch = lock(branch)
    item = item_get(branch, Kind.FLOW, flow)
    text = plain_example(text)
    check_size(text)
    if not text:
        raise _invalid("An example must have some words.")
    changes = []
    intent = _intent_of(item)
    if intent is None:
        intent = _free_intent(branch, flow)
        changes.append(Change(item.kind, flow, edited_value(_started_by(item, intent), item.blob)))
    if not Item.objects.filter(branch=branch, kind=Kind.INTENT, key=intent).exists():
        path = path_for(branch, Kind.INTENT, intent)
        changes.append(Change(Kind.INTENT.value, intent, Value(None), path))
    changes.append(_taught(branch, intent, text))
    commit(branch=branch, author=author, changes=changes)
    return Example(text, intent, flow)


def _intent_of(flow: Item) -> str | None:
    """The first that starts it."""
    triggers = flow.blob.body.get("nlu_trigger") or []
    named = (trigger_of(entry)[0] for entry in triggers)
    return next((intent for intent in named if isinstance(intent, str)), None)


def _free_intent(branch: Branch, flow: str) -> str:
    """The flow's id, or that with a number where there is such an intent: it may start another
    flow, and what it was taught may mean something else."""
    items = Item.objects.filter(branch=branch, kind__in=(Kind.INTENT, Kind.NLU))
    taken = {key.removeprefix("intent:") for key in items.values_list("key", flat=True)}
    number = 1
    while (name := f"{flow}_{number}" if number > 1 else flow) in taken:
        number += 1
    return name


def _started_by(flow: Item, intent: str) -> dict[str, Any]:
    """What starts a flow stands before its steps."""
    body = flow.blob.body
    steps = {key: body[key] for key in ("steps",) if key in body}
    rest = {key: value for key, value in body.items() if key != "steps"}
    triggers = [*(body.get("nlu_trigger") or []), {"intent": intent}]
    return {**rest, "nlu_trigger": triggers, **steps}


def _taught(branch: Branch, intent: str, text: str) -> Change:
    entries = Item.objects.filter(branch=branch, kind=Kind.NLU).order_by("position")
    of_intent = [
        entry
        for entry in entries.select_related("blob", "blob__base")
        if entry.blob.body.get("intent") == intent
    ]
    known = read_examples(entry.blob.body for entry in of_intent).intents.get(intent, [])
    if text.casefold() in (each.casefold() for each in known):
        raise _invalid(f"“{text}” is an example of “{intent}” already.")
    for entry in of_intent:
        try:
            body = with_example(entry.blob.body, text)
        except ValueError:
            continue
        return Change(Kind.NLU.value, entry.key, edited_value(body, entry.blob))
    key = f"intent:{intent}" if not of_intent else f"intent:{intent} ({len(of_intent) + 1})"
    body = with_example({"intent": intent}, text)
    return Change(Kind.NLU.value, key, Value(body), path_for(branch, Kind.NLU, key))


def _invalid(message: str) -> Invalid:
    return Invalid(message, errors=[FieldProblem(field="text", message=message)])
