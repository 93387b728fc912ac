"""Every place that has to do with a slot: steps, responses, other slots, tests and code."""

from typing import Any

from modelservice.project.checks.content import FLOW_KINDS
from modelservice.project.flow_document import read_flow, slots_in
from modelservice.project.model import Kind
from modelservice.project.placeholders import names_in
from modelservice.project.response_texts import texts_of
from modelservice.project.slot_renaming import SlotRename
from studio.content.models import Branch, Item
from studio.content.selectors.files import texts_of_project
from studio.content.summaries import SLOT_RELATIONS, flow_name

Document = dict[str, Any]


def slot_uses(branch: Branch, key: str) -> Document:
    """`flows` are steps that ask for the slot, set it or read it (no step: the flow itself asks),
    `responses` show it or depend on it, `slots` are those whose validation reads it, `texts` the
    paths of files and prompts that name it."""
    return {
        "flows": _flows(branch, key),
        "responses": _responses(branch, key),
        "slots": _slots(branch, key),
        "texts": sorted(
            path
            for path, text in texts_of_project(branch).items()
            if SlotRename(key, key, None).names_it(text)
        ),
    }


def _flows(branch: Branch, key: str) -> list[Document]:
    own = Item.objects.filter(branch=branch, kind__in=FLOW_KINDS)
    using = own.filter(references__relation__in=SLOT_RELATIONS, references__name=key).distinct()
    found = []
    for flow, body in using.order_by("key").values_list("key", "blob__body"):
        document = read_flow(flow, body)
        name = flow_name(flow, document.body)
        ways = (
            ("asks", document.slots_asked()),
            ("sets", document.slots_set()),
            ("reads", document.slots_read()),
        )
        places = dict.fromkeys(
            (step, how) for how, pairs in ways for slot, step in pairs if slot == key
        )
        found += [
            {"flow": flow, "flow_name": name, "step": step, "how": how} for step, how in places
        ]
    return found


def _responses(branch: Branch, key: str) -> list[Document]:
    found = []
    rows = Item.objects.filter(branch=branch, kind=Kind.RESPONSE).order_by("key")
    for response, body in rows.values_list("key", "blob__body"):
        if any(key in names_in(text.text) for text in texts_of(body)):
            found.append({"response": response, "how": "shows"})
        if any(key in slots for slots in _conditions(body)):
            found.append({"response": response, "how": "reads"})
    return found


def _conditions(body: Any) -> list[tuple[str, ...]]:
    """The slots that each variation depends on, as a condition or as Rasa's list of slots."""
    found: list[tuple[str, ...]] = []
    for variation in body if isinstance(body, list) else []:
        condition = variation.get("condition") if isinstance(variation, dict) else None
        found.append(slots_in(condition))
        for part in condition if isinstance(condition, list) else []:
            if isinstance(part, dict) and part.get("type") == "slot":
                found.append((str(part.get("name")),))
    return found


def _slots(branch: Branch, key: str) -> list[str]:
    found = []
    rows = Item.objects.filter(branch=branch, kind=Kind.SLOT).exclude(key=key).order_by("key")
    for slot, body in rows.values_list("key", "blob__body"):
        validation = body.get("validation") if isinstance(body, dict) else None
        rejections = validation.get("rejections") if isinstance(validation, dict) else None
        conditions = [
            one.get("if")
            for one in (rejections if isinstance(rejections, list) else [])
            if isinstance(one, dict)
        ]
        if any(key in slots_in(condition) for condition in conditions):
            found.append(slot)
    return found
